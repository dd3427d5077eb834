"""The studio: paper backdrops in soft light, plinths, and the shadows of what stands there."""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

RGB = tuple[int, int, int]


@dataclass(frozen=True)
class Paper:
    """A backdrop's colours: the lit wall, its far corner, the floor, and the shape that may stand behind."""

    wall: RGB
    corner: RGB
    floor: RGB
    shape: RGB
    shadow: RGB


PAPERS: dict[str, Paper] = {
    "paper": Paper((246, 240, 229), (228, 218, 202), (250, 245, 236), (236, 224, 204), (112, 92, 70)),
    "oat": Paper((234, 220, 196), (214, 196, 168), (240, 228, 207), (220, 200, 168), (104, 80, 50)),
    "sage": Paper((196, 208, 184), (168, 184, 156), (206, 216, 195), (176, 193, 163), (62, 78, 56)),
    "petrol": Paper((52, 118, 132), (26, 84, 98), (64, 128, 142), (36, 100, 114), (6, 34, 42)),
    "marigold": Paper((248, 200, 92), (232, 172, 58), (251, 209, 112), (240, 184, 70), (128, 78, 8)),
    "clay": Paper((222, 152, 120), (198, 122, 90), (228, 164, 134), (208, 134, 102), (96, 42, 22)),
    "mist": Paper((204, 216, 222), (178, 194, 203), (214, 224, 229), (186, 202, 211), (64, 80, 92)),
    "blush": Paper((244, 216, 204), (228, 192, 178), (247, 224, 214), (235, 200, 186), (126, 74, 60)),
    "ink": Paper((58, 66, 80), (34, 40, 52), (68, 76, 91), (46, 53, 66), (6, 8, 14)),
}
FLOOR_LINE = 0.70  # of the height; everything stands below it
PLINTH_TOP = 0.775


