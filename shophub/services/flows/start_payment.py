"""Start paying: freeze the cart as a revision, set its goods aside, and have one PaymentIntent for it."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import CheckoutStatus
from shophub.errors import (
    AmountTooLargeError,
    AmountTooSmallError,
    CheckoutBusyError,
    CheckoutChangedError,
    InvalidInputError,
    PaymentInProgressError,
    ProviderError,
    ShopHubError,
    UnavailableError,
)
from shophub.integrations import stripe
from shophub.integrations.stripe import SERVER_ERROR, PaymentIntentStateError, StripePaymentIntent
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id
from shophub.lib.network import household
from shophub.repositories import carts, checkouts, coupons, inventory
from shophub.repositories.checkouts import CheckoutRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import AddressForm, PaymentView
from shophub.services import throttles
from shophub.services.checkouts import owner_of
from shophub.services.flows.expire import expire_checkout, free_expired_holds
from shophub.services.flows.reconcile import reconcile_checkout
from shophub.services.opening import OutlivedError, Prepared, StartRequest, is_changing, mark_changing, prepare
from shophub.services.settlement import MOVED, intent_metadata
from shophub.services.views.checkouts import payment_view
from shophub.settings import get_settings

# One checkout of the cart that is over, one that another tab opens meanwhile, and one that met it at a sign-in.
TRIES = 4
# How long one tab waits for another's change; a call to Stripe takes a fraction of it.
BUSY_PATIENCE = timedelta(seconds=8)
BUSY_PAUSE_SECONDS = 0.2
# After a call without an answer: it may be on its way for a moment still.
LOST_CALL_LASTS = timedelta(seconds=5)
SOLD_OUT = "Something in your cart has just sold out."
_AMOUNT_REFUSALS: dict[str, tuple[type[InvalidInputError], str]] = {
    "amount_too_small": (AmountTooSmallError, "This is less than can be paid by card. Please add something."),
    "amount_too_large": (AmountTooLargeError, "This is more than can be paid at once. Please order in parts."),
}


async def start_payment(
    visitor: Visitor,
    *,
    email: str,
    address: AddressForm,
    note: str = "",
    accepted_total_minor: int | None = None,
    agreement: str | None = None,
    network_address: str = "",
) -> PaymentView:
    """Start or continue paying for the visitor's cart. A repeated call finds the same checkout and PaymentIntent.

    Guarantees: stock and coupon are held in one transaction before Stripe hears of the amount; while a changed cart
    is agreed with Stripe, what the old and the new revision need is held; where Stripe refuses, the old one stands.
    What a tab is just confirming is never changed under its hands: such a payment is cancelled and another begun. Goods
    that only lack because of checkouts whose time is over are freed at once.

    Raises:
        EmptyCartError, CheckoutChangedError: See ``drafting.draft_revision``.
        AmountTooSmallError, AmountTooLargeError: Above zero, but not what Stripe takes.
        GuestCheckoutDisabledError, InvalidInputError: See ``drafting.check_contact`` and ``check_address``.
        HoardingError: Guests of this network address hold as much of a variant as is allowed.
        CouponExhaustedError: The coupon's last use went to somebody else.
        CheckoutBusyError: Another tab's change is on its way to Stripe; a moment later this one goes through.
        PaymentInProgressError: The payment is under way or done.
        ProviderError: Stripe cannot be reached; the goods stay set aside, and the same call can be made again.
        ThrottledError: Too many starts from this network address.
    """
    request = StartRequest(visitor, email, address, note, accepted_total_minor, agreement, network_address)
    return await start(request)


async def start(request: StartRequest) -> PaymentView:
    """Start or continue paying for the visitor's cart, or start paying for what a program gives.

    Given goods are paid for in a checkout of their own; who gives just the same again, and has not paid, goes on with
    it. It ends at once where Stripe cannot be reached before anybody was given anything to pay with.

    Raises:
        ShopHubError: As ``start_payment``, and as ``opening.prepare`` for what only programs ask for.
    """
    await throttles.hit(throttles.Action.CHECKOUT, request.network_address)
    request = replace(request, network_address=household(request.network_address))
    try:
        prepared = await _prepare(request)
    except CheckoutChangedError as changed:
        if not changed.short or not await free_expired_holds(changed.short):
            raise
        prepared = await _prepare(request)
    if prepared.order_number:
        return PaymentView(checkout_id=str(prepared.checkout.id), order_number=prepared.order_number)
    if prepared.is_standing:
        prepared = await _take_up(prepared)
    try:
        intent = await _tell_stripe(prepared)
        async with transaction() as session:
            checkout = await _make_current(session, prepared, intent)
    except ShopHubError as error:
        await _end_change(prepared, error)
        if request.given:
            await _let_go(prepared.checkout.id)
        raise
    return payment_view(checkout, prepared.revision, get_settings())


async def _take_up(prepared: Prepared) -> Prepared:
    """Mark the checkout where Stripe, after a lost answer, is not at the revision that stands."""
    intent_id, revision = prepared.checkout.stripe_payment_intent_id, prepared.revision
    if intent_id is None:
        return prepared
    intent = await stripe.get_payment_intent(intent_id)
    known = (intent.amount_minor, intent.metadata.get("revision"))
    if known == (revision.sums.total_minor, str(revision.number)):
        return prepared
    async with transaction() as session:
        checkout = await checkouts.find_for_update(session, prepared.checkout.id)
        if checkout is None or not checkout.is_live or checkout.revision != revision.number:
            raise CheckoutBusyError("Your order was changed in another tab. Please try again.")
        return replace(prepared, changing_until=await mark_changing(session, checkout), is_standing=False)


async def _end_change(prepared: Prepared, error: ShopHubError) -> None:
    """Let the next change begin: at once, or after a moment where the call may still be on its way.

    Where the database is away, it may when this one's time is over.
    """
    if prepared.changing_until is None:
        return
    is_lost = isinstance(error, ProviderError) and error.retryable and error.provider_code != SERVER_ERROR
    until = utc_now() + LOST_CALL_LASTS if is_lost else None
    with contextlib.suppress(UnavailableError):
        async with transaction() as session:
            await checkouts.end_changing(session, prepared.checkout.id, prepared.changing_until, until)


async def _let_go(checkout_id: UUID) -> None:
    """End a checkout that no caller has heard of. Where that fails, it ends when its time is over."""
    with contextlib.suppress(UnavailableError, ProviderError):
        async with transaction() as session:
            checkout = await checkouts.find(session, checkout_id)
        if checkout is not None and checkout.stripe_payment_intent_id is None:
            await expire_checkout(checkout_id)


async def _prepare(request: StartRequest) -> Prepared:
    """Do the first transaction, ending the checkouts that are in its way and waiting for another tab's change."""
    waits_until, tries = utc_now() + BUSY_PATIENCE, 0
    while tries < TRIES:
        try:
            async with transaction() as session:
                return await prepare(session, request)
        except OutlivedError as outlived:
            tries += 1
            await _end(outlived)
        except CheckoutBusyError:
            if utc_now() > waits_until:
                raise
            await asyncio.sleep(BUSY_PAUSE_SECONDS)
        except CheckoutChangedError as changed:
            if (
                changed.drops_coupon and not request.coupon_code
            ):  # the refusal undid it, and the shopper would be told for ever
                async with transaction() as session:
                    await carts.drop_coupon(session, owner_of(request.visitor))
            raise
    raise PaymentInProgressError("Another tab is checking out this cart. Please try again.")


