"""The staff's list of orders, in pages that begin behind a row."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.lib.pagination import COUNTED_TO
from shophub.lib.tables import SortKind, SortValue, TableQuery
from shophub.repositories.beginnings import beginning, begins, begins_either, spellings
from shophub.repositories.branches import Branches, either
from shophub.repositories.keyset import Keyset, keyset, page
from shophub.schemas.order_list import DAYS, NEEDS_REVIEW

SORTS: dict[str, tuple[str, SortKind]] = {
    "placed": ("o.placed_at", "moment"),
    "total": ("o.total_minor", "number"),
}
# A search that finds more orders than this is not counted to its end.
MOST_COUNTED = COUNTED_TO
ROW = """
SELECT o.id, chosen.edge, o.number, o.email, o.shipping_address->>'full_name' AS full_name,
  o.shipping_address->>'country' AS country, o.status, o.payment_status, o.needs_review, o.currency, o.total_minor,
  o.refunded_minor, o.placed_at, l.item_count
FROM ({chosen}) chosen JOIN orders o ON o.id = chosen.id
LEFT JOIN LATERAL (
  SELECT coalesce(sum(quantity), 0)::int AS item_count FROM order_lines WHERE order_id = o.id) l ON true
"""


@dataclass(frozen=True)
class ListedOrder:
    """An order in the list. Amounts are minor units of ``currency``."""

    id: UUID
    edge: SortValue
    number: int
    email: str
    full_name: str | None
    country: str | None
    status: str
    payment_status: str
    needs_review: bool
    currency: str
    total_minor: int
    refunded_minor: int
    placed_at: datetime
    item_count: int


@dataclass(frozen=True)
class OrderPage:
    """A page's rows in their order, with whether there are others before and behind."""

    rows: list[ListedOrder]
    has_previous: bool
    has_next: bool


def _narrowed(query: TableQuery, number: int | None, *, with_tab: bool) -> Branches:
    """Return what narrows the list."""
    conditions, values = ["true"], dict[str, Any]()
    if query.of("payment"):
        conditions.append("o.payment_status = :payment")
        values["payment"] = query.of("payment")
    if query.of("days") in DAYS:
        conditions.append("o.placed_at > now() - make_interval(days => :days)")
        values["days"] = int(query.of("days"))
    if with_tab and query.tab == NEEDS_REVIEW:
        conditions.append("o.needs_review")
    elif with_tab and query.tab:
        conditions.append("o.status = :tab")
        values["tab"] = query.tab
    if not query.q:
        return Branches("orders o", (" AND ".join(conditions),), values)
    values |= {"number": number, **beginning("email", email_key(query.q))}
    skus = begins_either("l.sku", "sku", spellings(query.q))
    called = f"(o.number = :number OR {begins('o.email_key', 'email')})"
    has_line = f"EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND {skus.condition})"  # noqa: S608 - constants of ours
    return either("orders o", conditions, (called, f"{has_line} AND {called} IS NOT TRUE"), {**values, **skus.values})


async def count_orders(session: AsyncSession, query: TableQuery, number: int | None) -> dict[str, int]:
    """Return how many orders of each status a query finds, and how many need a review; its tab is left out of account.

    ``number`` is what the search means where it can be an order's number. Of a search that finds more than
    ``MOST_COUNTED``, so many and one are looked at: its counts are what there is at the least. One statement.
    """
    left = _narrowed(query, number, with_tab=False)
    limit = "LIMIT :most_counted" if query.q else ""
    statement = f"""
        SELECT status, count(*) AS found, count(*) FILTER (WHERE needs_review) AS flagged
        FROM ({left.every("o.status, o.needs_review")} {limit}) found GROUP BY status
    """  # noqa: S608 - the pieces are constants of ours
    values = {**left.values, **({"most_counted": MOST_COUNTED + 1} if query.q else {})}
    rows = (await session.execute(text(statement), values)).all()
    counts = {row.status: row.found for row in rows}
    return counts | {"": sum(counts.values()), NEEDS_REVIEW: sum(row.flagged for row in rows)}