@lru_cache(maxsize=18)
def backdrop(name: str, size: tuple[int, int], *, flat: bool) -> Image.Image:
    """Return the empty studio; ``flat`` is the paper seen from above, without a floor line. Do not draw on it."""
    paper = PAPERS[name]
    small = (size[0] // 4, size[1] // 4)
    light = _falloff(small, across=0.34, down=0.26)
    wall = Image.composite(Image.new("RGB", small, paper.wall), Image.new("RGB", small, paper.corner), light)
    if not flat:
        floor = Image.composite(
            Image.new("RGB", small, paper.floor), Image.new("RGB", small, paper.wall), _falloff(small, 0.42, 0.86)
        )
        mask = Image.new("L", small, 0)
        mask.paste(255, (0, round(small[1] * FLOOR_LINE), *small))
        # Seamless paper bends: the line is soft, darker just above it.
        bend = mask.filter(ImageFilter.GaussianBlur(small[1] * 0.010))
        above = ImageChops.subtract(mask.filter(ImageFilter.GaussianBlur(small[1] * 0.035)), mask)
        wall.paste(Image.new("RGB", small, paper.corner), mask=above.point([level * 55 // 100 for level in range(256)]))
        wall = Image.composite(floor, wall, bend)
    return wall.resize(size, Image.Resampling.BICUBIC)


@lru_cache(maxsize=16)
def stage(name: str, size: tuple[int, int], kind: str) -> Image.Image:
    """Return the studio with what stands in it for a single thing: ``none``, ``disc``, ``arch`` or ``plinth``."""
    canvas = backdrop(name, size, flat=False).copy()
    if kind == "plinth":
        top = round(size[1] * PLINTH_TOP)
        plinth(canvas, name, size[0] // 2, top, round(size[0] * 0.66), round(size[1] * 0.07))
    elif kind != "none":
        behind(canvas, name, kind, size[0] // 2, round(min(size[0] * 0.70, size[1] * 0.62)))
    return canvas


def behind(canvas: Image.Image, name: str, kind: str, centre: int, width: int) -> None:
    """Set a tonal disc or arch against the wall, ending at the floor line."""
    paper = PAPERS[name]
    floor = round(canvas.height * FLOOR_LINE)
    mask = Image.new("L", canvas.size, 0)
    draw = ImageDraw.Draw(mask)
    half = width // 2
    if kind == "disc":
        middle = floor - round(width * 0.40)
        _smooth_ellipse(mask, (centre - half, middle - half, centre + half, middle + half))
    else:
        top = floor - round(width * 1.22)
        _smooth_ellipse(mask, (centre - half, top, centre + half, top + width))
        draw.rectangle((centre - half, top + half, centre + half, floor), fill=255)
    ImageDraw.Draw(mask).rectangle((0, floor, canvas.width, canvas.height), fill=0)
    ramp = _vertical(canvas.size, 225, 150)
    canvas.paste(Image.new("RGB", canvas.size, paper.shape), mask=ImageChops.multiply(mask, ramp))


def plinth(canvas: Image.Image, name: str, centre: int, top: int, width: int, height: int) -> None:
    """Stand a round block on the floor: its top ellipse is centred on (``centre``, ``top``)."""
    paper = PAPERS[name]
    depth = round(width * 0.17)
    half = width // 2
    box = (centre - half, top, centre + half, top + height)
    cast = Image.new("L", (canvas.width // 4, canvas.height // 4), 0)
    ImageDraw.Draw(cast).ellipse(
        tuple(v // 4 for v in (box[0] - 10, box[3] - depth // 2, box[2] + width // 3, box[3] + depth + 26)), fill=255
    )
    cast = cast.filter(ImageFilter.GaussianBlur(width / 42)).resize(canvas.size, Image.Resampling.BILINEAR)
    canvas.paste(Image.new("RGB", canvas.size, paper.shadow), mask=cast.point([v * 40 // 100 for v in range(256)]))
    side = Image.new("L", canvas.size, 0)
    _smooth_ellipse(side, (box[0], box[3] - depth, box[2], box[3] + depth))
    ImageDraw.Draw(side).rectangle(box, fill=255)
    ramp = Image.linear_gradient("L").rotate(90).resize((width, 1)).resize((width, height + depth * 3))
    shade = Image.new("L", canvas.size, 0)
    shade.paste(ramp, (box[0], top - depth))
    lit, dark = _mix(paper.floor, (255, 255, 255), 12), _mix(paper.corner, paper.shadow, 22)
    fill = Image.composite(Image.new("RGB", canvas.size, dark), Image.new("RGB", canvas.size, lit), shade)
    canvas.paste(fill, mask=side)
    lid = Image.new("L", canvas.size, 0)
    _smooth_ellipse(lid, (box[0], top - depth, box[2], top + depth))
    canvas.paste(_mix(paper.floor, (255, 255, 255), 26), mask=lid)


def standing_shadow(canvas: Image.Image, name: str, item: Image.Image, left: int, foot: int) -> None:
    """Lay the shadow of an item that stands at (``left``, ``foot``): a long soft one to the right, a dark one below."""
    paper = PAPERS[name]
    alpha = item.getchannel("A")
    quarter = (max(1, item.width // 4), max(1, item.height // 4))
    small = alpha.resize(quarter, Image.Resampling.BILINEAR)
    length = max(6, round(quarter[1] * 0.30))
    lean = round(quarter[0] * 0.34)
    flat = small.resize((quarter[0], length), Image.Resampling.BILINEAR)
    pad = 24
    sheet = Image.new("L", (quarter[0] + lean + pad * 2, length + pad * 2), 0)
    sheet.paste(flat, (pad, pad))
    skew = lean / length
    sheet = sheet.transform(
        sheet.size, Image.Transform.AFFINE, (1, skew, -skew * (pad + length), 0, 1, 0), Image.Resampling.BILINEAR
    )
    # Farther from the foot, light creeps in.
    sheet = ImageChops.multiply(sheet, _vertical(sheet.size, 60, 190))
    sheet = sheet.filter(ImageFilter.GaussianBlur(max(3.0, quarter[0] / 34)))
    _lay(canvas, paper.shadow, sheet, left - pad * 4, foot - (length + pad) * 4 + 6)
    _contact(canvas, paper.shadow, alpha, left, foot)


def lying_shadow(quarter: Image.Image, name: str, item: Image.Image, left: int, top: int, height: int) -> None:
    """Lay the shadow of an item seen from above, ``height`` pixels over the paper.

    ``quarter``, ``left`` and ``top`` are at a quarter of the picture's size, ``item`` and ``height`` at its full size.
    """
    pad = 30
    size = (max(1, item.width // 4), max(1, item.height // 4))
    sheet = Image.new("L", (size[0] + pad * 2, size[1] + pad * 2), 0)
    sheet.paste(item.getchannel("A").resize(size, Image.Resampling.BILINEAR), (pad, pad))
    for reach, strength in ((1.0, 46), (0.35, 34)):
        soft = sheet.filter(ImageFilter.GaussianBlur(max(2.0, height * reach / 7)))
        mask = soft.point([v * strength // 100 for v in range(256)])
        move = round(height * reach / 4)
        place = (left - pad + move, top - pad + round(move * 1.2))
        quarter.paste(PAPERS[name].shadow, (*place, place[0] + mask.width, place[1] + mask.height), mask)


def _contact(canvas: Image.Image, colour: RGB, alpha: Image.Image, left: int, foot: int) -> None:
    strip = alpha.crop((0, round(alpha.height * 0.94), alpha.width, alpha.height)).point(
        [255 if v > 99 else 0 for v in range(256)]
    )
    box = strip.getbbox()
    if box is None:
        return
    width = box[2] - box[0]
    thick = max(10, round(min(width, alpha.width * 0.6) * 0.05))
    pad = thick * 3
    sheet = Image.new("L", ((width + pad * 2) // 4, (thick + pad * 2) // 4), 0)
    inset = width * 0.04
    ImageDraw.Draw(sheet).ellipse(((pad + inset) / 4, pad / 4, (pad + width - inset) / 4, (pad + thick) / 4), fill=165)
    soft = sheet.filter(ImageFilter.GaussianBlur(thick / 7))
    _lay(canvas, colour, soft, left + box[0] - pad, foot - thick // 2 - pad - 2)


def _lay(canvas: Image.Image, colour: RGB, quarter_mask: Image.Image, left: int, top: int) -> None:
    """Darken the canvas with ``colour`` through a mask kept at a quarter of its size."""
    mask = quarter_mask.resize((quarter_mask.width * 4, quarter_mask.height * 4), Image.Resampling.BILINEAR)
    canvas.paste(colour, (left, top, left + mask.width, top + mask.height), mask)


def _falloff(size: tuple[int, int], across: float, down: float) -> Image.Image:
    """Return a soft pool of light centred at the given parts of the sheet."""
    reach = round(max(size) * 1.9)
    pool = ImageChops.invert(Image.radial_gradient("L")).resize((reach, reach), Image.Resampling.BICUBIC)
    sheet = Image.new("L", size, 0)
    sheet.paste(pool, (round(size[0] * across) - reach // 2, round(size[1] * down) - reach // 2))
    return sheet.point([min(255, v * 13 // 10) for v in range(256)])


def _vertical(size: tuple[int, int], top: int, bottom: int) -> Image.Image:
    ramp = Image.linear_gradient("L").resize((1, size[1])).point([top + (bottom - top) * v // 255 for v in range(256)])
    return ramp.resize(size)


def _smooth_ellipse(mask: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Draw an ellipse with soft edges: Pillow's own has steps."""
    width, height = box[2] - box[0], box[3] - box[1]
    big = Image.new("L", (width * 2, height * 2), 0)
    ImageDraw.Draw(big).ellipse((0, 0, width * 2 - 1, height * 2 - 1), fill=255)
    mask.paste(255, box[:2], big.resize((width, height), Image.Resampling.BOX))


def _mix(first: RGB, second: RGB, percent: int) -> RGB:
    red, green, blue = (a + (b - a) * percent // 100 for a, b in zip(first, second, strict=True))
    return (red, green, blue)
