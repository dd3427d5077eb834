"""Pressing Pay: do the revision and its goods still stand?"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from shophub.db import transaction
from shophub.domain.statuses import CheckoutStatus
from shophub.errors import (
    CheckoutBusyError,
    CheckoutChangedError,
    CheckoutExpiredError,
    PaymentInProgressError,
    ProviderError,
)
from shophub.integrations import stripe
from shophub.integrations.stripe import PaymentIntentStateError
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id
from shophub.repositories import checkouts, coupons, stores
from shophub.repositories.checkouts import CheckoutRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import PaymentView
from shophub.services.checkouts import find_own_checkout, renewed_end
from shophub.services.flows.reconcile import reconcile_checkout
from shophub.services.opening import is_changing
from shophub.services.settlement import intent_metadata
from shophub.services.views.checkouts import payment_view
from shophub.settings import get_settings

# A card asked for by a bank can take minutes; after that the tab is gone, and whoever comes next decides.
CONFIRMING_LASTS = timedelta(minutes=10)
OVER = "We could hold your items no longer. Please check your cart and try again."


async def check_before_confirm(visitor: Visitor, checkout_id: UUID) -> PaymentView:
    """Return what is about to be paid, hold it for a while longer, and see that Stripe is about to take just that.

    From the answer until ``confirm_failed``, or ten minutes, nobody changes what the payment is for. Where a lost
    answer has left the PaymentIntent at another revision, it is moved back.

    Raises:
        CheckoutNotFoundError: Not the visitor's.
        CheckoutExpiredError: Its time is over; paying starts anew from the cart.
        CheckoutBusyError: Another tab is just changing it.
        CheckoutChangedError: Its coupon is used up for the account that has signed in meanwhile.
        PaymentInProgressError: It is being paid, or was.
        ProviderError: Stripe cannot be reached.
    """
    async with transaction() as session:
        await find_own_checkout(session, visitor, checkout_id)
        checkout = await checkouts.find_for_update(session, checkout_id)
        if checkout is None or checkout.status in (CheckoutStatus.PROCESSING, CheckoutStatus.COMPLETED):
            raise PaymentInProgressError("This has been paid already.")
        if not checkout.is_live or checkout.expires_at <= utc_now():
            raise CheckoutExpiredError(OVER)
        if is_changing(checkout):
            raise CheckoutBusyError("Your order is being changed in another tab. Please try again in a moment.")
        revision = await checkouts.find_revision(session, checkout.id, checkout.revision)
        if revision is None or checkout.stripe_client_secret is None:
            raise CheckoutExpiredError("Please start the payment again.")
        if revision.coupon_id is not None and await coupons.is_beyond_limit(session, checkout.id):
            changed = f"You have used the code {revision.coupon_code} already, so it no longer applies."
            raise CheckoutChangedError("Something changed while you were checking out.", (changed,))
        checkout = replace(checkout, expires_at=max(renewed_end(checkout), checkout.expires_at))
        await checkouts.extend(session, checkout.id, checkout.expires_at)
        until = utc_now() + CONFIRMING_LASTS
        await checkouts.set_confirming(session, checkout.id, until)
        store = await stores.get_store(session)
    try:
        await _agree(checkout, intent_metadata(store.store_id, revision), revision.sums.total_minor)
    except ProviderError:
        await confirm_failed(visitor, checkout_id, until.isoformat())
        raise
    return replace(payment_view(checkout, revision, get_settings()), press=until.isoformat())


async def confirm_failed(visitor: Visitor, checkout_id: UUID, press: str) -> None:
    """Note that the visitor's tab is not confirming any more: the card was declined, or the bank said no.

    ``press`` is that of the answer to this press of Pay: what another tab confirms meanwhile stays as it is.

    Raises:
        CheckoutNotFoundError: Not the visitor's.
        ValueError: That is no press.
    """
    until = datetime.fromisoformat(press)
    async with transaction() as session:
        await find_own_checkout(session, visitor, checkout_id)
        await checkouts.end_confirming(session, checkout_id, until)


async def _agree(checkout: CheckoutRow, metadata: dict[str, str], total_minor: int) -> None:
    intent = await stripe.get_payment_intent(checkout.stripe_payment_intent_id or "")
    agreed = intent.amount_minor == total_minor and intent.metadata.get("revision") == metadata["revision"]
    if intent.status in ("succeeded", "processing") or (intent.status == "canceled"):
        await reconcile_checkout(checkout.id)
        if intent.status == "canceled":
            raise CheckoutExpiredError(OVER)
        raise PaymentInProgressError("This has been paid already.")
    if agreed:
        return
    try:
        await stripe.update_payment_intent(
            intent.id, amount_minor=total_minor, metadata=metadata, idempotency_key=f"checkout-{checkout.id}-{new_id()}"
        )
    except PaymentIntentStateError as error:
        raise PaymentInProgressError("Your payment is already under way.") from error
