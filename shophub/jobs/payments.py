"""Jobs that ask Stripe what the shop may have missed."""

from shophub.integrations.queue import periodic_task
from shophub.services.flows.reconcile import (
    PAYMENTS_SINCE_NIGHTLY,
    reconcile_events,
    reconcile_payments,
    reconcile_refunds,
)

EVERY_MINUTE = "* * * * *"
EVERY_QUARTER_HOUR = "*/15 * * * *"
EACH_NIGHT = "47 3 * * *"


@periodic_task("payments.events", cron=EVERY_MINUTE)
async def events() -> None:
    """Handle the events whose webhook never came."""
    await reconcile_events()


@periodic_task("payments.refunds", cron=EVERY_MINUTE)
async def refunds() -> None:
    """Finish refunds that a crash or an outage left open."""
    await reconcile_refunds()


@periodic_task("payments.unknown", cron=EVERY_QUARTER_HOUR)
async def unknown() -> None:
    """Find payments that Stripe knows and the shop does not."""
    await reconcile_payments()


@periodic_task("payments.unknown_of_days", cron=EACH_NIGHT)
async def unknown_of_days() -> None:
    """Look through the last days as well, for what an outage or a wrong key has hidden."""
    await reconcile_payments(since=PAYMENTS_SINCE_NIGHTLY)
