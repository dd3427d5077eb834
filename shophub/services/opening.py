"""Opening a checkout, or going on with the cart's: the transaction before Stripe hears of anything."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.order_numbers import order_number
from shophub.domain.revisions import Revision
from shophub.domain.statuses import CheckoutStatus
from shophub.errors import CheckoutBusyError, CheckoutChangedError, EmptyCartError, PaymentInProgressError
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, token_hash
from shophub.repositories import carts, checkouts, given_goods, orders, stores
from shophub.repositories.carts import CartRow
from shophub.repositories.checkouts import CheckoutRow
from shophub.repositories.coupons import CartCustomer
from shophub.repositories.stores import StoreRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import AddressForm, GivenGoods
from shophub.services.carts import PricedCart, find_coupon, price_cart
from shophub.services.checkouts import owner_of, renewed_end
from shophub.services.drafting import check_address, check_contact, draft_revision
from shophub.services.given_goods import price_given, quantities_of
from shophub.services.holding import hold
from shophub.services.placing import place_order
from shophub.services.views.carts import price_lines
from shophub.settings import get_settings

# Longer than any call to Stripe lasts, its retries included.
CHANGE_LASTS = timedelta(seconds=90)
SECOND_PRESS = timedelta(minutes=1)


@dataclass(frozen=True)
class StartRequest:
    """Who pays, where to, and what they were shown. ``network_address`` is that of a household.

    ``given`` is what a program gives to be paid for; without it, that is the visitor's cart. ``coupon_code`` takes the
    place of the cart's coupon.
    """

    visitor: Visitor
    email: str
    address: AddressForm
    note: str = ""
    accepted_total_minor: int | None = None
    agreement: str | None = None
    network_address: str = ""
    coupon_code: str = ""
    given: tuple[GivenGoods, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """What the transaction left: a live checkout, the revision to pay for, and what Stripe must be told.

    ``order_number`` is set instead where nothing was to be paid and the order is made. ``changing_until`` is this tab's
    mark on the checkout while its change is on its way to Stripe; a first start needs none, because nobody can pay yet.
    ``is_standing``: the checkout's current revision is asked for again, and Stripe should know it already.
    """

    checkout: CheckoutRow
    revision: Revision
    store_id: str
    order_number: str = ""
    changing_until: datetime | None = None
    is_standing: bool = False


class OutlivedError(Exception):
    """A checkout has to end, its PaymentIntent first, before this one can go on."""

    def __init__(self, checkout_id: UUID) -> None:
        """Name the checkout."""
        super().__init__()
        self.checkout_id = checkout_id


async def prepare(session: AsyncSession, request: StartRequest) -> Prepared:
    """Freeze the cart as a revision and set aside what it needs, or find that this was done already.

    Given goods leave every cart alone, and have a checkout of their own: the one in which who asks is paying for just
    these already, else a new one.

    Raises:
        OutlivedError: Another checkout is in the way.
        EmptyCartError, CheckoutChangedError, AmountTooSmallError: See ``drafting.draft_revision``.
        ProductNotFoundError: See ``given_goods.quantities_of`` and ``price_given``.
        CouponNotFoundError, CouponNotApplicableError: See ``carts.find_coupon``.
        HoardingError, CouponExhaustedError: See ``holding.hold``.
        GuestCheckoutDisabledError, InvalidInputError: See ``drafting.check_contact`` and ``check_address``.
        CheckoutBusyError: Another tab's change is on its way to Stripe.
        PaymentInProgressError: A bank is settling the payment.
    """
    store = await stores.get_store(session)
    contact = check_contact(request.visitor, request.email, store)
    address = check_address(request.address, store)
    find = _find_given if request.given else _find_cart
    found = await find(session, request, store, email_key(contact))
    if isinstance(found, Prepared):
        return found
    checkout, changing_until = found.checkout, None
    revision = draft_revision(
        found.priced,
        checkout_id=found.checkout_id,
        number=1 if checkout is None else await checkouts.next_revision_number(session, checkout.id),
        email=contact,
        address=address,
        note=request.note,
        accepted_total_minor=request.accepted_total_minor,
        agreement=request.agreement,
    )
    if checkout is None:
        checkout = await _open(session, found.cart_id, request, revision)
    else:
        await checkouts.extend(session, checkout.id, renewed_end(checkout))
        current = await checkouts.find_revision(session, checkout.id, checkout.revision)
        if current is not None and current.is_same_as(revision):
            return Prepared(checkout, current, store.store_id, is_standing=True)
        _check_changeable(checkout, revision)
        changing_until = await mark_changing(session, checkout)
    placed = await _set_aside(session, checkout, revision)
    return Prepared(checkout, revision, store.store_id, placed, None if placed else changing_until)


@dataclass(frozen=True)
class _Found:
    """What is to be paid for, and the live checkout that there is for it already. Given goods have no cart."""

    checkout_id: UUID
    checkout: CheckoutRow | None
    priced: PricedCart
    cart_id: UUID | None = None


async def _find_cart(
    session: AsyncSession, request: StartRequest, store: StoreRow, customer_key: str
) -> _Found | Prepared:
    """Return the visitor's cart, locked; or, where it has just been bought, what it was bought as."""
    cart = await carts.find_cart(session, owner_of(request.visitor), lock=True)
    if cart is None:
        raise EmptyCartError("Your cart is empty.")
    checkout = await _standing(session, cart, store)
    if checkout is None and (again := await _just_placed(session, cart, store)) is not None:
        return again
    if request.coupon_code:
        cart = await _with_coupon(session, cart, request.coupon_code, customer_key)
    priced = await price_cart(session, cart, email_key=customer_key)
    return _Found(new_id() if checkout is None else checkout.id, checkout, priced, cart.id)


