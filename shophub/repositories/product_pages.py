"""A page of products for programs, with its total, in one statement: nothing is counted but the page itself."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import TextClause, text

from shophub.db import AsyncSession
from shophub.repositories.catalog import COUNT_LIMIT, VISIBLE
from shophub.repositories.listing_filters import CONDITIONS
from shophub.repositories.listing_pages import CALLED, FITS, MANY, TOO_MANY
from shophub.repositories.listing_search import ASKED, Search
from shophub.repositories.listings import CALLED_LIMIT, ORDERS, RANKED_LIMIT
from shophub.repositories.product_records import RECORD, RECORD_JOINS, SHOP

# A category by its address, or one that it had; a slug in use counts before one that was.
CATEGORY = """coalesce((SELECT id FROM categories WHERE slug = :category),
  (SELECT category_id FROM category_slug_redirects WHERE slug = :category))"""
FAMILY = f"""family AS MATERIALIZED (
  WITH RECURSIVE below AS (
    SELECT id FROM categories WHERE id = {CATEGORY}
    UNION SELECT c.id FROM categories c JOIN below ON c.parent_id = below.id)
  SELECT id FROM below)"""  # noqa: S608 - the pieces are constants of ours
IN_FAMILY = "p.category_id IN (SELECT id FROM family)"
MATCHES = "p.search @@ (SELECT q FROM asked)"
# What a page of a search is put in order by.
SORTED_BY = "p.id, p.sold_count, p.price_from_minor, p.created_at, p.rating_sum, p.rating_count"


@dataclass(frozen=True)
class Wanted:
    """Which products: None or False does not narrow. Prices in minor units, both ends included."""

    sort: str
    limit: int
    offset: int = 0
    category: str | None = None
    search: Search | None = None
    price: tuple[int, int] | None = None
    stars: int | None = None
    in_stock: bool = False

    @property
    def narrowing(self) -> list[str]:
        """Return the conditions of the filters."""
        given = {"price": self.price is not None, "rating": self.stars is not None, "in_stock": self.in_stock}
        return [CONDITIONS[name] for name, is_given in given.items() if is_given]


@dataclass(frozen=True)
class PageRecord:
    """A page as JSON; ``total`` is at most 10,001. ``category`` is the category's present slug, None without one."""

    total: int
    category: str | None
    items: str


async def list_page(session: AsyncSession, wanted: Wanted, known_total: int | None = None) -> PageRecord:
    """Return one page. Without a ``known_total`` the products are counted, up to 10,001. One statement."""
    low, high = wanted.price or (0, 0)
    given: dict[str, Any] = {
        "offset": wanted.offset,
        "category": wanted.category,
        "known": known_total,
        "low": low,
        "high": high,
        "stars": wanted.stars,
        **(wanted.search.values if wanted.search else {}),
    }
    statement = _searched(wanted) if wanted.search else _plain(wanted)
    used = {name: value for name, value in given.items() if f":{name}" in statement}
    row = (await session.execute(_parsed(statement), used)).one()
    return PageRecord(row.total, row.category, row.items or "[]")


@lru_cache(maxsize=512)
def _parsed(statement: str) -> TextClause:
    """Return a statement with its parameters found; there are as many as combinations of filters and sizes."""
    return text(statement)


def _plain(wanted: Wanted) -> str:
    conditions = [VISIBLE, *wanted.narrowing, *([IN_FAMILY] if wanted.category is not None else [])]
    counted = f"SELECT FROM products p WHERE {' AND '.join(conditions)} LIMIT {COUNT_LIMIT + 1}"  # nosec B608 - conditions of ours
    total = f"coalesce(CAST(:known AS int), (SELECT count(*) FROM ({counted}) counted))"  # noqa: S608
    return _statement([], wanted, _in_order(wanted, []), total)


