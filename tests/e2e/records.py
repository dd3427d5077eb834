"""What the shop's database and the Stripe sandbox hold, read and changed by a process that is not the shop."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import requests
import stripe
from psycopg.rows import dict_row

from tests.checkout.conftest import INVARIANTS
from tests.e2e.shop_server import ShopServer
from tests.sandbox.conftest import SECRET_KEY, Controls


@dataclass(frozen=True)
class Shelf:
    """A variant's units: all of them, and those set aside for checkouts."""

    stock: int
    reserved: int


class Records:
    """The records of one running shop."""

    def __init__(self, shop: ShopServer) -> None:
        """Read those of ``shop``."""
        self._shop = shop
        self._session = requests.Session()
        self._session.trust_env = False
        self.stripe_controls = Controls(shop.url + "/sandbox")
        self.stripe = stripe.StripeClient(
            SECRET_KEY,
            base_addresses={"api": shop.url + "/sandbox/stripe"},
            http_client=stripe.RequestsClient(timeout=10, session=self._session),
            max_network_retries=0,
        )

    def close(self) -> None:
        """Close the connections."""
        self.stripe_controls.close()
        self._session.close()

    def rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        """Run one statement in a transaction of its own and return its rows."""
        with psycopg.connect(self._shop.database_url, row_factory=dict_row, autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def shelf(self, slug: str) -> Shelf:
        """Return what there is of a product with one variant."""
        ((row),) = self.rows(
            "SELECT v.stock, v.reserved FROM variants v JOIN products p ON p.id = v.product_id WHERE p.slug = %(slug)s",
            slug=slug,
        )
        return Shelf(**row)

    def restock(self, slug: str, stock: int) -> None:
        """Set the stock of a product with one variant, with the ledger row that explains it."""
        self.rows(
            """
            WITH old AS (
              SELECT v.id, v.stock FROM variants v JOIN products p ON p.id = v.product_id WHERE p.slug = %(slug)s
            ), ledger AS (
              INSERT INTO stock_ledger (variant_id, delta, reason)
              SELECT id, %(stock)s - stock, 'correction' FROM old WHERE stock <> %(stock)s
            )
            UPDATE variants SET stock = %(stock)s FROM old WHERE variants.id = old.id""",
            slug=slug,
            stock=stock,
        )

    def reprice(self, slug: str, price_minor: int) -> None:
        """Set the price of a product's variants."""
        self.rows(
            "UPDATE variants SET price_minor = %(price)s"
            " WHERE product_id = (SELECT id FROM products WHERE slug = %(slug)s)",
            slug=slug,
            price=price_minor,
        )

    def orders(self, email: str) -> list[dict[str, Any]]:
        """Return the orders of an address, with what was bought as ``{slug: quantity}``."""
        return self.rows(
            """
            SELECT 'SH-' || o.number AS number, o.status, o.payment_status, o.total_minor,
              o.user_id IS NOT NULL AS owned,
              (SELECT jsonb_object_agg(p.slug, l.quantity) FROM order_lines l JOIN products p ON p.id = l.product_id
               WHERE l.order_id = o.id) AS bought
            FROM orders o WHERE o.email = %(email)s ORDER BY o.number""",
            email=email,
        )

    def intents(self, email: str) -> list[stripe.PaymentIntent]:
        """Return, as Stripe tells it, every payment that was begun by an address."""
        ids = self.rows(
            "SELECT stripe_payment_intent_id AS id FROM checkouts WHERE email = %(email)s ORDER BY created_at",
            email=email,
        )
        return [self.stripe.v1.payment_intents.retrieve(row["id"]) for row in ids if row["id"] is not None]

    @contextmanager
    def webhooks_held(self) -> Iterator[None]:
        """Have Stripe's events wait; those that nobody released by the end are sent then."""
        self.stripe_controls.post("/deliveries/rules", hold=1).raise_for_status()
        try:
            yield
        finally:
            self.release_webhooks()

    def release_webhooks(self) -> None:
        """Send the events that wait."""
        self.stripe_controls.post("/deliveries/release").raise_for_status()

    @contextmanager
    def webhooks_lost(self) -> Iterator[None]:
        """Lose every event of Stripe's."""
        self.stripe_controls.post("/deliveries/rules", drop=1_000_000).raise_for_status()
        try:
            yield
        finally:
            self.stripe_controls.post("/deliveries/rules", drop=0).raise_for_status()

    def resend(self, event_type: str, intent_id: str) -> None:
        """Have Stripe send an event about a payment again, and wait until the shop has taken it."""
        (event,) = [
            event
            for event in self.stripe.v1.events.list({"type": event_type}).data
            if event.data.object["id"] == intent_id
        ]
        self.stripe_controls.post(f"/events/{event.id}/resend").raise_for_status()
        for _ in range(100):
            newest = next(one for one in self.stripe_controls.deliveries() if one["event_id"] == event.id)
            if newest["state"] == "delivered":
                return
            time.sleep(0.1)
        raise RuntimeError(f"The shop did not take {event.id}: {newest}")

    def check_books(self) -> None:
        """Fail unless stock, holds, coupons, orders and payments add up."""
        for name, sql in INVARIANTS.items():
            assert self.rows(sql) == [], name
