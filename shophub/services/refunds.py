"""Refunds: what may be given back, and what an outcome at Stripe changes. The caller owns the transaction.

Locks: order, payment, refund, then variants. ``refunded + pending + disputed`` never exceeds what was paid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.currencies import charge_step
from shophub.domain.order_numbers import order_number
from shophub.domain.refunds import line_refund_minor
from shophub.domain.statuses import REFUND_STEPS, AlertKind, OrderStatus, RefundSource, RefundStatus, StockReason
from shophub.errors import (
    AmountNotChargeableError,
    InvalidInputError,
    NotPaidError,
    PaymentDisputedError,
    RefundTooLargeError,
)
from shophub.integrations.stripe import StripeRefund
from shophub.lib.money import allocate, format_money
from shophub.lib.plain_text import plain_text
from shophub.repositories import inventory, order_steps, refunds
from shophub.repositories.order_steps import LockedOrder
from shophub.repositories.refunds import PaymentRow, RefundableLine, RefundPart, RefundRow
from shophub.services.alerts import raise_alert
from shophub.services.emails.outbox import EmailKind, enqueue_email

REASON_MAX = 300
DISPUTED = "The cardholder's bank contests this payment. Nothing can be refunded meanwhile."
_STATUSES = {"succeeded": RefundStatus.SUCCEEDED, "failed": RefundStatus.FAILED, "canceled": RefundStatus.FAILED}


@dataclass(frozen=True)
class RefundRequest:
    """What is asked for: some units of lines (by SKU), an amount in minor units, or, with neither, all that is left.

    ``beside_minor`` is given back beside the lines: delivery, or what somebody was promised.
    """

    lines: Mapping[str, int] | None = None
    amount_minor: int | None = None
    restock: bool = False
    reason: str = ""
    actor_id: UUID | None = None
    id: UUID | None = None
    beside_minor: int = 0


@dataclass(frozen=True)
class RefundQuote:
    """What a refund would come to; amounts are minor units of ``currency``."""

    amount_minor: int
    left_minor: int
    currency: str


async def quote_refund(session: AsyncSession, order_id: UUID, request: RefundRequest) -> RefundQuote:
    """Return what a refund would come to now. Nothing is written and nothing kept: it is asked again when it is made.

    Raises:
        As ``request_refund``.
    """
    payment = await refunds.find_payment(session, order_id)
    if payment is None:
        raise NotPaidError("This order cost nothing: there is nothing to refund.")
    if payment.has_open_dispute:
        raise PaymentDisputedError(DISPUTED)
    lines = await refunds.list_refundable_lines(session, order_id)
    amount_minor, _ = _amount_and_parts(request, payment, lines)
    if amount_minor > payment.left_minor:
        raise _too_large(payment, amount_minor)
    return RefundQuote(amount_minor, payment.left_minor, payment.currency)


async def request_refund(session: AsyncSession, order: LockedOrder, request: RefundRequest) -> RefundRow:
    """Record a refund of a locked order. Stripe is asked afterwards, under the refund's id.

    Units that cost nothing (a coupon paid for them) come back without any money: that is over at once.

    Raises:
        NotPaidError: There is no payment to give back.
        PaymentDisputedError: The bank is about to decide who gets the money.
        RefundTooLargeError: More than is left of the payment or of a line.
        AmountNotChargeableError: An amount that Stripe gives back no more than it charges it.
        InvalidInputError: Neither of both, an amount below 1, or an item that the order does not have.
    """
    payment = await refunds.lock_payment(session, order.id)
    if payment is None:
        raise NotPaidError(f"Order {order_number(order.number)} cost nothing: there is nothing to refund.")
    if payment.has_open_dispute:
        raise PaymentDisputedError(DISPUTED)
    lines = await refunds.list_refundable_lines(session, order.id)
    amount_minor, parts = _amount_and_parts(request, payment, lines)
    is_restock_only = request.lines is not None and amount_minor == 0 and request.restock
    if amount_minor > payment.left_minor or (amount_minor < 1 and not is_restock_only):
        raise _too_large(payment, amount_minor)
    refund_id = await refunds.insert(
        session,
        refund_id=request.id,
        payment_id=payment.id,
        order_id=order.id,
        amount_minor=amount_minor,
        currency=payment.currency,
        reason=plain_text(request.reason)[:REASON_MAX].strip(),
        parts=parts,
        restock=request.restock,
        actor_id=request.actor_id,
    )
    refund = await refunds.find(session, refund_id)
    if refund is None:
        raise RuntimeError("The refund that was just written is gone.")
    if is_restock_only:
        await _record(session, refund.id, RefundStatus.SUCCEEDED, None, None)
    return refund


def _amount_and_parts(
    request: RefundRequest, payment: PaymentRow, lines: list[RefundableLine]
) -> tuple[int, list[RefundPart]]:
    if request.lines is not None and request.amount_minor is not None:
        raise InvalidInputError("Give items or an amount, not both.")
    step = charge_step(payment.currency)
    if request.lines is not None:
        parts = _parts_of(request.lines, lines, step)
        beside_minor = _chargeable(request.beside_minor, payment.currency) if request.beside_minor else 0
        return sum(part.amount_minor for part in parts) + beside_minor, parts
    if request.amount_minor is not None:
        return _chargeable(request.amount_minor, payment.currency), []
    return payment.left_minor, _all_parts(payment.left_minor, lines, step)


def _chargeable(amount_minor: int, currency: str) -> int:
    if not _is_count(amount_minor):
        raise InvalidInputError("The amount has to be above zero.", {"amount": "Has to be above zero."})
    step = charge_step(currency)
    if amount_minor % step:
        least = format_money(step, currency)
        raise AmountNotChargeableError(
            f"Only multiples of {least} can be given back.", {"amount": f"Multiples of {least}."}
        )
    return amount_minor


def _parts_of(wanted: Mapping[str, int], lines: list[RefundableLine], step: int) -> list[RefundPart]:
    known = {line.sku: line for line in lines}
    if not wanted:
        raise InvalidInputError("Choose at least one item.", {"lines": "Choose at least one item."})
    parts = []
    for sku, units in wanted.items():
        line = known.get(sku)
        if line is None:
            raise InvalidInputError(f"The order has no item {sku}.", {"lines": f"The order has no item {sku}."})
        if not _is_count(units):
            raise InvalidInputError("Quantities are whole numbers from 1.", {"lines": "Whole numbers from 1."})
        left = line.quantity - line.refunded_quantity
        if units > left:
            raise RefundTooLargeError(f"Only {left} of {line.name} can still be refunded.", left_minor=0)
        parts.append(_part(line, units, step))
    return parts


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _part(line: RefundableLine, units: int, step: int) -> RefundPart:
    amount_minor = line_refund_minor(
        line.total_minor,
        line.quantity,
        refunded_quantity=line.refunded_quantity,
        refunded_minor=line.refunded_minor,
        units=units,
        step=step,
    )
    return RefundPart(line.id, units, amount_minor)


def _all_parts(left_minor: int, lines: list[RefundableLine], step: int) -> list[RefundPart]:
    """Return every unit that is left. Amounts given back without naming items before lower the parts evenly."""
    parts = [
        _part(line, line.quantity - line.refunded_quantity, step)
        for line in lines
        if line.quantity > line.refunded_quantity
    ]
    sums = [part.amount_minor for part in parts]
    if sum(sums) <= left_minor:
        return parts
    return [
        RefundPart(p.order_line_id, p.quantity, minor)
        for p, minor in zip(parts, allocate(left_minor, sums), strict=True)
    ]


def _too_large(payment: PaymentRow, amount_minor: int) -> RefundTooLargeError:
    left = payment.left_minor
    if amount_minor < 1:
        return RefundTooLargeError("There is nothing left to give back for this.", left_minor=left)
    shown = format_money(left, payment.currency)
    return RefundTooLargeError(f"Only {shown} of this payment can still be refunded.", left_minor=left)


async def record_outcome(session: AsyncSession, refund_id: UUID, answer: StripeRefund) -> RefundStatus | None:
    """Bring a refund to where Stripe says it is; the same answer twice, or one that is outdated, changes nothing.

    A refund that seemed refused, because an answer was lost, and that Stripe turns out to have, is taken up again.

    Once it has succeeded: its units go back into stock if so asked, the timeline and the customer are told. Should it
    fail, even after it had succeeded, its amount can be refunded again and somebody is alerted.
    """
    status = _STATUSES.get(answer.status, RefundStatus.PENDING)
    return await _record(session, refund_id, status, answer.id, answer.failure_reason)


async def record_refusal(session: AsyncSession, refund_id: UUID, reason: str) -> None:
    """Note that Stripe would not hear of a refund: the amount can be refunded again."""
    await _record(session, refund_id, RefundStatus.FAILED, None, reason)


async def _record(
    session: AsyncSession, refund_id: UUID, status: RefundStatus, stripe_id: str | None, reason: str | None
) -> RefundStatus | None:
    found = await refunds.find(session, refund_id)
    if found is None:
        return None
    order = await order_steps.lock_by_id(session, found.order_id)
    await refunds.lock_payment(session, found.order_id)
    refund = await refunds.find(session, refund_id, lock=True)
    if refund is None or order is None:
        return None
    was_refused = refund.status == RefundStatus.FAILED and refund.stripe_refund_id is None
    if status not in REFUND_STEPS[RefundStatus(refund.status)] and not (was_refused and stripe_id is not None):
        if stripe_id is not None and refund.stripe_refund_id is None:
            await refunds.note_provider_id(session, refund.id, stripe_id)
        return RefundStatus(refund.status)  # known, or asked for before what is known now
    await refunds.set_outcome(session, refund, status, stripe_id, reason)
    if status is RefundStatus.SUCCEEDED and refund.status != RefundStatus.SUCCEEDED:
        await _after_success(session, order, refund)
    if status is RefundStatus.FAILED and refund.status != RefundStatus.FAILED:
        await _after_failure(session, order, refund, reason or "")
    return status


async def _was_told(session: AsyncSession, order: LockedOrder, refund: RefundRow) -> bool:
    """Return whether the letter about the order's cancelling has spoken of this refund."""
    if order.status != OrderStatus.CANCELLED:
        return False
    cancelled_at = await order_steps.find_time(session, order.id, OrderStatus.CANCELLED.value.lower())
    return cancelled_at is None or refund.created_at <= cancelled_at


