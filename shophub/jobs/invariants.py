"""Jobs that watch over the books."""

from shophub.db import transaction
from shophub.integrations.queue import periodic_task
from shophub.services.invariants import check_and_record

EVERY_FIVE_MINUTES = "*/5 * * * *"
EACH_NIGHT = "43 3 * * *"


@periodic_task("invariants.check", cron=EVERY_FIVE_MINUTES)
async def check() -> None:
    """Check every rule; those that would read years of orders look at what changed since yesterday."""
    async with transaction() as session:
        await check_and_record(session, lately=True)


@periodic_task("invariants.check_everything", cron=EACH_NIGHT)
async def check_everything() -> None:
    """Check every rule over everything."""
    async with transaction() as session:
        await check_and_record(session)
