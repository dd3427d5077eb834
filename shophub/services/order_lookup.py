"""Finding an order again by its number and e-mail address. The answer is a letter, never the order itself."""

import json

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.integrations import queue
from shophub.lib.ids import new_id
from shophub.lib.secret_box import seal, unseal
from shophub.repositories import orders
from shophub.services import throttles
from shophub.services.emails.outbox import EmailKind, enqueue_email
from shophub.settings import get_settings

ANSWER_LOOKUP = "orders.answer_lookup"
_PURPOSE = "order-lookup"


async def request(session: AsyncSession, number: int, email: str, network_address: str) -> None:
    """Have a link mailed to who placed an order, if number and address belong together.

    Whether they do is looked up by a job, after the answer went out: here everything takes the same time for every
    order and address. The job carries both encrypted. Beyond a few letters per address and window nothing is sent, and
    the answer is the same, because no mailbox is to be flooded.

    Raises:
        ThrottledError: Too many requests from this network address.
    """
    await throttles.hit(throttles.Action.ORDER_LOOKUP, network_address)
    address = email_key(email)
    if await throttles.allows(throttles.PerAccount.ORDER_LOOKUP, address):
        await queue.enqueue(session, ANSWER_LOOKUP, sealed=seal(_secret(), _PURPOSE, json.dumps([number, address])))


async def answer(session: AsyncSession, sealed: str) -> None:
    """Mail the link that was asked for. Nothing where no order of that number was placed with that address."""
    text = unseal(_secret(), _PURPOSE, sealed)
    if text is None:
        return
    number, address = json.loads(text)
    order_id = await orders.find_by_number_and_email(session, number, address)
    if order_id is not None:
        # The occurrence is the subject: the same order asked for again on the same day is written about again.
        await enqueue_email(session, EmailKind.ORDER_LINK, new_id(), order_id)


def _secret() -> str:
    return get_settings().auth_secret.get_secret_value()
