"""What the heart of the shop takes: adding to carts, and making orders, on one hot variant and spread over many.

Orders are measured from a paid PaymentIntent to the commit, as the webhook's handler does after Stripe has answered.
The same server's bare conditional update, by as many clients of pgbench, says what the database alone could do.
"""

import asyncio
import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from uuid import UUID

from sqlalchemy import text

from benchmarks.report import Row, percentiles_ms
from benchmarks.shop import PLENTY, clean_database, fill_carts, guests, make_variants, start, stripe_sandbox
from shophub.db import close_database, transaction
from shophub.integrations.stripe import StripePaymentIntent
from shophub.lib.clock import utc_now
from shophub.lib.embedded_postgres.account import ServerAccount
from shophub.lib.embedded_postgres.binaries import programs
from shophub.repositories import stores
from shophub.schemas.carts import CartOwner
from shophub.schemas.checkouts import PaymentView
from shophub.services import carts
from shophub.services.invariants import find_violations
from shophub.services.settlement import settle
from shophub.settings import get_settings

ORDERS = 1_000
VARIANTS = 1_000
PARALLEL = 16
PGBENCH_SECONDS = 5


def measure(server: str) -> list[Row]:
    """Measure on one variant, then on many."""
    rows = []
    for name, count in (("one hot variant", 1), (f"spread over {VARIANTS:,} variants", VARIANTS)):
        with clean_database(server, f"orders_{count}") as url, stripe_sandbox():
            rows += asyncio.run(_measure(url, name, count))
    return rows


async def _measure(url: str, name: str, count: int) -> list[Row]:
    variants = await make_variants(count, PLENTY)
    wanted = [variants[number % count] for number in range(ORDERS)]
    rows = []
    if count == 1:
        shoppers = [f"adding-{token}" for token in guests(ORDERS)]
        taken, each = await timed(lambda number: _add(shoppers[number], wanted[number]))
        rows.append(Row("add to cart", percentiles_ms(each), f"{ORDERS / taken:.0f} a second"))
    tokens = guests(ORDERS)
    await fill_carts(tokens, wanted)
    payments: list[PaymentView] = [PaymentView()] * ORDERS

    async def begin(number: int) -> None:
        payments[number] = await start(tokens[number], number)

    await timed(begin)
    async with transaction() as session:
        store_id = (await stores.get_store(session)).store_id
        await session.execute(text("ANALYZE"))
    intents = [_paid(payment, store_id) for payment in payments]
    taken, each = await timed(lambda number: _settle(intents[number], store_id))
    await _check()
    bare = pgbench(url, count)
    rate = ORDERS / taken
    compared = f"bare conditional update by pgbench {bare:,.0f}: 1 to {bare / rate:.1f}"
    await close_database()
    return [
        *rows,
        Row(f"orders a second, {name}", f"{rate:.0f}", compared),
        Row(f"paid to committed order, {name}", percentiles_ms(each), f"{ORDERS:,} orders, none oversold"),
    ]


async def timed(
    act: Callable[[int], Awaitable[None]], times: int = ORDERS, parallel: int = PARALLEL
) -> tuple[float, list[float]]:
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


def _paid(payment: PaymentView, store_id: str) -> StripePaymentIntent:
    """Return what Stripe answers about a payment once it has been made."""
    return StripePaymentIntent(
        id=payment.client_secret.split("_secret_")[0],
        client_secret="",
        status="succeeded",
        amount_minor=payment.amount_minor,
        amount_received_minor=payment.amount_minor,
        currency="USD",
        metadata={"store_id": store_id, "checkout_id": payment.checkout_id, "revision": "1"},
        latest_charge_id=f"ch_{payment.checkout_id}",
        last_error_code=None,
        last_error_message=None,
        livemode=False,
        created_at=utc_now(),
    )


async def _settle(intent: StripePaymentIntent, store_id: str) -> None:
    async with transaction() as session:
        await settle(session, intent, store_id)


async def _check() -> None:
    """Fail unless every payment has its order and the books balance."""
    async with transaction() as session:
        made = (await session.execute(text("SELECT count(*) FROM orders"))).scalar_one()
        reserved = (await session.execute(text("SELECT sum(reserved) FROM variants"))).scalar_one()
        violations = await find_violations(session)
    if (made, reserved, violations) != (ORDERS, 0, ()):
        raise RuntimeError(f"{made} orders, {reserved} reserved, {violations}")


def pgbench(url: str, variants: int) -> float:
    """Return how many bare conditional updates of these variants a second the same server does."""
    script = (
        f"\\set n random(0, {variants - 1})\n"
        "UPDATE variants SET reserved = reserved + 0 WHERE sku = 'UNIT-' || :n AND stock - reserved >= 1;\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        answer = _run_pgbench(["-c", str(PARALLEL), "-j", "2", "-T", str(PGBENCH_SECONDS), "-f", file.name, url])
    return next(float(line.split("=")[1].split()[0]) for line in answer.splitlines() if line.startswith("tps"))


def _run_pgbench(arguments: Sequence[str]) -> str:
    home = get_settings().data_dir
    program = programs(ServerAccount.for_directory(home), home) / "pgbench"
    done = subprocess.run([program, "-n", *arguments], capture_output=True, text=True, check=True)
    return done.stdout
