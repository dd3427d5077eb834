"""Refunds: what was asked for, and what came of it. A payment's sums are always those of its refunds and disputes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from shophub.db import AsyncSession
from shophub.domain.refunds import OPEN_DISPUTES, WITHDRAWN_DISPUTES
from shophub.domain.statuses import RefundSource, RefundStatus
from shophub.lib.ids import new_id


@dataclass(frozen=True)
class PaymentRow:
    """Money received for an order, in minor units of ``currency``."""

    id: UUID
    order_id: UUID
    stripe_payment_intent_id: str
    amount_minor: int
    currency: str
    refunded_minor: int
    pending_minor: int
    disputed_minor: int
    has_open_dispute: bool

    @property
    def left_minor(self) -> int:
        """What can still be given back."""
        return self.amount_minor - self.refunded_minor - self.pending_minor - self.disputed_minor


@dataclass(frozen=True)
class RefundRow:
    """A refund with the PaymentIntent that it is taken from. The amount is in minor units."""

    id: UUID
    payment_id: UUID
    order_id: UUID
    amount_minor: int
    currency: str
    status: str
    source: str
    restock: bool
    stripe_refund_id: str | None
    stripe_payment_intent_id: str
    created_at: datetime


@dataclass(frozen=True)
class RefundPart:
    """The part of a refund that is for one order line."""

    order_line_id: UUID
    quantity: int
    amount_minor: int


@dataclass(frozen=True)
class RefundableLine:
    """An order line with what went back of it already."""

    id: UUID
    sku: str
    name: str
    quantity: int
    total_minor: int
    refunded_quantity: int
    refunded_minor: int


_REFUND = """
SELECT r.id, r.payment_id, r.order_id, r.amount_minor, r.currency, r.status, r.source, r.restock, r.stripe_refund_id,
  p.stripe_payment_intent_id, r.created_at
FROM refunds r JOIN payments p ON p.id = r.payment_id
"""

_PAYMENT = """
SELECT p.id, p.order_id, p.stripe_payment_intent_id, p.amount_minor, p.currency, p.refunded_minor, p.pending_minor,
  p.disputed_minor,
  EXISTS (SELECT 1 FROM disputes d WHERE d.payment_id = p.id AND d.status = ANY(CAST(:open AS text[]))) AS open_dispute
FROM payments p WHERE p.order_id = :order_id
"""
FIND_PAYMENT = text(_PAYMENT)
LOCK_PAYMENT = text(_PAYMENT + "FOR NO KEY UPDATE OF p")

# Stripe has the last word: what was refunded or disputed there may come to more than the shop had counted with, while
# a refund of the shop's own is still to be refused. Each sum is therefore bounded by what the earlier ones left.
RECALCULATE = text("""
WITH refunded AS (
  SELECT coalesce(sum(amount_minor) FILTER (WHERE status = 'succeeded'), 0)::bigint AS succeeded,
         coalesce(sum(amount_minor) FILTER (WHERE status = 'pending'), 0)::bigint AS pending
  FROM refunds WHERE payment_id = :id),
disputed AS (
  SELECT coalesce(sum(amount_minor) FILTER (WHERE status = ANY(CAST(:withdrawn AS text[]))), 0)::bigint AS amount
  FROM disputes WHERE payment_id = :id),
sums AS (
  SELECT p.id, least(p.amount_minor, r.succeeded) AS refunded,
    least(r.pending, greatest(0, p.amount_minor - r.succeeded)) AS pending,
    least(d.amount, greatest(0, p.amount_minor - r.succeeded - r.pending)) AS disputed
  FROM payments p, refunded r, disputed d WHERE p.id = :id),
paid AS (
  UPDATE payments p SET refunded_minor = s.refunded, pending_minor = s.pending, disputed_minor = s.disputed,
    updated_at = now()
  FROM sums s WHERE p.id = s.id RETURNING p.order_id, p.amount_minor, p.refunded_minor)
