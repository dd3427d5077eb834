"""Sums of sales that are made beforehand, so that figures of years are there at once."""

from shophub.db import AsyncSession
from shophub.repositories import sales_figures

# So many days at a time: far below the time that a statement may take, however large the shop. One with years of orders
# is done within an hour, and its figures are exact meanwhile.
DAYS_AT_ONCE = 10


async def add_up(session: AsyncSession, days_at_once: int = DAYS_AT_ONCE) -> int:
    """Add up again days of which an order was made or changed since; returns how many there were."""
    return await sales_figures.add_up(session, days_at_once)
