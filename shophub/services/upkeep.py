"""Deleting what has served its time."""

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.repositories import upkeep
from shophub.services import erasure


async def clean_up(session: AsyncSession) -> dict[str, int]:
    """Delete sessions and links a month after their end, guest carts after half a year, old keys and searches.

    Persons whose account was deleted are taken out of their orders once these are over. Otherwise orders, payments,
    stock and the audit log are never touched. Returns how many rows of each table went.
    """
    now = utc_now()
    await erasure.erase_past(session, now)
    return await upkeep.delete_expired(session, now)
