"""Deleting what has served its time."""

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.repositories import upkeep
from shophub.services import erasure, long_jobs


async def clean_up(session: AsyncSession) -> dict[str, int]:
    """Delete sessions and links a month after their end, guest carts after half a year, what was seen and searched.

    Files of long work go a week after its end, and the work itself after a month. Old keys and visits go as well; the
    counts of a day's visits stay.

    Persons whose account was deleted are taken out of their orders once these are over. Otherwise orders, payments,
    stock and the audit log are never touched. Returns how many rows of each table went.
    """
    now = utc_now()
    await erasure.erase_past(session, now)
    await long_jobs.clean_up(session, now)
    return await upkeep.delete_expired(session, now)
