"""Jobs that keep the catalog's derived numbers fresh."""

from shophub.db import transaction
from shophub.integrations.queue import periodic_task
from shophub.services.sales import refresh_sold_counts

EVERY_QUARTER_HOUR = "*/15 * * * *"


@periodic_task("catalog.refresh_sold_counts", cron=EVERY_QUARTER_HOUR)
async def refresh() -> None:
    """Count what sold, for the lists that show best sellers first."""
    async with transaction() as session:
        await refresh_sold_counts(session)