UPDATE orders o SET refunded_minor = least(o.total_minor, paid.refunded_minor), updated_at = now(),
  payment_status = CASE WHEN paid.refunded_minor = 0 THEN 'PAID'
    WHEN paid.refunded_minor >= paid.amount_minor THEN 'REFUNDED' ELSE 'PARTIALLY_REFUNDED' END
FROM paid WHERE o.id = paid.order_id
""")


async def lock_payment(session: AsyncSession, order_id: UUID) -> PaymentRow | None:
    """Return the order's payment, locked; None for an order that cost nothing."""
    return await _payment(session, LOCK_PAYMENT, order_id)


async def find_payment(session: AsyncSession, order_id: UUID) -> PaymentRow | None:
    """Return the order's payment as it stands, for reading only; None for an order that cost nothing."""
    return await _payment(session, FIND_PAYMENT, order_id)


async def _payment(session: AsyncSession, statement: TextClause, order_id: UUID) -> PaymentRow | None:
    values = {"order_id": order_id, "open": sorted(OPEN_DISPUTES)}
    row = (await session.execute(statement, values)).one_or_none()
    return PaymentRow(*row) if row else None


async def find_order_of_intent(session: AsyncSession, intent_id: str) -> UUID | None:
    """Return the order that a PaymentIntent paid."""
    statement = text("SELECT order_id FROM payments WHERE stripe_payment_intent_id = :id")
    return (await session.execute(statement, {"id": intent_id})).scalar_one_or_none()


async def list_refundable_lines(session: AsyncSession, order_id: UUID) -> list[RefundableLine]:
    """Return the order's lines with what went back of each."""
    statement = text("""
        SELECT id, sku, name, quantity, total_minor, refunded_quantity, refunded_minor
        FROM order_lines WHERE order_id = :id ORDER BY position
    """)
    return [RefundableLine(*row) for row in await session.execute(statement, {"id": order_id})]


async def insert(
    session: AsyncSession,
    *,
    payment_id: UUID,
    order_id: UUID,
    amount_minor: int,
    currency: str,
    reason: str,
    parts: Sequence[RefundPart] = (),
    restock: bool = False,
    source: RefundSource = RefundSource.SHOP,
    stripe_refund_id: str | None = None,
    actor_id: UUID | None = None,
    refund_id: UUID | None = None,
) -> UUID:
    """Record a refund that is to be asked for: its id will be the idempotency key at Stripe.

    Its lines are counted as refunded at once, so that nobody else refunds the same units; a failure gives them back.
    """
    refund_id = refund_id or new_id()
    values = {
        "id": refund_id,
        "payment_id": payment_id,
        "order_id": order_id,
        "amount_minor": amount_minor,
        "currency": currency,
        "reason": reason,
        "restock": restock,
        "source": source.value,
        "stripe_id": stripe_refund_id,
        "actor_id": actor_id,
    }
    await session.execute(INSERT, values)
    if parts:
        rows: list[dict[str, Any]] = [
            {
                "id": new_id(),
                "refund_id": refund_id,
                "line_id": part.order_line_id,
                "units": part.quantity,
                "minor": part.amount_minor,
            }
            for part in parts
        ]
        await session.execute(INSERT_PART, rows)
        await session.execute(COUNT_PARTS, {"id": refund_id, "sign": 1})
    await recalculate(session, payment_id)
    return refund_id


INSERT = text("""
INSERT INTO refunds (id, payment_id, order_id, amount_minor, currency, status, reason, restock, source,
  stripe_refund_id, requested_by_id)
VALUES (:id, :payment_id, :order_id, :amount_minor, :currency, 'pending', :reason, :restock, :source, :stripe_id,
  CAST(:actor_id AS uuid))
""")

INSERT_PART = text("""
INSERT INTO refund_lines (id, refund_id, order_line_id, quantity, amount_minor)
VALUES (:id, :refund_id, :line_id, :units, :minor)
""")

COUNT_PARTS = text("""
UPDATE order_lines l SET refunded_quantity = l.refunded_quantity + :sign * r.quantity,
  refunded_minor = l.refunded_minor + :sign * r.amount_minor
FROM refund_lines r WHERE r.refund_id = :id AND l.id = r.order_line_id
""")


