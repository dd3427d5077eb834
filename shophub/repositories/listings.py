"""Lists of products as cards: sorted, searched, counted, a page at a time, in one statement each.

Ranking every match of a common word is slow, so relevance looks at 2,000 of them at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.types import ARRAY, Text, Uuid

from shophub.db import AsyncSession
from shophub.repositories.catalog import COUNT_LIMIT, VISIBLE

RANKED_LIMIT = 2_000

ORDERS = {
    "newest": "p.created_at DESC, p.id DESC",
    "price_asc": "p.price_from_minor, p.id",
    "price_desc": "p.price_from_minor DESC, p.id DESC",
    "rating": "p.rating_sum::bigint * 10000 / greatest(p.rating_count, 1) DESC, p.rating_count DESC, p.id DESC",
    "best_selling": "p.sold_count DESC, p.id DESC",
}

CARD = """
p.id, p.slug, p.name, p.brand, p.price_from_minor, p.rating_sum, p.rating_count, p.created_at,
v.available, v.highest_minor, v.compare_at_minor, o.options, i.images
"""
CARD_JOINS = """
JOIN products p ON p.id = chosen.id
LEFT JOIN LATERAL (
  SELECT sum(v.stock - v.reserved)::int AS available, max(v.price_minor) AS highest_minor,
    (array_agg(v.compare_at_minor ORDER BY v.price_minor, v.position))[1] AS compare_at_minor
  FROM variants v WHERE v.product_id = p.id) v ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(o.name, cardinality(o.values)) ORDER BY o.position) AS options
  FROM product_options o WHERE o.product_id = p.id) o ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(two.public_id, two.alt, two.colour) ORDER BY two.position, two.id) AS images
  FROM (SELECT i.id, i.public_id, i.alt, i.colour, i.position FROM images i WHERE i.product_id = p.id
        ORDER BY i.position, i.id LIMIT 2) two) i ON true
"""

RANKED_PAGE = f"""
SELECT p.id FROM (SELECT * FROM matched LIMIT {RANKED_LIMIT}) p, asked
ORDER BY ts_rank(p.search, asked.q) DESC, p.sold_count DESC, p.id DESC LIMIT :limit OFFSET :offset
"""  # noqa: S608 - the limit is a constant

# Each word as English and as written (brands, codes), the last one as a beginning too; operators and quotes through
# websearch. A word that English leaves out ("the") asks for nothing.
SEARCH = """
SELECT websearch_to_tsquery('english', :typed) || (
  SELECT coalesce(string_agg('(' || (
    plainto_tsquery('english', word) || plainto_tsquery('simple', word)
    || CASE WHEN nr = cardinality(CAST(:words AS text[])) THEN to_tsquery('simple', word || ':*') ELSE ''::tsquery END
  )::text || ')', ' & '), '')::tsquery
  FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS given(word, nr)
  WHERE numnode(plainto_tsquery('english', word)) > 0 OR nr = cardinality(CAST(:words AS text[]))) AS q
