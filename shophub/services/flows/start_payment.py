"""Start paying: freeze the cart as a revision, set its goods aside, and have one PaymentIntent for it."""

from dataclasses import dataclass
from uuid import UUID

from shophub.db import AsyncSession, transaction
from shophub.domain.emails import email_key
from shophub.domain.revisions import Revision
from shophub.domain.statuses import CheckoutStatus
from shophub.errors import (
    CheckoutChangedError,
    CouponExhaustedError,
    EmptyCartError,
    PaymentInProgressError,
    ProviderError,
)
from shophub.integrations import stripe
from shophub.integrations.stripe import PaymentIntentStateError, StripePaymentIntent
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, token_hash
from shophub.lib.network import household
from shophub.repositories import carts, checkouts, coupons, inventory, stores
from shophub.repositories.checkouts import CheckoutRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import AddressForm, PaymentView
from shophub.services import throttles
from shophub.services.checkouts import owner_of, renewed_end
from shophub.services.drafting import check_address, check_contact, draft_revision
from shophub.services.flows.expire import expire_checkout
from shophub.services.flows.reconcile import reconcile_checkout
from shophub.services.placing import place_order
from shophub.services.settlement import intent_metadata
from shophub.services.views.checkouts import payment_view
from shophub.settings import get_settings


@dataclass(frozen=True)
class _Prepared:
    """What the first transaction left: a live checkout, the revision to pay for, and what Stripe must be told."""

    checkout: CheckoutRow
    revision: Revision
    store_id: str
    order_number: str = ""


class _OutlivedError(Exception):
    """The cart's checkout is over, or in a currency of the past: it must end before another begins."""

    def __init__(self, checkout_id: UUID) -> None:
        super().__init__()
        self.checkout_id = checkout_id


async def start_payment(
    visitor: Visitor,
    *,
    email: str,
    address: AddressForm,
    note: str = "",
    accepted_total_minor: int | None = None,
    network_address: str = "",
) -> PaymentView:
    """Start or continue paying for the visitor's cart. A repeated call finds the same checkout and PaymentIntent.

    Guarantees: stock and coupon are held in one transaction before Stripe hears of the amount; while a changed cart
    is agreed with Stripe, what the old and the new revision need is held; where Stripe refuses, the old one stands.

    Raises:
        EmptyCartError, CheckoutChangedError, AmountTooSmallError: See ``drafting.draft_revision``.
        GuestCheckoutDisabledError, InvalidInputError: See ``drafting.check_contact`` and ``check_address``.
        CouponExhaustedError: The coupon's last use went to somebody else.
        PaymentInProgressError: The payment is under way or done.
        ProviderError: Stripe cannot be reached; the goods stay set aside, and the same call can be made again.
        ThrottledError: Too many starts from this network address.
    """
    await throttles.hit(throttles.Action.CHECKOUT, network_address)
    network_address = household(network_address)
    arguments = (visitor, email, address, note, accepted_total_minor, network_address)
    try:
        prepared = await _prepare_once(*arguments)
    except _OutlivedError as outlived:
        await expire_checkout(outlived.checkout_id)
        try:
            prepared = await _prepare_once(*arguments)
        except _OutlivedError as again:
            raise PaymentInProgressError("Another tab is checking out this cart. Please try again.") from again
    if prepared.order_number:
        return PaymentView(checkout_id=str(prepared.checkout.id), order_number=prepared.order_number)
    try:
        intent = await _agree_with_stripe(prepared)
    except PaymentIntentStateError as error:
        await _withdraw(prepared)
        await reconcile_checkout(prepared.checkout.id)
        raise PaymentInProgressError("Your payment is already under way.") from error
    async with transaction() as session:
        checkout = await _make_current(session, prepared, intent)
    return payment_view(checkout, prepared.revision, get_settings())


async def _prepare_once(
    visitor: Visitor,
    email: str,
    address: AddressForm,
    note: str,
    accepted_total_minor: int | None,
    network_address: str,
) -> _Prepared:
    try:
        async with transaction() as session:
            return await _prepare(session, visitor, email, address, note, accepted_total_minor, network_address)
    except CheckoutChangedError as changed:
        if changed.drops_coupon:  # the refusal undid it, and the shopper would be told for ever
            async with transaction() as session:
                await carts.drop_coupon(session, owner_of(visitor))
        raise


async def _prepare(
    session: AsyncSession,
    visitor: Visitor,
    email: str,
    address: AddressForm,
    note: str,
    accepted_total_minor: int | None,
    network_address: str,
) -> _Prepared:
    store = await stores.get_store(session)
    contact = check_contact(visitor, email, store)
    kept_address = check_address(address, store)
    cart = await carts.find_cart(session, owner_of(visitor), lock=True)
    if cart is None:
        raise EmptyCartError("Your cart is empty.")
    checkout = await checkouts.find_live_of_cart(session, cart.id)
    if checkout is not None and checkout.status == CheckoutStatus.PROCESSING:
        raise PaymentInProgressError("Your payment is being processed.")
    if checkout is not None and (checkout.expires_at <= utc_now() or checkout.currency != store.currency):
        raise _OutlivedError(checkout.id)
    number = 1 if checkout is None else await checkouts.next_revision_number(session, checkout.id)
    revision = await draft_revision(
        session,
        cart,
        checkout_id=new_id() if checkout is None else checkout.id,
        number=number,
        email=contact,
        address=kept_address,
        note=note,
        accepted_total_minor=accepted_total_minor,
    )
    if checkout is None:
        checkout = await _open(session, cart.id, visitor, revision, network_address)
    elif revision.sums.total_minor == 0:
        raise _OutlivedError(checkout.id)  # its PaymentIntent must go before the goods are given away
    else:
        await checkouts.extend(session, checkout.id, renewed_end(checkout))
        current = await checkouts.find_revision(session, checkout.id, checkout.revision)
        if current is not None and current.is_same_as(revision):
            return _Prepared(checkout, current, store.store_id)
    await checkouts.insert_revision(session, revision)
    await _hold(session, checkout, revision)
    if revision.sums.total_minor == 0:
        placed = await place_order(session, checkout.id, revision.number, None)
        return _Prepared(checkout, revision, store.store_id, f"SH-{placed.number}")
    return _Prepared(checkout, revision, store.store_id)


