"""Jobs that keep the house in order."""

from shophub.db import transaction
from shophub.integrations import queue
from shophub.integrations.queue import periodic_task
from shophub.services.upkeep import clean_up

EVERY_MINUTE = "* * * * *"
EACH_NIGHT = "17 3 * * *"


@periodic_task("jobs.rescue", cron=EVERY_MINUTE)
async def rescue() -> None:
    """Queue again what a killed worker left half done: every job can be repeated."""
    await queue.rescue_stalled_jobs()


@periodic_task("upkeep.clean_up", cron=EACH_NIGHT)
async def clean() -> None:
    """Delete what has served its time."""
    async with transaction() as session:
        await clean_up(session)
    await queue.delete_old_jobs()
