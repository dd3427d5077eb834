"""Making the order of a payment at once, for development, where no webhook may come."""

from uuid import UUID

from shophub.db import transaction
from shophub.errors import NotPaidError
from shophub.schemas.accounts import Visitor
from shophub.services.checkouts import find_own_checkout, get_status
from shophub.services.flows.reconcile import reconcile_checkout


async def place_paid_order(visitor: Visitor, checkout_id: UUID, client_secret: str = "") -> str:
    """Do what the payment's webhook would, and return the order's number. Stripe is asked, not the caller.

    Doing it again gives the same order.

    Raises:
        CheckoutNotFoundError: Not the visitor's, nor is that its client secret.
        NotPaidError: Stripe has no payment for it, or the bank is still settling it.
        ProviderError: Stripe cannot be reached; nothing was changed.
    """
    async with transaction() as session:
        await find_own_checkout(session, visitor, checkout_id, client_secret)
    await reconcile_checkout(checkout_id)
    async with transaction() as session:
        status = await get_status(session, checkout_id, visitor, client_secret)
    if not status.order_number:
        raise NotPaidError("This checkout is not paid.")
    return status.order_number
