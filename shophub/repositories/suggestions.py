"""What a search box offers while somebody types: products and categories that are called so. One statement."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.repositories.catalog import SUGGEST_FROM, VISIBLE

NAMES = 60
PRODUCTS = 4
CATEGORIES = 3

SUGGESTIONS = text(f"""
WITH asked AS MATERIALIZED (SELECT to_tsquery('simple', :prefixes) AS q),
found AS MATERIALIZED (
  SELECT p.id, p.slug, p.name, p.category_id, p.price_from_minor, p.sold_count, p.search FROM products p
  WHERE {VISIBLE} AND ts_filter(p.search, '{{a,b}}') @@ (SELECT q FROM asked) LIMIT {SUGGEST_FROM}),
best AS MATERIALIZED (
  SELECT f.id, f.slug, f.name, f.price_from_minor, row_number() OVER (
    ORDER BY lower(f.name) LIKE :start DESC, ts_rank(f.search, asked.q) DESC, f.sold_count DESC, f.id) AS nr
  FROM found f, asked ORDER BY nr LIMIT {NAMES}),
scopes AS (
  SELECT c.slug, c.name, 0 AS kind, 0 AS n FROM categories c WHERE c.name ~* :word_start
  UNION ALL
  SELECT c.slug, c.name, 1, count(*) FROM found f JOIN categories c ON c.id = f.category_id GROUP BY c.slug, c.name)
SELECT
  (SELECT jsonb_agg(b.name ORDER BY b.nr) FROM best b) AS names,
  (SELECT jsonb_agg(jsonb_build_array(kind, slug, name)) FROM (
     SELECT * FROM scopes ORDER BY kind, n DESC, name LIMIT {2 * CATEGORIES}) s) AS scopes,
  (SELECT jsonb_agg(jsonb_build_array(b.name, b.slug, b.price_from_minor, v.highest, i.public_id, i.alt, i.colour)
     ORDER BY b.nr) FROM best b
   LEFT JOIN LATERAL (SELECT max(v.price_minor) AS highest FROM variants v WHERE v.product_id = b.id) v ON true
   LEFT JOIN LATERAL (SELECT i.public_id, i.alt, i.colour FROM images i WHERE i.product_id = b.id
     ORDER BY i.position, i.id LIMIT 1) i ON true
   WHERE b.nr <= {PRODUCTS}) AS products
""")  # noqa: S608 - constants


@dataclass(frozen=True)
class SuggestedProduct:
    """A product with its first picture, where it has one."""

    name: str
    slug: str
    price_from_minor: int
    highest_minor: int
    public_id: str | None
    alt: str | None
    colour: str | None


@dataclass(frozen=True)
class SuggestedCategory:
    """A category: one that is called so, or (not ``is_called``) one that has such products."""

    is_called: bool
    slug: str
    name: str


@dataclass(frozen=True)
class SuggestionRow:
    """Names of products, the best first; some of these products; categories."""

    names: tuple[str, ...]
    products: tuple[SuggestedProduct, ...]
    categories: tuple[SuggestedCategory, ...]


async def find(session: AsyncSession, words: list[str]) -> SuggestionRow:
    """Return what has words in name, tags or brand that begin with each of ``words`` (letters and digits, lower case).

    Of more than 500 such products, 500 are looked at.
    """
    phrase = " ".join(words)
    values = {
        "start": f"{phrase}%",
        "word_start": rf"\m{phrase}",
        "prefixes": " & ".join(f"{word}:*" for word in words),
    }
    row: Any = (await session.execute(SUGGESTIONS, values)).one()
    return SuggestionRow(
        tuple(row.names or ()),
        tuple(SuggestedProduct(*one) for one in row.products or ()),
        tuple(SuggestedCategory(kind == 0, slug, name) for kind, slug, name in row.scopes or ()),
    )
