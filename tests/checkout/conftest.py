"""A shop with goods, its own database, and the Stripe sandbox over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest_asyncio
import stripe as stripe_sdk
from sqlalchemy import text

from shophub.db import transaction
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.carts import CartOwner
from shophub.schemas.checkouts import AddressForm, PaymentView
from shophub.services import carts
from shophub.services.flows.start_payment import start_payment
from shophub.settings import get_settings
from tests.factories import make_coupon, make_product, make_user, variants_of
from tests.sandbox.conftest import (  # noqa: F401 - fixtures
    Controls,
    SandboxServer,
    client,
    controls,
    endpoint,
    running_sandbox,
    sandbox,
    sandbox_database,
)

ADDRESS = AddressForm(
    full_name="Ada Shopper", address="1 Market Street", city="San Francisco", zip_code="94105", country="US"
)


@dataclass
class Shop:
    """Two products in stock and helpers that act as shoppers do."""

    mug: UUID
    lamp: UUID
    stripe: stripe_sdk.StripeClient

    async def guest(self, name: str, *lines: tuple[UUID, int]) -> Visitor:
        """Return a guest with these goods in the cart."""
        visitor = Visitor(guest_token=f"guest-token-of-{name}")
        await self.add(visitor, *lines)
        return visitor

    async def add(self, visitor: Visitor, *lines: tuple[UUID, int]) -> None:
        """Put goods into a visitor's cart."""
        owner = CartOwner(visitor.user.id) if visitor.user else CartOwner(guest_token=visitor.guest_token)
        for variant_id, quantity in lines:
            async with transaction() as session:
                await carts.add_item(session, owner, variant_id, quantity)

    async def customer(self, *lines: tuple[UUID, int]) -> Visitor:
        """Return an account's visitor with these goods in the cart."""
        async with transaction() as session:
            user = await make_user(session)
            view = UserView(user.id, user.email, user.full_name, user.role, True)
        visitor = Visitor(user=view)
        await self.add(visitor, *lines)
        return visitor

    async def pay_start(self, visitor: Visitor, **more: object) -> PaymentView:
        """Start paying, as a guest with an address of their own."""
        email = "" if visitor.user else f"{visitor.guest_token}@example.com"
        return await start_payment(visitor, **{"email": email, "address": ADDRESS, **more})  # type: ignore[arg-type]

    def confirm(self, payment: PaymentView, method: str = "pm_card_visa") -> stripe_sdk.PaymentIntent:
        """Confirm at Stripe, as the browser does."""
        intent_id = payment.client_secret.split("_secret_")[0]
        return self.stripe.v1.payment_intents.confirm(
            intent_id, {"payment_method": method, "return_url": "http://localhost/checkout/success"}
        )

    async def rows(self, sql: str, **values: object) -> list[tuple[object, ...]]:
        """Return rows of the shop's database."""
        async with transaction() as session:
            return [tuple(row) for row in await session.execute(text(sql), values)]

    async def stock(self, variant_id: UUID) -> tuple[int, int]:
        """Return stock and reserved of a variant."""
        ((stock, reserved),) = await self.rows("SELECT stock, reserved FROM variants WHERE id = :id", id=variant_id)
        return stock, reserved  # type: ignore[return-value]

    async def coupon(self, code: str, **terms: object) -> None:
        """Make a coupon."""
        async with transaction() as session:
            await make_coupon(session, code=code, **terms)  # type: ignore[arg-type]


INVARIANTS = {
    "stock is the sum of the ledger": """
        SELECT v.id, v.stock, coalesce(sum(l.delta), 0) FROM variants v LEFT JOIN stock_ledger l ON l.variant_id = v.id
        GROUP BY v.id HAVING v.stock <> coalesce(sum(l.delta), 0)""",
    "reserved is the sum of live reservations": """
        SELECT v.id, v.reserved FROM variants v LEFT JOIN reservations r ON r.variant_id = v.id AND r.state = 'held'
        GROUP BY v.id HAVING v.reserved <> coalesce(sum(r.quantity), 0)""",
    "holds belong to live checkouts": """
        SELECT r.id FROM reservations r JOIN checkouts c ON c.id = r.checkout_id
        WHERE r.state = 'held' AND c.status NOT IN ('open', 'processing')""",
    "coupon uses are its orders": """
        SELECT c.code FROM coupons c LEFT JOIN coupon_redemptions r ON r.coupon_id = c.id
        GROUP BY c.id HAVING c.used <> count(r.id) FILTER (WHERE r.state = 'used')
                          OR c.held <> count(r.id) FILTER (WHERE r.state = 'held')""",
    "lines add up to the order": """
        SELECT o.number FROM orders o JOIN order_lines l ON l.order_id = o.id
        GROUP BY o.id HAVING sum(l.total_minor) + o.shipping_minor
          + CASE WHEN o.tax_included THEN 0 ELSE o.shipping_tax_minor END <> o.total_minor
          OR sum(l.discount_minor) <> o.discount_minor""",
    "every order that cost something has one payment": """
        SELECT o.number FROM orders o LEFT JOIN payments p ON p.order_id = o.id
        WHERE o.total_minor > 0 GROUP BY o.id HAVING count(p.id) <> 1""",
}


@pytest_asyncio.fixture
async def shop(
    database: str,
    sandbox: SandboxServer,  # noqa: F811
    client: stripe_sdk.StripeClient,  # noqa: F811
    monkeypatch,
) -> AsyncIterator[Shop]:
    """The shop. Whatever a test does to it, the books balance afterwards."""
    monkeypatch.setenv("SANDBOX_URL", sandbox.url)
    get_settings.cache_clear()
    async with transaction() as session:
        await session.execute(
            text("""
            UPDATE store_settings SET shipping_fee_minor = 1000, free_shipping_threshold_minor = 10000,
              ship_to_countries = '{US,CA,DE}'""")
        )
        mug = await make_product(session, name="Mug", price_minor=1_999, stock=10)
        lamp = await make_product(session, name="Lamp", price_minor=4_500, stock=5)
        (mug_variant,), (lamp_variant,) = await variants_of(session, mug), await variants_of(session, lamp)
        for variant in (mug_variant, lamp_variant):
            await session.execute(
                text("""
                INSERT INTO stock_ledger (variant_id, delta, reason)
                SELECT :id, :stock, 'initial' WHERE NOT EXISTS (SELECT 1 FROM stock_ledger WHERE variant_id = :id)"""),
                {"id": variant.id, "stock": variant.stock},
            )
    shop = Shop(mug_variant.id, lamp_variant.id, client)
    yield shop
    for name, sql in INVARIANTS.items():
        assert await shop.rows(sql) == [], name
