"""Asking Stripe where a payment stands, so that a lost webhook loses no order."""

from datetime import timedelta
from uuid import UUID

import structlog

from shophub.db import transaction
from shophub.errors import ProviderError
from shophub.integrations import stripe
from shophub.lib.clock import utc_now
from shophub.repositories import checkouts, stores
from shophub.services.settlement import settle

log = structlog.get_logger(__name__)
# A checkout that was asked about, or changed, this recently is left to its webhook.
PATIENCE = timedelta(seconds=20)


async def reconcile_checkout(checkout_id: UUID) -> None:
    """Ask Stripe about one checkout and finish what it says: make the order, note the processing, or end it.

    Raises:
        ProviderError: Stripe cannot be reached; nothing was changed.
    """
    async with transaction() as session:
        checkout = await checkouts.find(session, checkout_id)
    if checkout is None or checkout.stripe_payment_intent_id is None:
        return
    intent = await stripe.get_payment_intent(checkout.stripe_payment_intent_id)
    async with transaction() as session:
        store = await stores.get_store(session)
        await settle(session, intent, store.store_id)
        await checkouts.touch(session, checkout_id)


async def reconcile_open_checkouts() -> int:
    """Reconcile every live checkout that has been quiet for a while. Returns how many were asked about."""
    async with transaction() as session:
        waiting = await checkouts.list_live_with_payment(session, utc_now() - PATIENCE)
    asked = 0
    for checkout_id in waiting:
        try:
            await reconcile_checkout(checkout_id)
        except ProviderError as error:
            log.warning("reconcile_failed", checkout_id=str(checkout_id), code=error.provider_code)
            if error.retryable:  # out of reach: the rest would fail too
                break
            async with transaction() as session:
                await checkouts.touch(session, checkout_id)  # to the end of the line: others must have their turn
        asked += 1
    return asked
