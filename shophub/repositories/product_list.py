"""The staff's list of products: whatever their status, in pages that begin behind a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.tables import SortKind, SortValue, TableQuery
from shophub.repositories.beginnings import begins_either, spellings
from shophub.repositories.branches import Branches, either
from shophub.repositories.keyset import keyset, page

# Never null, and each has an index of its own.
SORTS: dict[str, tuple[str, SortKind]] = {
    "created": ("p.created_at", "moment"),
    "name": ("lower(p.name)", "text"),
    "price": ("coalesce(p.price_from_minor, 0)", "number"),
    "sold": ("p.sold_count", "number"),
}

# Tags are indexed by their stems, names and brands as they are written too.
_HAS_WORDS = "p.search @@ (to_tsquery('simple', :words) || to_tsquery('english', :words))"
STOCK_FILTERS = {
    "low": """p.id IN (SELECT v.product_id FROM variants v CROSS JOIN store_settings s
      WHERE v.stock - v.reserved <= s.low_stock_threshold)""",
    "out": """p.id IN (SELECT product_id FROM variants WHERE stock <= reserved)
      AND NOT EXISTS (SELECT 1 FROM variants v WHERE v.product_id = p.id AND v.stock > v.reserved)""",
    "in": "EXISTS (SELECT 1 FROM variants v WHERE v.product_id = p.id AND v.stock > v.reserved)",
}

ROW = """
SELECT p.id, chosen.edge, p.slug, p.name, p.brand, p.tags, p.status, p.version, p.sold_count, p.created_at,
  c.name AS category_name, v.*, i.public_id, i.alt, i.colour
FROM ({chosen}) chosen JOIN products p ON p.id = chosen.id JOIN categories c ON c.id = p.category_id
LEFT JOIN LATERAL (
  SELECT count(*)::int AS variant_count, coalesce(sum(stock), 0)::bigint AS stock,
    coalesce(sum(reserved), 0)::bigint AS reserved,
    min(price_minor) AS lowest_minor, max(price_minor) AS highest_minor, coalesce(min(stock - reserved), 0) AS scarcest,
    (array_agg(id ORDER BY position, id))[1] AS first_id, (array_agg(sku ORDER BY position, id))[1] AS first_sku
  FROM variants WHERE product_id = p.id) v ON true
LEFT JOIN LATERAL (
  SELECT public_id, alt, colour FROM images WHERE product_id = p.id ORDER BY position, id LIMIT 1) i ON true
"""
VARIANTS = text("""
SELECT id, product_id, sku, option_values, price_minor, compare_at_minor, stock, reserved FROM variants
WHERE product_id = :id ORDER BY position, id
""")


@dataclass(frozen=True)
class ListedProduct:
    """A product with sums over its variants; ``scarcest`` is the fewest that are free of any one of them."""

    id: UUID
    edge: SortValue
    slug: str
    name: str
    brand: str | None
    tags: tuple[str, ...]
    status: str
    version: int
    sold_count: int
    created_at: datetime
    category_name: str
    variant_count: int
    stock: int
    reserved: int
    lowest_minor: int | None
    highest_minor: int | None
    scarcest: int
    first_id: UUID | None
    first_sku: str | None
    public_id: str | None
    alt: str | None
    colour: str | None


@dataclass(frozen=True)
class ListedVariant:
    """A variant as the list edits it."""

    id: UUID
    product_id: UUID
    sku: str
    option_values: tuple[str, ...]
    price_minor: int
    compare_at_minor: int | None
    stock: int
    reserved: int


@dataclass(frozen=True)
class ProductPage:
    """A page's rows in their order, with whether there are others before and behind."""

    rows: list[ListedProduct]
    has_previous: bool
    has_next: bool


def narrowed(query: TableQuery, words: Sequence[str], *, with_tab: bool) -> Branches:
    """Return what a query leaves of all products; ``words`` are those of its search, letters and digits only."""
    conditions, values = ["true"], dict[str, Any]()
    if query.of("category"):
        conditions.append("p.category_id = (SELECT id FROM categories WHERE slug = :category)")
        values["category"] = query.of("category")
    if query.of("tag"):
        conditions.append("p.tags @> ARRAY[CAST(:tag AS text)]")
        values["tag"] = query.of("tag")
    if query.of("stock") in STOCK_FILTERS:
        conditions.append(STOCK_FILTERS[query.of("stock")])
    if with_tab and query.tab:
        conditions.append("p.status = :tab")
        values["tab"] = query.tab
    if not query.q:
        return Branches("products p", (" AND ".join(conditions),), values)
    skus = begins_either("s.sku", "sku", spellings(query.q))
    has_sku = f"EXISTS (SELECT 1 FROM variants s WHERE s.product_id = p.id AND {skus.condition})"  # noqa: S608 - constants of ours
    values |= skus.values
    if not words:
        return either("products p", conditions, (has_sku,), values)
    values["words"] = " & ".join(f"{word}:*" for word in words)
    return either("products p", conditions, (_HAS_WORDS, f"{has_sku} AND {_HAS_WORDS} IS NOT TRUE"), values)


