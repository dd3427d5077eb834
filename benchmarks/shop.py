"""A shop to measure: a clean database, goods, guests with carts, and the Stripe sandbox as a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import httpx
import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import text

from shophub.db import database_url, transaction
from shophub.lib.ids import new_id, token_hash
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import AddressForm, PaymentView
from shophub.services.flows.start_payment import start_payment
from shophub.settings import SANDBOX_STRIPE_SECRET_KEY, get_settings

ADDRESS = AddressForm(
    full_name="Ada Shopper", address="1 Market Street", city="San Francisco", zip_code="94105", country="US"
)
PLENTY = 1_000_000
PATIENCE_SECONDS = 30


@contextmanager
def clean_database(server: str, name: str) -> Iterator[str]:
    """Give the address of an empty, migrated database, which ``transaction()`` then opens."""
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    use(DATABASE_URL=url)
    command.upgrade(Config("alembic.ini"), "head")
    yield url
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def use(**environment: str) -> None:
    """Change the settings of this process and of those that it starts."""
    os.environ |= environment
    get_settings.cache_clear()
    database_url.cache_clear()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(*arguments: str, answers: str) -> Iterator[None]:
    """Run ``python`` with these arguments in a process of its own, from when the address answers to the block's end."""
    running = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                httpx.get(answers, trust_env=False)
                break
            except httpx.TransportError:
                if time.monotonic() > deadline or running.poll() is not None:
                    raise
                time.sleep(0.1)
        yield
    finally:
        running.terminate()
        running.wait()


@contextmanager
def stripe_sandbox() -> Iterator[httpx.Client]:
    """Run the Stripe sandbox, which sends no webhooks, and give a client that has the store's key."""
    port = free_port()
    use(SANDBOX_URL=f"http://127.0.0.1:{port}/sandbox")
    base = f"http://127.0.0.1:{port}/sandbox/stripe"
    with (
        process("-m", "shophub", "sandbox", "--port", str(port), answers=f"{base}/stripe.js"),
        httpx.Client(
            base_url=base, headers={"Authorization": f"Bearer {SANDBOX_STRIPE_SECRET_KEY}"}, trust_env=False
        ) as client,
    ):
        client.post("/_test/deliveries/rules", json={"drop": PLENTY}).raise_for_status()
        yield client


def pay(client: httpx.Client, payment: PaymentView) -> str:
    """Confirm a payment at Stripe as the browser does; return the PaymentIntent's id."""
    intent_id = payment.client_secret.split("_secret_")[0]
    form = {"payment_method": "pm_card_visa", "return_url": "http://localhost/checkout/success"}
    client.post(f"/v1/payment_intents/{intent_id}/confirm", data=form).raise_for_status()
    return intent_id


async def make_variants(count: int, stock: int) -> list[UUID]:
    """Put one product on sale, in that many variants, called ``UNIT-0`` and so on."""
    ids = [new_id() for _ in range(count)]
    values = {"category": new_id(), "product": new_id(), "ids": ids, "stock": stock}
    statements = (
        "UPDATE store_settings SET ship_to_countries = '{US}'",
        "INSERT INTO categories (id, name, slug) VALUES (:category, 'Things', 'things')",
        "INSERT INTO products (id, name, slug, category_id, status)"
        " VALUES (:product, 'Unit', 'unit', :category, 'active')",
        """INSERT INTO variants (id, product_id, sku, option_values, position, price_minor, stock)
        SELECT id, :product, 'UNIT-' || n - 1, ARRAY['Number ' || n], n, 1999, :stock
        FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS v(id, n)""",
        """INSERT INTO stock_ledger (variant_id, delta, reason)
        SELECT unnest(CAST(:ids AS uuid[])), :stock, 'initial' WHERE :stock > 0""",
    )
    async with transaction() as session:
        for statement in statements:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            await session.execute(text(statement), used)
    return ids


def guests(count: int) -> list[str]:
    """Return the tokens of guests."""
    return [f"visitor-{number:06d}-of-the-benchmark" for number in range(count)]


async def fill_carts(tokens: Sequence[str], variants: Sequence[UUID]) -> None:
    """Give each guest a cart with one unit of the variant in the same place."""
    values = {"hashes": [token_hash(token) for token in tokens], "variants": list(variants)}
    async with transaction() as session:
        await session.execute(
            text("""
            WITH wanted AS (
              SELECT * FROM unnest(CAST(:hashes AS text[]), CAST(:variants AS uuid[])) AS w(hash, variant_id)),
            made AS (
              INSERT INTO carts (id, guest_token_hash) SELECT gen_random_uuid(), hash FROM wanted
              ON CONFLICT (guest_token_hash) DO UPDATE SET updated_at = now() RETURNING id, guest_token_hash)
            INSERT INTO cart_lines (id, cart_id, variant_id, quantity, added_price_minor)
            SELECT gen_random_uuid(), made.id, wanted.variant_id, 1, 1999
            FROM made JOIN wanted ON wanted.hash = made.guest_token_hash
            ON CONFLICT (cart_id, variant_id) DO NOTHING"""),
            values,
        )


async def start(token: str, number: int) -> PaymentView:
    """Start paying as a guest, from the network address with that number."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return await start_payment(
        Visitor(guest_token=token), email=f"{token}@example.com", address=ADDRESS, network_address=address
    )
