"""The demo store's pictures on their way to Cloudinary: composed and uploaded, several at once."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shophub.errors import ProviderError
from shophub.integrations.cloudinary import upload_image
from shophub.services.demo.catalog_data import DemoPicture
from shophub.services.demo.darkroom import developed
from shophub.services.demo.pictures import dominant_colour
from shophub.services.demo.shelves import public_id
from shophub.settings import PROJECT_ROOT

KEPT_IN = PROJECT_ROOT / ".cache" / "demo-pictures"
# Composing keeps a core busy; an upload mostly waits.
UNREACHABLE = (
    "The demo pictures could not be uploaded: is the picture service (or its sandbox) running? "
    "Nothing was loaded; try again when it is."
)
AT_ONCE = 2 * max(1, os.cpu_count() or 1)


@dataclass(frozen=True)
class Uploaded:
    """What is known of each uploaded picture, by its name: its main colour, its width and height in pixels."""

    colours: dict[str, str]
    sizes: dict[str, tuple[int, int]]


async def upload_pictures(pictures: Sequence[DemoPicture], npm_dir: Path) -> Uploaded:
    """Compose and upload the pictures. Safe to repeat: a second upload replaces the first.

    Raises:
        MissingPictureSourceError: The npm packages are not installed.
        ProviderError: Cloudinary or its sandbox could not be reached; some pictures may be there already.
    """
    uploaded = Uploaded({}, {})
    waiting = iter(pictures)

    async def work() -> None:
        for picture in waiting:
            data = await asyncio.to_thread(developed, picture.recipe, npm_dir, KEPT_IN)
            result = await upload_image(data, public_id=public_id(picture))
            uploaded.colours[picture.name] = await asyncio.to_thread(dominant_colour, data)
            uploaded.sizes[picture.name] = (result.width, result.height)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(AT_ONCE, len(pictures))):
                group.create_task(work())
    except ExceptionGroup as group:
        error = group.exceptions[0]
        if isinstance(error, ProviderError):
            raise ProviderError(UNREACHABLE, retryable=True) from error
        raise error from None
    return uploaded
