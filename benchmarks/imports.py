"""What it takes to import 10,000 rows, new ones and changed ones, beside a catalog that is there already."""

import asyncio
from time import perf_counter
from uuid import UUID

from sqlalchemy import text

from benchmarks.report import Row
from benchmarks.shop import clean_database
from shophub.db import close_database, transaction
from shophub.lib.csv_cells import table
from shophub.lib.ids import new_id
from shophub.lib.money import decimal_string
from shophub.repositories.long_jobs import LongJobRow
from shophub.services import long_jobs, product_import
from shophub.services.audit import Actor
from shophub.services.flows.long_work import run_work
from shophub.services.flows.product_import import upload

ROWS = 10_000
VARIANTS_EACH = 2
MOST_SECONDS = 60.0
HEADER = "slug name status category brand tags description option1_name option1_value sku price stock".split()


def measure(server: str) -> list[Row]:
    """Import 10,000 rows of 5,000 products into an empty catalog, then the same with other prices and stock."""
    with clean_database(server, "imports"):
        return asyncio.run(_measure())


async def _measure() -> list[Row]:
    owner = Actor(new_id())
    async with transaction() as session:
        await session.execute(
            text("INSERT INTO users (id, email, full_name, role) VALUES (:id, 'a@example.com', 'Ada', 'ADMIN')"),
            {"id": owner.user_id},
        )
        await session.execute(
            text("INSERT INTO categories (id, name, slug) SELECT gen_random_uuid(), 'Shelf ' || i, 'shelf-' || i "
                 "FROM generate_series(0, 19) AS i")
        )  # fmt: skip
    rows = await _import(owner, "10,000 new rows", price=2_000, stock=5)
    rows += await _import(owner, "the same rows with other prices and stock", price=2_100, stock=7)
    await close_database()
    return rows


async def _import(owner: Actor, what: str, *, price: int, stock: int) -> list[Row]:
    began = perf_counter()
    import_id = await upload(_file(price, stock), "products.csv", owner)
    async with transaction() as session:
        job_id = await product_import.start_check(session, owner, import_id)
    await _done(owner, job_id)
    checked = perf_counter()
    async with transaction() as session:
        job_id = await product_import.start_import(session, owner, import_id, skips_errors=False)
    await _done(owner, job_id)
    took = perf_counter() - checked
    return [
        Row(f"check {what}", f"{checked - began:.1f} s"),
        Row(f"import {what}", f"{took:.1f} s", f"{ROWS / took:,.0f} rows a second", is_late=took > MOST_SECONDS),
    ]


async def _done(owner: Actor, job_id: UUID) -> LongJobRow:
    await run_work(job_id)
    async with transaction() as session:
        work = await long_jobs.get(session, owner.user_id or job_id, job_id)
    if (work.state, work.problems, work.done) != ("done", 0, ROWS):
        raise RuntimeError(f"{work.title}: {work.state}, {work.done} rows, {work.problems} problems {work.error}")
    return work


def _file(price: int, stock: int) -> bytes:
    words = "A plain thing, well made, that does one thing and goes on doing it. " * 6
    rows = (
        (f"thing-{n}", f"Thing number {n}", "active", f"shelf-{n % 20}", f"Brand {n % 50}", "plain, thing", words,
         "Size", size, f"T-{n}-{size}", decimal_string(price + n, "USD"), stock)
        for n in range(ROWS // VARIANTS_EACH) for size in ("S", "M")
    )  # fmt: skip
    return table(HEADER, rows).encode()
