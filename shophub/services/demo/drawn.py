"""Things that no emoji shows, drawn with simple shapes at twice their size and scaled down."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

_SCALE = 2
_SIZE = 820  # the sheet that coordinates below refer to
RGB = tuple[int, int, int]


def _layer() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (_SIZE * _SCALE, _SIZE * _SCALE), 0)
    return image, ImageDraw.Draw(image)


def _scaled(*values: float) -> tuple[float, ...]:
    return tuple(value * _SCALE for value in values)


@dataclass(frozen=True)
class _Layer:
    """A lit shape, cut to its box, and where it lies on the sheet."""

    image: Image.Image
    place: tuple[int, int]


def _lit(mask: Image.Image, top: RGB, bottom: RGB, *, edge: int = 10) -> _Layer:
    """Return ``mask`` filled from ``top`` to ``bottom``, with a bright upper left and a dark lower right edge."""
    box = mask.getbbox() or (0, 0, 1, 1)
    reach = edge * _SCALE
    cut = mask.crop((box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach))
    ramp = Image.linear_gradient("L").resize(cut.size)
    fill = Image.composite(Image.new("RGB", cut.size, bottom), Image.new("RGB", cut.size, top), ramp)
    inside = cut.filter(ImageFilter.BoxBlur(reach * 0.7))
    light = ImageChops.subtract(cut, ImageChops.offset(inside, reach // 2, reach // 2))
    dark = ImageChops.subtract(cut, ImageChops.offset(inside, -reach // 2, -reach // 2))
    fill.paste((255, 255, 255), mask=light.point([level * 45 // 100 for level in range(256)]))
    fill.paste((20, 16, 24), mask=dark.point([level * 34 // 100 for level in range(256)]))
    result = fill.convert("RGBA")
    result.putalpha(cut)
    return _Layer(result, (box[0] - reach, box[1] - reach))


def _finish(layers: list[_Layer]) -> Image.Image:
    sheet = Image.new("RGBA", (_SIZE * _SCALE, _SIZE * _SCALE), (0, 0, 0, 0))
    for layer in layers:
        left, top = layer.place
        cut = layer.image.crop((max(0, -left), max(0, -top), *layer.image.size))
        sheet.alpha_composite(cut, (max(0, left), max(0, top)))
    return sheet.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS)


def _shades(colour: RGB | None, own: tuple[RGB, ...]) -> tuple[RGB, ...]:
    """Return the shape's own colours, or those of ``colour`` with the same differences in brightness."""
    if colour is None:
        return own
    base = sum(own[0])
    return tuple(_toward(colour, (sum(shade) - base) / 3) for shade in own)


def _toward(colour: RGB, brighter: float) -> RGB:
    red, green, blue = (max(0, min(255, round(part + 18 + brighter))) for part in colour)
    return (red, green, blue)


def _rounded(box: tuple[float, float, float, float], radius: float) -> Image.Image:
    mask, draw = _layer()
    draw.rounded_rectangle(_scaled(*box), radius * _SCALE, fill=255)
    return mask


def _polygon(*points: tuple[float, float], soften: float = 5) -> Image.Image:
    mask, draw = _layer()
    draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=255)
    rounded = mask.filter(ImageFilter.GaussianBlur(soften * _SCALE))
    return rounded.point([max(0, min(255, (level - 112) * 8)) for level in range(256)])


