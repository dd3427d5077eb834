"""Looks into uploaded bytes and renders transformations, with Pillow. Blocking: call in a thread."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageColor, ImageOps

from shophub.sandbox.cloudinary.errors import CloudinaryError
from shophub.sandbox.cloudinary.transformation import GRAVITIES, Step, Transformation

MAX_UPLOAD_BYTES = 5 * 1024 * 1024
MAX_UPLOAD_PIXELS = 25_000_000
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
_PILLOW_NAMES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif"}
# Edges of a step are bounded where it is read; one edge alone leaves the other to the picture's shape.
_MAX_WORK_PIXELS = 36_000_000


@dataclass(frozen=True)
class Inspected:
    """What the bytes are, whatever the name or declared type said."""

    format: str
    width: int
    height: int
    has_alpha: bool


def inspect_image(data: bytes) -> Inspected:
    """Return what ``data`` is, judged and decoded in full.

    Raises:
        CloudinaryError: 400: not a JPEG, PNG, WebP or AVIF, broken, over 5 MB or over 25 megapixels.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise CloudinaryError(f"File size too large. Got {len(data)}. Maximum is {MAX_UPLOAD_BYTES}.")
    if not data:
        raise CloudinaryError("Empty file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(_PILLOW_NAMES)) as image:
                if image.width * image.height > MAX_UPLOAD_PIXELS:
                    raise CloudinaryError(
                        f"Image has {image.width * image.height} pixels. Maximum is {MAX_UPLOAD_PIXELS}."
                    )
                image.load()
                width, height = _upright_size(image)
                return Inspected(_PILLOW_NAMES[image.format or ""], width, height, image.has_transparency_data)
    except CloudinaryError:
        raise
    except Exception as error:  # decoders raise many kinds on hostile bytes
        raise CloudinaryError("Invalid image file") from error


def render(data: bytes, transformation: Transformation, output: str) -> bytes:
    """Return ``data`` transformed and encoded as ``output``; the same input gives the same bytes.

    Raises:
        CloudinaryError: 400 where the stored bytes cannot be decoded, or the work would be out of bounds.
    """
    with Image.open(io.BytesIO(data), formats=tuple(_PILLOW_NAMES)) as source:
        _draft(source, transformation)
        image = ImageOps.exif_transpose(source)
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    for step in transformation.steps:
        image = _apply(image, step, transformation.dpr_percent)
    return _encode(image, output, transformation.quality)


def _draft(source: Image.Image, transformation: Transformation) -> None:
    """Let the JPEG decoder skip detail that is thrown away anyway: several times quicker for small pictures."""
    first = transformation.steps[0] if transformation.steps else None
    if first is None or first.crop == "crop" or not (first.width or first.height):
        return
    # A quarter more than is shown, so that the filter still has something to average.
    width = _scaled(first.width or first.height or 1, transformation.dpr_percent * 5 // 4)
    height = _scaled(first.height or first.width or 1, transformation.dpr_percent * 5 // 4)
    if source.getexif().get(0x0112, 1) != 1:
        width = height = max(width, height)
    source.draft("RGB", (width, height))


def _apply(image: Image.Image, step: Step, dpr_percent: int) -> Image.Image:
    width = _scaled(step.width, dpr_percent) if step.width else None
    height = _scaled(step.height, dpr_percent) if step.height else None
    if step.crop == "crop":
        return _cut(image, min(width or image.width, image.width), min(height or image.height, image.height), step)
    if width is None or height is None or step.crop == "scale":
        only_smaller = step.crop in {"limit", "lfill", "lpad"}
        return _resize(image, *_proportional(image, width, height, only_smaller=only_smaller))
    if step.crop in {"fit", "limit", "mfit", "pad", "lpad"}:
        fitted = _fit(image, width, height, step.crop)
        return _pad(fitted, width, height, step) if step.crop in {"pad", "lpad"} else fitted
    return _fill(image, width, height, step)


def _proportional(image: Image.Image, width: int | None, height: int | None, *, only_smaller: bool) -> tuple[int, int]:
    if width and height:
        return width, height
    if width:
        width = min(width, image.width) if only_smaller else width
        return width, max(1, round(image.height * width / image.width))
    height = min(height or 1, image.height) if only_smaller else (height or 1)
    return max(1, round(image.width * height / image.height)), height


def _fit(image: Image.Image, width: int, height: int, crop: str) -> Image.Image:
    scale = min(width / image.width, height / image.height)
    if crop in {"limit", "lpad"}:
        scale = min(scale, 1.0)
    elif crop == "mfit":
        scale = max(scale, 1.0)
    return _resize(image, max(1, round(image.width * scale)), max(1, round(image.height * scale)))


def _fill(image: Image.Image, width: int, height: int, step: Step) -> Image.Image:
    """Cover ``width`` × ``height``: cut to the shape first, so that no more is resized than is shown."""
    if step.crop == "lfill":
        shrink = min(1.0, image.width / width, image.height / height)
        width, height = max(1, round(width * shrink)), max(1, round(height * shrink))
    if image.width * height > width * image.height:
        cut = _cut(image, max(1, round(image.height * width / height)), image.height, step)
    else:
        cut = _cut(image, image.width, max(1, round(image.width * height / width)), step)
    return _resize(cut, width, height)


def _cut(image: Image.Image, width: int, height: int, step: Step) -> Image.Image:
    across, down = GRAVITIES[step.gravity]
    left, top = (image.width - width) * across // 2, (image.height - height) * down // 2
    return image.crop((left, top, left + width, top + height))


def _pad(image: Image.Image, width: int, height: int, step: Step) -> Image.Image:
    colour = ImageColor.getcolor(f"#{step.background}", "RGBA")
    canvas = Image.new("RGBA", (width, height), colour)
    across, down = GRAVITIES[step.gravity]
    place = ((width - image.width) * across // 2, (height - image.height) * down // 2)
    canvas.paste(image, place, image if image.mode == "RGBA" else None)
    return canvas if len(step.background) == 8 else canvas.convert("RGB")


def _resize(image: Image.Image, width: int, height: int) -> Image.Image:
    if (width, height) == image.size:
        return image
    if width * height > _MAX_WORK_PIXELS:
        raise CloudinaryError("The resulting image is too large")
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _encode(image: Image.Image, output: str, quality: int) -> bytes:
    """Encode within the time of a page view.

    Measured on one core, 480 × 600: AVIF at speed 8 takes 26 ms (speed 6: 77 ms for 10 % fewer bytes), WebP at
    method 2 takes 8 ms; at 1280 × 1600 AVIF takes 106 ms at speed 8 and 41 ms at speed 9.
    """
    buffer = io.BytesIO()
    if output == "avif":
        speed = 8 if image.width * image.height <= 1_200_000 else 9
        image.save(buffer, "AVIF", quality=max(1, quality * 3 // 4), speed=speed, max_threads=1)
    elif output == "webp":
        image.save(buffer, "WEBP", quality=quality, method=2)
    elif output == "png":
        image.save(buffer, "PNG", compress_level=6)
    else:
        image = _flatten(image)
        image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return buffer.getvalue()


def _flatten(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image.getchannel("A"))
    return canvas


def _upright_size(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    return (image.height, image.width) if turned else (image.width, image.height)


def _scaled(edge: int, dpr_percent: int) -> int:
    return max(1, (edge * dpr_percent + 50) // 100)
