"""Jobs that keep the house in order."""

from shophub.db import transaction
from shophub.integrations import queue
from shophub.integrations.queue import periodic_task
from shophub.services import figures, long_jobs, visits
from shophub.services.flows.remove_pictures import remove_unused_pictures
from shophub.services.upkeep import clean_up

EVERY_MINUTE = "* * * * *"
EACH_HOUR = "41 * * * *"
EACH_NIGHT = "17 3 * * *"


@periodic_task("jobs.rescue", cron=EVERY_MINUTE)
async def rescue() -> None:
    """Queue again what a killed worker left half done: every job can be repeated."""
    await queue.rescue_stalled_jobs()
    async with transaction() as session:
        await long_jobs.queue_forgotten(session)


@periodic_task("figures.add_up", cron=EVERY_MINUTE)
async def add_up_sales() -> None:
    """Add up the days of which an order has changed."""
    async with transaction() as session:
        await figures.add_up(session)


@periodic_task("visits.settle", cron=EVERY_MINUTE)
async def settle_visits() -> None:
    """Note which visits came to an order after their last page."""
    async with transaction() as session:
        await visits.settle(session)


@periodic_task("upkeep.clean_up", cron=EACH_NIGHT)
async def clean() -> None:
    """Delete what has served its time."""
    async with transaction() as session:
        await clean_up(session)
    await queue.delete_old_jobs()


@periodic_task("upkeep.remove_pictures", cron=EACH_HOUR)
async def remove_pictures() -> None:
    """Remove uploaded pictures that nothing shows."""
    await remove_unused_pictures()
