"""Jobs that keep the catalog's derived numbers fresh."""

from shophub.db import transaction
from shophub.integrations.queue import periodic_task
from shophub.services import search_upkeep
from shophub.services.sales import refresh_sold_counts

EVERY_MINUTE = "* * * * *"
EVERY_FIVE_MINUTES = "*/5 * * * *"
EVERY_QUARTER_HOUR = "*/15 * * * *"


@periodic_task("catalog.refresh_sold_counts", cron=EVERY_QUARTER_HOUR)
async def refresh() -> None:
    """Count what sold, for the lists that show best sellers first."""
    async with transaction() as session:
        await refresh_sold_counts(session)


@periodic_task("catalog.note_stock", cron=EVERY_MINUTE)
async def note_stock() -> None:
    """Keep up with which products are in stock, for the filter of that name."""
    while True:
        async with transaction() as session:
            if not await search_upkeep.apply_turns(session):
                return


@periodic_task("catalog.refresh_search", cron=EVERY_FIVE_MINUTES)
async def refresh_search() -> None:
    """Learn the catalog's words, and count what a large shop shows beside its filters."""
    async with transaction() as session:
        await search_upkeep.refresh_words(session)
    async with transaction() as session:
        await search_upkeep.count_listings(session)