async def list_orders(session: AsyncSession, query: TableQuery, number: int | None) -> OrderPage:
    """Return a page. One statement, however many rows it has."""
    expression, kind = SORTS[query.sort_name]
    keys = keyset(expression, kind, query, row_id="o.id")
    left = _narrowed(query, number, with_tab=True)
    statement = f"{ROW.format(chosen=left.first(expression, keys, 'o.id'))} ORDER BY {keys.order}"
    found = await session.execute(text(statement), {**left.values, **keys.values})
    return OrderPage(*page(keys, [ListedOrder(**row) for row in found.mappings()]))


async def list_of_customer(session: AsyncSession, user_id: UUID, limit: int) -> list[ListedOrder]:
    """Return a customer's orders, the newest first. One statement."""
    chosen = """
        SELECT o.id, o.placed_at AS edge FROM orders o WHERE o.user_id = :user_id ORDER BY o.placed_at DESC LIMIT :limit
    """
    statement = f"{ROW.format(chosen=chosen)} ORDER BY o.placed_at DESC, o.id DESC"
    found = await session.execute(text(statement), {"user_id": user_id, "limit": limit})
    return [ListedOrder(**row) for row in found.mappings()]


async def get_newest(session: AsyncSession) -> int:
    """Return the highest number that an order has, 0 where there is none."""
    return int((await session.execute(text("SELECT coalesce(max(number), 0) FROM orders"))).scalar_one())


async def count_newer(session: AsyncSession, query: TableQuery, number: int | None, after: int, limit: int) -> int:
    """Return how many orders that a query finds have come after the one numbered ``after``, at most ``limit``."""
    left = _narrowed(query, number, with_tab=True)
    statement = f"""
        SELECT count(*) FROM (
          SELECT 1 FROM ({left.every("o.number")}) found WHERE number > :after LIMIT :limit) newer
    """  # noqa: S608
    found = await session.execute(text(statement), {**left.values, "after": after, "limit": limit})
    return int(found.scalar_one())


async def find_row(session: AsyncSession, order_id: UUID) -> ListedOrder | None:
    """Return one order as the list shows it."""
    chosen = "SELECT id, number AS edge FROM orders WHERE id = :id"
    found = (await session.execute(text(ROW.format(chosen=chosen)), {"id": order_id})).mappings().one_or_none()
    return None if found is None else ListedOrder(**found)


async def list_numbers(session: AsyncSession, query: TableQuery, number: int | None, limit: int) -> list[int]:
    """Return the numbers of all that a query finds, the oldest first, at most ``limit`` of them. One statement."""
    left = _narrowed(query, number, with_tab=True)
    statement = f"{left.every('o.number')} ORDER BY number LIMIT :limit"
    return list((await session.execute(text(statement), {**left.values, "limit": limit})).scalars())


async def list_numbers_of(session: AsyncSession, ids: Sequence[UUID]) -> list[int]:
    """Return the numbers of some orders, the oldest first."""
    statement = text("SELECT number FROM orders WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY number")
    return list((await session.execute(statement, {"ids": list(ids)})).scalars())


async def stream_orders(
    session: AsyncSession,
    query: TableQuery,
    number: int | None,
    ids: Sequence[UUID] | None = None,
    batch: int = 1_000,
) -> AsyncIterator[list[ListedOrder]]:
    """Return all that a query finds, or those with ``ids``, newest first, so many at a time."""
    left = _narrowed(query, number, with_tab=True)
    if ids is not None:
        left = Branches("orders o", ("o.id = ANY(CAST(:ids AS uuid[]))",), {"ids": list(ids)})
    keys = Keyset("o.number < :below", "o.number DESC", {}, is_turned=False, has_cursor=True)
    statement = text(f"{ROW.format(chosen=left.first('o.number', keys, 'o.id'))} ORDER BY o.number DESC")
    below = 2**62
    while True:
        found = await session.execute(statement, {**left.values, "below": below, "page_limit": batch})
        rows = [ListedOrder(**row) for row in found.mappings()]
        if rows:
            yield rows
            below = rows[-1].number
        if len(rows) < batch:
            return
