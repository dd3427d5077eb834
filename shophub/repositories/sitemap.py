"""What search engines are told of: addresses and when they changed last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.repositories.catalog import VISIBLE

# Parts begin at a product rather than at a number: a product that leaves moves nobody to another part, and reading
# the last part of a million products costs no more than reading the first.
PARTS = text(f"""
SELECT (array_agg(id ORDER BY id))[1] AS first_id, count(*) AS products, max(updated_at) AS changed_at FROM (
  SELECT p.id, p.updated_at, (row_number() OVER (ORDER BY p.id) - 1) / :size AS part FROM products p WHERE {VISIBLE}
) numbered GROUP BY part ORDER BY part
""")  # noqa: S608 - a constant of this module
PRODUCTS = text(f"""
SELECT p.id, p.slug, p.updated_at AS changed_at FROM products p WHERE {VISIBLE} AND p.id >= :first
ORDER BY p.id LIMIT :most
""")  # noqa: S608
CATEGORIES = text("SELECT id, slug, updated_at AS changed_at FROM categories ORDER BY position, name, id")


@dataclass(frozen=True)
class PartRow:
    """A part of the products: the first of it, how many it has, and when one of them changed last."""

    first_id: UUID
    products: int
    changed_at: datetime


@dataclass(frozen=True)
class PlaceRow:
    """A product or category that has a page."""

    id: UUID
    slug: str
    changed_at: datetime


async def list_parts(session: AsyncSession, size: int) -> Sequence[PartRow]:
    """Return the visible products in parts of ``size``. One statement."""
    return [PartRow(**row) for row in (await session.execute(PARTS, {"size": size})).mappings()]


async def list_products(session: AsyncSession, first: UUID, most: int) -> Sequence[PlaceRow]:
    """Return visible products from ``first`` on, in the order of their ids. One statement."""
    rows = (await session.execute(PRODUCTS, {"first": first, "most": most})).mappings()
    return [PlaceRow(**row) for row in rows]


async def list_categories(session: AsyncSession) -> Sequence[PlaceRow]:
    """Return every category. One statement."""
    return [PlaceRow(**row) for row in (await session.execute(CATEGORIES)).mappings()]
