"""Carts: the use cases. Each returns the cart as it then is, priced from the database at that moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain import coupons as coupon_rules
from shophub.domain.coupons import CouponLine, CouponStanding, CouponTerms
from shophub.domain.pricing import Quote, quote
from shophub.errors import (
    CartLineNotFoundError,
    CouponNotApplicableError,
    CouponNotFoundError,
    InsufficientStockError,
    InvalidInputError,
    ProductNotFoundError,
)
from shophub.lib.clock import utc_now
from shophub.lib.plain_text import plain_text
from shophub.repositories import carts, coupons, stores
from shophub.repositories.carts import MAX_QUANTITY, CartRow, LineRow
from shophub.repositories.coupons import CartCustomer
from shophub.repositories.stores import StoreRow
from shophub.schemas.carts import CartOwner, CartView
from shophub.services.views.carts import cart_view, price_lines


@dataclass(frozen=True)
class PricedCart:
    """A cart with everything that pricing it took. ``dropped`` says why a coupon was taken off, if one was."""

    cart: CartRow
    lines: list[LineRow]
    store: StoreRow
    coupon: CouponTerms | None
    quote: Quote
    dropped: str = ""


async def price_cart(session: AsyncSession, cart: CartRow, *, email_key: str = "") -> PricedCart:
    """Price a cart now; a coupon that has stopped being valid is taken off it.

    A cart without anything to pay for keeps its coupon: emptied and filled again, it has it still.
    """
    store = await stores.get_store(session)
    lines = await carts.list_lines(session, cart.id)
    to_price = price_lines(lines)
    coupon, dropped = None, ""
    if cart.coupon_id is not None:
        offer = await coupons.find_offer(session, cart.coupon_id, CartCustomer(cart.id, cart.user_id, email_key))
        coupon, standing = offer if offer else (None, CouponStanding())
        if coupon is not None and to_price:
            dropped = _why_not(coupon, standing, lines, store.currency)
        if coupon is not None and dropped:
            await carts.detach_coupon(session, cart.id, cart.coupon_id)
            coupon = None
    return PricedCart(cart, lines, store, coupon, quote(to_price, coupon, store.pricing_rules), dropped)


def _why_not(coupon: CouponTerms, standing: CouponStanding, lines: Sequence[LineRow], currency: str) -> str:
    coupon_lines = [CouponLine(line.quantity * line.unit_minor, line.category_ids) for line in price_lines(lines)]
    return coupon_rules.why_not(coupon, coupon_lines, currency=currency, now=utc_now(), standing=standing) or ""


async def get_cart(session: AsyncSession, owner: CartOwner) -> CartView:
    """Return the owner's cart, empty where there is none yet. Reading never makes one."""
    cart = await carts.find_cart(session, owner)
    if cart is None:
        store = await stores.get_store(session)
        return cart_view("", [], quote([], None, store.pricing_rules))
    return await _view(session, cart)


async def _view(session: AsyncSession, cart: CartRow, notices: tuple[str, ...] = ()) -> CartView:
    priced = await price_cart(session, cart)
    dropped = (priced.dropped,) if priced.dropped else ()
    return cart_view(str(cart.id), priced.lines, priced.quote, (*notices, *dropped))


async def add_item(session: AsyncSession, owner: CartOwner, variant_id: UUID, quantity: int) -> CartView:
    """Put a variant into the cart, on top of what is there. Adding in many tabs at once loses nothing.

    Raises:
        InvalidInputError: The quantity is not 1 to 99.
        ProductNotFoundError: No such variant on sale.
        InsufficientStockError: The resulting quantity is more than can be had, or over 99.
    """
    _check_quantity(quantity, lowest=1)
    cart = await carts.get_or_create_cart(session, owner)
    if await carts.add_quantity(session, cart.id, variant_id, quantity) is None:
        raise await _why_not_added(session, cart.id, variant_id)
    return await _view(session, cart)


