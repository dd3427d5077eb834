"""The last unit: 64 buyers at once, again and again. One gets it each time, and nothing stays reserved."""

import asyncio
from time import perf_counter
from uuid import UUID

import httpx
from sqlalchemy import text

from benchmarks.report import Row, percentiles_ms
from benchmarks.shop import clean_database, fill_carts, guests, make_variants, pay, start, stripe_sandbox, use
from shophub.db import close_database, transaction
from shophub.errors import CheckoutChangedError
from shophub.schemas.checkouts import PaymentView
from shophub.services.flows.reconcile import reconcile_checkout
from shophub.services.invariants import find_violations
from shophub.settings import get_settings

BUYERS = 64
ROUNDS = 1_000


def measure(server: str, rounds: int = ROUNDS) -> list[Row]:
    """Run the rounds; fails at the first in which not exactly one buyer got the unit."""
    before = str(get_settings().db_pool_max)
    use(DB_POOL_MAX=str(BUYERS))
    try:
        with clean_database(server, "last_unit"), stripe_sandbox() as stripe:
            return asyncio.run(_measure(stripe, rounds))
    finally:
        use(DB_POOL_MAX=before)


async def _measure(stripe: httpx.Client, rounds: int) -> list[Row]:
    (variant,) = await make_variants(1, 0)
    tokens = guests(BUYERS)
    taken = []
    for number in range(rounds):
        await _put_one_on_the_shelf(variant)
        await fill_carts(tokens, [variant] * BUYERS)
        began = perf_counter()
        outcomes = await asyncio.gather(
            *(start(token, number * BUYERS + place) for place, token in enumerate(tokens)), return_exceptions=True
        )
        taken.append(perf_counter() - began)
        payment = _the_one(outcomes)
        await asyncio.to_thread(pay, stripe, payment)
        await reconcile_checkout(UUID(payment.checkout_id))
        await _check(number + 1)
    async with transaction() as session:
        violations = await find_violations(session)
        left = (await session.execute(text("SELECT stock, reserved FROM variants"))).one()
    await close_database()
    deadlocks = await _deadlocks()
    if violations or deadlocks or tuple(left) != (0, 0):
        raise RuntimeError(f"{violations}, {deadlocks} deadlocks, {left}")
    return [
        Row(
            f"last unit, {BUYERS} buyers at once, {rounds:,} rounds", percentiles_ms(taken), "until all have an answer"
        ),
        Row("orders, deadlocks, stock and reserved afterwards", f"{rounds:,}, 0, 0 and 0", "one order in each round"),
    ]


def _the_one(outcomes: list[PaymentView | BaseException]) -> PaymentView:
    payments = [outcome for outcome in outcomes if isinstance(outcome, PaymentView)]
    others = {type(outcome) for outcome in outcomes if not isinstance(outcome, PaymentView)}
    if len(payments) != 1 or others != {CheckoutChangedError}:
        raise RuntimeError(f"{len(payments)} buyers got the one unit, the others {others}.")
    return payments[0]


async def _put_one_on_the_shelf(variant: UUID) -> None:
    async with transaction() as session:
        await session.execute(text("UPDATE variants SET stock = stock + 1 WHERE id = :id"), {"id": variant})
        await session.execute(
            text("INSERT INTO stock_ledger (variant_id, delta, reason) VALUES (:id, 1, 'restock')"), {"id": variant}
        )


async def _check(orders: int) -> None:
    async with transaction() as session:
        found = (
            await session.execute(
                text("SELECT (SELECT count(*) FROM orders), (SELECT sum(stock + reserved) FROM variants)")
            )
        ).one()
    if tuple(found) != (orders, 0):
        raise RuntimeError(f"After {orders} rounds: {found}")


async def _deadlocks() -> int:
    """Return how many the server has broken. Connections report theirs when they end."""
    await asyncio.sleep(1)
    async with transaction() as session:
        statement = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        found = int((await session.execute(statement)).scalar_one())
    await close_database()
    return found
