"""How the staff's panel of an order is worded."""

from collections.abc import Sequence
from datetime import datetime

from shophub.domain.statuses import ProviderEventStatus, RefundSource, RefundStatus
from shophub.lib.money import format_money
from shophub.repositories.order_notes import NoteRow
from shophub.repositories.orders import RefundedLineRow
from shophub.repositories.staff_orders import DisputeRow, PaymentRow, ProviderEventRow, StaffRefundRow, StaffStepRow
from shophub.schemas.staff_orders import (
    Fact,
    StaffDispute,
    StaffEntry,
    StaffNote,
    StaffProviderEvent,
    StaffRefund,
)
from shophub.services.views.order_timeline import moment_text, refunded_line_text

# Stripe's words: https://docs.stripe.com/api/disputes/object#dispute_object-status.
_DISPUTE_STATES = {
    "needs_response": "Needs a response",
    "under_review": "Under review",
    "warning_needs_response": "Inquiry, needs a response",
    "warning_under_review": "Inquiry, under review",
    "warning_closed": "Inquiry closed",
    "won": "Won",
    "lost": "Lost",
}
_DISPUTES_OVER = frozenset({"won", "lost", "warning_closed"})
_REFUND_STATES = {
    RefundStatus.PENDING: ("Pending", "warning"),
    RefundStatus.SUCCEEDED: ("Succeeded", "success"),
    RefundStatus.FAILED: ("Failed", "danger"),
}
_OUTCOMES = {
    ProviderEventStatus.HANDLED: ("Handled", "success"),
    ProviderEventStatus.IGNORED: ("Ignored", "brand"),
    ProviderEventStatus.ALERT: ("Alert", "danger"),
}


def payment_facts(payment: PaymentRow | None) -> tuple[Fact, ...]:
    """Return the books of a payment; parts that are zero are left out."""
    if payment is None:
        return ()
    amounts = (
        ("Paid", payment.amount_minor),
        ("Refunded", payment.refunded_minor),
        ("Refund pending", payment.pending_minor),
        ("Disputed", payment.disputed_minor),
    )
    facts = [Fact(name, format_money(amount, payment.currency)) for name, amount in amounts if amount or name == "Paid"]
    facts.append(Fact("Received", moment_text(payment.created_at)))
    facts.append(Fact("PaymentIntent", payment.stripe_payment_intent_id, is_code=True))
    if payment.stripe_charge_id:
        facts.append(Fact("Charge", payment.stripe_charge_id, is_code=True))
    return tuple(facts)


def dispute_view(dispute: DisputeRow) -> StaffDispute:
    """Return a dispute in words; while it is open, nothing of the payment can be refunded."""
    is_open = dispute.status not in _DISPUTES_OVER and dispute.closed_at is None
    facts = [
        Fact("Reason", _words(dispute.reason) or "Not given"),
        Fact("Since", moment_text(dispute.opened_at)),
        Fact("Money", "Withdrawn from the balance" if dispute.funds_withdrawn else "Still in the balance"),
    ]
    if dispute.closed_at is not None:
        facts.append(Fact("Closed", moment_text(dispute.closed_at)))
    facts.append(Fact("Dispute", dispute.stripe_dispute_id, is_code=True))
    return StaffDispute(
        title=f"{format_money(dispute.amount_minor, dispute.currency)} {'disputed' if is_open else 'was disputed'}",
        state=_DISPUTE_STATES.get(dispute.status, _words(dispute.status)),
        tone="danger" if is_open or dispute.status == "lost" else "success",
        facts=tuple(facts),
        is_open=is_open,
    )


def refund_view(refund: StaffRefundRow, lines: Sequence[RefundedLineRow]) -> StaffRefund:
    """Return a refund with who asked for it, why, and what went wrong."""
    state, tone = _REFUND_STATES[RefundStatus(refund.status)]
    asked = "at Stripe" if refund.source == RefundSource.PROVIDER else f"by {refund.requested_by or 'the shop'}"
    parts = [
        f"Asked for {asked}, {moment_text(refund.created_at)}",
        refund.reason,
        "put back into stock" if refund.restock else "",
    ]
    return StaffRefund(
        amount_text=format_money(refund.amount_minor, refund.currency),
        state=state,
        tone=tone,
        text=" · ".join(part for part in parts if part),
        failure=_words(refund.failure_reason or ""),
        lines=tuple(refunded_line_text(line, refund.currency) for line in lines),
    )


def entry_view(step: StaffStepRow) -> StaffEntry:
    """Return a step with its actor."""
    return StaffEntry(
        label=_words(step.type),
        at_iso=step.created_at.isoformat(),
        at_text=moment_text(step.created_at),
        actor=step.actor or "",
        note=step.note,
        is_public=step.is_public,
    )


def provider_event_view(event: ProviderEventRow) -> StaffProviderEvent:
    """Return an event with what became of it."""
    outcome, tone = _OUTCOMES[ProviderEventStatus(event.status)]
    return StaffProviderEvent(
        type=event.type,
        id=event.event_id,
        at_iso=event.occurred_at.isoformat(),
        at_text=_exact(event.occurred_at),
        outcome=f"{outcome}: {event.message}" if event.message else outcome,
        tone=tone,
        is_kept=event.is_kept,
    )


def note_view(note: NoteRow) -> StaffNote:
    """Return a note with who wrote it and when."""
    return StaffNote(
        body=note.body,
        author=note.author or "Somebody who has left",
        at_iso=note.created_at.isoformat(),
        at_text=moment_text(note.created_at),
    )


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _exact(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
