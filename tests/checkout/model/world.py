"""The real shop as the model's rules act on it: its services on one event loop, its database, the Stripe sandbox."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import stripe as sdk
from sqlalchemy import text

from shophub.db import close_database, transaction
from shophub.errors import ShopHubError
from shophub.integrations import stripe
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, token_hash
from shophub.schemas.accounts import UserView, Visitor
from shophub.services import carts
from shophub.services.checkouts import owner_of
from shophub.services.flows.start_payment import start_payment
from shophub.services.invariants import find_violations
from tests.checkout.conftest import ADDRESS, Shop
from tests.checkout.model.carts import ACCOUNT, GUESTS, PRICES, STOCKS, CartsModel
from tests.factories import make_coupon, make_product, make_user, variants_of
from tests.sandbox.conftest import Controls

T = TypeVar("T")
KEPT_TABLES = ("alembic_version", "store_settings")


async def in_transaction(do: Callable[..., Coroutine[Any, Any, T]], *arguments: object, **more: object) -> T:
    """Call a service as a door does."""
    async with transaction() as session:
        return await do(session, *arguments, **more)


class World:
    """One shop for all examples, swept clean before each."""

    def __init__(self, shop: Shop, controls: Controls) -> None:
        """Use the shop's database and sandbox from a loop of its own."""
        self.stripe, self.controls = shop.stripe, controls
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.variants: list[UUID] = []
        self.visitors: list[Visitor] = []

    def close(self) -> None:
        """Close the connections and the loop."""
        self._runner.run(close_database())
        self._runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something of the shop to its end."""
        return self._runner.run(work)

    def attempt(self, work: Coroutine[Any, Any, T]) -> T | ShopHubError:
        """Run something that the shop may refuse; return its answer or the refusal."""
        try:
            return self._runner.run(work)
        except ShopHubError as refusal:
            return refusal

    def reset(self) -> None:
        """Begin anew: empty tables, four products, five coupons, an account and three guests."""
        assert self.controls.post("/reset").status_code == 200
        self.controls.post("/deliveries/rules", hold=1)
        self.run(self._reset())

    async def _reset(self) -> None:
        async with transaction() as session:
            await session.execute(text("SET LOCAL session_replication_role = replica"))  # ledgers refuse deletion
            tables = await session.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(:kept)"),
                {"kept": list(KEPT_TABLES)},
            )
            for table in tables.scalars().all():
                await session.execute(text(f'DELETE FROM "{table}"'))
        async with transaction() as session:
            await session.execute(
                text("""
                UPDATE store_settings SET shipping_fee_minor = 1000, free_shipping_threshold_minor = 10000,
                  tax_rate_ppm = 0, prices_include_tax = false, tax_on_shipping = false""")
            )
            self.variants = []
            for price, stock in zip(PRICES, STOCKS, strict=True):
                product = await make_product(session, price_minor=price, stock=stock)
                self.variants += [variant.id for variant in await variants_of(session, product)]
            for code, coupon in CartsModel().coupons.items():
                await make_coupon(
                    session,
                    code=code,
                    discount_type=coupon.terms.discount_type,
                    percent_bp=coupon.terms.percent_bp or None,
                    amount_minor=coupon.terms.amount_minor or None,
                    minimum_subtotal_minor=coupon.terms.minimum_subtotal_minor,
                    max_uses=coupon.max_uses,
                    max_uses_per_customer=coupon.per_customer,
                )
            user = await make_user(session)
            self.account = user.id
            self.email = user.email
        view = UserView(user.id, user.email, user.full_name, user.role, True)
        self.visitors = [Visitor(guest_token=f"guest-{n}-{new_id()}") for n in range(GUESTS)] + [Visitor(user=view)]

    # Acting.

    async def cart(self, shopper: int, do: Any, *arguments: object) -> object:
        """Call a service of carts for a shopper."""
        async with transaction() as session:
            return await do(session, owner_of(self.visitors[shopper]), *arguments)

    async def on_line(self, shopper: int, variant: int, do: Any, *arguments: object) -> object:
        """Call a service of carts for a shopper's line; for one that is not there, if there is none."""
        visitor = self.visitors[shopper]
        found = await self._rows(
            """
            SELECT l.id FROM cart_lines l JOIN carts c ON c.id = l.cart_id WHERE l.variant_id = :variant
              AND (c.user_id = CAST(:user AS uuid) OR c.guest_token_hash = :guest)""",
            variant=self.variants[variant],
            user=visitor.user.id if visitor.user else None,
            guest=token_hash(visitor.guest_token) if visitor.guest_token else None,
        )
        line_id = found[0].id if found else new_id()
        async with transaction() as session:
            return await do(session, owner_of(visitor), line_id, *arguments)

    async def start(self, shopper: int) -> Any:
        """Start paying."""
        email = {ACCOUNT: "", 2: self.email.upper()}.get(shopper, f"guest-{shopper}@example.com")
        return await start_payment(self.visitors[shopper], email=email, address=ADDRESS)

    def confirm(self, intent: str, method: str) -> str:
        """Pay at Stripe, as the browser does; return how the payment then stands."""
        with suppress(sdk.CardError):
            self.stripe.v1.payment_intents.confirm(
                intent, {"payment_method": method, "return_url": "http://localhost/checkout/success"}
            )
        return self.stripe.v1.payment_intents.retrieve(intent).status

    async def sign_in(self, guest: int) -> None:
        """Merge a guest's cart into the account's, and give the guest a new cookie."""
        async with transaction() as session:
            await carts.merge_guest_cart(session, self.visitors[guest].guest_token or "", self.account)
        self.visitors[guest] = Visitor(guest_token=f"guest-{guest}-{new_id()}")

    async def write(self, sql: str, **values: object) -> None:
        """Change something by hand, as an admin's page will."""
        async with transaction() as session:
            await session.execute(text(sql), values)

    async def restock(self, variant: int, delta: int) -> None:
        """Change the stock of a variant, and write it into the ledger."""
        async with transaction() as session:
            values = {"delta": delta, "id": self.variants[variant]}
            await session.execute(text("UPDATE variants SET stock = stock + :delta WHERE id = :id"), values)
            await session.execute(
                text("""
                INSERT INTO stock_ledger (variant_id, delta, reason)
                SELECT :id, :delta, 'restock' WHERE :delta <> 0"""),
                values,
            )

    async def publish(self, variant: int, status: str) -> None:
        """Change the status of a variant's product."""
        await self.write(
            "UPDATE products SET status = :status WHERE id = (SELECT product_id FROM variants WHERE id = :id)",
            status=status,
            id=self.variants[variant],
        )

    async def events(self) -> list[stripe.StripeEvent]:
        """Return all events, oldest first."""
        return list(reversed(await stripe.list_events(utc_now() - timedelta(hours=1))))

    # Looking.

    async def read_carts(self) -> dict[int, dict[int, tuple[int, bool]]]:
        """Return what is in each cart: quantity, and whether it is put aside."""
        found: dict[int, dict[int, tuple[int, bool]]] = {}
        for row in await self._rows("""
            SELECT c.user_id, c.guest_token_hash, l.variant_id, l.quantity, l.is_saved
            FROM carts c JOIN cart_lines l ON l.cart_id = c.id"""):
            cart = found.setdefault(self._shopper(row.user_id, row.guest_token_hash), {})
            cart[self.variants.index(row.variant_id)] = (row.quantity, row.is_saved)
        return found

    async def look(self) -> dict[str, object]:
        """Return all that the model knows, as it is in the database."""
        stock = await self._rows("SELECT id, stock, reserved FROM variants")
        coupons = await self._rows("SELECT code, used, held FROM coupons")
        attached = await self._rows("""
            SELECT c.user_id, c.guest_token_hash, k.code FROM carts c JOIN coupons k ON k.id = c.coupon_id""")
        checkouts = await self._rows("SELECT id, status FROM checkouts")
        orders = await self._rows("""
            SELECT o.checkout_id, o.status, o.payment_status, o.total_minor, o.refunded_minor, o.needs_review,
              p.amount_minor, p.refunded_minor AS given_back, p.pending_minor
            FROM orders o LEFT JOIN payments p ON p.order_id = o.id""")
        return {
            "stock": {self.variants.index(row.id): (row.stock, row.reserved) for row in stock},
            "carts": await self.read_carts(),
            "cart coupons": {self._shopper(row.user_id, row.guest_token_hash): row.code for row in attached},
            "coupons": {row.code: (row.used, row.held) for row in coupons},
            "checkouts": {str(row.id): row.status for row in checkouts},
            "orders": {str(row.checkout_id): tuple(row[1:]) for row in orders},
        }

    async def violations(self) -> tuple[object, ...]:
        """Return what is wrong with the books."""
        async with transaction() as session:
            return await find_violations(session)

    async def order_of(self, checkout_id: str) -> tuple[int, dict[int, tuple[str, int]]]:
        """Return an order's number, and SKU and total of each line."""
        rows = await self._rows(
            """
            SELECT o.number, l.variant_id, l.sku, l.total_minor FROM orders o JOIN order_lines l ON l.order_id = o.id
            WHERE o.checkout_id = CAST(:id AS uuid)""",
            id=checkout_id,
        )
        return rows[0].number, {self.variants.index(row.variant_id): (row.sku, row.total_minor) for row in rows}

    async def _rows(self, sql: str, **values: object) -> list[Any]:
        async with transaction() as session:
            return list((await session.execute(text(sql), values)).all())

    def _shopper(self, user_id: UUID | None, guest: str | None) -> int:
        if user_id is not None:
            return ACCOUNT
        hashes = [token_hash(visitor.guest_token or "") for visitor in self.visitors[:GUESTS]]
        return hashes.index(guest or "")
