"""Carts and coupons."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shophub.db import AsyncSession
from shophub.domain.statuses import DiscountType
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_token, token_hash
from shophub.models.accounts import User
from shophub.models.carts import Cart, CartLine, Coupon, CouponCategory
from shophub.models.catalog import Category, Variant
from tests.factories.numbers import next_number


async def make_cart(
    session: AsyncSession,
    *,
    user: User | None = None,
    guest_token: str | None = None,
    lines: Sequence[tuple[Variant, int]] = (),
    coupon: Coupon | None = None,
) -> Cart:
    """Make a cart: the user's, or a guest's with a token of its own where none is given."""
    cart = Cart(
        user_id=user.id if user else None,
        guest_token_hash=None if user else token_hash(guest_token or new_token()),
        coupon_id=coupon.id if coupon else None,
    )
    session.add(cart)
    await session.flush()
    for variant, quantity in lines:
        session.add(
            CartLine(cart_id=cart.id, variant_id=variant.id, quantity=quantity, added_price_minor=variant.price_minor)
        )
        await session.flush()
    return cart


async def make_coupon(
    session: AsyncSession,
    *,
    code: str | None = None,
    discount_type: DiscountType = DiscountType.PERCENTAGE,
    percent_bp: int | None = None,
    amount_minor: int | None = None,
    minimum_subtotal_minor: int = 0,
    maximum_discount_minor: int | None = None,
    max_uses: int | None = None,
    max_uses_per_customer: int | None = None,
    first_order_only: bool = False,
    categories: Sequence[Category] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    is_active: bool = True,
) -> Coupon:
    """Make a coupon, 10 % unless asked otherwise, valid from yesterday for a month."""
    if discount_type is DiscountType.PERCENTAGE and percent_bp is None:
        percent_bp = 1_000
    if discount_type is DiscountType.FIXED and amount_minor is None:
        amount_minor = 500
    now = utc_now()
    coupon = Coupon(
        code=code or f"COUPON{next_number()}",
        discount_type=discount_type,
        percent_bp=percent_bp,
        amount_minor=amount_minor,
        minimum_subtotal_minor=minimum_subtotal_minor,
        maximum_discount_minor=maximum_discount_minor,
        max_uses=max_uses,
        max_uses_per_customer=max_uses_per_customer,
        first_order_only=first_order_only,
        starts_at=starts_at or now - timedelta(days=1),
        ends_at=ends_at or now + timedelta(days=30),
        is_active=is_active,
    )
    session.add(coupon)
    await session.flush()
    for category in categories:
        session.add(CouponCategory(coupon_id=coupon.id, category_id=category.id))
    await session.flush()
    return coupon
