"""The words of the catalog, for corrections and completions; what a job keeps for search and filters."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, bindparam, text
from sqlalchemy.types import ARRAY, BigInteger

from shophub.db import AsyncSession
from shophub.repositories.catalog import COUNT_LIMIT, VISIBLE
from shophub.repositories.listing_counts import PRICE_RANGES

# The commonest ones; a shop whose catalog has more is not helped by the rest.
WORDS_KEPT = 20_000
TURNS_AT_ONCE = 5_000
# Held to the end of the transaction: a second run would compare with what the first has not committed yet, find
# nothing to change, and spend turns that were still needed.
TURNS_LOCK = 7_305_040

# What stands in names, brands, tags and the names of categories; descriptions hold every word there is.
REFRESH = text(f"""
WITH texts AS (
  SELECT p.id, p.name || ' ' || coalesce(p.brand, '') || ' ' || array_to_string(p.tags, ' ') AS said
  FROM products p WHERE {VISIBLE}
  UNION ALL SELECT c.id, c.name FROM categories c),
words AS (
  SELECT lower(found[1]) AS word, count(DISTINCT texts.id)::int AS products
  FROM texts, regexp_matches(texts.said, '[[:alpha:]]{{3,40}}', 'g') AS found GROUP BY 1 ORDER BY 2 DESC, 1
  LIMIT {WORDS_KEPT}),
gone AS (DELETE FROM search_words s WHERE NOT EXISTS (SELECT FROM words w WHERE w.word = s.word) RETURNING s.word),
kept AS (
  INSERT INTO search_words (word, products) SELECT word, products FROM words
  ON CONFLICT (word) DO UPDATE SET products = excluded.products WHERE search_words.products <> excluded.products
  RETURNING word)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM kept) AS changed
""")  # noqa: S608 - constants

# A turn that comes while this runs stays, and is seen by the next run.
APPLY_TURNS = text(f"""
WITH turned AS (
  DELETE FROM stock_turns WHERE id IN (
    SELECT id FROM stock_turns ORDER BY id LIMIT {TURNS_AT_ONCE} FOR UPDATE SKIP LOCKED)
  RETURNING product_id),
now_so AS (
  SELECT p.id, EXISTS (SELECT FROM variants v WHERE v.product_id = p.id AND v.stock > v.reserved) AS in_stock
  FROM products p WHERE p.id IN (SELECT product_id FROM turned) ORDER BY p.id FOR NO KEY UPDATE OF p),
changed AS (
  UPDATE products p SET in_stock = now_so.in_stock FROM now_so
  WHERE p.id = now_so.id AND p.in_stock <> now_so.in_stock RETURNING p.id)
SELECT (SELECT count(*) FROM turned) AS turned, (SELECT count(*) FROM changed) AS changed
""")  # noqa: S608

COUNT_LISTINGS = text(f"""
INSERT INTO listing_counts (category_id, facet, value, products, low, high)
SELECT category_id, facet, value, sum(products), min(low), max(high) FROM (
  SELECT category_id,
    CASE WHEN GROUPING(brand) = 0 THEN 'brand' WHEN GROUPING(bucket) = 0 THEN {PRICE_RANGES}
      WHEN GROUPING(stars) = 0 THEN 'rating' WHEN GROUPING(in_stock) = 0 THEN 'in_stock' ELSE 'category' END AS facet,
    CASE WHEN GROUPING(brand) = 0 THEN brand WHEN GROUPING(bucket) = 0 THEN bucket::text
      WHEN GROUPING(stars) = 0 THEN stars::text WHEN GROUPING(in_stock) = 0 THEN in_stock::text
      ELSE category_id::text END AS value,
    count(*) AS products, min(price_from_minor) AS low, max(price_from_minor) AS high
  FROM (
    SELECT p.category_id, p.brand, p.price_from_minor, p.in_stock, width_bucket(p.price_from_minor, :edges) AS bucket,
      CASE WHEN p.rating_count > 0 THEN p.rating_sum / p.rating_count ELSE 0 END AS stars
    FROM products p WHERE {VISIBLE}) shown
  GROUP BY category_id, GROUPING SETS ((brand), (bucket), (stars), (in_stock), ())) counted
WHERE value IS NOT NULL GROUP BY category_id, facet, value
""").bindparams(bindparam("edges", type_=ARRAY(BigInteger())))  # noqa: S608


async def list_words(session: AsyncSession) -> dict[str, int]:
    """Return every word and how many products have it, the commonest first."""
    rows = await session.execute(text("SELECT word, products FROM search_words ORDER BY products DESC, word"))
    return {row.word: row.products for row in rows}


async def refresh_words(session: AsyncSession) -> int:
    """Bring the words up to date; return how many changed."""
    await session.execute(text("LOCK TABLE search_words IN SHARE ROW EXCLUSIVE MODE"))
    return int((await session.execute(REFRESH)).scalar_one())


async def apply_turns(session: AsyncSession) -> tuple[int, int]:
    """Bring ``in_stock`` of products up to date that turned, 5,000 turns at most; return how many turns and changes."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TURNS_LOCK})
    row: Any = (await session.execute(APPLY_TURNS)).one()
    return int(row.turned), int(row.changed)


async def count_listings(session: AsyncSession, edges: Sequence[int]) -> int:
    """Count by category what a shop of more than 10,000 products shows beside its filters; return how many counts."""
    await session.execute(text("LOCK TABLE listing_counts IN SHARE ROW EXCLUSIVE MODE"))
    await session.execute(text("DELETE FROM listing_counts"))
    shown = text(f"SELECT count(*) FROM (SELECT FROM products p WHERE {VISIBLE} LIMIT {COUNT_LIMIT + 1}) p")  # noqa: S608
    if (await session.execute(shown)).scalar_one() <= COUNT_LIMIT:
        return 0
    result: CursorResult[Any] = await session.execute(COUNT_LISTINGS, {"edges": list(edges)})  # type: ignore[assignment]
    return result.rowcount
