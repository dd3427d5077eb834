"""What the heart of the shop takes: adding to carts, setting aside, and making orders on one hot variant.

Orders are measured from a paid PaymentIntent to the commit, as the webhook's handler does after Stripe has answered.
"""

import asyncio
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from time import perf_counter
from uuid import UUID

from sqlalchemy import text

from benchmarks.report import Row, percentiles_ms
from shophub.db import close_database, transaction
from shophub.domain.emails import email_key
from shophub.integrations.stripe import StripePaymentIntent
from shophub.lib.clock import utc_now
from shophub.lib.embedded_postgres.account import ServerAccount
from shophub.lib.embedded_postgres.binaries import programs
from shophub.lib.ids import new_id, token_hash
from shophub.repositories import carts as cart_rows
from shophub.repositories import checkouts, inventory
from shophub.repositories.checkouts import CheckoutRow
from shophub.schemas.carts import CartOwner
from shophub.services import carts
from shophub.services.drafting import draft_revision
from shophub.services.placing import place_order
from shophub.settings import get_settings

ORDERS = 400
PARALLEL = 16
PGBENCH_SECONDS = 5


async def measure(url: str) -> list[Row]:
    """Measure all and return the rows."""
    hot = await _hot_variant()
    adding = await _timed(lambda number: _add(f"visitor-{number:06d}-of-the-benchmark", hot), ORDERS, PARALLEL)
    held = [await _hold(f"visitor-{number:06d}-of-the-benchmark") for number in range(ORDERS)]
    placing = await _timed(lambda number: _place(*held[number]), ORDERS, PARALLEL)
    bare = _pgbench(url, hot)
    rate = ORDERS / placing[0]
    async with transaction() as session:
        made = (await session.execute(text("SELECT count(*), sum(total_minor) FROM orders"))).one()
        left = (await session.execute(text("SELECT stock, reserved FROM variants"))).one()
    await close_database()
    return [
        Row("add to cart, one by one of 16 at a time", percentiles_ms(adding[1]), f"{ORDERS / adding[0]:.0f} a second"),
        Row("paid to committed order, one hot variant", percentiles_ms(placing[1]), f"{made[0]} orders"),
        Row(
            "orders a second on one hot variant",
            f"{rate:.0f}",
            f"bare UPDATE by pgbench {bare:.0f}: 1 to {bare / rate:.0f}",
        ),
        Row("stock and reserved afterwards", f"{left.stock} and {left.reserved}", "no unit sold twice"),
    ]


async def _hot_variant() -> UUID:
    category, product, variant = new_id(), new_id(), new_id()
    ids = {"category": category, "product": product, "variant": variant, "stock": 100_000}
    async with transaction() as session:
        for statement in (
            "INSERT INTO categories (id, name, slug) VALUES (:category, 'Things', 'things')",
            "INSERT INTO products (id, name, slug, category_id, status)"
            " VALUES (:product, 'Hot', 'hot', :category, 'active')",
            "INSERT INTO variants (id, product_id, sku, price_minor, stock)"
            " VALUES (:variant, :product, 'HOT', 1999, :stock)",
            "INSERT INTO stock_ledger (variant_id, delta, reason) VALUES (:variant, :stock, 'initial')",
        ):
            await session.execute(text(statement), ids)
    return variant


async def _timed(act: Callable[[int], Awaitable[None]], times: int, parallel: int) -> tuple[float, list[float]]:
    """Return the whole time and that of each call, ``parallel`` at a time."""
    taken: list[float] = []
    numbers = iter(range(times))

    async def work() -> None:
        for number in numbers:
            began = perf_counter()
            await act(number)
            taken.append(perf_counter() - began)

    began = perf_counter()
    await asyncio.gather(*(work() for _ in range(parallel)))
    return perf_counter() - began, taken


async def _add(token: str, variant: UUID) -> None:
    async with transaction() as session:
        await carts.add_item(session, CartOwner(guest_token=token), variant, 1)


async def _hold(token: str) -> tuple[UUID, StripePaymentIntent]:
    """Open a checkout as the start of a payment does, and return it with the PaymentIntent that pays it."""
    checkout_id, now = new_id(), utc_now()
    async with transaction() as session:
        cart = await cart_rows.find_cart(session, CartOwner(guest_token=token))
        if cart is None:
            raise RuntimeError("The cart is gone.")
        revision = await draft_revision(
            session,
            cart,
            checkout_id=checkout_id,
            number=1,
            email=f"{token}@example.com",
            address={"country": "US"},
            note="",
            accepted_total_minor=None,
        )
        row = CheckoutRow(
            checkout_id,
            cart.id,
            cart.id,
            None,
            token_hash(token),
            revision.email,
            email_key(revision.email),
            "open",
            1,
            revision.currency,
            None,
            None,
            1,
            None,
            now,
            now.replace(year=now.year + 1),
        )
        await checkouts.insert(session, row, "")
        await checkouts.insert_revision(session, revision)
        await inventory.hold_exactly(session, checkout_id, revision.quantities, row.expires_at)
    total = revision.sums.total_minor
    intent = StripePaymentIntent(
        id=f"pi_{checkout_id.hex}",
        client_secret="",
        status="succeeded",
        amount_minor=total,
        amount_received_minor=total,
        currency=revision.currency,
        metadata={},
        latest_charge_id=f"ch_{checkout_id.hex}",
        last_error_code=None,
        last_error_message=None,
        livemode=False,
        created_at=now,
    )
    return checkout_id, intent


async def _place(checkout_id: UUID, intent: StripePaymentIntent) -> None:
    async with transaction() as session:
        await place_order(session, checkout_id, 1, intent)


def _pgbench(url: str, variant: UUID) -> float:
    """Return how many bare conditional updates of the same row a second the same server does."""
    # The id is one of ours, not input.
    script = f"UPDATE variants SET reserved = reserved + 0 WHERE id = '{variant}' AND stock - reserved >= 1;\n"  # noqa: S608
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        home = get_settings().data_dir
        pgbench = programs(ServerAccount.for_directory(home), home) / "pgbench"
        answer = subprocess.run(
            [pgbench, "-n", "-c", str(PARALLEL), "-j", "2", "-T", str(PGBENCH_SECONDS), "-f", file.name, url],
            capture_output=True,
            text=True,
            check=True,
        )
    return next(float(line.split("=")[1].split()[0]) for line in answer.stdout.splitlines() if line.startswith("tps"))
