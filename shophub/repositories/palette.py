"""What the palette of the back office finds by a few letters: one statement for each kind of thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.repositories.beginnings import beginning, begins

FOUND = 5
# Of a very common beginning, so many are looked at.
LOOKED_AT = 500
# 10 finds 10, 100 to 109, 1000 to 1099 and so on: each is a range of the index.
_RANGES = 5

FIND_ORDERS = text(f"""
SELECT number, email, status, payment_status, total_minor, currency FROM orders
WHERE {" OR ".join(f"number BETWEEN :low_{place} AND :high_{place}" for place in range(_RANGES))}
ORDER BY number = :low_0 DESC, number DESC LIMIT {FOUND}
""")  # noqa: S608 - constants

# By the words of its name, or by the beginning of a SKU; whatever its status.
FIND_PRODUCTS = text(f"""
WITH found AS MATERIALIZED (
  SELECT p.id, p.name, p.status, p.sold_count, 1 AS place FROM products p
  WHERE :prefixes <> '' AND p.search @@ to_tsquery('simple', :prefixes)
    AND ts_filter(p.search, '{{a,b}}') @@ to_tsquery('simple', :prefixes)
  LIMIT {LOOKED_AT}),
called AS (
  SELECT p.id, p.name, p.status, p.sold_count, 0 AS place
  FROM (
    SELECT DISTINCT product_id FROM (
      (SELECT product_id FROM variants WHERE {begins("sku", "sku")} LIMIT {LOOKED_AT})
      UNION ALL (SELECT product_id FROM variants WHERE {begins("sku", "upper_sku")} LIMIT {LOOKED_AT})) AS either
    LIMIT {FOUND}) v
  JOIN products p ON p.id = v.product_id)
SELECT id, name, status FROM (SELECT * FROM called UNION ALL SELECT * FROM found) AS both_ways
GROUP BY id, name, status
ORDER BY min(place), status <> 'active', lower(name) LIKE :start DESC, max(sold_count) DESC, id LIMIT {FOUND}
""")  # noqa: S608 - constants

FIND_CUSTOMERS = text(f"""
SELECT id, full_name, email FROM users
WHERE erased_at IS NULL AND (lower(email) LIKE :start OR lower(full_name) LIKE :start OR lower(full_name) LIKE :word)
ORDER BY lower(email) LIKE :start DESC, lower(full_name), id LIMIT {FOUND}
""")  # noqa: S608 - constants


@dataclass(frozen=True)
class FoundOrder:
    """An order, as much as tells it from others."""

    number: int
    email: str
    status: str
    payment_status: str
    total_minor: int
    currency: str


@dataclass(frozen=True)
class FoundProduct:
    """A product, whatever its status."""

    id: UUID
    name: str
    status: str


@dataclass(frozen=True)
class FoundCustomer:
    """An account."""

    id: UUID
    full_name: str
    email: str


async def find_orders(session: AsyncSession, beginning: int) -> list[FoundOrder]:
    """Return the orders whose number begins so: the one that is called so first, then the newest."""
    values: dict[str, int] = {}
    for place in range(_RANGES):
        values[f"low_{place}"] = beginning * 10**place
        values[f"high_{place}"] = (beginning + 1) * 10**place - 1
    return [FoundOrder(*row) for row in await session.execute(FIND_ORDERS, values)]


async def find_products(session: AsyncSession, typed: str, words: Sequence[str]) -> list[FoundProduct]:
    """Return products with words that begin so (letters and digits, lower case), or with a SKU that begins as typed."""
    values = {
        "prefixes": " & ".join(f"{word}:*" for word in words),
        **beginning("sku", typed),
        **beginning("upper_sku", typed.upper()),
        "start": f"{_literally(typed.lower())}%",
    }
    return [FoundProduct(*row) for row in await session.execute(FIND_PRODUCTS, values)]


async def find_customers(session: AsyncSession, typed: str) -> list[FoundCustomer]:
    """Return accounts whose address, name, or a part of it, begins as typed."""
    typed = _literally(typed.lower())
    values = {"start": f"{typed}%", "word": f"% {typed}%"}
    return [FoundCustomer(*row) for row in await session.execute(FIND_CUSTOMERS, values)]


def _literally(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
