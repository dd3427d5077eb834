"""Ending checkouts whose time is over. The PaymentIntent goes first, so that nobody pays for goods given back."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from shophub.db import transaction
from shophub.errors import ProviderError
from shophub.integrations import stripe
from shophub.integrations.stripe import PaymentIntentStateError
from shophub.lib.clock import utc_now
from shophub.repositories import checkouts, stores
from shophub.services.flows.sweeping import each
from shophub.services.settlement import end_checkout, settle

log = structlog.get_logger(__name__)


async def expire_checkout(checkout_id: UUID) -> None:
    """Cancel the PaymentIntent and do what Stripe then says: canceled gives stock back, succeeded makes the order.

    A checkout without a PaymentIntent never gave the browser anything to pay with, and simply ends.

    Raises:
        ProviderError: Stripe cannot be reached; the goods stay set aside until the next try.
    """
    async with transaction() as session:
        checkout = await checkouts.find_for_update(session, checkout_id)
        if checkout is None or not checkout.is_live:
            return
        if checkout.stripe_payment_intent_id is None:
            await end_checkout(session, checkout_id)
            return
    try:
        intent = await stripe.cancel_payment_intent(checkout.stripe_payment_intent_id)
    except PaymentIntentStateError as error:
        intent = error.intent
    except ProviderError as error:
        if error.provider_code != "resource_missing":
            raise
        log.error("payment_intent_unknown", checkout_id=str(checkout_id))  # nobody can pay it: let the goods go
        async with transaction() as session:
            await end_checkout(session, checkout_id)
        return
    async with transaction() as session:
        if intent.status == "canceled":
            await end_checkout(session, checkout_id)  # by its own id: nobody's edit of the metadata keeps its goods
            return
        store = await stores.get_store(session)
        await settle(session, intent, store.store_id)


async def expire_due_checkouts() -> int:
    """Expire every checkout whose time is over. Returns how many were ended or settled."""
    async with transaction() as session:
        due = await checkouts.list_due(session, utc_now())
    return await each(due, expire_checkout, "expiry", failed=_touch)


async def _touch(checkout_id: UUID) -> None:
    async with transaction() as session:
        await checkouts.touch(session, checkout_id)  # to the end of the line: others must have their turn


async def free_expired_holds(variants: Sequence[UUID]) -> int:
    """Expire the checkouts that keep these variants although their time is over, so that nobody waits for the job.

    Returns how many were ended or settled; with Stripe out of reach none are, and their goods stay set aside.
    """
    async with transaction() as session:
        due = await checkouts.list_due_holding(session, variants)
    return await each(due, expire_checkout, "expiry", raises=False)
