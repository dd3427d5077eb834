"""Fills a shop's database with a little of everything; run as a module with the shop's environment.

What is there is what the demo store has too: the accounts, a coupon and some products, under the same names.
"""

import asyncio

from shophub.db import AsyncSession, close_database, transaction
from shophub.domain.statuses import DiscountType, Role
from shophub.models.accounts import User
from shophub.models.operations import StoreSettings
from shophub.services.passwords import hash_password
from tests.factories import make_address, make_category, make_coupon, make_order, make_product, make_user, variants_of

PASSWORD = "password123"
OWNER, ADMIN, CUSTOMER = "john@example.com", "alex@example.com", "jane@example.com"
# Plenty: thousands of requests buy what they find.
STOCK = 1_000_000


async def _people(session: AsyncSession) -> User:
    password_hash = await hash_password(PASSWORD)
    await make_user(session, email=OWNER, full_name="John Smith", role=Role.SUPER_ADMIN, password_hash=password_hash)
    await make_user(session, email=ADMIN, full_name="Alex Stone", role=Role.ADMIN, password_hash=password_hash)
    jane = await make_user(session, email=CUSTOMER, full_name="Jane Doe", password_hash=password_hash)
    await make_address(session, jane, is_default=True)
    return jane


async def _fill(session: AsyncSession) -> None:
    settings = await session.get(StoreSettings, 1)
    assert settings is not None
    settings.ship_to_countries = ["US", "CA", "DE"]
    settings.shipping_fee_minor, settings.free_shipping_threshold_minor = 1_000, 10_000
    jane = await _people(session)
    electronics = await make_category(session, name="Electronics", slug="electronics")
    headphones = await make_product(
        session, name="Wireless Headphones", slug="wireless-headphones", category=electronics, price_minor=29_999,
        stock=STOCK, brand="Sonora", tags=["audio"],
    )  # fmt: skip
    await make_product(
        session, name="Phone Stand", slug="phone-stand", category=electronics, price_minor=2_499, stock=STOCK,
        options={"Colour": ["Sand", "Ink"]},
    )  # fmt: skip
    await make_coupon(session, code="WELCOME10")
    await make_coupon(session, code="FREESHIP", discount_type=DiscountType.FREE_SHIPPING)
    await make_order(session, user=jane, variants=await variants_of(session, headphones), name="Wireless Headphones")


async def main() -> None:
    """Write it."""
    async with transaction() as session:
        await _fill(session)
    await close_database()


if __name__ == "__main__":
    asyncio.run(main())
