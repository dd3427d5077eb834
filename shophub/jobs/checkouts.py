"""Jobs that see to checkouts which nobody finishes."""

from shophub.integrations.queue import periodic_task
from shophub.services.flows.expire import expire_due_checkouts
from shophub.services.flows.reconcile import reconcile_open_checkouts

EVERY_MINUTE = "* * * * *"


@periodic_task("checkouts.expire", cron=EVERY_MINUTE)
async def expire() -> None:
    """End checkouts whose time is over; stock and coupons go back."""
    await expire_due_checkouts()


@periodic_task("checkouts.reconcile", cron=EVERY_MINUTE)
async def reconcile() -> None:
    """Ask Stripe about open checkouts, so that a lost webhook loses no order."""
    await reconcile_open_checkouts()
