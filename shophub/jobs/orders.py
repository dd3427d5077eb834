"""Jobs about orders."""

from shophub.db import transaction
from shophub.integrations.queue import task
from shophub.services import order_lookup


@task(order_lookup.ANSWER_LOOKUP)
async def answer_lookup(sealed: str) -> None:
    """Mail the link to an order, where number and address belong together."""
    async with transaction() as session:
        await order_lookup.answer(session, sealed)
