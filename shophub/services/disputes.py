"""Disputes: what one changes for its payment. The caller owns the transaction."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.order_numbers import order_number
from shophub.domain.refunds import OPEN_DISPUTES, WITHDRAWN_DISPUTES
from shophub.domain.statuses import AlertKind
from shophub.integrations.stripe import StripeDispute
from shophub.lib.money import format_money
from shophub.repositories import disputes, order_steps, refunds
from shophub.repositories.disputes import DisputeFacts
from shophub.services.alerts import raise_alert, resolve_subject


async def sync_dispute(session: AsyncSession, order_id: UUID, found: StripeDispute) -> None:
    """Bring a dispute to where Stripe says it is; the same facts twice, or outdated ones, change nothing.

    While it is open, nothing is refunded and somebody is alerted. Money that the bank has taken counts as disputed;
    once the shop has won, it counts as paid again.

    Raises:
        ValueError: The order has no payment.
    """
    order = await order_steps.lock_by_id(session, order_id)
    payment = await refunds.lock_payment(session, order_id)
    if order is None or payment is None:
        raise ValueError("A dispute of an order without a payment.")
    facts = DisputeFacts(
        stripe_dispute_id=found.id,
        status=found.status,
        amount_minor=found.amount_minor,
        currency=found.currency,
        reason=found.reason,
        opened_at=found.created_at,
        is_open=found.status in OPEN_DISPUTES,
        funds_withdrawn=found.status in WITHDRAWN_DISPUTES,
    )
    applied = await disputes.upsert(session, payment.id, facts)
    await refunds.recalculate(session, payment.id)
    before = applied.before
    if before == found.status or not applied.is_taken_over:
        return
    amount, name = format_money(found.amount_minor, found.currency), order_number(order.number)
    if before is None:
        note = f"The cardholder's bank contests {amount}: {found.reason or 'no reason given'}."
        await order_steps.add_event(session, order_id, "disputed", note=note, is_public=False)
    if not facts.is_open:
        await order_steps.add_event(
            session,
            order_id,
            "dispute_closed",
            note=f"The dispute over {amount} ended: {found.status}.",
            is_public=False,
        )
        await resolve_subject(session, AlertKind.DISPUTE, found.id)
    elif before is None:
        await raise_alert(session, AlertKind.DISPUTE, found.id, f"{name}: {note}")
