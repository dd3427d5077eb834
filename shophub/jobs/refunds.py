"""Jobs that give money back."""

from uuid import UUID

from shophub.integrations.queue import task
from shophub.services.flows.refund import finish_refund


@task("refunds.finish")
async def finish(refund_id: str) -> None:
    """Ask Stripe for a recorded refund; running twice pays once."""
    await finish_refund(UUID(refund_id))
