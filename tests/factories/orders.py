"""Orders with their lines and first steps."""

from collections.abc import Sequence
from datetime import datetime

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.statuses import CheckoutStatus, OrderStatus, PaymentStatus
from shophub.lib.clock import utc_now
from shophub.models.accounts import User
from shophub.models.catalog import Variant
from shophub.models.checkouts import Checkout
from shophub.models.orders import Order, OrderEvent, OrderLine
from tests.factories.numbers import next_number

ADDRESS = {
    "full_name": "Ada Shopper",
    "address": "1 Market Street",
    "address2": "",
    "city": "San Francisco",
    "state": "CA",
    "zip_code": "94105",
    "country": "US",
    "phone": "",
}


async def make_order(
    session: AsyncSession,
    *,
    user: User | None = None,
    email: str | None = None,
    variants: Sequence[Variant] = (),
    quantity: int = 2,
    price_minor: int = 2_000,
    discount_minor: int = 0,
    shipping_minor: int = 1_000,
    currency: str = "USD",
    status: OrderStatus = OrderStatus.PROCESSING,
    payment_status: PaymentStatus = PaymentStatus.PAID,
    steps: Sequence[str] = ("placed", "paid"),
    placed_at: datetime | None = None,
    name: str = "Desk Lamp",
) -> Order:
    """Make an order of one line per variant, or of one line for a product that has gone since."""
    placed_at = placed_at or utc_now()
    address = email or (user.email if user else f"guest{next_number()}@example.com")
    checkout = await _completed_checkout(session, user, address, currency, placed_at)
    bought: list[Variant | None] = list(variants) or [None]
    subtotal_minor = len(bought) * quantity * price_minor
    order = Order(
        checkout_id=checkout.id,
        user_id=user.id if user else None,
        email=address,
        email_key=email_key(address),
        status=status,
        payment_status=payment_status,
        currency=currency,
        subtotal_minor=subtotal_minor,
        discount_minor=discount_minor,
        shipping_minor=shipping_minor,
        total_minor=subtotal_minor - discount_minor + shipping_minor,
        shipping_address=ADDRESS,
        placed_at=placed_at,
    )
    session.add(order)
    await session.flush()
    session.add_all(
        _line(order, position, variant, name, quantity, price_minor) for position, variant in enumerate(bought)
    )
    session.add_all(OrderEvent(order_id=order.id, type=step, created_at=placed_at) for step in steps)
    await session.flush()
    return order


async def _completed_checkout(
    session: AsyncSession, user: User | None, email: str, currency: str, ended_at: datetime
) -> Checkout:
    checkout = Checkout(
        user_id=user.id if user else None,
        email=email,
        email_key=email_key(email),
        status=CheckoutStatus.COMPLETED,
        currency=currency,
        opened_at=ended_at,
        expires_at=ended_at,
        ended_at=ended_at,
    )
    session.add(checkout)
    await session.flush()
    return checkout


def _line(
    order: Order, position: int, variant: Variant | None, name: str, quantity: int, price_minor: int
) -> OrderLine:
    return OrderLine(
        order_id=order.id,
        position=position,
        variant_id=variant.id if variant else None,
        product_id=variant.product_id if variant else None,
        name=name,
        sku=variant.sku if variant else f"GONE-{next_number()}",
        options={"Colour": "Sand", "Size": "M"},
        quantity=quantity,
        price_minor=price_minor,
        total_minor=quantity * price_minor,
    )
