"""Disputes: payments that a cardholder's bank contests."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.refunds import CLOSED_DISPUTES
from shophub.lib.ids import new_id


@dataclass(frozen=True)
class DisputeFacts:
    """What is kept of a dispute. The amount is in minor units of ``currency``."""

    stripe_dispute_id: str
    amount_minor: int
    currency: str
    status: str
    reason: str
    opened_at: datetime
    is_open: bool
    funds_withdrawn: bool


UPSERT = text("""
INSERT INTO disputes
  (id, payment_id, stripe_dispute_id, amount_minor, currency, status, reason, funds_withdrawn, opened_at, closed_at)
VALUES (:id, :payment_id, :stripe_id, :amount_minor, :currency, :status, :reason, :funds_withdrawn, :opened_at,
  CASE WHEN :is_open THEN NULL ELSE now() END)
ON CONFLICT (stripe_dispute_id) DO UPDATE SET status = excluded.status, amount_minor = excluded.amount_minor,
  reason = excluded.reason, funds_withdrawn = excluded.funds_withdrawn,
  closed_at = CASE WHEN :is_open THEN NULL ELSE coalesce(disputes.closed_at, now()) END
WHERE NOT (disputes.status = ANY(CAST(:closed AS text[])) AND :is_open)
RETURNING id
""")


@dataclass(frozen=True)
class Applied:
    """What became of a dispute's facts: its status before (None: not known), and whether they were taken over."""

    before: str | None
    is_taken_over: bool


async def upsert(session: AsyncSession, payment_id: UUID, dispute: DisputeFacts) -> Applied:
    """Bring a dispute to where the provider says it is; one that is closed stays closed.

    The caller holds the payment's lock.
    """
    known = text("SELECT status FROM disputes WHERE stripe_dispute_id = :id")
    before = (await session.execute(known, {"id": dispute.stripe_dispute_id})).scalar_one_or_none()
    values = {
        "id": new_id(),
        "payment_id": payment_id,
        "stripe_id": dispute.stripe_dispute_id,
        "amount_minor": dispute.amount_minor,
        "currency": dispute.currency,
        "status": dispute.status,
        "reason": dispute.reason,
        "funds_withdrawn": dispute.funds_withdrawn,
        "opened_at": dispute.opened_at,
        "is_open": dispute.is_open,
        "closed": sorted(CLOSED_DISPUTES),
    }
    written = (await session.execute(UPSERT, values)).scalar_one_or_none()
    return Applied(before, written is not None)