def _shadow(mask: Image.Image, within: Image.Image, move: tuple[int, int], blur: float, strength: int) -> _Layer:
    """Return the shade that ``mask`` throws on ``within``."""
    fallen = ImageChops.offset(mask, move[0] * _SCALE, move[1] * _SCALE)
    soft = ImageChops.multiply(fallen.filter(ImageFilter.GaussianBlur(blur * _SCALE)), within)
    result = Image.new("RGBA", mask.size, (24, 16, 20, 0))
    result.putalpha(soft.point([level * strength // 100 for level in range(256)]))
    return _Layer(result, (0, 0))


def phone_stand(colour: RGB | None) -> Image.Image:
    """Draw a wooden stand that holds a phone."""
    wood = _shades(
        colour,
        ((222, 178, 126), (178, 126, 78), (236, 196, 146), (196, 144, 92), (206, 160, 108), (168, 118, 72)),
    )
    back = _polygon((300, 300), (520, 300), (590, 700), (230, 700), soften=14)
    phone = _rounded((250, 60, 570, 640), 54)
    screen = _rounded((270, 82, 550, 618), 36)
    lip = _rounded((190, 630, 630, 716), 34)
    foot = _rounded((150, 690, 670, 770), 40)
    glow, draw = _layer()
    draw.ellipse(_scaled(330, 330, 760, 760), fill=255)
    hill, draw = _layer()
    draw.ellipse(_scaled(120, 430, 470, 900), fill=255)
    return _finish([
        _lit(back, wood[4], wood[5]),
        _lit(phone, (70, 78, 92), (34, 40, 50), edge=8),
        _lit(screen, (250, 226, 180), (244, 178, 120), edge=2),
        _lit(ImageChops.multiply(glow, screen), (240, 150, 92), (214, 104, 72), edge=2),
        _lit(ImageChops.multiply(hill, screen), (52, 138, 150), (22, 96, 112), edge=2),
        _lit(foot, wood[0], wood[1], edge=14),
        _shadow(lip, foot, (0, 18), 10, 60),
        _lit(lip, wood[2], wood[3], edge=12),
    ])  # fmt: skip


def usb_hub(_: RGB | None) -> Image.Image:
    """Draw an aluminium bar with ports and a short cable."""
    body = _rounded((60, 380, 770, 600), 52)
    top = _rounded((60, 360, 770, 540), 52)
    cable, draw = _layer()
    draw.arc(_scaled(430, 90, 690, 400), 180, 360, fill=255, width=34 * _SCALE)
    draw.rectangle(_scaled(656, 244, 690, 380), fill=255)
    draw.rectangle(_scaled(430, 244, 464, 300), fill=255)
    plug = _rounded((398, 236, 496, 330), 20)
    tip = _rounded((420, 318, 474, 372), 14)
    layers = [
        _lit(cable, (92, 98, 110), (52, 58, 68), edge=8),
        _lit(tip, (216, 218, 222), (150, 154, 160), edge=5),
        _lit(plug, (226, 224, 220), (176, 176, 176), edge=8),
        _lit(body, (176, 174, 172), (120, 118, 120), edge=14),
        _lit(top, (240, 237, 232), (208, 204, 200), edge=12),
    ]
    for left, width, height in ((104, 108, 34), (242, 78, 40), (350, 78, 40), (458, 78, 40), (566, 58, 26)):
        middle = 568 - height / 2 - 2
        layers.append(
            _lit(_rounded((left, middle, left + width, middle + height), 9), (30, 32, 38), (58, 60, 68), edge=3)
        )
    layers.append(_lit(_rounded((680, 556, 700, 576), 10), (150, 226, 170), (70, 176, 110), edge=3))
    return _finish(layers)


def cable_organizer(colour: RGB | None) -> Image.Image:
    """Draw a soft block with three slots and the cables in them."""
    soft = _shades(
        colour,
        ((240, 176, 44), (252, 204, 84), (226, 158, 28), (186, 116, 14), (150, 92, 12), (196, 130, 22), (236, 168, 34)),
    )
    block = _rounded((110, 430, 710, 690), 92)
    top = _rounded((110, 400, 710, 610), 92)
    cut = Image.new("L", block.size, 0)
    layers: list[_Layer] = []
    cables: list[_Layer] = []
    for left, width, shades in (
        (212, 46, ((252, 250, 244), (206, 202, 196))),
        (376, 54, ((66, 74, 88), (34, 40, 50))),
        (548, 42, ((222, 116, 82), (176, 78, 52))),
    ):
        slot = _rounded((left, 392, left + width, 560), width / 2)
        cut = ImageChops.lighter(cut, slot)
        cable = ImageChops.lighter(
            _rounded((left + 5, 60, left + width - 5, 540), 18), _rounded((left - 8, 60, left + width + 8, 190), 16)
        )
        tip = _rounded((left + 4, 26, left + width - 4, 80), 8)
        cables += [_lit(tip, (214, 214, 216), (150, 152, 158), edge=4), _lit(cable, *shades, edge=8)]
    layers += [
        _lit(block, soft[2], soft[3], edge=22),
        _lit(top, soft[1], soft[0], edge=16),
        _lit(ImageChops.multiply(cut, top), soft[4], soft[5], edge=3),
        *cables,
    ]
    front, draw = _layer()
    draw.rectangle(_scaled(0, 540, _SIZE, _SIZE), fill=255)
    cover = ImageChops.multiply(block, front)
    return _finish([*layers, _lit(cover, soft[6], soft[3], edge=22)])


SUBJECTS: dict[str, Callable[[RGB | None], Image.Image]] = {
    "phone-stand": phone_stand,
    "usb-hub": usb_hub,
    "cable-organizer": cable_organizer,
}
