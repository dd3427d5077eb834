"""Pressing Pay: do the revision and its goods still stand?"""

from uuid import UUID

from shophub.db import transaction
from shophub.domain.statuses import CheckoutStatus
from shophub.errors import CheckoutExpiredError, PaymentInProgressError
from shophub.integrations import stripe
from shophub.integrations.stripe import PaymentIntentStateError
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id
from shophub.repositories import checkouts, stores
from shophub.repositories.checkouts import CheckoutRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import PaymentView
from shophub.services.checkouts import find_own_checkout, renewed_end
from shophub.services.flows.reconcile import reconcile_checkout
from shophub.services.settlement import intent_metadata
from shophub.services.views.checkouts import payment_view
from shophub.settings import get_settings


async def check_before_confirm(visitor: Visitor, checkout_id: UUID) -> PaymentView:
    """Return what is about to be paid, hold it for a while longer, and see that Stripe is about to take just that.

    Another tab may have moved the PaymentIntent to another revision in between: then it is moved back.

    Raises:
        CheckoutNotFoundError: Not the visitor's.
        CheckoutExpiredError: Its time is over; paying starts anew from the cart.
        PaymentInProgressError: It is being paid, or was.
        ProviderError: Stripe cannot be reached.
    """
    async with transaction() as session:
        checkout = await find_own_checkout(session, visitor, checkout_id)
        if checkout.status in (CheckoutStatus.PROCESSING, CheckoutStatus.COMPLETED):
            raise PaymentInProgressError("This has been paid already.")
        if not checkout.is_live or checkout.expires_at <= utc_now():
            raise CheckoutExpiredError("We could hold your items no longer. Please check your cart and try again.")
        revision = await checkouts.find_revision(session, checkout.id, checkout.revision)
        if revision is None or checkout.stripe_client_secret is None:
            raise CheckoutExpiredError("Please start the payment again.")
        await checkouts.extend(session, checkout.id, renewed_end(checkout))
        store = await stores.get_store(session)
    await _agree(checkout, intent_metadata(store.store_id, revision), revision.sums.total_minor)
    return payment_view(checkout, revision, get_settings())


async def _agree(checkout: CheckoutRow, metadata: dict[str, str], total_minor: int) -> None:
    intent = await stripe.get_payment_intent(checkout.stripe_payment_intent_id or "")
    agreed = intent.amount_minor == total_minor and intent.metadata.get("revision") == metadata["revision"]
    if intent.status in ("succeeded", "processing") or (intent.status == "canceled"):
        await reconcile_checkout(checkout.id)
        if intent.status == "canceled":
            raise CheckoutExpiredError("We could hold your items no longer. Please check your cart and try again.")
        raise PaymentInProgressError("This has been paid already.")
    if agreed:
        return
    try:
        await stripe.update_payment_intent(
            intent.id, amount_minor=total_minor, metadata=metadata, idempotency_key=f"checkout-{checkout.id}-{new_id()}"
        )
    except PaymentIntentStateError as error:
        raise PaymentInProgressError("Your payment is already under way.") from error