async def _end(outlived: OutlivedError) -> None:
    await expire_checkout(outlived.checkout_id)
    async with transaction() as session:
        ended = await checkouts.find(session, outlived.checkout_id)
    if ended is not None and ended.status != CheckoutStatus.EXPIRED:
        raise PaymentInProgressError("Your payment is already under way.")


async def _tell_stripe(prepared: Prepared) -> StripePaymentIntent:
    checkout = prepared.checkout
    try:
        return await _agree_with_stripe(prepared)
    except PaymentIntentStateError as error:
        await _withdraw(prepared)
        await reconcile_checkout(checkout.id)
        raise PaymentInProgressError("Your payment is already under way.") from error
    except ProviderError as error:
        if error.provider_code == SERVER_ERROR:
            async with transaction() as session:
                await checkouts.begin_payment_anew(session, checkout.id, checkout.payment_attempt)
        refusal = _AMOUNT_REFUSALS.get(error.provider_code or "")
        if refusal is None:
            raise
        await expire_checkout(checkout.id)
        raise refusal[0](refusal[1]) from error


async def _agree_with_stripe(prepared: Prepared) -> StripePaymentIntent:
    """Create the PaymentIntent, or move it to the revision, in one call.

    It is always created from the checkout's first revision, so that two tabs that both find none make the same one.
    """
    checkout, revision = prepared.checkout, prepared.revision
    intent_id = checkout.stripe_payment_intent_id
    if prepared.is_standing and intent_id is not None:
        intent = await stripe.get_payment_intent(intent_id)
        if intent.status in (*MOVED, "canceled"):  # as an update would have been refused
            raise PaymentIntentStateError("This payment is already under way or done.", intent)
        return intent
    if intent_id is None:
        first = revision
        if revision.number != 1:
            async with transaction() as session:
                first = await checkouts.find_revision(session, checkout.id, 1) or revision
        intent = await stripe.create_payment_intent(
            amount_minor=first.sums.total_minor,
            currency=first.currency,
            metadata=intent_metadata(prepared.store_id, first),
            idempotency_key=f"checkout-{checkout.id}-{first.number}-{checkout.payment_attempt}",
        )
        if revision.number == first.number:
            return intent
        intent_id = intent.id
    return await stripe.update_payment_intent(
        intent_id,
        amount_minor=revision.sums.total_minor,
        metadata=intent_metadata(prepared.store_id, revision),
        # New each time: after a lost answer, the same revision asked for again must not be answered from memory.
        idempotency_key=f"checkout-{checkout.id}-{revision.number}-{new_id()}",
    )