async def _why_not_added(session: AsyncSession, cart_id: UUID, variant_id: UUID) -> Exception:
    stock = await carts.find_availability(session, cart_id, variant_id)
    if stock is None or not stock.is_on_sale:
        return ProductNotFoundError("This product is no longer on sale.")
    if stock.available <= 0:
        message = f"{stock.name} has just sold out."
    elif stock.in_cart >= min(MAX_QUANTITY, stock.available):
        message = f"You already have all {stock.in_cart} that we can sell you in your cart."
    elif stock.in_cart:
        message = f"Only {stock.available} left, and {stock.in_cart} of them are in your cart already."
    elif stock.available > MAX_QUANTITY:
        message = f"At most {MAX_QUANTITY} of one product fit into a cart."
    else:
        message = f"Only {stock.available} left."
    return InsufficientStockError(message, variant_id=str(variant_id), available=max(0, stock.available))


async def set_quantity(session: AsyncSession, owner: CartOwner, line_id: UUID, quantity: int) -> CartView:
    """Set a line's quantity; 0 takes it out.

    Raises:
        InvalidInputError: The quantity is not 0 to 99.
        CartLineNotFoundError: The line is not in this cart.
        ProductNotFoundError: It is no longer on sale.
        InsufficientStockError: More than can be had; the line keeps its quantity.
    """
    _check_quantity(quantity, lowest=0)
    if quantity == 0:
        return await remove_line(session, owner, line_id)
    cart = await _own_cart(session, owner)
    if not await carts.set_quantity(session, cart.id, line_id, quantity):
        raise _why_not_set(_find(await carts.list_lines(session, cart.id), line_id))
    return await _view(session, cart)


def _why_not_set(line: LineRow) -> Exception:
    if not line.is_on_sale:
        return ProductNotFoundError(f"{line.name} is no longer on sale.")
    message = f"Only {line.available} left." if line.available else f"{line.name} has just sold out."
    return InsufficientStockError(message, variant_id=str(line.variant_id), available=line.available)


async def set_variant(session: AsyncSession, owner: CartOwner, variant_id: UUID, quantity: int) -> CartView:
    """Set how many of a variant are in the cart, whether it is in it yet or not; 0 takes it out.

    Raises:
        InvalidInputError: The quantity is not 0 to 99.
        ProductNotFoundError: No such variant on sale.
        InsufficientStockError: More than can be had; the cart stays as it is.
    """
    _check_quantity(quantity, lowest=0)
    if quantity == 0 and await carts.find_cart(session, owner) is None:
        return await get_cart(session, owner)
    cart = await carts.get_or_create_cart(session, owner)
    line_id = await carts.find_line(session, cart.id, variant_id)
    if line_id is not None:
        return await set_quantity(session, owner, line_id, quantity)
    return await add_item(session, owner, variant_id, quantity) if quantity else await _view(session, cart)


async def clear(session: AsyncSession, owner: CartOwner) -> CartView:
    """Empty the cart and take its coupon off; what was put aside for later stays there."""
    cart = await carts.find_cart(session, owner, lock=True)
    if cart is None:
        return await get_cart(session, owner)
    await carts.delete_lines(session, cart.id)
    await carts.set_coupon(session, cart.id, None)
    return await _view(session, replace(cart, coupon_id=None))


async def remove_line(session: AsyncSession, owner: CartOwner, line_id: UUID) -> CartView:
    """Take a line out of the cart.

    Raises:
        CartLineNotFoundError: The line is not in this cart.
    """
    cart = await _own_cart(session, owner)
    if not await carts.delete_line(session, cart.id, line_id):
        raise CartLineNotFoundError("That item is no longer in your cart.")
    return await _view(session, cart)


async def save_for_later(session: AsyncSession, owner: CartOwner, line_id: UUID) -> CartView:
    """Put a line aside; it no longer counts.

    Raises:
        CartLineNotFoundError: The line is not in this cart.
    """
    cart = await _own_cart(session, owner)
    if not await carts.save_line(session, cart.id, line_id):
        raise CartLineNotFoundError("That item is no longer in your cart.")
    return await _view(session, cart)


async def move_to_cart(session: AsyncSession, owner: CartOwner, line_id: UUID) -> CartView:
    """Put a saved line back, with as many of it as can be had; the shopper is told where those are fewer.

    Raises:
        CartLineNotFoundError: The line is not in this cart.
        ProductNotFoundError: It is no longer on sale.
        InsufficientStockError: None can be had.
    """
    cart = await _own_cart(session, owner)
    line = _find(await carts.list_lines(session, cart.id), line_id)
    quantity = min(line.quantity, line.available)
    if quantity < 1 or not await carts.set_quantity(session, cart.id, line_id, quantity):
        raise _why_not_set(line)
    fewer = (f"We could keep only {quantity} of {line.name}.",) if quantity < line.quantity else ()
    return await _view(session, cart, fewer)


