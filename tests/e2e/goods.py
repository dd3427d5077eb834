"""Products and deliveries of a test's own, written into the running shop's database."""

import secrets
from typing import Any
from uuid import UUID

import psycopg

from shophub.lib.ids import new_id
from tests.e2e.shop_server import ShopServer

ADDRESS = '{"full_name": "A Shopper", "country": "US", "zip_code": "94105", "city": "San Francisco", "address": "1 St"}'


class Goods:
    """Writes what a test needs to find."""

    def __init__(self, shop: ShopServer) -> None:
        """Write into the database of ``shop``."""
        self._url = shop.database_url
        self._products: list[UUID] = []
        self._checkouts: list[UUID] = []

    def clear(self) -> None:
        """Take out of the shop what other tests would count."""
        self.rows("DELETE FROM orders WHERE checkout_id = ANY(%(ids)s)", ids=self._checkouts)
        self.rows("DELETE FROM checkouts WHERE id = ANY(%(ids)s)", ids=self._checkouts)
        self.rows("UPDATE products SET status = 'archived' WHERE id = ANY(%(ids)s)", ids=self._products)

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Run one statement in a transaction of its own and return its rows."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def product(
        self,
        name: str,
        *,
        price_minor: int = 2_000,
        stock: int = 20,
        option: tuple[str, tuple[str, ...]] | None = None,
        stocks: tuple[int, ...] = (),
    ) -> str:
        """Put a product on sale and return its slug; with ``option`` one variant per value, with ``stocks`` each."""
        product_id, slug = new_id(), f"{name.lower().replace(' ', '-')}-{secrets.token_hex(4)}"
        self._products.append(product_id)
        self.rows(
            """INSERT INTO products (id, name, slug, description, category_id, status, created_at, updated_at)
            SELECT %(id)s, %(name)s, %(slug)s, 'A thing of a test.', id, 'active', now(), now()
            FROM categories ORDER BY position LIMIT 1""",
            id=product_id,
            name=name,
            slug=slug,
        )
        if option is not None:
            self.rows(
                """INSERT INTO product_options (id, product_id, name, position, values)
                VALUES (%(id)s, %(product)s, %(name)s, 0, %(values)s)""",
                id=new_id(),
                product=product_id,
                name=option[0],
                values=list(option[1]),
            )
        for place, value in enumerate(option[1] if option else ("",)):
            self._variant(product_id, place, [value] if option else [], price_minor, stocks[place] if stocks else stock)
        return slug

    def _variant(self, product_id: UUID, place: int, values: list[str], price_minor: int, stock: int) -> None:
        variant_id = new_id()
        self.rows(
            """INSERT INTO variants (id, product_id, sku, option_values, position, price_minor, stock, created_at,
              updated_at) VALUES (%(id)s, %(product)s, %(sku)s, %(values)s, %(place)s, %(price)s, %(stock)s, now(),
              now())""",
            id=variant_id,
            product=product_id,
            sku=f"T-{variant_id.hex[-12:]}",
            values=values,
            place=place,
            price=price_minor,
            stock=stock,
        )
        if stock:
            self.rows(
                "INSERT INTO stock_ledger (variant_id, delta, reason) VALUES (%(id)s, %(n)s, 'initial')",
                id=variant_id,
                n=stock,
            )

    def restock(self, slug: str, stock: int) -> None:
        """Set the stock of a product's variants, with the ledger rows that explain it."""
        self.rows(
            """WITH old AS (
              SELECT v.id, v.stock FROM variants v JOIN products p ON p.id = v.product_id WHERE p.slug = %(slug)s),
            ledger AS (
              INSERT INTO stock_ledger (variant_id, delta, reason)
              SELECT id, %(stock)s - stock, 'correction' FROM old WHERE stock <> %(stock)s)
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

    def review(self, slug: str, rating: int, comment: str) -> None:
        """Have somebody who is no account any more review a product."""
        self.rows(
            """INSERT INTO reviews (id, product_id, author_name, rating, comment, created_at, updated_at)
            SELECT %(id)s, id, 'Kim T.', %(rating)s, %(comment)s, now(), now() FROM products WHERE slug = %(slug)s""",
            id=new_id(),
            slug=slug,
            rating=rating,
            comment=comment,
        )

    def deliver(self, slug: str, email: str) -> None:
        """Have an account receive one of a product, as an order that cost nothing."""
        checkout_id, order_id = new_id(), new_id()
        self._checkouts.append(checkout_id)
        values = {"checkout": checkout_id, "order": order_id, "email": email, "slug": slug, "address": ADDRESS}
        self.rows(
            """WITH who AS (SELECT id FROM users WHERE email = %(email)s),
            checkout AS (
              INSERT INTO checkouts (id, user_id, email, email_key, status, currency, opened_at, expires_at, ended_at)
              SELECT %(checkout)s, id, %(email)s, %(email)s, 'completed', 'USD', now(), now(), now() FROM who
              RETURNING id)
            INSERT INTO orders (id, checkout_id, user_id, email, email_key, status, payment_status, currency,
              subtotal_minor, total_minor, shipping_address, placed_at)
            SELECT %(order)s, checkout.id, who.id, %(email)s, %(email)s, 'DELIVERED', 'PAID', 'USD', 0, 0,
              %(address)s, now() FROM checkout, who""",
            **values,
        )
        self.rows(
            """INSERT INTO order_lines (id, order_id, position, variant_id, product_id, name, sku, options, quantity,
              price_minor, total_minor)
            SELECT %(id)s, %(order)s, 0, v.id, p.id, p.name, v.sku, '{}', 1, 0, 0
            FROM products p JOIN variants v ON v.product_id = p.id WHERE p.slug = %(slug)s LIMIT 1""",
            id=new_id(),
            **values,
        )