def _searched(wanted: Wanted) -> str:
    """Return the statement of a search: what matches is read into memory, unless it is too much."""
    conditions = [VISIBLE, MATCHES, *wanted.narrowing, *([IN_FAMILY] if wanted.category is not None else [])]
    found = f"SELECT {SORTED_BY} FROM products p WHERE {' AND '.join(conditions)} LIMIT {COUNT_LIMIT + 1}"  # noqa: S608
    if wanted.sort == "relevance":
        page = _ranked(wanted)
    else:
        few = f"SELECT p.id FROM found p WHERE NOT {TOO_MANY} ORDER BY {ORDERS[wanted.sort]} {_place(wanted)}"  # noqa: S608
        page = f"({few}) UNION ALL ({_in_order(wanted, [MATCHES, TOO_MANY])})"
    parts = [
        f"asked AS MATERIALIZED ({ASKED})",
        f"found AS MATERIALIZED ({found})",
        "measured AS MATERIALIZED (SELECT count(*) AS n FROM found)",
    ]
    return _statement(parts, wanted, page, "(SELECT n FROM measured)")


def _statement(parts: list[str], wanted: Wanted, page: str, total: str) -> str:
    has_category = wanted.category is not None
    parts = [SHOP, *([FAMILY] if has_category else []), *parts]
    category = f"(SELECT slug FROM categories WHERE id = {CATEGORY})" if has_category else "NULL"  # noqa: S608
    return f"""
        WITH {", ".join(parts)},
        chosen AS MATERIALIZED (SELECT id, row_number() OVER () AS nr FROM ({page}) page)
        SELECT {total} AS total, {category} AS category, (
          SELECT json_agg(record ORDER BY nr)::text FROM (
            SELECT chosen.nr, {RECORD} AS record
            FROM chosen JOIN products p ON p.id = chosen.id CROSS JOIN shop {RECORD_JOINS}) records) AS items
    """  # noqa: S608 - the pieces are constants of ours, every value is a parameter


def _in_order(wanted: Wanted, more: list[str]) -> str:
    """Return a page read along an index; of a category with those below it, from each of them as far as it may go."""
    conditions = [VISIBLE, *wanted.narrowing, *more]
    sorted_by = ORDERS[wanted.sort]
    if wanted.category is None:
        return f"SELECT p.id FROM products p WHERE {' AND '.join(conditions)} ORDER BY {sorted_by} {_place(wanted)}"  # noqa: S608
    where = " AND ".join([*conditions, "p.category_id = family.id"])
    upto = f"{wanted.limit} + :offset" if wanted.offset else str(wanted.limit)
    return f"""
        SELECT p.id FROM family CROSS JOIN LATERAL (
          SELECT p.* FROM products p WHERE {where} ORDER BY {sorted_by} LIMIT {upto}) p
        ORDER BY {sorted_by} {_place(wanted)}
    """  # noqa: S608


def _ranked(wanted: Wanted) -> str:
    """Return the best matches. Of too many to rank, some that are called so, and the best sellers."""
    family = [IN_FAMILY] if wanted.category is not None else []
    called = " AND ".join([VISIBLE, *family, *wanted.narrowing, CALLED, FITS, MANY])
    return f"""
        SELECT p.id FROM (
          SELECT id FROM (
            (SELECT p.id, p.sold_count, 0 AS place FROM products p WHERE {called} LIMIT {CALLED_LIMIT})
            UNION ALL
            (SELECT p.id, p.sold_count, 1 FROM found p ORDER BY p.sold_count DESC LIMIT {RANKED_LIMIT})) c
          GROUP BY id, sold_count ORDER BY min(place), sold_count DESC LIMIT {RANKED_LIMIT}) c
          JOIN products p ON p.id = c.id, asked
        ORDER BY ts_rank(p.search, asked.q) DESC, p.sold_count DESC, p.id DESC {_place(wanted)}
    """  # noqa: S608


def _place(wanted: Wanted) -> str:
    """Return which rows. A size that stands in the text lets a plan be made once; a first page's place likewise."""
    return f"LIMIT {wanted.limit}" + (" OFFSET :offset" if wanted.offset else "")