async def _make_current(session: AsyncSession, prepared: Prepared, intent: StripePaymentIntent) -> CheckoutRow:
    checkout, revision = prepared.checkout, prepared.revision
    row = await checkouts.find_for_update(session, checkout.id)
    if row is None or not row.is_live:
        raise PaymentInProgressError("This checkout has ended. Please look at your orders.")
    if not await checkouts.set_payment_intent(session, checkout.id, intent.id, intent.client_secret):
        raise PaymentInProgressError("Another tab has just started this payment. Please try again.")
    if is_changing(row) and row.changing_until != prepared.changing_until:
        if prepared.changing_until is not None:
            raise CheckoutBusyError("Your order was changed in another tab. Please try again.")
    elif revision.number >= row.revision:
        await checkouts.make_current(session, checkout.id, revision)
        short = await inventory.hold_exactly(session, checkout.id, revision.quantities, row.expires_at)
        if short is not None:
            raise CheckoutChangedError("Something changed while you were checking out.", (SOLD_OUT,), short=(short,))
        await coupons.release_use(session, checkout.id, keep=revision.coupon_id)
        if prepared.changing_until is not None:
            await checkouts.end_changing(session, checkout.id, prepared.changing_until)
    current = await checkouts.find(session, checkout.id)
    if current is None:
        raise ProviderError("The checkout is gone.", retryable=False)
    return current


async def _withdraw(prepared: Prepared) -> None:
    """Give back what only the refused revision needed."""
    async with transaction() as session:
        row = await checkouts.find_for_update(session, prepared.checkout.id)
        if row is None or not row.is_live:
            return
        standing = await checkouts.find_revision(session, row.id, row.revision)
        if standing is not None:
            await inventory.hold_exactly(session, row.id, standing.quantities, row.expires_at)
            await coupons.release_use(session, row.id, keep=standing.coupon_id)
