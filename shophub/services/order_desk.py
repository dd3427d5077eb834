"""An order where the staff work on it: all about it, what can be done next, and what they write for each other."""

import json
from collections.abc import Sequence

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.order_actions import OrderAction, OrderStanding, legal_actions
from shophub.domain.order_numbers import order_number, parse_order_number
from shophub.domain.refunds import line_refund_minor
from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.errors import InvalidInputError, NotFoundError, OrderNotFoundError
from shophub.lib.money import format_money
from shophub.lib.plain_text import plain_text
from shophub.repositories import fulfilment, order_notes, order_steps, orders, provider_events, refunds, staff_orders
from shophub.repositories.orders import OrderLineRow, OrderRow
from shophub.repositories.refunds import PaymentRow, RefundableLine
from shophub.schemas.accounts import Visitor
from shophub.schemas.staff_orders import CustomerFacts, OrderActions, OrderDesk, RefundLine
from shophub.services import audit
from shophub.services import fulfilment as steps
from shophub.services.audit import Actor
from shophub.services.fulfilment import PACKED
from shophub.services.staff_orders import find_staff_order
from shophub.services.views.carts import options_text
from shophub.services.views.moments import date_text
from shophub.services.views.staff_orders import note_view

NOTE_MAX = 2_000


async def get_desk(session: AsyncSession, number: str, visitor: Visitor) -> OrderDesk:
    """Return what the staff work with. The order itself and its way are ``orders.get_order``'s, as for its customer.

    Raises:
        OrderNotFoundError: No such order, or the visitor is not of the staff.
    """
    known = parse_order_number(number)
    order = await orders.find_visible(session, known, user_id=None, may_see_all=True)
    if order is None:
        raise OrderNotFoundError("We could not find that order.")
    staff = await find_staff_order(session, number, visitor)
    if not staff.is_staff:
        raise OrderNotFoundError("We could not find that order.")
    lines = (await orders.list_lines(session, [order.id]))[order.id]
    payment = await refunds.find_payment(session, order.id)
    refundable = await refunds.list_refundable_lines(session, order.id)
    standing = OrderStanding(
        status=OrderStatus(order.status),
        payment_status=PaymentStatus(order.payment_status),
        needs_review=staff.needs_review,
        is_packed=await fulfilment.has_event(session, order.id, PACKED),
        left_minor=payment.left_minor if payment else None,
        has_open_dispute=payment.has_open_dispute if payment else False,
    )
    delivery_minor = max(0, order.total_minor - sum(line.total_minor for line in lines))
    return OrderDesk(
        staff=staff,
        notes=tuple(note_view(note) for note in await order_notes.list_newest(session, order.id)),
        customer=await _customer(session, order),
        actions=_actions(legal_actions(standing)),
        refundable=tuple(_refund_line(line, lines, order.currency) for line in refundable),
        left_text=_left(payment),
        delivery_minor=delivery_minor,
        delivery_text=format_money(delivery_minor, order.currency) if delivery_minor else "",
        currency=order.currency,
    )


def _left(payment: PaymentRow | None) -> str:
    return format_money(payment.left_minor, payment.currency) if payment else ""


def _actions(legal: frozenset[OrderAction]) -> OrderActions:
    return OrderActions(**{action.value: action in legal for action in OrderAction})


def _refund_line(line: RefundableLine, lines: Sequence[OrderLineRow], currency: str) -> RefundLine:
    left = line.quantity - line.refunded_quantity
    options = next((bought.options for bought in lines if bought.id == line.id), {})
    unit_minor = (
        line_refund_minor(
            line.total_minor,
            line.quantity,
            refunded_quantity=line.refunded_quantity,
            refunded_minor=line.refunded_minor,
            units=1,
        )
        if left
        else 0
    )
    return RefundLine(
        sku=line.sku,
        name=line.name,
        options_text=options_text(options),
        quantity=line.quantity,
        left=left,
        unit_text=format_money(unit_minor, currency),
    )


async def _customer(session: AsyncSession, order: OrderRow) -> CustomerFacts:
    row = await staff_orders.find_customer(session, order.user_id, email_key(order.email), order.currency)
    return CustomerFacts(
        user_id=str(order.user_id or ""),
        name=row.full_name or order.shipping_address.get("full_name", ""),
        email=order.email,
        order_count=row.order_count,
        spent_text=format_money(row.spent_minor, order.currency),
        since_text=date_text(row.first_at),
    )


async def add_note(session: AsyncSession, number: int, body: str, *, actor: Actor) -> None:
    """Write a note for the others of the staff; the customer never sees it. The audit log says that, not what.

    Raises:
        OrderNotFoundError: No such order.
        InvalidInputError: Nothing was written, or too much.
    """
    text = tidy(body)
    if not 0 < len(text) <= NOTE_MAX:
        message = f"Write at most {NOTE_MAX:,} characters." if text else "Write something first."
        raise InvalidInputError(message, {"body": message})
    order = await order_steps.lock(session, number)
    if order is None:
        raise OrderNotFoundError("We could not find that order.")
    await order_notes.insert(session, order.id, text, author_id=actor.user_id)
    await audit.record(session, actor, "order.note", target="order", target_id=order_number(number))


def tidy(text: str) -> str:
    """Return what somebody typed without characters that no column can hold."""
    return plain_text(text).strip()


async def clear_review(session: AsyncSession, number: int, note: str, *, actor: Actor) -> None:
    """Take the flag from an order, so that it can ship.

    Raises:
        OrderNotFoundError, IllegalTransitionError: See ``fulfilment.clear_review``.
    """
    await steps.clear_review(session, number, actor=actor, note=tidy(note))


async def get_event_text(session: AsyncSession, event_id: str) -> str:
    """Return what the payment provider sent, names and addresses left out, as indented JSON.

    Raises:
        NotFoundError: No such event, or nothing is kept of it.
    """
    payload = await provider_events.find_payload(session, event_id)
    if not payload:
        raise NotFoundError("Nothing more is kept of that event.")
    return json.dumps(payload, indent=2, ensure_ascii=False)
