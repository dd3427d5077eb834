"""A big shop: a year of trade in a database, made by a few statements for each table."""

from sqlalchemy import text

from benchmarks.big_shop.catalog import CATALOG
from benchmarks.big_shop.people import PEOPLE
from benchmarks.big_shop.sales import SALES
from benchmarks.big_shop.trail import TRAIL
from shophub.db import AsyncSession, get_database, transaction
from shophub.services import figures, search_upkeep

# Each is a value in the statements; audit entries in all, visitors a day.
SIZES = {
    "products": 100_000,
    "customers": 50_000,
    "orders": 100_000,
    "coupons": 5_000,
    "reviews": 30_000,
    "entries": 200_000,
    "visitors": 400,
}


async def fill(sizes: dict[str, int] = SIZES) -> None:
    """Fill an empty, migrated database, and make what the shop's jobs make of it."""
    async with transaction() as session:
        await write(session, sizes)
        while await figures.add_up(session):
            pass
    async with get_database().engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("SET statement_timeout = 0"))
        await connection.execute(text("VACUUM ANALYZE"))
    async with transaction() as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        await search_upkeep.refresh_words(session)
        await search_upkeep.count_listings(session)
        await figures.add_up(session, 1_000)


async def write(session: AsyncSession, sizes: dict[str, int]) -> None:
    """Write every row, in the caller's transaction. The rules of the books hold then."""
    await session.execute(text("SET LOCAL statement_timeout = 0"))
    await session.execute(text("SET LOCAL work_mem = '256MB'"))
    # Neither triggers nor foreign keys are asked row by row: what they keep is written by the statements.
    await session.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in (*CATALOG, *PEOPLE, *SALES, *TRAIL):
        used = {name: value for name, value in sizes.items() if f":{name}" in statement}
        await session.execute(text(statement), used)
