"""Jobs that ask Stripe what the shop may have missed."""

from shophub.integrations.queue import periodic_task
from shophub.services.flows.reconcile import reconcile_events, reconcile_payments, reconcile_refunds

EVERY_MINUTE = "* * * * *"
EVERY_QUARTER_HOUR = "*/15 * * * *"


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