async def _find_given(
    session: AsyncSession, request: StartRequest, store: StoreRow, customer_key: str
) -> _Found | Prepared:
    """Return what a program gives. Who has given just this before, and has not paid for it, goes on with that."""
    wanted = await quantities_of(session, request.given)
    user_id, guest = _owner(request.visitor)
    checkout = await given_goods.find_open(session, user_id, guest, wanted)
    if checkout is not None:
        _check_lasting(checkout, store)
    checkout_id = new_id() if checkout is None else checkout.id
    priced = await price_given(
        session, checkout_id, wanted, coupon_code=request.coupon_code, user_id=user_id, email_key=customer_key
    )
    return _Found(checkout_id, checkout, priced)


async def _set_aside(session: AsyncSession, checkout: CheckoutRow, revision: Revision) -> str:
    """Keep a revision and hold what it needs; where nothing is to be paid, return the number of its order."""
    await checkouts.insert_revision(session, revision)
    await hold(session, checkout, revision)
    if revision.sums.total_minor:
        return ""
    return order_number((await place_order(session, checkout.id, revision.number, None)).number)


async def _with_coupon(session: AsyncSession, cart: CartRow, code: str, customer_key: str) -> CartRow:
    """Attach a coupon to a cart in place of the one that is there; what is wrong with an empty cart is said later."""
    lines = await carts.list_lines(session, cart.id)
    if not price_lines(lines):
        return cart
    coupon = await find_coupon(session, code, CartCustomer(cart.id, cart.user_id, customer_key), lines)
    await carts.set_coupon(session, cart.id, UUID(coupon.id))
    return replace(cart, coupon_id=UUID(coupon.id))


async def mark_changing(session: AsyncSession, checkout: CheckoutRow) -> datetime:
    """Mark a locked checkout: until the returned moment a change of this tab is on its way to Stripe.

    One at a time: of two on their way, the earlier could arrive last, and whoever presses Pay would pay another sum.

    Raises:
        CheckoutBusyError: Another tab's change is on its way.
    """
    if is_changing(checkout):
        raise CheckoutBusyError("Your order is being changed in another tab. Please try again in a moment.")
    until = utc_now() + CHANGE_LASTS
    await checkouts.set_changing(session, checkout.id, until)
    return until


def is_changing(checkout: CheckoutRow) -> bool:
    """Return whether a change may be on its way to Stripe."""
    return checkout.changing_until is not None and checkout.changing_until > utc_now()


async def _standing(session: AsyncSession, cart: CartRow, store: StoreRow) -> CheckoutRow | None:
    """Return the cart's live checkout, locked, if it can go on."""
    met = await checkouts.find_met_at_sign_in(session, cart.id)
    if met is not None:
        raise OutlivedError(met)
    checkout = await checkouts.find_live_of_cart(session, cart.id)
    if checkout is None:
        return None
    if checkout.status == CheckoutStatus.PROCESSING:
        raise PaymentInProgressError("Your payment is being processed.")
    _check_lasting(checkout, store)
    return checkout


def _check_lasting(checkout: CheckoutRow, store: StoreRow) -> None:
    if checkout.expires_at <= utc_now() or checkout.currency != store.currency:
        raise OutlivedError(checkout.id)


async def _just_placed(session: AsyncSession, cart: CartRow, store: StoreRow) -> Prepared | None:
    """Return the order that this cart has just become: who pressed twice is led to it, not to an empty cart."""
    found = await orders.find_just_placed(session, cart.id, utc_now() - SECOND_PRESS)
    if found is None:
        return None
    checkout = await checkouts.find(session, found.checkout_id)
    revision = None if checkout is None else await checkouts.find_revision(session, checkout.id, checkout.revision)
    if checkout is None or revision is None:
        return None
    return Prepared(checkout, revision, store.store_id, order_number(found.number))


def _check_changeable(checkout: CheckoutRow, revision: Revision) -> None:
    """Let nothing change under a payment that another tab may be confirming, nor goods be given away while it can."""
    is_confirming = checkout.confirming_until is not None and checkout.confirming_until > utc_now()
    if is_confirming or revision.sums.total_minor == 0:
        raise OutlivedError(checkout.id)


async def _open(session: AsyncSession, cart_id: UUID | None, request: StartRequest, revision: Revision) -> CheckoutRow:
    now, (user_id, guest) = utc_now(), _owner(request.visitor)
    checkout = CheckoutRow(
        id=revision.checkout_id,
        cart_id=cart_id,
        goods_cart_id=cart_id,
        user_id=user_id,
        guest_token_hash=guest,
        email=revision.email,
        email_key=email_key(revision.email),
        status=CheckoutStatus.OPEN,
        revision=revision.number,
        currency=revision.currency,
        stripe_payment_intent_id=None,
        stripe_client_secret=None,
        payment_attempt=1,
        confirming_until=None,
        changing_until=None,
        opened_at=now,
        expires_at=now + get_settings().checkout_lifetime,
    )
    if not await checkouts.insert(session, checkout, request.network_address):
        raise CheckoutChangedError(
            "Something changed while you were checking out.", ("The shop's currency has changed. Look at your cart.",)
        )
    return checkout


def _owner(visitor: Visitor) -> tuple[UUID | None, str | None]:
    """Return whose a checkout is: an account's, or else that of a guest's token, hashed."""
    if visitor.user:
        return visitor.user.id, None
    return None, token_hash(visitor.guest_token) if visitor.guest_token else None
