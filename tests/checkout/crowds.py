"""Many buyers at once. Carts are filled in bulk, so that only what is contested goes through the services."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from uuid import UUID

import psycopg
from psycopg.abc import Query
from sqlalchemy import text

from shophub.db import close_database, get_database, transaction
from shophub.lib.ids import new_id, token_hash
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import PaymentView
from shophub.services.flows.start_payment import start_payment
from tests.checkout.conftest import ADDRESS
from tests.factories.numbers import next_number

CROWD = 64
FIRST_ADDRESS = ip_address("10.0.0.0")
PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Buyer:
    """A guest with a cart, an e-mail address and a network address."""

    token: str
    email: str
    network_address: str

    @property
    def visitor(self) -> Visitor:
        """Who is asking."""
        return Visitor(guest_token=self.token)

    async def start(self) -> PaymentView:
        """Start paying."""
        return await start_payment(
            self.visitor, email=self.email, address=ADDRESS, network_address=self.network_address
        )


def crowd(name: str, count: int = CROWD) -> list[Buyer]:
    """Return buyers that have nothing in common."""
    return [
        Buyer(f"guest-token-of-{name}-{n}", f"{name}-{n}@example.com", str(FIRST_ADDRESS + next_number()))
        for n in range(count)
    ]


async def fill_carts(
    buyers: Sequence[Buyer], carts: Sequence[Sequence[tuple[UUID, int]]], coupon: str | None = None
) -> None:
    """Give each buyer a cart with these goods, in this order, and the coupon."""
    ids = [new_id() for _ in buyers]
    lines = [
        (cart_id, variant_id, quantity, position)
        for cart_id, cart in zip(ids, carts, strict=True)
        for position, (variant_id, quantity) in enumerate(cart)
    ]
    async with transaction() as session:
        await session.execute(
            text("""
            INSERT INTO carts (id, guest_token_hash, coupon_id)
            SELECT id, hash, (SELECT id FROM coupons WHERE code = :coupon)
            FROM unnest(CAST(:ids AS uuid[]), CAST(:hashes AS text[])) AS c(id, hash)"""),
            {"ids": ids, "hashes": [token_hash(buyer.token) for buyer in buyers], "coupon": coupon},
        )
        await session.execute(
            text("""
            INSERT INTO cart_lines (id, cart_id, variant_id, quantity, added_price_minor, created_at)
            SELECT gen_random_uuid(), l.cart_id, v.id, l.quantity, v.price_minor, now() + l.place * interval '1 ms'
            FROM unnest(CAST(:carts AS uuid[]), CAST(:variants AS uuid[]), CAST(:quantities AS int[]),
              CAST(:places AS int[])) AS l(cart_id, variant_id, quantity, place) JOIN variants v ON v.id = l.variant_id
            """),
            dict(zip(("carts", "variants", "quantities", "places"), map(list, zip(*lines, strict=True)), strict=True)),
        )


async def restock(variant_id: UUID, delta: int) -> None:
    """Change the stock, and write it into the ledger."""
    values = {"id": variant_id, "delta": delta}
    async with transaction() as session:
        await session.execute(text("UPDATE variants SET stock = stock + :delta WHERE id = :id"), values)
        await session.execute(
            text("INSERT INTO stock_ledger (variant_id, delta, reason) VALUES (:id, :delta, 'correction')"), values
        )


async def add_variants(like: UUID, count: int, stock: int) -> list[UUID]:
    """Make more variants of the same product, each with a row of its own to contest."""
    ids = [new_id() for _ in range(count)]
    values = {"ids": ids, "like": like, "stock": stock}
    async with transaction() as session:
        await session.execute(
            text("""
            INSERT INTO variants (id, product_id, sku, option_values, position, price_minor, stock)
            SELECT n.id, v.product_id, 'MORE-' || n.place, ARRAY[CAST(n.place AS text)], 1000 + n.place,
              v.price_minor, :stock
            FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS n(id, place), variants v WHERE v.id = :like"""),
            values,
        )
        await session.execute(
            text("""
            INSERT INTO stock_ledger (variant_id, delta, reason)
            SELECT unnest(CAST(:ids AS uuid[])), :stock, 'initial'"""),
            values,
        )
    return ids


async def open_connections(count: int) -> int:
    """Have that many connections in use at one moment, and return how many the server then sees."""
    barrier = asyncio.Barrier(count)
    seen: list[int] = []

    async def use_one() -> None:
        async with transaction() as session:
            backend = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await barrier.wait()
            seen.append(backend)

    await asyncio.gather(*(use_one() for _ in range(count)))
    return len(set(seen))


@asynccontextmanager
async def starting_gate(
    database: str,
    lock: Query,
    *values: object,
    waiting: int,
    then: Callable[[psycopg.AsyncConnection], Awaitable[None]] | None = None,
) -> AsyncIterator[None]:
    """Hold a lock while the block starts its tasks; at the block's end, once ``waiting`` of them wait, let it go.

    So all of them have read what they read before any of them writes, however the tasks are scheduled. ``then`` is
    called with another connection while they wait.
    """
    async with (
        await psycopg.AsyncConnection.connect(database) as holder,
        await psycopg.AsyncConnection.connect(database, autocommit=True) as watcher,
    ):
        await holder.execute(lock, values)
        yield
        for _ in range(PATIENCE_SECONDS * 50):
            cursor = await watcher.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            row = await cursor.fetchone()
            if row is not None and row[0] >= waiting:
                break
            await asyncio.sleep(0.02)
        else:
            raise AssertionError(f"Fewer than {waiting} tasks came to wait for the lock.")
        if then is not None:
            await then(watcher)
        await holder.rollback()


async def deadlocks(database: str) -> int:
    """Return how many deadlocks the server has broken in this database since it was made."""
    await close_database()  # a connection reports its numbers when it ends
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as watcher:
        for _ in range(200):
            cursor = await watcher.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            row = await cursor.fetchone()
            if row == (0,):
                break
            await asyncio.sleep(0.02)
        cursor = await watcher.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        found = await cursor.fetchone()
    get_database()
    assert found is not None
    return int(found[0])


def split(outcomes: Sequence[PaymentView | BaseException]) -> tuple[list[PaymentView], list[BaseException]]:
    """Return who may pay, and what the others were told."""
    payments = [outcome for outcome in outcomes if isinstance(outcome, PaymentView)]
    refusals = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert len(payments) + len(refusals) == len(outcomes)
    return payments, refusals