# Taken up again after it had seemed refused: units that another refund has given back since are that one's.
DROP_PARTS_REFUNDED_SINCE = text("""
DELETE FROM refund_lines r USING order_lines l
WHERE r.refund_id = :id AND l.id = r.order_line_id
  AND (l.refunded_quantity + r.quantity > l.quantity OR l.refunded_minor + r.amount_minor > l.total_minor)
""")


async def recalculate(session: AsyncSession, payment_id: UUID) -> None:
    """Bring a payment's sums, and its order's, to those of its refunds and disputes. The caller holds their locks."""
    await session.execute(RECALCULATE, {"id": payment_id, "withdrawn": sorted(WITHDRAWN_DISPUTES)})


async def find(session: AsyncSession, refund_id: UUID, *, lock: bool = False) -> RefundRow | None:
    """Return the refund; ``lock`` keeps others from ending it meanwhile."""
    statement = text(_REFUND + "WHERE r.id = :id" + (" FOR UPDATE OF r" if lock else ""))
    row = (await session.execute(statement, {"id": refund_id})).one_or_none()
    return RefundRow(*row) if row else None


async def find_by_provider(session: AsyncSession, payment_id: UUID, stripe_id: str, own_id: UUID | None) -> UUID | None:
    """Return the refund that Stripe calls ``stripe_id``, or the one of ours that it was made for (``own_id``)."""
    statement = text("""
        SELECT id FROM refunds WHERE payment_id = :payment_id
          AND (stripe_refund_id = :stripe_id OR id = CAST(:own_id AS uuid) AND stripe_refund_id IS NULL)
        ORDER BY stripe_refund_id NULLS LAST LIMIT 1
    """)
    values = {"payment_id": payment_id, "stripe_id": stripe_id, "own_id": own_id}
    return (await session.execute(statement, values)).scalar_one_or_none()


async def set_outcome(
    session: AsyncSession, refund: RefundRow, status: RefundStatus, stripe_refund_id: str | None, reason: str | None
) -> None:
    """Note where a locked refund stands, and bring the sums to it. A failed one gives its units back."""
    statement = text("""
        UPDATE refunds SET status = :status, stripe_refund_id = coalesce(:stripe_id, stripe_refund_id),
          failure_reason = :reason, ended_at = CASE WHEN :status = 'pending' THEN NULL ELSE now() END WHERE id = :id
    """)
    values = {"id": refund.id, "status": status.value, "stripe_id": stripe_refund_id, "reason": reason}
    await session.execute(statement, values)
    if status is RefundStatus.FAILED and refund.status != RefundStatus.FAILED:
        await session.execute(COUNT_PARTS, {"id": refund.id, "sign": -1})
    elif refund.status == RefundStatus.FAILED and status is not RefundStatus.FAILED:
        await session.execute(DROP_PARTS_REFUNDED_SINCE, {"id": refund.id})
        await session.execute(COUNT_PARTS, {"id": refund.id, "sign": 1})
    await recalculate(session, refund.payment_id)


async def note_provider_id(session: AsyncSession, refund_id: UUID, stripe_refund_id: str) -> None:
    """Note Stripe's id of a refund that it has accepted and not finished."""
    await session.execute(
        text("UPDATE refunds SET stripe_refund_id = :stripe_id WHERE id = :id"),
        {"id": refund_id, "stripe_id": stripe_refund_id},
    )


async def list_pending(session: AsyncSession, before: datetime, limit: int = 100) -> list[UUID]:
    """Return refunds that have waited since before a moment: first those that Stripe may not know, then some others.

    By chance, so that those that a bank keeps pending for days do not hide the rest.
    """
    statement = text("""
        SELECT id FROM refunds WHERE status = 'pending' AND created_at <= :before
        ORDER BY stripe_refund_id IS NOT NULL, random() LIMIT :n
    """)
    return list((await session.execute(statement, {"before": before, "n": limit})).scalars())