async def count_products(session: AsyncSession, query: TableQuery, words: Sequence[str]) -> dict[str, int]:
    """Return how many products of each status a query finds, its tab left out of account. One statement."""
    left = narrowed(query, words, with_tab=False)
    statement = f"SELECT status, count(*) FROM ({left.every('p.status')}) found GROUP BY status"  # noqa: S608 - the pieces are constants of ours
    return {row[0]: row[1] for row in await session.execute(text(statement), left.values)}


async def list_products(session: AsyncSession, query: TableQuery, words: Sequence[str]) -> ProductPage:
    """Return a page. One statement, however many rows it has."""
    expression, kind = SORTS[query.sort_name]
    keys = keyset(expression, kind, query, row_id="p.id")
    left = narrowed(query, words, with_tab=True)
    statement = f"{ROW.format(chosen=left.first(expression, keys, 'p.id'))} ORDER BY {keys.order}"
    found = await session.execute(text(statement), {**left.values, **keys.values})
    rows = [ListedProduct(**{**row, "tags": tuple(row["tags"])}) for row in found.mappings()]
    return ProductPage(*page(keys, rows))


async def find_listed(session: AsyncSession, product_id: UUID) -> ListedProduct | None:
    """Return one product as the list has it. One statement."""
    statement = ROW.format(chosen="SELECT id, created_at AS edge FROM products WHERE id = :id")
    row = (await session.execute(text(statement), {"id": product_id})).mappings().one_or_none()
    return None if row is None else ListedProduct(**{**row, "tags": tuple(row["tags"])})


async def list_variants(session: AsyncSession, product_id: UUID) -> list[ListedVariant]:
    """Return a product's variants in order. One statement."""
    rows = (await session.execute(VARIANTS, {"id": product_id})).mappings()
    return [ListedVariant(**{**row, "option_values": tuple(row["option_values"])}) for row in rows]


async def list_ids(session: AsyncSession, query: TableQuery, words: Sequence[str], limit: int) -> list[UUID]:
    """Return the ids of all that a query finds, at most ``limit`` of them. One statement."""
    left = narrowed(query, words, with_tab=True)
    statement = f"{left.every('p.id')} ORDER BY id LIMIT :limit"
    return list((await session.execute(text(statement), {**left.values, "limit": limit})).scalars())


async def list_category_choices(session: AsyncSession) -> list[tuple[str, str]]:
    """Return every category as slug and name, by name."""
    rows = await session.execute(text("SELECT slug, name FROM categories ORDER BY lower(name), id"))
    return [(row.slug, row.name) for row in rows]


@dataclass(frozen=True)
class ExportedVariant:
    """A variant with its product, as a row of a file."""

    id: UUID
    edge: SortValue
    slug: str
    name: str
    status: str
    category_slug: str
    brand: str | None
    tags: tuple[str, ...]
    description: str
    options: tuple[str, ...]
    option_values: tuple[str, ...]
    sku: str | None
    price_minor: int | None
    compare_at_minor: int | None
    stock: int | None
    reserved: int | None


async def list_exported(
    session: AsyncSession, query: TableQuery, words: Sequence[str], limit: int, ids: Sequence[UUID] | None = None
) -> list[ExportedVariant]:
    """Return the variants of the next ``limit`` products behind the query's cursor, in its order. One statement.

    With ``ids`` the products are these, whatever else the query asks for.
    """
    expression, kind = SORTS[query.sort_name]
    keys = keyset(expression, kind, query, row_id="p.id")
    left = narrowed(query, words, with_tab=True)
    if ids is not None:
        left = Branches("products p", ("p.id = ANY(CAST(:ids AS uuid[]))",), {"ids": list(ids)})
    statement = f"""
        SELECT p.id, chosen.edge, p.slug, p.name, p.status, c.slug AS category_slug, p.brand, p.tags, p.description,
          coalesce((SELECT array_agg(o.name ORDER BY o.position) FROM product_options o WHERE o.product_id = p.id),
            '{{}}') AS options,
          coalesce(v.option_values, '{{}}') AS option_values, v.sku, v.price_minor, v.compare_at_minor, v.stock,
          v.reserved
        FROM ({left.first(expression, keys, "p.id")}) chosen
        JOIN products p ON p.id = chosen.id JOIN categories c ON c.id = p.category_id
        LEFT JOIN variants v ON v.product_id = p.id
        ORDER BY {keys.order}, v.position, v.id
    """  # noqa: S608
    found = await session.execute(text(statement), {**left.values, **keys.values, "page_limit": limit})
    lists = ("tags", "options", "option_values")
    return [ExportedVariant(**{**row, **{name: tuple(row[name]) for name in lists}}) for row in found.mappings()]
