"""What is photographed: emoji from the npm package, trimmed, graded and recoloured, and a few things drawn here."""

import colorsys
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from shophub.services.demo import drawn

PACKAGE = Path("@lobehub") / "fluent-emoji-3d" / "assets"
EDGE = 560
RGB = tuple[int, int, int]

# Target colours of tints; dark and light shades are derived.
TINT_COLOURS: dict[str, RGB] = {
    "petrol": (24, 110, 128),
    "clay": (196, 104, 72),
    "sage": (140, 164, 132),
    "marigold": (238, 176, 44),
    "ink": (58, 66, 80),
    "sand": (214, 190, 154),
    "blush": (232, 164, 156),
    "plum": (132, 76, 140),
    "sky": (104, 168, 214),
    "moss": (98, 124, 62),
    "white": (240, 238, 232),
}
# The renderings are lit with violet; a warm studio wants neutral greys.
_VIOLET = range(150, 201)
_GREYISH = 92
_SATURATED = 70


class MissingPictureSourceError(RuntimeError):
    """The npm package with the emoji is not installed where it was looked for."""


@lru_cache(maxsize=24)
def load_subject(subject: str, tint: str, npm_dir: Path) -> Image.Image:
    """Return the thing alone, trimmed, 560 pixels at its longer edge, in its own or another colour; not to be drawn on.

    Raises:
        MissingPictureSourceError: The npm package is missing, or has no such emoji.
    """
    kind, _, name = subject.partition(":")
    colour = TINT_COLOURS[tint] if tint else None
    if kind == "draw":
        return _trimmed(drawn.SUBJECTS[name](colour))
    path = npm_dir / PACKAGE / f"{subject}.webp"
    try:
        with Image.open(path) as source:
            image = _neutralise(source.convert("RGBA"))
    except FileNotFoundError as error:
        raise MissingPictureSourceError(f"There is no {path}. “make setup” installs the package.") from error
    return _enlarged(_trimmed(_tint(image, colour) if colour else image))


def _trimmed(image: Image.Image) -> Image.Image:
    box = image.getchannel("A").point(_threshold(16)).getbbox()
    return image.crop(box) if box else image


def _enlarged(image: Image.Image) -> Image.Image:
    """Enlarge an emoji, keeping its outline and detail crisp: pictures show it at more than its own 256 pixels."""
    scale = EDGE / max(image.size)
    image = _bled(image)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    result = image.resize(size, Image.Resampling.LANCZOS)
    # Smoothed first: the steps of the small outline would otherwise show as a frayed edge.
    alpha = result.getchannel("A").filter(ImageFilter.GaussianBlur(scale * 0.75)).point(_steeper(scale))
    sharp = result.convert("RGB").filter(ImageFilter.UnsharpMask(radius=scale * 0.9, percent=80, threshold=1))
    sharp.putalpha(alpha)
    return sharp


def _bled(image: Image.Image) -> Image.Image:
    """Carry the colours a little past the outline, whose own half-transparent pixels hold the renderer's backdrop."""
    alpha = image.getchannel("A")
    inner = image.copy()
    inner.putalpha(alpha.point(_threshold(235)))
    spread = inner.convert("RGBa").filter(ImageFilter.GaussianBlur(2.2)).convert("RGBA").convert("RGB")
    spread.paste(image.convert("RGB"), mask=inner.getchannel("A"))
    spread.putalpha(alpha)
    return spread


def _neutralise(image: Image.Image) -> Image.Image:
    """Take the violet out of greys, and a little saturation out of everything."""
    alpha = image.getchannel("A")
    colour = image.convert("RGB")
    hue, saturation, _ = colour.convert("HSV").split()
    violet = hue.point([255 if h in _VIOLET else 0 for h in range(256)])
    greyish = saturation.point([max(0, min(255, (_GREYISH - s) * 8)) for s in range(256)])
    mask = ImageChops.multiply(violet, greyish).filter(ImageFilter.GaussianBlur(2))
    grey = colour.convert("L")
    warm = Image.merge("RGB", [grey.point([max(0, min(255, v + more)) for v in range(256)]) for more in (4, 1, -5)])
    calmer = Image.blend(colour, warm, 0.15)
    result = Image.composite(Image.blend(colour, warm, 0.85), calmer, mask)
    result.putalpha(alpha)
    return result


def _tint(image: Image.Image, colour: RGB) -> Image.Image:
    """Give the thing's main colour another one; a thing without colours is coloured as a whole.

    Only pixels near the main hue change, so that a suitcase keeps its grey handle.
    """
    alpha = image.getchannel("A")
    hue, saturation, value = image.convert("RGB").convert("HSV").split()
    coloured = ImageChops.multiply(saturation.point(_threshold(_SATURATED)), alpha.point(_threshold(128)))
    counts = hue.histogram(coloured)
    share = sum(counts) / max(1, sum(alpha.point(_threshold(128)).histogram()[128:]))
    if share < 0.22:
        return _colourise(image, colour, value)
    main = max(range(256), key=lambda h: sum(counts[(h + d) % 256] for d in range(-14, 15)))
    distance = [min((h - main) % 256, (main - h) % 256) for h in range(256)]
    near = hue.point([max(0, min(255, (62 - far) * 9)) for far in distance])
    soft = saturation.point([max(0, min(255, (s - 34) * 6)) for s in range(256)])
    mask = ImageChops.multiply(near, soft).filter(ImageFilter.GaussianBlur(1))
    result = Image.composite(_colourise(image, colour, value), image, mask)
    result.putalpha(alpha)
    return result


def _colourise(image: Image.Image, colour: RGB, value: Image.Image) -> Image.Image:
    """Paint the shading of ``image`` in ``colour``: its own brightness, spread around that of the colour."""
    grey = image.convert("L")
    histogram = grey.histogram(image.getchannel("A").point(_threshold(128)))
    middle = _median(histogram)
    hue, saturation, bright = colorsys.rgb_to_hsv(*(part / 255 for part in colour))
    tables: list[list[int]] = [[], [], []]
    for level in range(256):
        away = (level - middle) / 255
        lighter = min(1.0, max(0.06, bright + away * (0.9 if away > 0 else 1.15)))
        faded = max(0.0, min(1.0, saturation * (1 - max(0.0, away) * 1.1)))
        for table, part in zip(tables, colorsys.hsv_to_rgb(hue, faded, lighter), strict=True):
            table.append(round(part * 255))
    result = Image.merge("RGB", tuple(grey.point(table) for table in tables))
    result.putalpha(image.getchannel("A"))
    return result


def _median(histogram: list[int]) -> int:
    half, seen = sum(histogram) / 2, 0
    for level, count in enumerate(histogram):
        seen += count
        if seen >= half:
            return level
    return 128


def _threshold(limit: int) -> list[int]:
    return [255 if level >= limit else 0 for level in range(256)]


def _steeper(factor: float) -> list[int]:
    return [max(0, min(255, round((level - 128) * factor + 128))) for level in range(256)]
