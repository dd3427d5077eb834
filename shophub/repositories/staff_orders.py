"""Reading what only the staff see of an order: its payment's books, disputes, everybody's steps, provider events."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import TextClause, text

from shophub.db import AsyncSession

RowT = TypeVar("RowT")
EVENTS_SHOWN = 50


@dataclass(frozen=True)
class ReviewRow:
    """Which order it is, and why somebody must look at it."""

    id: UUID
    needs_review: bool
    review_reason: str | None


@dataclass(frozen=True)
class PaymentRow:
    """Money received. Amounts are minor units of ``currency``."""

    id: UUID
    stripe_payment_intent_id: str
    stripe_charge_id: str | None
    amount_minor: int
    refunded_minor: int
    pending_minor: int
    disputed_minor: int
    currency: str
    created_at: datetime


@dataclass(frozen=True)
class DisputeRow:
    """A payment that the cardholder's bank contests."""

    stripe_dispute_id: str
    amount_minor: int
    currency: str
    status: str
    reason: str
    funds_withdrawn: bool
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class StaffRefundRow:
    """A refund with who asked for it and what went wrong."""

    id: UUID
    stripe_refund_id: str | None
    amount_minor: int
    currency: str
    status: str
    reason: str
    source: str
    restock: bool
    requested_by: str | None
    requested_by_id: UUID | None
    failure_reason: str | None
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class StaffStepRow:
    """A step of the timeline with its actor, public or not."""

    type: str
    note: str
    is_public: bool
    actor: str | None
    created_at: datetime


@dataclass(frozen=True)
class ProviderEventRow:
    """What the payment provider told us, and what became of it."""

    event_id: str
    type: str
    status: str
    message: str
    is_kept: bool
    occurred_at: datetime


@dataclass(frozen=True)
class CustomerRow:
    """Whoever bought with an address: how often, for how much, since when. Amounts are minor units of a currency."""

    full_name: str | None
    order_count: int
    spent_minor: int
    first_at: datetime


FIND_REVIEW = text("SELECT id, needs_review, review_reason FROM orders WHERE number = :number")

FIND_PAYMENT = text("""
SELECT id, stripe_payment_intent_id, stripe_charge_id, amount_minor, refunded_minor, pending_minor, disputed_minor,
  currency, created_at
FROM payments WHERE order_id = :order_id
""")

LIST_DISPUTES = text("""
SELECT d.stripe_dispute_id, d.amount_minor, d.currency, d.status, d.reason, d.funds_withdrawn, d.opened_at, d.closed_at
FROM disputes d JOIN payments p ON p.id = d.payment_id WHERE p.order_id = :order_id ORDER BY d.opened_at DESC, d.id
""")

LIST_REFUNDS = text("""
SELECT r.id, r.stripe_refund_id, r.amount_minor, r.currency, r.status, r.reason, r.source, r.restock,
  u.full_name AS requested_by, r.requested_by_id, r.failure_reason, r.created_at, r.ended_at
FROM refunds r LEFT JOIN users u ON u.id = r.requested_by_id
WHERE r.order_id = :order_id ORDER BY r.created_at, r.id
""")

LIST_STEPS = text("""
SELECT e.type, e.note, e.is_public, u.full_name AS actor, e.created_at
FROM order_events e LEFT JOIN users u ON u.id = e.actor_id
WHERE e.order_id = :order_id ORDER BY e.created_at DESC, e.id DESC
""")

# By the ids that Stripe gives its objects: the event's own object is one of them.
LIST_PROVIDER_EVENTS = text("""
SELECT event_id, type, status, message, payload <> CAST('{}' AS jsonb) AS is_kept, occurred_at FROM provider_events
WHERE object_id IN (
  SELECT stripe_payment_intent_id FROM payments WHERE order_id = :order_id
  UNION SELECT stripe_charge_id FROM payments WHERE order_id = :order_id
  UNION SELECT stripe_refund_id FROM refunds WHERE order_id = :order_id
  UNION SELECT d.stripe_dispute_id FROM disputes d JOIN payments p ON p.id = d.payment_id WHERE p.order_id = :order_id)
ORDER BY occurred_at DESC, received_at DESC LIMIT :limit
""")


# Of one currency: amounts of several have no sum.
FIND_CUSTOMER = text("""
SELECT (SELECT u.full_name FROM users u WHERE u.id = CAST(:user_id AS uuid)) AS full_name, count(*) AS order_count,
  coalesce(sum(total_minor - refunded_minor)
    FILTER (WHERE currency = :currency AND payment_status IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED')), 0)::bigint
    AS spent_minor,
  min(placed_at) AS first_at
FROM orders WHERE email_key = :email_key
""")


async def find_customer(session: AsyncSession, user_id: UUID | None, email_key: str, currency: str) -> CustomerRow:
    """Return what is known of whoever bought with that address; there is at least one such order."""
    values = {"user_id": user_id, "email_key": email_key, "currency": currency}
    row = (await session.execute(FIND_CUSTOMER, values)).mappings().one()
    return CustomerRow(**row)


async def find_review(session: AsyncSession, number: int) -> ReviewRow | None:
    """Return whether somebody must look at the order."""
    row = (await session.execute(FIND_REVIEW, {"number": number})).mappings().one_or_none()
    return ReviewRow(**row) if row else None


async def find_payment(session: AsyncSession, order_id: UUID) -> PaymentRow | None:
    """Return the order's payment; one that cost nothing has none."""
    row = (await session.execute(FIND_PAYMENT, {"order_id": order_id})).mappings().one_or_none()
    return PaymentRow(**row) if row else None


async def list_disputes(session: AsyncSession, order_id: UUID) -> list[DisputeRow]:
    """Return the disputes of the order's payment, newest first."""
    return await _rows(session, LIST_DISPUTES, DisputeRow, order_id=order_id)


async def list_refunds(session: AsyncSession, order_id: UUID) -> list[StaffRefundRow]:
    """Return the order's refunds, oldest first."""
    return await _rows(session, LIST_REFUNDS, StaffRefundRow, order_id=order_id)


async def list_steps(session: AsyncSession, order_id: UUID) -> list[StaffStepRow]:
    """Return every step of the order's timeline, newest first."""
    return await _rows(session, LIST_STEPS, StaffStepRow, order_id=order_id)


async def list_provider_events(session: AsyncSession, order_id: UUID) -> list[ProviderEventRow]:
    """Return what the payment provider said about the order's payment, newest first, at most fifty."""
    return await _rows(session, LIST_PROVIDER_EVENTS, ProviderEventRow, order_id=order_id, limit=EVENTS_SHOWN)


async def _rows(session: AsyncSession, statement: TextClause, kind: type[RowT], **values: Any) -> list[RowT]:
    return [kind(**row) for row in (await session.execute(statement, values)).mappings()]
