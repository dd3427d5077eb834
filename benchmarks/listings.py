"""What listings, filters, searches and suggestions take, and how that grows with the catalog."""

import asyncio
from functools import partial
from statistics import median

from sqlalchemy import text

from benchmarks.report import Row, percentiles_ms
from benchmarks.shop import clean_database
from benchmarks.timing import Act, Taken, timed
from shophub.db import close_database, get_database, transaction
from shophub.schemas.catalog import ListingQuery
from shophub.services import listings, search_upkeep
from shophub.services.suggestions import suggest

SIZES = (1_000, 100_000)
LONG_SIZE = 1_000_000
AT_ONCE = 100_000
TIMES = 60
WARM_UP = 8
WAYS: dict[str, ListingQuery | str] = {
    "all products, newest first": ListingQuery(sort="newest"),
    "all products, best rated first": ListingQuery(sort="rating"),
    "all products, page 200": ListingQuery(page=200),
    "a category of a tenth, dearest first": ListingQuery(category_slug="shelf-3", sort="price_desc"),
    "a category of a tenth, page 4": ListingQuery(category_slug="shelf-3", page=4),
    "filters: a brand of 300": ListingQuery(brands=("Brand 7",)),
    "filters: two brands in a category, in stock": ListingQuery(
        category_slug="shelf-3", brands=("Brand 7", "Brand 8"), in_stock=True
    ),
    "filters: four stars and in stock, a third is left": ListingQuery(rating=4, in_stock=True),
    "search, a sixth matches": ListingQuery(q="lamp"),
    "search, everything matches": ListingQuery(q="daily"),
    "search, everything matches, cheapest first": ListingQuery(q="daily", sort="price_asc"),
    "search, one matches": ListingQuery(q="oak chair 901"),
    "search, a sixth matches, one brand of it": ListingQuery(q="lamp", brands=("Brand 10",)),
    "search, misspelt": ListingQuery(q="kettel"),
    "suggestions, two letters": "la",
    "suggestions, a word and a beginning": "oak la",
    "suggestions, everything begins so": "bra",
    "suggestions, misspelt": "lmap",
}


FILL = """
INSERT INTO products (id, name, slug, category_id, status, price_from_minor, description, brand, tags, sold_count,
  rating_sum, rating_count, created_at, in_stock)
SELECT gen_random_uuid(), (ARRAY['Oak', 'Brass', 'Linen', 'Wool', 'Steel'])[1 + i % 5] || ' ' ||
    (ARRAY['Lamp', 'Chair', 'Mug', 'Kettle', 'Backpack', 'Desk'])[1 + i / 5 % 6] || ' ' || i, 'product-' || i,
  (SELECT id FROM categories WHERE slug = 'shelf-' || abs(hashint4(i) % 10)), 'active',
  100 + abs(hashint4(i + 1) % 65535), 'A good thing for daily use, number ' || i || ', made with care.',
  'Brand ' || i % 300, ARRAY['tag' || i % 50],
  abs(hashint4(i + 2) % 4095), (1 + i % 5) * (i % 40), i % 40, now() - i * interval '1 minute',
  i % 20 > 0
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) i
"""


def measure(server: str, *, long: bool = False) -> list[Row]:
    """Measure on a clean database; ``long`` also with a million products."""
    with clean_database(server, "listings"):
        return asyncio.run(_measure((*SIZES, LONG_SIZE) if long else SIZES))


async def _measure(sizes: tuple[int, ...]) -> list[Row]:
    """Fill an empty catalog step by step and measure at each size."""
    taken: dict[str, list[Taken]] = {name: [] for name in WAYS}
    filled = 0
    for size in sizes:
        await fill_shop(filled, size)
        filled = size
        for name, asked in WAYS.items():
            taken[name].append(await timed(_act(asked), TIMES, WARM_UP))
    await close_database()
    return [
        Row(f"{name}, {size:,} products", _result(measured[place]), _growth(measured, place))
        for place, size in enumerate(sizes)
        if place
        for name, measured in taken.items()
    ]


async def fill_shop(filled: int, size: int) -> None:
    """Let a catalog of so many products grow to ``size``, with all that a job keeps of it."""
    while filled < size:
        upto = min(size, filled + AT_ONCE)
        await _fill(filled + 1, upto)
        filled = upto
    async with transaction() as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        await search_upkeep.refresh_words(session)
        await search_upkeep.count_listings(session)


def _act(asked: ListingQuery | str) -> Act:
    if isinstance(asked, str):
        return partial(suggest, typed=asked)
    return partial(listings.list_listing, query=asked)


def _result(taken: Taken) -> str:
    return f"{percentiles_ms(taken.seconds)}, processors {taken.processor * 1000:.1f} ms"


def _growth(measured: list[Taken], place: int) -> str:
    clock = median(measured[place].seconds) / median(measured[0].seconds)
    processors = measured[place].processor / measured[0].processor
    return f"{clock:.1f} times that of {SIZES[0]:,}, processors {processors:.1f} times"


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
            SELECT gen_random_uuid(), p.id, p.slug, p.price_from_minor, CASE WHEN p.in_stock THEN 10 ELSE 0 END {of_new}
            """)
        )
        await session.execute(text("ALTER TABLE variants ENABLE TRIGGER USER"))
    async with get_database().engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE products, variants, images, stock_turns"))