async def _open(
    session: AsyncSession, cart_id: UUID, visitor: Visitor, revision: Revision, network_address: str
) -> CheckoutRow:
    now = utc_now()
    checkout = CheckoutRow(
        id=revision.checkout_id,
        cart_id=cart_id,
        goods_cart_id=cart_id,
        user_id=visitor.user.id if visitor.user else None,
        guest_token_hash=token_hash(visitor.guest_token) if visitor.guest_token and not visitor.user else None,
        email=revision.email,
        email_key=email_key(revision.email),
        status=CheckoutStatus.OPEN,
        revision=revision.number,
        currency=revision.currency,
        stripe_payment_intent_id=None,
        stripe_client_secret=None,
        payment_attempt=1,
        confirming_until=None,
        opened_at=now,
        expires_at=now + get_settings().checkout_lifetime,
    )
    await checkouts.insert(session, checkout, network_address)
    return checkout


async def _hold(session: AsyncSession, checkout: CheckoutRow, revision: Revision) -> None:
    """Hold what the new revision needs, on top of what the standing one still needs until Stripe has agreed."""
    held = await inventory.list_held(session, checkout.id)
    wanted = {
        variant_id: max(held.get(variant_id, 0), revision.quantities.get(variant_id, 0))
        for variant_id in set(held) | set(revision.quantities)
    }
    short = await inventory.hold_exactly(session, checkout.id, wanted, checkout.expires_at)
    if short is not None:
        name = next(line.name for line in revision.lines if line.variant_id == short)
        raise CheckoutChangedError(
            "Something changed while you were checking out.", (f"{name}: somebody else has just bought the last one.",)
        )
    customer_key = email_key(revision.email)
    if revision.coupon_id is not None and not await coupons.holds_use(
        session, checkout.id, revision.coupon_id, customer_key
    ):
        await coupons.release_use(session, checkout.id, only=revision.coupon_id)  # held under another address before
        terms = await coupons.find_terms_by_id(session, revision.coupon_id)
        if terms is None or not await coupons.hold_use(
            session,
            terms,
            checkout_id=checkout.id,
            user_id=checkout.user_id,
            email_key=customer_key,
            discount_minor=revision.sums.discount_minor,
        ):
            raise CouponExhaustedError(f"The code {revision.coupon_code} has been used up. Remove it to go on.")


async def _agree_with_stripe(prepared: _Prepared) -> StripePaymentIntent:
    """Create the PaymentIntent, or move it to the revision, in one call.

    It is always created from the checkout's first revision, so that two tabs that both find none make the same one.
    """
    checkout, revision = prepared.checkout, prepared.revision
    intent_id = checkout.stripe_payment_intent_id
    if intent_id is None:
        first = revision
        if revision.number != 1:
            async with transaction() as session:
                first = await checkouts.find_revision(session, checkout.id, 1) or revision
        intent = await stripe.create_payment_intent(
            amount_minor=first.sums.total_minor,
            currency=first.currency,
            metadata=intent_metadata(prepared.store_id, first),
            idempotency_key=f"checkout-{checkout.id}-{first.number}",
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


async def _make_current(session: AsyncSession, prepared: _Prepared, intent: StripePaymentIntent) -> CheckoutRow:
    checkout, revision = prepared.checkout, prepared.revision
    row = await checkouts.find_for_update(session, checkout.id)
    if row is None or not row.is_live:
        raise PaymentInProgressError("This checkout has ended. Please look at your orders.")
    await checkouts.set_payment_intent(session, checkout.id, intent.id, intent.client_secret)
    if revision.number >= row.revision:
        await checkouts.make_current(session, checkout.id, revision)
        await inventory.hold_exactly(session, checkout.id, revision.quantities, row.expires_at)
        await coupons.release_use(session, checkout.id, keep=revision.coupon_id)
    current = await checkouts.find(session, checkout.id)
    if current is None:
        raise ProviderError("The checkout is gone.", retryable=False)
    return current


async def _withdraw(prepared: _Prepared) -> None:
    """Give back what only the refused revision needed."""
    async with transaction() as session:
        row = await checkouts.find_for_update(session, prepared.checkout.id)
        if row is None or not row.is_live:
            return
        standing = await checkouts.find_revision(session, row.id, row.revision)
        if standing is not None:
            await inventory.hold_exactly(session, row.id, standing.quantities, row.expires_at)
            await coupons.release_use(session, row.id, keep=standing.coupon_id)
