"""A shop with goods, its own database, and the Stripe sandbox over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest_asyncio
import stripe as stripe_sdk
from sqlalchemy import text

from shophub.db import transaction
from shophub.repositories.invariants import RULES
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.carts import CartOwner
from shophub.schemas.checkouts import AddressForm, PaymentView
from shophub.services import carts
from shophub.services.flows.start_payment import start_payment
from shophub.services.invariants import find_violations
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


# For those who read the books from another process.
INVARIANTS = {rule.name: rule.everything for rule in RULES}


async def stock_shelves(client: stripe_sdk.StripeClient) -> Shop:  # noqa: F811
    """Fill an empty database with a small shop."""
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
    return Shop(mug_variant.id, lamp_variant.id, client)


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
    shop = await stock_shelves(client)
    yield shop
    async with transaction() as session:
        assert await find_violations(session) == ()
