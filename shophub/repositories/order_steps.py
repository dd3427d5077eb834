"""An order's way: the one place where its status changes, each change with its event in the same transaction."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.order_numbers import order_number
from shophub.domain.statuses import ORDER_STEPS, OrderStatus
from shophub.errors import IllegalTransitionError
from shophub.lib.ids import new_id

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LockedOrder:
    """An order that nobody else changes until the transaction ends. Amounts are minor units of ``currency``."""

    id: UUID
    number: int
    user_id: UUID | None
    email: str
    status: str
    payment_status: str
    needs_review: bool
    currency: str
    total_minor: int
    refunded_minor: int
    coupon_id: UUID | None


_COLUMNS = ", ".join(LockedOrder.__dataclass_fields__)
# NO KEY UPDATE: rows that refer to the order (its events) are written meanwhile by this very transaction's rivals.
LOCK = text(f"SELECT {_COLUMNS} FROM orders WHERE number = :number FOR NO KEY UPDATE")  # noqa: S608 - our own names
LOCK_BY_ID = text(f"SELECT {_COLUMNS} FROM orders WHERE id = :id FOR NO KEY UPDATE")  # noqa: S608

ADVANCE = text("""
UPDATE orders SET status = :to, updated_at = now()
WHERE id = :id AND status = ANY(CAST(:sources AS text[])) RETURNING id
""")

# Not now(), the start of the transaction: the same one may have placed the order a moment ago, by another clock.
ADD_EVENT = text("""
INSERT INTO order_events (id, order_id, type, actor_id, is_public, note, data, created_at)
VALUES (:id, :order_id, :type, CAST(:actor_id AS uuid), :is_public, :note, CAST(:data AS jsonb),
  greatest(clock_timestamp(), (SELECT max(created_at) FROM order_events WHERE order_id = :order_id)))
""")


async def lock(session: AsyncSession, number: int) -> LockedOrder | None:
    """Return the order with that number, locked."""
    row = (await session.execute(LOCK, {"number": number})).one_or_none()
    return LockedOrder(*row) if row else None


async def lock_by_id(session: AsyncSession, order_id: UUID) -> LockedOrder | None:
    """Return the order, locked."""
    row = (await session.execute(LOCK_BY_ID, {"id": order_id})).one_or_none()
    return LockedOrder(*row) if row else None


async def advance(
    session: AsyncSession,
    order_id: UUID,
    to: OrderStatus,
    *,
    actor_id: UUID | None,
    note: str = "",
    is_public: bool = True,
) -> None:
    """Take the order one step on and note it in the timeline. Of two callers at once, one gets through.

    A step that is refused is logged.

    Raises:
        IllegalTransitionError: ``ORDER_STEPS`` has no such step from where the order is now.
    """
    sources = sorted(status.value for status, following in ORDER_STEPS.items() if to in following)
    moved = await session.execute(ADVANCE, {"id": order_id, "to": to.value, "sources": sources})
    if moved.scalar_one_or_none() is None:
        raise await _refusal(session, order_id, to)
    await add_event(session, order_id, to.value.lower(), note=note, is_public=is_public, actor_id=actor_id)


async def _refusal(session: AsyncSession, order_id: UUID, to: OrderStatus) -> IllegalTransitionError:
    statement = text("SELECT number, status FROM orders WHERE id = :id")
    row = (await session.execute(statement, {"id": order_id})).one_or_none()
    if row is None:
        return IllegalTransitionError("There is no such order.")
    name, status = order_number(row.number), row.status.lower()
    log.warning("step_refused", order=name, status=row.status, step=to.value)
    return IllegalTransitionError(f"Order {name} is {status} and cannot become {to.value.lower()}.")


async def add_event(
    session: AsyncSession,
    order_id: UUID,
    kind: str,
    *,
    note: str = "",
    is_public: bool = True,
    actor_id: UUID | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Add a line to the order's timeline; the customer sees the public ones."""
    values = {
        "id": new_id(),
        "order_id": order_id,
        "type": kind,
        "actor_id": actor_id,
        "is_public": is_public,
        "note": note,
        "data": None if data is None else json.dumps(data),
    }
    await session.execute(ADD_EVENT, values)


async def find_time(session: AsyncSession, order_id: UUID, kind: str) -> datetime | None:
    """Return when a step was first taken."""
    statement = text("SELECT min(created_at) FROM order_events WHERE order_id = :id AND type = :kind")
    found: datetime | None = (await session.execute(statement, {"id": order_id, "kind": kind})).scalar_one()
    return found
