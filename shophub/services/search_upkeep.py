"""What a job keeps so that filters and search are quick: words, which products are in stock, counts of large lists."""

from datetime import datetime

from shophub.db import AsyncSession
from shophub.domain.price_ranges import price_edges
from shophub.lib.clock import utc_now
from shophub.repositories import marks, search_words, stores
from shophub.services.spelling import MARK


async def refresh_words(session: AsyncSession, now: datetime | None = None) -> int:
    """Bring the catalog's words up to date; processes notice within seconds. Returns how many changed."""
    changed = await search_words.refresh_words(session)
    if changed:
        await marks.move(session, MARK, now or utc_now())
    return changed


async def apply_turns(session: AsyncSession) -> int:
    """Take up to 5,000 turns of stock over into the products; returns how many turns there were.

    What has not been taken over yet is looked at by every list itself, so filters are exact at any time.
    """
    turned, _ = await search_words.apply_turns(session)
    return turned


async def count_listings(session: AsyncSession) -> int:
    """Count the values of filters in a shop of more than 10,000 products; returns how many values there are.

    Smaller lists are counted when they are asked for.
    """
    return await search_words.count_listings(session, price_edges((await stores.get_store(session)).currency))
