"""Deleting what has served its time."""

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.repositories import upkeep


async def clean_up(session: AsyncSession) -> dict[str, int]:
    """Delete sessions and links a month after their end, guest carts after half a year, old keys and searches.

    Returns how many rows of each table went. Orders, payments, stock and the audit log are never touched.
    """
    return await upkeep.delete_expired(session, utc_now())
