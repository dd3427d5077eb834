"""Products as cards, and short lists of them, in one statement each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.types import ARRAY, Uuid

from shophub.db import AsyncSession
from shophub.repositories.catalog import VISIBLE

# Ranking every match of a common word is slow. Of too many, half at most are chosen for their names.
RANKED_LIMIT = 1_000
CALLED_LIMIT = RANKED_LIMIT // 2

ORDERS = {
    "newest": "p.created_at DESC, p.id DESC",
    "price_asc": "p.price_from_minor, p.id",
    "price_desc": "p.price_from_minor DESC, p.id DESC",
    "rating": "p.rating_sum::bigint * 10000 / greatest(p.rating_count, 1) DESC, p.rating_count DESC, p.id DESC",
    "best_selling": "p.sold_count DESC, p.id DESC",
}

CARD = """
p.id, p.slug, p.name, p.brand, p.price_from_minor, p.rating_sum, p.rating_count, p.sold_count,
p.created_at, v.available, v.highest_minor, v.compare_at_minor, o.options, i.images
"""
CARD_JOINS = """
JOIN products p ON p.id = chosen.id
LEFT JOIN LATERAL (
  SELECT sum(v.stock - v.reserved)::bigint AS available, max(v.price_minor) AS highest_minor,
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


@dataclass(frozen=True)
class CardRow:
    """A product as a card: sums over its variants, its first two pictures, its options with how many values each.

    ``marked_name``, of a search, has what matches between the characters 2 and 3.
    """

    id: UUID
    slug: str
    name: str
    brand: str | None
    price_from_minor: int
    highest_minor: int
    compare_at_minor: int | None
    rating_sum: int
    rating_count: int
    sold_count: int
    created_at: datetime
    available: int
    options: tuple[tuple[str, int], ...]
    images: tuple[tuple[str, str, str], ...]
    marked_name: str = ""


async def list_first(session: AsyncSession, sort: str, limit: int) -> list[CardRow]:
    """Return the first of all products in an order of ``ORDERS``. One statement."""
    page = f"SELECT p.id FROM products p WHERE {VISIBLE} ORDER BY {ORDERS[sort]} LIMIT :limit"  # noqa: S608 - the pieces are constants of ours
    return await list_chosen(session, page, {"limit": limit})


async def list_offers(session: AsyncSession, limit: int) -> list[CardRow]:
    """Return the best-selling products whose cheapest variant is marked down. One statement."""
    page = f"""
        SELECT p.id FROM products p WHERE {VISIBLE} AND EXISTS (
          SELECT 1 FROM variants v WHERE v.product_id = p.id AND v.compare_at_minor IS NOT NULL
            AND v.price_minor = p.price_from_minor)
        ORDER BY {ORDERS["best_selling"]} LIMIT :limit
    """  # noqa: S608
    return await list_chosen(session, page, {"limit": limit})


async def list_chosen(session: AsyncSession, page: str, values: dict[str, Any]) -> list[CardRow]:
    """Return the products whose ids ``page`` (SQL, of a repository's own) selects, in its order. One statement."""
    statement = f"""
        WITH chosen AS (SELECT id, row_number() OVER () AS nr FROM ({page}) page)
        SELECT {CARD} FROM chosen {CARD_JOINS} ORDER BY chosen.nr
    """  # noqa: S608
    return [card_row(row) for row in (await session.execute(_typed(statement, values), values)).mappings()]


def _typed(statement: str, values: dict[str, Any]) -> Any:
    types: dict[str, Any] = {
        "category": Uuid(),
        "product": Uuid(),
        "ids": ARRAY(Uuid()),
    }
    return text(statement).bindparams(*(bindparam(name, type_=types[name]) for name in values if name in types))


def card_row(row: Any) -> CardRow:
    """Return a row of ``CARD``'s columns as a card."""
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
        sold_count=row["sold_count"],
        created_at=row["created_at"],
        available=row["available"],
        options=tuple((name, count) for name, count in row["options"] or ()),
        images=tuple((public_id, alt, colour) for public_id, alt, colour in row["images"] or ()),
        marked_name=row.get("marked_name") or "",
    )
