"""A picture of the staff's on its way to Cloudinary."""

import asyncio
from dataclasses import dataclass

from shophub.db import transaction
from shophub.integrations.cloudinary import image_url, upload_image
from shophub.lib.ids import new_id
from shophub.lib.pictures import redrawn
from shophub.repositories import loose_pictures
from shophub.services import audit
from shophub.services.audit import Actor

FOLDER = "shop"
SHOWN_WIDTH = 1_280
# Each takes a core and up to 500 MB for a moment: one at a time.
_drawing = asyncio.Semaphore(1)


@dataclass(frozen=True)
class StoredPicture:
    """A picture that can be shown: what the database keeps, and an address of it. Sizes are pixels."""

    public_id: str
    url: str
    width: int
    height: int


async def upload_picture(data: bytes, actor: Actor) -> StoredPicture:
    """Judge a file by its content, draw it anew and store it under a name of ours.

    The name is noted first: what is never saved with anything, or whose upload broke off, is removed a day later.

    Raises:
        NotAPictureError: See ``lib.pictures``; nothing was stored.
        ProviderError: Cloudinary could not be reached.
    """
    async with _drawing:
        picture = await asyncio.to_thread(redrawn, data)
    public_id = f"{FOLDER}/{new_id().hex}"
    async with transaction() as session:
        await loose_pictures.note(session, public_id)
    stored = await upload_image(picture, public_id=public_id)
    async with transaction() as session:
        await audit.record(session, actor, "picture.upload", target="picture", target_id=stored.public_id)
    return StoredPicture(stored.public_id, image_url(stored.public_id, width=SHOWN_WIDTH), stored.width, stored.height)
