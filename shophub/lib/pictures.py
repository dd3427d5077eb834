"""Pictures from outside, judged by what is in them and drawn anew.

Nothing of the file that came is passed on but its pixels: no name, no declared type, no place where it was taken, no
script behind the last pixel.
"""

import io
import struct
import zlib
from typing import Final

from PIL import Image, ImageCms, ImageOps

from shophub.errors import InvalidInputError

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_PIXELS: Final = 25_000_000
MAX_EDGE: Final = 3_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF")
_QUALITIES = (92, 85, 75, 60)
# What Pillow's readers raise for bytes that are none of theirs, each format in its own way.
_UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, RuntimeError, ArithmeticError, MemoryError,
    Warning, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
NOT_ONE = "Choose a JPEG, PNG, WebP or AVIF picture."
TOO_MANY_PIXELS = "That picture has too many pixels: at most 25 million can be used."


class NotAPictureError(InvalidInputError):
    """The bytes are none of the pictures that the shop takes, whatever they were called."""

    code = "not_a_picture"


def redrawn(data: bytes) -> bytes:
    """Return a picture as a JPEG or, where it lets something shine through, a WebP: upright, in sRGB, without the rest.

    Keeps a core busy: call it in a thread. The result has at most ``MAX_BYTES`` and edges of at most ``MAX_EDGE``.

    Raises:
        NotAPictureError: Not a JPEG, PNG, WebP or AVIF picture, a broken one, or one that would take too much to open.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotAPictureError(TOO_MANY_PIXELS)
            image.draft("RGB", (MAX_EDGE, MAX_EDGE))
            image.load()
            return _encoded(_upright(image))
    except _UNREADABLE as error:
        raise NotAPictureError(NOT_ONE) from error


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture as it is meant to be seen, in the web's colours."""
    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    has_alpha = turned.has_transparency_data
    if profile and turned.mode in {"RGB", "RGBA", "CMYK", "L"}:
        turned = _in_srgb(turned, profile)
    plain = turned.convert("RGBA" if has_alpha else "RGB")
    plain.thumbnail((MAX_EDGE, MAX_EDGE))
    plain.info.clear()
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):  # a profile that cannot be read: the colours stay as they are
        return image
    return turned or image


def _encoded(image: Image.Image) -> bytes:
    has_alpha = image.mode == "RGBA"
    result = b""
    for quality in _QUALITIES:
        target = io.BytesIO()
        if has_alpha:
            image.save(target, "WEBP", quality=quality)
        else:
            image.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
        result = target.getvalue()
        if len(result) <= MAX_BYTES:
            break
    return result