"""


@dataclass(frozen=True)
class CardRow:
    """A product as a card: sums over its variants, its first two pictures, its options with how many values each."""

    id: UUID
    slug: str
    name: str
    brand: str | None
    price_from_minor: int
    highest_minor: int
    compare_at_minor: int | None
    rating_sum: int
    rating_count: int
    created_at: datetime
    available: int
    options: tuple[tuple[str, int], ...]
    images: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Search:
    """What is searched for: the text as typed, and its words (letters and digits, lower case), the last unfinished."""

    typed: str
    words: tuple[str, ...]


async def list_cards(
    session: AsyncSession,
    *,
    sort: str,
    limit: int,
    offset: int,
    category_ids: Sequence[UUID] | None = None,
    search: Search | None = None,
) -> tuple[int, list[CardRow]]:
    """Return how many products match, counted up to 10,001, and one page of them. One statement.

    ``sort`` is a key of ``ORDERS``, or ``relevance`` with a search.
    """
    conditions = [VISIBLE]
    values: dict[str, Any] = {"limit": limit, "offset": offset}
    if category_ids is not None:
        conditions.append("p.category_id = ANY(:categories)")
        values |= {"categories": list(category_ids)}
    if search is not None:
        conditions.append("p.search @@ (SELECT q FROM asked)")
        values |= {"typed": search.typed, "words": list(search.words)}
    where = " AND ".join(conditions)
    # Ranked matches are found once, for both the total and the page: reading the search index is most of the work.
    ranked = sort == "relevance"
    page = RANKED_PAGE if ranked else _page(ORDERS[sort], where, by_category=bool(category_ids) and search is None)
    statement = f"""
        WITH {f"asked AS MATERIALIZED ({SEARCH})," if search else ""}
        matched AS MATERIALIZED (
          SELECT {"p.id, p.search, p.sold_count" if ranked else "1"} FROM products p WHERE {where}
          LIMIT {COUNT_LIMIT + 1}),
        total AS (SELECT count(*) AS n FROM matched),
        chosen AS (SELECT id, row_number() OVER () AS nr FROM ({page}) page)
        SELECT total.n, card.* FROM total LEFT JOIN (
          SELECT chosen.nr, {CARD} FROM chosen {CARD_JOINS}) card ON true
        ORDER BY card.nr
    """  # noqa: S608 - pieces are constants of this module; every value is a parameter
    rows = (await session.execute(_typed(statement, values), values)).mappings().all()
    return rows[0]["n"], [_card(row) for row in rows if row["id"] is not None]


def _page(order: str, where: str, *, by_category: bool) -> str:
    if not by_category:
        return f"SELECT p.id FROM products p WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"  # noqa: S608
    # Category by category each index gives the first ones in order. In one go the database reads either all products of
    # the categories, or the whole shop in order until it has met enough of them: the dearest, in a cheap category.
    return f"""
        SELECT p.id FROM unnest(CAST(:categories AS uuid[])) AS chosen(category_id) CROSS JOIN LATERAL (
          SELECT p.* FROM products p WHERE {VISIBLE} AND p.category_id = chosen.category_id
          ORDER BY {order} LIMIT :limit + :offset) p
        ORDER BY {order} LIMIT :limit OFFSET :offset
    """  # noqa: S608


async def list_related(session: AsyncSession, category_id: UUID, product_id: UUID, limit: int) -> list[CardRow]:
    """Return the best-selling other products of a category. One statement."""
    page = f"""
        SELECT p.id FROM products p WHERE {VISIBLE} AND p.category_id = :category AND p.id <> :product
        ORDER BY {ORDERS["best_selling"]} LIMIT :limit
    """  # noqa: S608
    return await _cards(session, page, {"category": category_id, "product": product_id, "limit": limit})


async def list_offers(session: AsyncSession, limit: int) -> list[CardRow]:
    """Return the best-selling products whose cheapest variant is marked down. One statement."""
    page = f"""
        SELECT p.id FROM products p WHERE {VISIBLE} AND EXISTS (
          SELECT 1 FROM variants v WHERE v.product_id = p.id AND v.compare_at_minor IS NOT NULL
            AND v.price_minor = p.price_from_minor)
        ORDER BY {ORDERS["best_selling"]} LIMIT :limit
    """  # noqa: S608
    return await _cards(session, page, {"limit": limit})


async def _cards(session: AsyncSession, page: str, values: dict[str, Any]) -> list[CardRow]:
    statement = f"""
        WITH chosen AS (SELECT id, row_number() OVER () AS nr FROM ({page}) page)
        SELECT {CARD} FROM chosen {CARD_JOINS} ORDER BY chosen.nr
    """  # noqa: S608
    return [_card(row) for row in (await session.execute(_typed(statement, values), values)).mappings()]


def _typed(statement: str, values: dict[str, Any]) -> Any:
    types: dict[str, Any] = {"category": Uuid(), "product": Uuid(), "categories": ARRAY(Uuid()), "words": ARRAY(Text())}
    return text(statement).bindparams(*(bindparam(name, type_=types[name]) for name in values if name in types))


def _card(row: Any) -> CardRow:
    return CardRow(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        brand=row["brand"],
        price_from_minor=row["price_from_minor"],
        highest_minor=row["highest_minor"],
        compare_at_minor=row["compare_at_minor"],
        rating_sum=row["rating_sum"],
        rating_count=row["rating_count"],
        created_at=row["created_at"],
        available=row["available"],
        options=tuple((name, count) for name, count in row["options"] or ()),
        images=tuple((public_id, alt, colour) for public_id, alt, colour in row["images"] or ()),
    )