async def _after_success(session: AsyncSession, order: LockedOrder, refund: RefundRow) -> None:
    data = {"refund_id": str(refund.id), "amount_minor": refund.amount_minor}
    await order_steps.add_event(session, order.id, "refunded", data=data, is_public=refund.amount_minor > 0)
    # Cancelling has put all goods back, or none were ever taken.
    if refund.restock and order.status != OrderStatus.CANCELLED:
        await inventory.restock_refund(
            session, refund.id, reason=StockReason.REFUND, reference=order_number(order.number)
        )
    if refund.amount_minor > 0 and not await _was_told(session, order, refund):
        await enqueue_email(session, EmailKind.ORDER_REFUNDED, refund.id)


async def _after_failure(session: AsyncSession, order: LockedOrder, refund: RefundRow, reason: str) -> None:
    amount = format_money(refund.amount_minor, refund.currency)
    note = f"The refund of {amount} failed{f': {reason}' if reason else ''}."
    await order_steps.add_event(session, order.id, "refund_failed", note=note, is_public=False)
    name = order_number(order.number)
    await raise_alert(
        session, AlertKind.REFUND_FAILED, str(refund.id), f"{name}: {note} The customer still waits for it."
    )


async def sync_refund(session: AsyncSession, order_id: UUID, answer: StripeRefund) -> None:
    """Take over a refund as Stripe knows it: one of ours, or one that was made in Stripe's dashboard.

    Raises:
        ValueError: The order has no payment.
    """
    order = await order_steps.lock_by_id(session, order_id)
    payment = await refunds.lock_payment(session, order_id)
    if order is None or payment is None:
        raise ValueError("A refund of an order without a payment.")
    known = await refunds.find_by_provider(session, payment.id, answer.id, _own_id(answer))
    if known is None:
        known = await refunds.insert(
            session,
            payment_id=payment.id,
            order_id=order_id,
            amount_minor=answer.amount_minor,
            currency=answer.currency,
            reason="Refunded at Stripe",
            source=RefundSource.PROVIDER,
            stripe_refund_id=answer.id,
        )
    await record_outcome(session, known, answer)


def _own_id(answer: StripeRefund) -> UUID | None:
    try:
        return UUID(answer.metadata["refund_id"])
    except (KeyError, ValueError):
        return None
