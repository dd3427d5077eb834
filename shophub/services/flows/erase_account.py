"""Deleting an account: what it was about to pay for goes back first, then the person is taken out."""

from uuid import UUID

from shophub.db import transaction
from shophub.services import erasure
from shophub.services.audit import Actor
from shophub.services.flows.expire import expire_checkout


async def erase_account(user_id: UUID, actor: Actor) -> None:
    """End the account's open checkouts and delete it, see ``services.erasure.erase``.

    Raises:
        LastOwnerError: The account is the last active SUPER_ADMIN; nothing is touched.
        PaymentInProgressError: A bank is still settling a payment.
        ProviderError: The payment provider cannot be reached to cancel what was begun.
        NotFoundError: It has been erased already.
    """
    async with transaction() as session:
        open_checkouts = await erasure.list_to_end(session, user_id)
    for checkout_id in open_checkouts:
        await expire_checkout(checkout_id)
    async with transaction() as session:
        await erasure.erase(session, user_id, actor)
