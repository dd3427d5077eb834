"""Reads delivery addresses: ``w_480,h_600,c_fill,f_auto,q_auto/v1/shop/cup.webp``.

Source: https://cloudinary.com/documentation/transformation_reference. What is known here is what a shop asks for;
anything else is refused as the real service refuses what it does not know, so that a typing error shows at once.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote

from shophub.sandbox.cloudinary.errors import CloudinaryError, TransformationError

MAX_EDGE = 3_000
MAX_STEPS = 3
MAX_PUBLIC_ID = 255
CROPS = frozenset({"fill", "lfill", "fit", "limit", "pad", "lpad", "thumb", "scale", "crop", "mfit"})
GRAVITIES = {
    "center": (1, 1), "auto": (1, 1), "face": (1, 1), "faces": (1, 1), "north": (1, 0), "south": (1, 2), "east": (2, 1),
    "west": (0, 1), "north_east": (2, 0), "north_west": (0, 0), "south_east": (2, 2), "south_west": (0, 2),
}  # fmt: skip
FORMATS = {"jpg": "jpg", "jpeg": "jpg", "png": "png", "webp": "webp", "avif": "avif"}
COLOURS = {"white": "ffffff", "black": "000000", "transparent": "00000000"}
# Percent of the full range, as each encoder's "auto" at the service looks: close in appearance, not in number.
QUALITY_AUTO = {"best": 90, "good": 80, "eco": 70, "low": 50}
DEFAULT_QUALITY = 80

_KNOWN = re.compile(r"(?:w|h|c|g|f|q|dpr|ar|b|fl|bo|r|x|y|z|e|l|u|o|a|t|co|if|so|du|pg|dn|fn|cs|d|vc|ac|af|sp)_[^/]+")
_VERSION = re.compile(r"v\d{1,12}")
_SIGNATURE = re.compile(r"s--[A-Za-z0-9_-]{8,32}--")
_PUBLIC_ID = re.compile(r"[^\x00-\x1f\x7f?&#\\%<>+]+")


@dataclass(frozen=True)
class Step:
    """One component of a transformation; sizes in pixels before ``dpr_percent``."""

    width: int | None = None
    height: int | None = None
    crop: str = "scale"
    gravity: str = "center"
    background: str = "ffffff"


@dataclass(frozen=True)
class Transformation:
    """What is asked for: steps in order, then one encoding. ``format`` is ``""`` (as stored), ``auto`` or a suffix."""

    steps: tuple[Step, ...] = ()
    format: str = ""
    quality: int = DEFAULT_QUALITY
    dpr_percent: int = 100


@dataclass(frozen=True)
class DeliveryAddress:
    """A parsed delivery path."""

    public_id: str
    transformation: Transformation


def parse_delivery_path(path: str) -> DeliveryAddress:
    """Read what follows ``/image/upload/``: signature, transformations, version, public id with or without suffix.

    Without a version, leading parts that look like transformations are taken as such; the last part never is.

    Raises:
        TransformationError: 400, an unknown or impossible transformation.
        CloudinaryError: 404, no usable public id.
    """
    parts = path.split("/")
    if parts and _SIGNATURE.fullmatch(parts[0]):
        parts = parts[1:]
    versions = [index for index, part in enumerate(parts[:-1]) if _VERSION.fullmatch(part)]
    if versions and all(_looks_like_step(part) for part in parts[: versions[0]]):
        steps, name = parts[: versions[0]], parts[versions[0] + 1 :]
    else:
        count = 0
        while count < len(parts) - 1 and _looks_like_step(parts[count]):
            count += 1
        steps, name = parts[:count], parts[count:]
    public_id, suffix = _split_suffix("/".join(unquote(part) for part in name))
    check_public_id(public_id)
    transformation = parse_transformation(steps)
    if suffix and not transformation.format:
        transformation = replace(transformation, format=suffix)
    return DeliveryAddress(public_id, transformation)


def check_public_id(public_id: str) -> None:
    """Accept a public id as the service does: up to 255 characters, folders by ``/``, none empty or of dots alone.

    Raises:
        CloudinaryError: 400 with the service's sentence.
    """
    if not public_id or len(public_id) > MAX_PUBLIC_ID:
        raise CloudinaryError(f"public_id (must be 1 to {MAX_PUBLIC_ID} characters)")
    if not _PUBLIC_ID.fullmatch(public_id) or public_id != public_id.strip():
        raise CloudinaryError("public_id contains characters that are not allowed")
    if any(part.strip(".") == "" for part in public_id.split("/")):
        raise CloudinaryError("public_id has an empty folder or name")


def parse_transformation(components: list[str]) -> Transformation:
    """Read components such as ``w_480,h_600,c_fill``, applied from left to right.

    Raises:
        TransformationError: 400, unknown parameter, bad value, or a result over 3,000 pixels an edge.
    """
    if len(components) > MAX_STEPS:
        raise TransformationError(f"Too many chained transformations, at most {MAX_STEPS}")
    result = Transformation()
    steps: list[Step] = []
    for component in components:
        fields: dict[str, str] = {}
        for part in component.split(","):
            name, _, value = part.partition("_")
            if name in fields:
                raise TransformationError(f"Duplicate parameter in transformation: {_shown(name)}")
            fields[name] = value
        result = _take_encoding(result, fields)
        steps.append(_step(fields))
    _check_bounds(steps, result.dpr_percent)
    return replace(result, steps=tuple(step for step in steps if step.width or step.height))


def _take_encoding(result: Transformation, fields: dict[str, str]) -> Transformation:
    """Take out of ``fields`` what says how the picture is encoded."""
    if "f" in fields:
        value = fields.pop("f")
        if value != "auto" and value not in FORMATS:
            raise TransformationError(f"Invalid extension in transformation: {_shown(value)}")
        result = replace(result, format=FORMATS.get(value, value))
    if "q" in fields:
        result = replace(result, quality=_quality(fields.pop("q")))
    if "dpr" in fields:
        result = replace(result, dpr_percent=_dpr(fields.pop("dpr")))
    if fields.get("fl") == "progressive":
        fields.pop("fl")
    return result


def _step(fields: dict[str, str]) -> Step:
    width, height = _pixels(fields.pop("w", None), "width"), _pixels(fields.pop("h", None), "height")
    width, height = _with_ratio(fields.pop("ar", None), width, height)
    crop = fields.pop("c", "scale" if width is None or height is None else "fill")
    if crop not in CROPS:
        raise TransformationError(f"Invalid value {_shown(crop)} for crop in transformation")
    gravity = fields.pop("g", "center").partition(":")[0]
    if gravity not in GRAVITIES:
        raise TransformationError(f"Invalid gravity in transformation: {_shown(gravity)}")
    background = _colour(fields.pop("b", "white"))
    if fields:
        name, value = next(iter(fields.items()))
        raise TransformationError(f"Invalid transformation component - {_shown(f'{name}_{value}')}")
    return Step(width, height, crop, gravity, background)


def _check_bounds(steps: list[Step], dpr_percent: int) -> None:
    for step in steps:
        for edge in (step.width, step.height):
            if edge and edge * dpr_percent > MAX_EDGE * 100:
                raise TransformationError(f"Maximum image width or height is {MAX_EDGE} pixels")


def _pixels(value: str | None, name: str) -> int | None:
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 6 and int(value) > 0):
        raise TransformationError(f"Invalid {name} in transformation: {_shown(value)}")
    return int(value)


def _with_ratio(value: str | None, width: int | None, height: int | None) -> tuple[int | None, int | None]:
    """Fill the missing edge from an aspect ratio written ``4:5``."""
    if value is None:
        return width, height
    match = re.fullmatch(r"(\d{1,4}):(\d{1,4})", value)
    if match is None or "0" in match.groups():
        raise TransformationError(f"Invalid aspect ratio in transformation: {_shown(value)}")
    across, down = int(match[1]), int(match[2])
    if width and not height:
        height = max(1, round(width * down / across))
    elif height and not width:
        width = max(1, round(height * across / down))
    return width, height


def _quality(value: str) -> int:
    name, _, level = value.partition(":")
    if name == "auto" and (not level or level in QUALITY_AUTO):
        return QUALITY_AUTO[level or "good"]
    if value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= 100:
        return int(value)
    raise TransformationError(f"Invalid quality in transformation: {_shown(value)}")


def _dpr(value: str) -> int:
    if value == "auto":
        return 100
    match = re.fullmatch(r"(\d)(?:\.(\d{1,2}))?", value)
    percent = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else 0
    if not 50 <= percent <= 400:
        raise TransformationError(f"Invalid dpr in transformation: {_shown(value)}")
    return percent


def _colour(value: str) -> str:
    value = COLOURS.get(value, value.removeprefix("rgb:"))
    if not re.fullmatch(r"(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})", value):
        raise TransformationError(f"Invalid background in transformation: {_shown(value)}")
    return value.lower()


def _looks_like_step(part: str) -> bool:
    return all(_KNOWN.fullmatch(piece) for piece in part.split(","))


def _split_suffix(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    known = FORMATS.get(suffix.lower(), "") if dot and stem and "/" not in suffix else ""
    return (stem, known) if known else (name, "")


def _shown(value: str) -> str:
    """Return what may be echoed in a header: short and plain."""
    return re.sub(r"[^\x20-\x7e]", "?", value)[:60]
