"""Composes the demo store's pictures. The same recipe gives the same bytes, on any machine with the same Pillow."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from shophub.services.demo.recipes import PictureRecipe
from shophub.services.demo.studio import PLINTH_TOP, backdrop, behind, lying_shadow, plinth, stage, standing_shadow
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
    "row": (_Place(0.24, 0.79, 0.44), _Place(0.49, 0.80, 0.58), _Place(0.765, 0.81, 0.70)),
}
_LYING = {"close": _Place(0.56, 0.60, 1.45, -8), "angle": _Place(0.50, 0.50, 1.0, 14)}


def compose(recipe: PictureRecipe, npm_dir: Path) -> bytes:
    """Return the picture as JPEG, at most 120 KB at the product size.

    Raises:
        MissingPictureSourceError: The npm package with the subjects is not in ``npm_dir``.
    """
    arrange = _scene if recipe.companions else _lie if recipe.shot in _LYING else _stand
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
        item = _sized(image, canvas, place)
        left = round(canvas.width * place.centre) - item.width // 2
        foot = round(canvas.height * (PLINTH_TOP + 0.02 if kind == "plinth" else place.foot))
        standing_shadow(canvas, recipe.backdrop, item, left, foot)
        canvas.paste(item, (left, foot - item.height), item)
    return canvas


def _lie(recipe: PictureRecipe, npm_dir: Path) -> Image.Image:
    canvas = backdrop(recipe.backdrop, recipe.size, flat=True).copy()
    image = load_subject(recipe.subject, recipe.tint, npm_dir)
    place = _LYING[recipe.shot]
    turn = place.turn if _number(recipe.subject) % 2 else -place.turn
    centre = place.centre if turn > 0 or recipe.shot == "angle" else 1 - place.centre
    item = _sized(image, canvas, _Place(centre, place.foot, place.size, turn))
    left = round(canvas.width * centre) - item.width // 2
    top = round(canvas.height * place.foot) - item.height // 2
    lying_shadow(canvas, recipe.backdrop, item, left, top, round(canvas.width * 0.035 * place.size))
    canvas.paste(item, (left, top), item)
    return canvas


def _scene(recipe: PictureRecipe, npm_dir: Path) -> Image.Image:
    """Arrange the subject and its companions on plinths of different heights."""
    canvas = backdrop(recipe.backdrop, recipe.size, flat=False).copy()
    wide = canvas.width > canvas.height
    behind(canvas, recipe.backdrop, "arch", round(canvas.width * (0.66 if wide else 0.5)), round(canvas.height * 0.52))
    for subject, spot in zip((*recipe.companions, recipe.subject), _spots(recipe, wide=wide), strict=True):
        centre, foot, size, height = spot
        item = _sized(load_subject(subject, "", npm_dir), canvas, _Place(centre, foot, size))
        middle, ground = round(canvas.width * centre), round(canvas.height * foot)
        rise = round(canvas.height * height)
        if rise:
            width = round(max(item.width * 1.12, _unit(canvas) * 300 * size))
            plinth(canvas, recipe.backdrop, middle, ground - rise, width, rise)
        left, stand = middle - item.width // 2, ground - rise + (round(_unit(canvas) * 16) if rise else 0)
        standing_shadow(canvas, recipe.backdrop, item, left, stand)
        canvas.paste(item, (left, stand - item.height), item)
    return canvas


def _spots(recipe: PictureRecipe, *, wide: bool) -> tuple[tuple[float, float, float, float], ...]:
    """Return centre, foot, size and plinth height for each companion, then for the subject; far things first."""
    if not wide:
        return ((0.29, 0.765, 0.50, 0.16), (0.74, 0.785, 0.52, 0.09), (0.47, 0.875, 0.62, 0.0))
    spots = (
        (0.50, 0.80, 0.40, 0.20), (0.86, 0.80, 0.42, 0.26), (0.58, 0.91, 0.34, 0.0), (0.80, 0.92, 0.36, 0.0),
        (0.69, 0.86, 0.62, 0.10),
    )  # fmt: skip
    return spots[len(spots) - len(recipe.companions) - 1 :]


def _sized(image: Image.Image, canvas: Image.Image, place: _Place) -> Image.Image:
    """Return the thing as large as things of its shape look right: wide ones wider, tall ones taller, like in area."""
    unit = _unit(canvas)
    ratio = image.width / image.height
    area = 770.0 * 770.0
    width = (area * ratio) ** 0.5
    height = width / ratio
    shrink = min(1.0, 900 / width, 900 / height)
    scale = shrink * place.size * unit
    if place.mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    factor = width * scale / image.width
    if place.turn:  # before enlarging: four times fewer pixels
        image = image.rotate(place.turn, Image.Resampling.BICUBIC, expand=True)
    return image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.BICUBIC)


def _unit(canvas: Image.Image) -> float:
    """Return how many pixels one of a 1200 × 1500 picture is here."""
    return min(canvas.width / 1200, canvas.height / 1500)


def _number(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0]
