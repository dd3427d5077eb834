"""Everybody's orders as the staff's programs read them. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from shophub.db import AsyncSession
from shophub.domain.order_numbers import parse_order_number
from shophub.domain.statuses import RefundSource, RefundStatus
from shophub.errors import InvalidInputError, OrderNotFoundError
from shophub.lib.pagination import PageRequest
from shophub.repositories import refunds, staff_order_list, staff_orders
from shophub.repositories.staff_order_list import MOST_COUNTED, OrderFilter, StaffOrderRow
from shophub.repositories.staff_orders import StaffRefundRow
from shophub.schemas.api.admin_orders import OrderDeskOut, RefundForm, RefundOut, StaffEventOut, StaffOrderOut
from shophub.schemas.api.base import PageOut
from shophub.services.audit import Actor
from shophub.services.rest.orders import describe_orders

# Where the ids of refunds that have keys come from.
REFUNDS = UUID("5f0c8f5e-5d0a-4b57-9a5e-7d0b1f2c6a41")


@dataclass(frozen=True)
class OrderQuery:
    """Which orders are asked for: ``q`` is a number, or how an e-mail or a SKU begins. Days are UTC."""

    q: str = ""
    status: str | None = None
    payment_status: str | None = None
    needs_review: bool | None = None
    first: date | None = None
    last: date | None = None


async def list_all(session: AsyncSession, query: OrderQuery, page: PageRequest) -> PageOut[StaffOrderOut]:
    """Return a page of everybody's orders, the newest first. Six statements.

    Raises:
        InvalidInputError: The range ends before it begins.
    """
    if query.first and query.last and query.last < query.first:
        raise InvalidInputError("The range ends before it begins.", {"to": "Has to be from or later."})
    q = query.q.strip()
    wanted = OrderFilter(
        status=query.status,
        payment_status=query.payment_status,
        needs_review=query.needs_review,
        q=q,
        number=_number(q),
        first=query.first,
        last=query.last,
    )
    rows, total = await staff_order_list.list_orders(session, wanted, limit=page.page_size, offset=page.offset)
    return PageOut[StaffOrderOut](
        items=await _described(session, rows),
        total=min(total, MOST_COUNTED),
        total_is_exact=total <= MOST_COUNTED,
        page=page.page,
        page_size=page.page_size,
    )


async def get_desk(session: AsyncSession, number: str) -> OrderDeskOut:
    """Return an order with its refunds.

    Raises:
        OrderNotFoundError: No such order.
    """
    row = await staff_order_list.find_order(session, parse_order_number(number))
    if row is None:
        raise OrderNotFoundError("We could not find that order.")
    (order,) = await _described(session, [row])
    payment = await refunds.find_payment(session, row.id)
    return OrderDeskOut(
        **dict(order),
        refunds=[_refund(one) for one in await staff_orders.list_refunds(session, row.id)],
        refundable=max(0, payment.left_minor) if payment else 0,
        disputed=payment.disputed_minor if payment else 0,
    )


def refund_id(actor: Actor, number: int, key: str | None, form: RefundForm) -> UUID | None:
    """Return the id of the refund that a request under an ``Idempotency-Key`` makes; without a key any will do.

    The same each time: where the process is killed between the refund and its answer, the request that is sent again
    finds what the first has made, instead of giving money back twice.
    """
    if key is None:
        return None
    return uuid5(REFUNDS, f"{actor.user_id}\n{number}\n{key}\n{form.model_dump_json()}")


async def _described(session: AsyncSession, rows: Sequence[StaffOrderRow]) -> list[StaffOrderOut]:
    if not rows:
        return []
    orders = await describe_orders(session, rows)
    events = await staff_order_list.list_events(session, [row.id for row in rows])
    return [
        StaffOrderOut(
            **{
                **dict(order),
                "events": [
                    StaffEventOut(
                        type=one.type,
                        at=one.created_at,
                        note=one.note or None,
                        is_public=one.is_public,
                        actor_id=one.actor_id,
                    )
                    for one in events[row.id]
                ],
            },
            customer_id=row.user_id,
            review_reason=row.review_reason,
        )
        for row, order in zip(rows, orders, strict=True)
    ]


def _refund(row: StaffRefundRow) -> RefundOut:
    return RefundOut(
        id=row.id,
        amount=row.amount_minor,
        currency=row.currency,
        status=RefundStatus(row.status),
        source=RefundSource(row.source),
        reason=row.reason,
        restock=row.restock,
        requested_by=row.requested_by_id,
        failure_reason=row.failure_reason,
        created_at=row.created_at,
    )


def _number(typed: str) -> int | None:
    try:
        return parse_order_number(typed)
    except OrderNotFoundError:
        return None
