"""Composes the demo store's pictures. The same recipe gives the same bytes, on any machine with the same Pillow."""

import hashlib
import io
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from shophub.services.demo.recipes import PictureRecipe
from shophub.services.demo.studio import PLINTH_TOP, backdrop, lying_shadow, plinth, stage, standing_shadow
from shophub.services.demo.subjects import load_subject

QUALITY = 80
_BEHIND = ("none", "arch", "disc", "plinth", "arch", "disc")


@dataclass(frozen=True)
class _Place:
    """Where a thing goes: centre and foot in parts of the frame, size as part of the usual, turn in degrees."""

    centre: float
    foot: float
    size: float
    turn: int = 0
    mirrored: bool = False


# Far things first.
_STANDING = {
    "front": (_Place(0.50, 0.815, 1.0),),
    "pair": (_Place(0.68, 0.765, 0.70, mirrored=True), _Place(0.38, 0.84, 0.80)),
    "trio": (_Place(0.26, 0.745, 0.50), _Place(0.755, 0.765, 0.54, mirrored=True), _Place(0.48, 0.855, 0.66)),
    "row": (_Place(0.20, 0.79, 0.40), _Place(0.43, 0.80, 0.50), _Place(0.735, 0.81, 0.62)),
}


@dataclass(frozen=True)
class _Spot:
    """A place in a scene, like ``_Place``, with the height of the plinth there as part of the frame."""

    centre: float
    foot: float
    size: float
    rise: float = 0.0


_SCENE_TALL = (_Spot(0.28, 0.775, 0.52, 0.16), _Spot(0.74, 0.79, 0.54, 0.09), _Spot(0.47, 0.885, 0.64))
_SCENE_WIDE = (
    _Spot(0.19, 0.80, 0.64, 0.13),
    _Spot(0.81, 0.80, 0.62, 0.22),
    _Spot(0.50, 0.83, 0.88, 0.09),
    _Spot(0.325, 0.925, 0.50),
    _Spot(0.685, 0.935, 0.46),
)
# Seen from above; ``foot`` is the middle here. The first two are always so.
_LYING = {
    "close": (_Place(0.56, 0.60, 1.45, -8),),
    "angle": (_Place(0.50, 0.50, 1.0, 14),),
    "front": (_Place(0.50, 0.50, 1.06),),
    "pair": (_Place(0.64, 0.34, 0.74, 10), _Place(0.38, 0.66, 0.74, -6)),
    "trio": (_Place(0.30, 0.24, 0.58, -8), _Place(0.70, 0.46, 0.58, 9), _Place(0.34, 0.74, 0.58, -3)),
}
_ALWAYS_LYING = frozenset({"close", "angle"})


def compose(recipe: PictureRecipe, npm_dir: Path) -> bytes:
    """Return the picture as JPEG, at most 120 KB at the product size.

    Raises:
        MissingPictureSourceError: The npm package with the subjects is not in ``npm_dir``.
    """
    lies = recipe.shot in _ALWAYS_LYING or (recipe.lying and recipe.shot in _LYING)
    arrange = _scene if recipe.companions else _lie if lies else _stand
    buffer = io.BytesIO()
    arrange(recipe, npm_dir).save(buffer, "JPEG", quality=QUALITY, subsampling=0)
    return buffer.getvalue()


def dominant_colour(picture: bytes) -> str:
    """Return the picture's average colour as ``#rrggbb``, to show while it loads."""
    with Image.open(io.BytesIO(picture)) as image:
        image.draft("RGB", (64, 64))
        small = image.convert("RGB").resize((1, 1), Image.Resampling.BOX)
    return "#{:02x}{:02x}{:02x}".format(*small.tobytes())


