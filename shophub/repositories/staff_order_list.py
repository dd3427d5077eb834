"""Everybody's orders in numbered pages, as the staff's programs read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.lib.pagination import COUNTED_TO
from shophub.repositories.beginnings import beginning, begins, begins_either, spellings
from shophub.repositories.branches import Branches, either
from shophub.repositories.days import within_days
from shophub.repositories.orders import OrderRow

# Counting stops there: what is left is said as "at least".
MOST_COUNTED = COUNTED_TO


@dataclass(frozen=True)
class StaffOrderRow(OrderRow):
    """An order with why somebody has to look at it."""

    review_reason: str | None


@dataclass(frozen=True)
class StaffEventRow:
    """A step of an order's way, public or not, with who took it (None: the shop itself)."""

    type: str
    note: str
    is_public: bool
    actor_id: UUID | None
    created_at: datetime


@dataclass(frozen=True)
class OrderFilter:
    """Which orders; ``number`` is what ``q`` means where it can be an order's. Days are UTC, both included."""

    status: str | None = None
    payment_status: str | None = None
    needs_review: bool | None = None
    q: str = ""
    number: int | None = None
    first: date | None = None
    last: date | None = None


_COLUMNS = ", ".join(f"o.{name}" for name in StaffOrderRow.__dataclass_fields__)


async def list_orders(
    session: AsyncSession, wanted: OrderFilter, *, limit: int, offset: int
) -> tuple[list[StaffOrderRow], int]:
    """Return a page, the newest first, and how many there are in all, at most ``MOST_COUNTED`` and one."""
    found = _narrowed(wanted)
    order = "ORDER BY o.placed_at DESC, o.id DESC"
    # Each way by itself along an index; together they hold what the page can show.
    ways = " UNION ALL ".join(
        f"(SELECT o.id, o.placed_at FROM {found.source} WHERE {one} {order} LIMIT :reach)"  # noqa: S608 - constants of ours
        for one in found.conditions
    )
    page = text(f"""
        SELECT {_COLUMNS} FROM (
          SELECT o.id FROM ({ways}) o {order} LIMIT :limit OFFSET :offset) chosen
        JOIN orders o ON o.id = chosen.id {order}
    """)  # noqa: S608
    count = text(f"SELECT count(*) FROM (SELECT 1 FROM ({found.every('o.id')}) every LIMIT :most) counted")  # noqa: S608
    rows = await session.execute(page, {**found.values, "limit": limit, "offset": offset, "reach": limit + offset})
    total = await session.execute(count, {**found.values, "most": MOST_COUNTED + 1})
    return [StaffOrderRow(**row) for row in rows.mappings()], int(total.scalar_one())


async def find_order(session: AsyncSession, number: int) -> StaffOrderRow | None:
    """Return an order, whosever it is."""
    statement = text(f"SELECT {_COLUMNS} FROM orders o WHERE o.number = :number")  # noqa: S608
    row = (await session.execute(statement, {"number": number})).mappings().one_or_none()
    return StaffOrderRow(**row) if row else None


async def list_events(session: AsyncSession, order_ids: Sequence[UUID]) -> dict[UUID, list[StaffEventRow]]:
    """Return every step of several orders at once, each order's oldest first."""
    events: dict[UUID, list[StaffEventRow]] = {order_id: [] for order_id in order_ids}
    statement = text("""
        SELECT order_id, type, note, is_public, actor_id, created_at FROM order_events
        WHERE order_id = ANY(:order_ids) ORDER BY created_at, id
    """)
    for order_id, *step in await session.execute(statement, {"order_ids": list(order_ids)}):
        events[order_id].append(StaffEventRow(*step))
    return events


def _narrowed(wanted: OrderFilter) -> Branches:
    conditions, values = ["true"], dict[str, Any]()
    for column in ("status", "payment_status", "needs_review"):
        if (value := getattr(wanted, column)) is not None:
            conditions.append(f"o.{column} = :{column}")
            values[column] = value
    since = within_days("o.placed_at", wanted.first, wanted.last)
    conditions, values = [*conditions, *since.conditions], values | since.values
    if not wanted.q:
        return Branches("orders o", (" AND ".join(conditions),), values)
    values |= {"number": wanted.number, **beginning("email", email_key(wanted.q))}
    skus = begins_either("l.sku", "sku", spellings(wanted.q))
    called = f"(o.number = :number OR {begins('o.email_key', 'email')})"
    has_line = f"EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND {skus.condition})"  # noqa: S608 - constants of ours
    return either("orders o", conditions, (called, f"{has_line} AND {called} IS NOT TRUE"), {**values, **skus.values})
