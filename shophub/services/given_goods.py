"""What a program gives to be checked out, priced as a cart is: from the database, at that moment."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.pricing import quote
from shophub.errors import InvalidInputError, ProductNotFoundError
from shophub.repositories import given_goods, stores, variants
from shophub.repositories.carts import MAX_QUANTITY, CartRow
from shophub.repositories.coupons import CartCustomer
from shophub.schemas.checkouts import GivenGoods
from shophub.services.carts import PricedCart, find_coupon
from shophub.services.views.carts import price_lines

UNKNOWN = "We do not know this product."
TOO_MANY = f"At most {MAX_QUANTITY} of one product can be ordered at once."


async def price_given(
    session: AsyncSession,
    checkout_id: UUID,
    quantities: Mapping[UUID, int],
    *,
    coupon_code: str,
    user_id: UUID | None,
    email_key: str,
) -> PricedCart:
    """Price given goods as a cart that is kept nowhere; what their checkout holds already can be had.

    Where less can be had than is wanted, no coupon is looked at: that is said first, by who asks whether all stands.

    Raises:
        ProductNotFoundError: Something is not on sale.
        CouponNotFoundError, CouponNotApplicableError: See ``carts.find_coupon``.
    """
    cart = CartRow(checkout_id, user_id, None, None)
    lines = await given_goods.list_lines(session, checkout_id, quantities)
    if not all(line.is_on_sale for line in lines):
        raise ProductNotFoundError(UNKNOWN)
    store = await stores.get_store(session)
    coupon = None
    if coupon_code and all(line.quantity <= line.available for line in lines):
        coupon = await find_coupon(session, coupon_code, CartCustomer(cart.id, user_id, email_key), lines)
    return PricedCart(cart, lines, store, coupon, quote(price_lines(lines), coupon, store.pricing_rules))


async def quantities_of(session: AsyncSession, goods: Sequence[GivenGoods]) -> dict[UUID, int]:
    """Return how many of which variants are given. The same goods named twice are one line.

    Raises:
        ProductNotFoundError: Something is not known.
        InvalidInputError: More of one variant than fits into a cart.
    """
    meant = await variants.list_meant(session, [(one.product_id, one.variant_id) for one in goods])
    wanted: dict[UUID, int] = {}
    for place, one in enumerate(goods):
        if place not in meant:
            raise ProductNotFoundError(UNKNOWN)
        wanted[meant[place]] = wanted.get(meant[place], 0) + one.quantity
    if any(quantity > MAX_QUANTITY for quantity in wanted.values()):
        raise InvalidInputError(TOO_MANY, {"items": TOO_MANY})
    return wanted