def _stand(recipe: PictureRecipe, npm_dir: Path) -> Image.Image:
    image = load_subject(recipe.subject, recipe.tint, npm_dir)
    kind = _BEHIND[_number(recipe.subject) % len(_BEHIND)] if recipe.shot == "front" else "none"
    canvas = stage(recipe.backdrop, recipe.size, kind).copy()
    for place in _STANDING[recipe.shot]:
        item = _sized(image, recipe.size, place)
        left = round(canvas.width * place.centre) - item.width // 2
        foot = round(canvas.height * (PLINTH_TOP + 0.02 if kind == "plinth" else place.foot))
        standing_shadow(canvas, recipe.backdrop, item, left, foot)
        canvas.paste(item, (left, foot - item.height), item)
    return canvas


def _lie(recipe: PictureRecipe, npm_dir: Path) -> Image.Image:
    """Lay things on the paper.

    Paper and shadows are soft, so they are painted at a quarter of the size and enlarged together: half the time.
    """
    image = load_subject(recipe.subject, recipe.tint, npm_dir)
    mirrored = _number(recipe.subject) % 2 == 0  # so that close-ups do not all lean one way
    width, height = recipe.size
    paper = backdrop(recipe.backdrop, (width // 4, height // 4), flat=True).copy()
    items: list[tuple[Image.Image, int, int]] = []
    for place in _LYING[recipe.shot]:
        if mirrored:
            place = replace(place, centre=1 - place.centre, turn=-place.turn)
        item = _sized(image, recipe.size, place)
        left, top = round(width * place.centre) - item.width // 2, round(height * place.foot) - item.height // 2
        lying_shadow(paper, recipe.backdrop, item, left // 4, top // 4, round(width * 0.035 * place.size))
        items.append((item, left, top))
    canvas = paper.resize(recipe.size, Image.Resampling.BICUBIC)
    for item, left, top in items:
        canvas.paste(item, (left, top), item)
    return canvas


def _scene(recipe: PictureRecipe, npm_dir: Path) -> Image.Image:
    """Arrange companions and subject on plinths and on the floor."""
    canvas = stage(recipe.backdrop, recipe.size, "arch").copy()
    spots = _SCENE_TALL if recipe.size[0] < recipe.size[1] else _SCENE_WIDE
    things = list(recipe.companions)
    things.insert(2, recipe.subject)  # two companions stand behind it, two in front
    for thing, spot in zip(things, spots, strict=True):
        name, _, tint = thing.partition("@")
        item = _sized(load_subject(name, tint, npm_dir), recipe.size, _Place(spot.centre, spot.foot, spot.size))
        middle, ground = round(canvas.width * spot.centre), round(canvas.height * spot.foot)
        rise = round(canvas.height * spot.rise)
        if rise:
            width = round(max(item.width * 1.15, _unit(recipe.size) * 430 * spot.size))
            plinth(canvas, recipe.backdrop, middle, ground - rise, width, rise)
        left, foot = middle - item.width // 2, ground - rise + (round(_unit(recipe.size) * 16) if rise else 0)
        standing_shadow(canvas, recipe.backdrop, item, left, foot)
        canvas.paste(item, (left, foot - item.height), item)
    return canvas


def _sized(image: Image.Image, size: tuple[int, int], place: _Place) -> Image.Image:
    """Return the thing as large as things of its shape look right: alike in the paper they cover, not in their box."""
    ratio = image.width / image.height
    fullness = _fullness(image)
    edge = 770.0 * min(1.2, max(0.94, (0.62 / fullness) ** 0.35))
    width, height = edge * ratio**0.5, edge / ratio**0.5
    shrink = min(1.0, 960 / width, 940 / height)
    factor = width * shrink * place.size * _unit(size) / image.width
    if place.mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if place.turn:  # before enlarging: four times fewer pixels
        image = image.rotate(place.turn, Image.Resampling.BILINEAR, expand=True)
    return image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.BICUBIC)


def _fullness(image: Image.Image) -> float:
    """Return which part of its box the thing covers: a guitar across the corners little, a box nearly all."""
    return max(0.05, image.getchannel("A").resize((1, 1), Image.Resampling.BOX).tobytes()[0] / 255)


def _unit(size: tuple[int, int]) -> float:
    """Return how many pixels one of a 1200 × 1500 picture is here."""
    return min(size[0] / 1200, size[1] / 1500)


def _number(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0]
