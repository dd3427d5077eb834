"""Refunds: what was asked for, and what came of it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession


@dataclass(frozen=True)
class RefundRow:
    """A refund with the PaymentIntent that it is taken from. The amount is in minor units."""

    id: UUID
    payment_id: UUID
    order_id: UUID
    amount_minor: int
    currency: str
    status: str
    stripe_payment_intent_id: str


async def find(session: AsyncSession, refund_id: UUID) -> RefundRow | None:
    """Return the refund."""
    statement = text("""
        SELECT r.id, r.payment_id, r.order_id, r.amount_minor, r.currency, r.status, p.stripe_payment_intent_id
        FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.id = :id
    """)
    row = (await session.execute(statement, {"id": refund_id})).one_or_none()
    return RefundRow(*row) if row else None


async def succeed(session: AsyncSession, refund: RefundRow, stripe_refund_id: str) -> None:
    """Turn a pending refund into money given back; a second call changes nothing."""
    if not await _end(session, refund, "succeeded", stripe_refund_id, None):
        return
    values = {"amount": refund.amount_minor, "payment_id": refund.payment_id, "order_id": refund.order_id}
    await session.execute(
        text("""
        UPDATE payments SET pending_minor = pending_minor - :amount, refunded_minor = refunded_minor + :amount,
          updated_at = now() WHERE id = :payment_id
        """),
        values,
    )
    # More can have been received than the order came to; the order shows at most its own total.
    await session.execute(
        text("""
        UPDATE orders SET refunded_minor = least(total_minor, refunded_minor + :amount), updated_at = now(),
          payment_status = (SELECT CASE WHEN p.refunded_minor >= p.amount_minor THEN 'REFUNDED'
                                        ELSE 'PARTIALLY_REFUNDED' END FROM payments p WHERE p.id = :payment_id)
        WHERE id = :order_id
        """),
        values,
    )


async def fail(session: AsyncSession, refund: RefundRow, stripe_refund_id: str, reason: str) -> None:
    """Note that Stripe could not give the money back: the amount can be refunded again."""
    if await _end(session, refund, "failed", stripe_refund_id, reason):
        await session.execute(
            text("UPDATE payments SET pending_minor = pending_minor - :amount, updated_at = now() WHERE id = :id"),
            {"amount": refund.amount_minor, "id": refund.payment_id},
        )


async def _end(
    session: AsyncSession, refund: RefundRow, status: str, stripe_refund_id: str, reason: str | None
) -> bool:
    statement = text("""
        UPDATE refunds SET status = :status, stripe_refund_id = :stripe_id, failure_reason = :reason, ended_at = now()
        WHERE id = :id AND status = 'pending' RETURNING id
    """)
    values = {"id": refund.id, "status": status, "stripe_id": stripe_refund_id, "reason": reason}
    return (await session.execute(statement, values)).scalar_one_or_none() is not None


async def note_provider_id(session: AsyncSession, refund: RefundRow, stripe_refund_id: str) -> None:
    """Note Stripe's id of a refund that it has accepted and not finished."""
    await session.execute(
        text("UPDATE refunds SET stripe_refund_id = :stripe_id WHERE id = :id"),
        {"id": refund.id, "stripe_id": stripe_refund_id},
    )