async def apply_coupon(session: AsyncSession, owner: CartOwner, code: str) -> CartView:
    """Attach a coupon to the cart, in place of one that is there. A use is held only when a checkout starts.

    Raises:
        CouponNotFoundError: No such code.
        CouponNotApplicableError: Its terms exclude this cart now; the cart keeps what it had.
    """
    cart = await carts.get_or_create_cart(session, owner)
    lines = await carts.list_lines(session, cart.id)
    coupon = await find_coupon(session, code, CartCustomer(cart.id, cart.user_id), lines)
    await carts.set_coupon(session, cart.id, UUID(coupon.id))
    return await _view(session, replace(cart, coupon_id=UUID(coupon.id)))


async def find_coupon(
    session: AsyncSession, code: str, customer: CartCustomer, lines: Sequence[LineRow]
) -> CouponTerms:
    """Return the coupon of a code, if it applies to these lines now.

    Raises:
        CouponNotFoundError: No such code.
        CouponNotApplicableError: Its terms exclude these lines or this customer.
    """
    offer = await coupons.find_offer(session, plain_text(code[:64]).strip(), customer)
    if offer is None:
        raise CouponNotFoundError("We do not know that code. Check the spelling.")
    store = await stores.get_store(session)
    if not price_lines(lines):
        raise CouponNotApplicableError("Put something into your cart first.")
    coupon, standing = offer
    problem = _why_not(coupon, standing, lines, store.currency)
    if problem:
        raise CouponNotApplicableError(problem)
    return coupon


async def remove_coupon(session: AsyncSession, owner: CartOwner) -> CartView:
    """Take the coupon off; nothing happens where there is none."""
    cart = await carts.find_cart(session, owner, lock=True)
    if cart is None:
        return await get_cart(session, owner)
    await carts.set_coupon(session, cart.id, None)
    return await _view(session, replace(cart, coupon_id=None))


async def merge_guest_cart(session: AsyncSession, guest_token: str, user_id: UUID) -> tuple[str, ...]:
    """Pour the guest's cart into the account's. Returns sentences for what could not be kept whole.

    Quantities are summed and capped at what can be had; the guest's coupon is kept if the account's cart has none.
    A second call finds no guest cart and does nothing.
    """
    guest = await carts.find_cart(session, CartOwner(guest_token=guest_token), lock=True)
    if guest is None:
        return ()
    own = await carts.get_or_create_cart(session, CartOwner(user_id=user_id))
    wanted: dict[UUID, int] = {}
    for line in [*await carts.list_lines(session, guest.id), *await carts.list_lines(session, own.id)]:
        if not line.is_saved:
            wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    # A checkout that the guest began goes on for the account's cart, unless that has one of its own.
    await carts.hand_over_checkout(session, guest.id, own.id, user_id)
    await carts.merge_lines(session, guest.id, own.id, utc_now())
    if guest.coupon_id is not None and own.coupon_id is None:
        await carts.set_coupon(session, own.id, guest.coupon_id)
    return tuple(
        f"We could keep only {line.quantity} of {line.name}." if line.available else f"{line.name} has sold out."
        for line in await carts.list_lines(session, own.id)
        if not line.is_saved and line.quantity < wanted.get(line.variant_id, 0)
    )


async def _own_cart(session: AsyncSession, owner: CartOwner) -> CartRow:
    # Whoever changes a cart locks it before its lines, as the making of an order does: so neither waits for the other.
    cart = await carts.find_cart(session, owner, lock=True)
    if cart is None:
        raise CartLineNotFoundError("That item is no longer in your cart.")
    return cart


def _find(lines: list[LineRow], line_id: UUID) -> LineRow:
    for line in lines:
        if line.id == line_id:
            return line
    raise CartLineNotFoundError("That item is no longer in your cart.")


def _check_quantity(quantity: object, *, lowest: int) -> None:
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not lowest <= quantity <= MAX_QUANTITY:
        raise InvalidInputError(f"Choose a quantity from {lowest} to {MAX_QUANTITY}.", {"quantity": "Out of range"})
