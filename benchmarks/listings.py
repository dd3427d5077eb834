"""What a listing and a search take, and how that grows with the catalog."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median
from time import perf_counter

from sqlalchemy import text

from benchmarks.report import Row, percentiles_ms
from benchmarks.shop import clean_database
from shophub.db import AsyncSession, close_database, get_database, transaction
from shophub.schemas.catalog import ListingQuery
from shophub.services import catalog

SIZES = (1_000, 100_000)
TIMES = 60
WAYS = {
    "all products, newest first": ListingQuery(sort="newest"),
    "all products, best rated first": ListingQuery(sort="rating"),
    "a category of a tenth, dearest first": ListingQuery(category_slug="shelf-3", sort="price_desc"),
    "a category of a tenth, page 4": ListingQuery(category_slug="shelf-3", page=4),
    "search, a sixth matches": ListingQuery(q="lamp"),
    "search, everything matches": ListingQuery(q="daily"),
    "search, one matches": ListingQuery(q="oak chair 901"),
}
FILL = """
INSERT INTO products (id, name, slug, category_id, status, price_from_minor, description, brand, tags, sold_count,
  rating_sum, rating_count, created_at)
SELECT gen_random_uuid(), (ARRAY['Oak', 'Brass', 'Linen', 'Wool', 'Steel'])[1 + i % 5] || ' ' ||
    (ARRAY['Lamp', 'Chair', 'Mug', 'Kettle', 'Backpack', 'Desk'])[1 + i / 5 % 6] || ' ' || i, 'product-' || i,
  (SELECT id FROM categories WHERE slug = 'shelf-' || abs(hashint4(i) % 10)), 'active',
  100 + abs(hashint4(i + 1) % 65535), 'A good thing for daily use, number ' || i || ', made with care.',
  'Brand ' || i % 300, ARRAY['tag' || i % 50],
  abs(hashint4(i + 2) % 4095), (1 + i % 5) * (i % 40), i % 40, now() - i * interval '1 minute'
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) i
"""


def measure(server: str) -> list[Row]:
    """Measure on a clean database."""
    with clean_database(server, "listings"):
        return asyncio.run(_measure())


async def _measure() -> list[Row]:
    """Fill an empty catalog step by step and measure at each size."""
    taken: dict[str, list[list[float]]] = {name: [] for name in WAYS}
    first = 1
    for size in SIZES:
        await _fill(first, size)
        first = size + 1
        for name, query in WAYS.items():
            taken[name].append(await _timed(partial(catalog.list_listing, query=query)))
    await close_database()
    return [
        Row(
            f"{name}, {SIZES[-1]:,} products",
            percentiles_ms(measured[-1]),
            f"{median(measured[-1]) / median(measured[0]):.1f} times that of {SIZES[0]:,}",
        )
        for name, measured in taken.items()
    ]


async def _timed(act: Callable[[AsyncSession], Awaitable[object]]) -> list[float]:
    taken = []
    for _ in range(TIMES + 5):
        async with transaction() as session:
            began = perf_counter()
            await act(session)
            taken.append(perf_counter() - began)
    return taken[5:]


async def _fill(first: int, last: int) -> None:
    numbers = {"first": first, "last": last}
    of_new = "FROM products p WHERE NOT EXISTS (SELECT FROM variants v WHERE v.product_id = p.id)"
    async with transaction() as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        await session.execute(
            text("""
            INSERT INTO categories (id, name, slug, position)
            SELECT gen_random_uuid(), 'Shelf ' || i, 'shelf-' || i, i FROM generate_series(0, 9) i
            ON CONFLICT DO NOTHING
            """)
        )
        await session.execute(text(FILL), numbers)
        await session.execute(text("ALTER TABLE variants DISABLE TRIGGER USER"))  # the prices are filled in already
        for pictures in (0, 1):
            await session.execute(
                text(f"""
                INSERT INTO images (id, product_id, public_id, position)
                SELECT gen_random_uuid(), p.id, p.slug || '-{pictures}', {pictures} {of_new}
                """)
            )
        await session.execute(
            text(f"""
            INSERT INTO variants (id, product_id, sku, price_minor, stock)
            SELECT gen_random_uuid(), p.id, p.slug, p.price_from_minor, 10 {of_new}
            """)
        )
        await session.execute(text("ALTER TABLE variants ENABLE TRIGGER USER"))
    async with get_database().engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE products, variants, images"))
