"""Cloudinary: keeps the shop's pictures and builds their addresses, through the official client.

The database stores public ids only; everything that differs between the sandbox and the real service is settled here.
"""

import asyncio
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import cloudinary
import cloudinary.exceptions
import cloudinary.uploader
import cloudinary.utils
import httpx

from shophub.errors import InvalidInputError, ProviderError
from shophub.settings import get_settings

ImageFormat = Literal["auto", "webp", "avif", "jpg"]
Crop = Literal["fill", "fit", "limit", "pad", "thumb"]

TIMEOUT_SECONDS = 30
FETCH_SECONDS = 4
SANDBOX_DELIVERY_PATH = "/sandbox/cloudinary"
# What the client's builder neither escapes nor takes for something else, such as a version.
_PLAIN_ID = re.compile(r"(?!v[0-9])[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*")
_REAL_DELIVERY = f"https://{cloudinary.SHARED_CDN}"
UNAVAILABLE = "Pictures cannot be stored right now."


@dataclass(frozen=True)
class UploadedImage:
    """A picture that Cloudinary has taken; ``width`` and ``height`` in pixels, ``bytes`` as stored."""

    public_id: str
    width: int
    height: int
    format: str
    bytes: int


async def upload_image(data: bytes, *, public_id: str) -> UploadedImage:
    """Store a picture under ``public_id``, replacing what was there.

    Safe to repeat: the same call gives the same picture. Source:
    https://cloudinary.com/documentation/image_upload_api_reference#upload.

    Raises:
        InvalidInputError: Cloudinary does not take these bytes as a picture.
        ProviderError: Cloudinary refused for another reason or could not be reached.
    """
    # As a stream: a text or path in its place would be opened or fetched by the client.
    stream = io.BytesIO(data)
    try:
        result = await _call(
            cloudinary.uploader.upload,
            stream,
            filename="picture",
            public_id=public_id,
            overwrite=True,
            invalidate=True,
        )
    except cloudinary.exceptions.BadRequest as error:
        raise InvalidInputError("This file cannot be used as a picture.") from error
    return UploadedImage(
        public_id=str(result["public_id"]),
        width=int(result["width"]),
        height=int(result["height"]),
        format=str(result["format"]),
        bytes=int(result["bytes"]),
    )


async def destroy_image(public_id: str) -> None:
    """Remove a picture; one that is not there is removed already.

    Raises:
        ProviderError: Cloudinary refused or could not be reached.
    """
    try:
        await _call(cloudinary.uploader.destroy, public_id, invalidate=True)
    except cloudinary.exceptions.BadRequest as error:
        raise ProviderError(UNAVAILABLE, retryable=False) from error


async def fetch_image(public_id: str, *, width: int) -> bytes:
    """Return a picture, at most ``width`` pixels wide, as WebP.

    Raises:
        ProviderError: It is not there, or out of reach.
    """
    url = image_url(public_id, width=width, fmt="webp")
    if url.startswith("/"):
        url = get_settings().sandbox_url.removesuffix("/sandbox") + url
    try:
        async with httpx.AsyncClient(timeout=FETCH_SECONDS, trust_env=not url.startswith("http://127.")) as client:
            answer = (await client.get(url)).raise_for_status()
    except httpx.HTTPError as error:
        raise ProviderError(UNAVAILABLE, retryable=True) from error
    return answer.content


def image_url(
    public_id: str, *, width: int, height: int | None = None, crop: Crop = "fill", fmt: ImageFormat = "auto"
) -> str:
    """Return the address of a picture, ``width`` × ``height`` pixels, height by the picture's shape where ``None``.

    With real keys it is on ``https://res.cloudinary.com``; in the sandbox it is a path on the shop's own host, so that
    pages work on whatever host they are reached by. Makes no call. Source:
    https://cloudinary.com/documentation/image_transformations.
    """
    settings = get_settings()
    if height is None and crop == "fill":
        crop = "limit"  # nothing to fill without a second edge
    url = _delivery_url(settings.cloudinary_cloud_name, public_id, width, height, crop, fmt)
    return url.replace(_REAL_DELIVERY, SANDBOX_DELIVERY_PATH, 1) if settings.cloudinary_is_sandbox else url


def image_srcset(public_id: str, widths: tuple[int, ...], aspect: tuple[int, int] = (4, 5)) -> str:
    """Return a ``srcset`` of the picture cut to ``aspect`` (width to height) in several ``widths``."""
    across, down = aspect
    return ", ".join(
        f"{image_url(public_id, width=width, height=round(width * down / across))} {width}w" for width in widths
    )


def _delivery_url(cloud_name: str, public_id: str, width: int, height: int | None, crop: str, fmt: str) -> str:
    """Return the real service's address. It ends in the public id, where nothing in that has to be escaped.

    The client's builder takes half a millisecond, and a list of products has dozens of pictures.
    """
    if not _PLAIN_ID.fullmatch(public_id):
        return _built_url(cloud_name, public_id, width, height, crop, fmt)
    sample = "folder/name" if "/" in public_id else "name"
    return _built_url(cloud_name, sample, width, height, crop, fmt).removesuffix(sample) + public_id


@lru_cache(maxsize=1_024)
def _built_url(cloud_name: str, public_id: str, width: int, height: int | None, crop: str, fmt: str) -> str:
    """Build an address with the client's own builder."""
    options: dict[str, Any] = {} if height is None else {"height": height}
    url, _ = cloudinary.utils.cloudinary_url(
        public_id,
        cloud_name=cloud_name,
        secure=True,
        width=width,
        crop=crop,
        fetch_format=fmt,
        quality="auto",
        **options,
    )
    return str(url)


async def _call(function: Callable[..., Any], subject: object, **options: Any) -> dict[str, Any]:
    """Run a call of the client in a thread and translate what passes or is nobody's fault but ours.

    The keys go with the call: the client's global configuration would also be filled from the environment. The
    client's messages can quote the signed text, so they are kept out of ours.

    Raises:
        cloudinary.exceptions.BadRequest: The content of the call was refused.
        ProviderError: Anything else.
    """
    settings = get_settings()
    keys = {
        "cloud_name": settings.cloudinary_cloud_name,
        "api_key": settings.cloudinary_api_key,
        "api_secret": settings.cloudinary_api_secret.get_secret_value(),
        "upload_prefix": settings.cloudinary_upload_prefix,
    }
    try:
        result = await asyncio.to_thread(function, subject, timeout=TIMEOUT_SECONDS, **options, **keys)
    except cloudinary.exceptions.BadRequest:
        raise
    except cloudinary.exceptions.Error as error:
        # The client's own kinds for 401, 403, 404, 409 mean wrong keys or a wrong call; its bare class is the network.
        retryable = type(error) in {
            cloudinary.exceptions.Error,
            cloudinary.exceptions.RateLimited,
            cloudinary.exceptions.GeneralError,
        }
        raise ProviderError(UNAVAILABLE, retryable=retryable) from error
    return dict(result)
