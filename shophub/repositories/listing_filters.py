"""What a list of products is: which scope, which filters, which order, which page. As SQL, on a product ``p``."""

from dataclasses import dataclass
from uuid import UUID

from shophub.repositories.catalog import VISIBLE
from shophub.repositories.listing_search import Search
from shophub.repositories.listings import CardRow

BRANDS_COUNTED = 50
# Of a set too large to be counted, so many are looked at: counts are then lower bounds.
SAMPLED = 3_000
DIMENSIONS = ("category", "brand", "price", "rating", "in_stock")

# Turns that the job has not seen yet are looked at themselves. There are few.
IN_STOCK = """CASE WHEN p.id IN (SELECT product_id FROM stock_turns)
  THEN EXISTS (SELECT FROM variants v WHERE v.product_id = p.id AND v.stock > v.reserved) ELSE p.in_stock END"""
STARS = "CASE WHEN p.rating_count > 0 THEN p.rating_sum / p.rating_count ELSE 0 END"
# What is read into memory of each product, not more than is needed: some orders need more.
COLUMNS = f"""p.id, p.category_id, p.brand, p.price_from_minor, p.sold_count,
  width_bucket(p.price_from_minor, :edges) AS bucket, {STARS} AS stars, {IN_STOCK} AS in_stock"""
MORE_COLUMNS = {"newest": ", p.created_at", "rating": ", p.rating_sum, p.rating_count"}
# The column that each filter counts by.
COUNTED_BY = {
    "category": "category_id",
    "brand": "brand",
    "price": "bucket",
    "rating": "stars",
    "in_stock": "in_stock",
}
CONDITIONS = {
    "category": "p.category_id = ANY(:chosen_categories)",
    "brand": "p.brand = ANY(:brands)",
    "price": "p.price_from_minor BETWEEN :low AND :high",
    "rating": "p.rating_sum::bigint * 10000 / greatest(p.rating_count, 1) >= 10000 * :stars",  # as its index has it
    "in_stock": IN_STOCK,
}
# What comes after a row in each order, by the row's own values.
AFTER = {
    "newest": "(p.created_at, p.id) < (CAST(:after_0 AS timestamptz), CAST(:after_1 AS uuid))",
    "price_asc": "(p.price_from_minor, p.id) > (CAST(:after_0 AS bigint), CAST(:after_1 AS uuid))",
    "price_desc": "(p.price_from_minor, p.id) < (CAST(:after_0 AS bigint), CAST(:after_1 AS uuid))",
    "rating": """(p.rating_sum::bigint * 10000 / greatest(p.rating_count, 1), p.rating_count, p.id)
      < (CAST(:after_0 AS bigint), CAST(:after_1 AS int), CAST(:after_2 AS uuid))""",
    "best_selling": "(p.sold_count, p.id) < (CAST(:after_0 AS int), CAST(:after_1 AS uuid))",
}
AfterKey = tuple[int | str, ...]


@dataclass(frozen=True)
class Scope:
    """Which list: of categories (None: the whole shop), of a search."""

    category_ids: tuple[UUID, ...] | None = None
    search: Search | None = None

    @property
    def conditions(self) -> list[str]:
        """Return what its products fulfil."""
        found = [VISIBLE]
        if self.category_ids is not None:
            # Spelt out, not a parameter: a plan for any categories at all reads the products instead of an index.
            found.append(f"p.category_id = ANY({self.listed_categories})")
        if self.search is not None:
            found.append("p.search @@ (SELECT q FROM asked)")
        return found

    @property
    def listed_categories(self) -> str:
        """Return the categories' ids as an array in SQL."""
        listed = ", ".join(f"'{one}'" for one in self.category_ids or ())
        return f"ARRAY[{listed}]::uuid[]"


@dataclass(frozen=True)
class Filters:
    """What narrows a list: each None or False where it does not. Prices in minor units, both ends included."""

    category_ids: tuple[UUID, ...] | None = None
    brands: tuple[str, ...] | None = None
    price: tuple[int, int] | None = None
    stars: int | None = None
    in_stock: bool = False

    @property
    def active(self) -> tuple[str, ...]:
        """Return the names of those that narrow, in the order of ``DIMENSIONS``."""
        given = (self.category_ids, self.brands, self.price, self.stars, self.in_stock or None)
        return tuple(name for name, value in zip(DIMENSIONS, given, strict=True) if value is not None)


@dataclass(frozen=True)
class Order:
    """Which page in which order: behind a row's values where ``after`` is given, else behind ``offset`` rows."""

    sort: str
    limit: int
    offset: int = 0
    after: AfterKey | None = None


@dataclass(frozen=True)
class CountRow:
    """How many products have a value. ``everywhere``: without any filter, None where that was not looked at."""

    dimension: str
    value: str
    count: int
    everywhere: int | None
    low: int | None = None
    high: int | None = None


def key_of(card: CardRow, sort: str) -> AfterKey:
    """Return what ``Order.after`` needs to go on behind this card; empty where the order has no such key."""
    stars = card.rating_sum * 10_000 // max(card.rating_count, 1)
    keys: dict[str, AfterKey] = {
        "newest": (card.created_at.isoformat(), str(card.id)),
        "price_asc": (card.price_from_minor, str(card.id)),
        "price_desc": (card.price_from_minor, str(card.id)),
        "rating": (stars, card.rating_count, str(card.id)),
        "best_selling": (card.sold_count, str(card.id)),
    }
    return keys.get(sort, ())
