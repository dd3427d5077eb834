"""What sold how often: the order of best sellers."""

from shophub.db import AsyncSession
from shophub.repositories import sales


async def refresh_sold_counts(session: AsyncSession) -> int:
    """Bring every product's ``sold_count`` up to date: the pieces in orders that were not cancelled.

    Not part of placing an order, because orders of one product would wait for each other. Returns how many changed.
    """
    return await sales.refresh_sold_counts(session)
