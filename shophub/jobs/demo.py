"""The job that makes the demo store's payments real ones, at the sandbox."""

from shophub.integrations.queue import task
from shophub.services.demo.payments import PAY_ORDERS, pay_demo_orders


@task(PAY_ORDERS)
async def pay() -> None:
    """Pay recent demo orders; what a run has done, the next one leaves alone."""
    await pay_demo_orders()
