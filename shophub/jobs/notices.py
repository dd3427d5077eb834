"""Jobs that tell people about goods: what runs low, what is back, what still lies in a cart."""

from shophub.db import transaction
from shophub.integrations.queue import periodic_task
from shophub.lib.clock import utc_now
from shophub.services import abandoned_carts, back_in_stock, low_stock

EVERY_MINUTE = "* * * * *"
EVERY_QUARTER_HOUR = "*/15 * * * *"


@periodic_task("notices.low_stock", cron=EVERY_QUARTER_HOUR)
async def tell_low_stock() -> None:
    """Tell the staff what has begun to run low."""
    async with transaction() as session:
        await low_stock.tell_staff(session)


@periodic_task("notices.back_in_stock", cron=EVERY_MINUTE)
async def tell_back_in_stock() -> None:
    """Tell those who wait that something can be had again."""
    async with transaction() as session:
        await back_in_stock.tell_waiting(session)


@periodic_task("notices.abandoned_carts", cron=EVERY_QUARTER_HOUR)
async def remind_of_carts() -> None:
    """Remind those who agreed to it of what they left in their cart."""
    async with transaction() as session:
        await abandoned_carts.remind(session, utc_now())
