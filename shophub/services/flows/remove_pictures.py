"""Taking away pictures that nothing shows: never saved with anything, or left by all that showed them."""

from datetime import timedelta

from shophub.db import transaction
from shophub.integrations.cloudinary import destroy_image
from shophub.lib.clock import utc_now
from shophub.repositories import loose_pictures
from shophub.services.flows.sweeping import each

# An editor may stay open over night, and what was removed by mistake may be put back.
LOOSE_FOR = timedelta(hours=24)
AT_ONCE = 200


async def remove_unused_pictures() -> int:
    """Remove at Cloudinary what nothing has shown for a day. Returns how many pictures went.

    First each is marked as gone, in a transaction that whoever wants to show it waits for; only then is Cloudinary
    asked. What could not be removed is tried again by the next run.

    Raises:
        Exception: See ``sweeping.each``.
    """
    while await _decide():
        pass
    async with transaction() as session:
        gone = await loose_pictures.list_gone(session)
    return await each(gone, _remove, "pictures")


async def _decide() -> bool:
    """Decide about the next ones that are due; False where there were none."""
    now = utc_now()
    async with transaction() as session:
        due = await loose_pictures.lock_due(session, now - LOOSE_FOR, AT_ONCE)
        shown = await loose_pictures.list_shown(session, due) if due else frozenset()
        await loose_pictures.strike(session, sorted(shown))
        await loose_pictures.mark_gone(session, [one for one in due if one not in shown], now)
    return bool(due)


async def _remove(public_id: str) -> None:
    await destroy_image(public_id)
    async with transaction() as session:
        await loose_pictures.mark_removed(session, public_id, utc_now())
