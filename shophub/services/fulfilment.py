"""Fulfilment: packed, shipped, delivered; and the flag that stops it.

Each step locks the order, so that of two people pressing at once one takes it and the other is told that it is taken.
"""

import structlog

from shophub.db import AsyncSession
from shophub.domain.order_actions import PAID
from shophub.domain.order_numbers import order_number
from shophub.domain.statuses import ORDER_STEPS, AlertKind, OrderStatus
from shophub.errors import IllegalTransitionError, NeedsReviewError, NotPaidError, OrderNotFoundError
from shophub.repositories import fulfilment, order_steps, refunds
from shophub.repositories.order_steps import LockedOrder
from shophub.schemas.fulfilment import ShipmentForm
from shophub.services import alerts, audit
from shophub.services.audit import Actor
from shophub.services.emails.outbox import EmailKind, enqueue_email

log = structlog.get_logger(__name__)
PACKED = "packed"
REVIEWED = "reviewed"


async def mark_packed(session: AsyncSession, number: int, *, actor: Actor) -> None:
    """Note in the timeline that the goods are packed; the status stays.

    Raises:
        OrderNotFoundError: No such order.
        NeedsReviewError: It is flagged; nothing is prepared before somebody has looked.
        NotPaidError: Its payment has not come, or has all gone back or is about to.
        IllegalTransitionError: It is packed already, or not being prepared.
    """
    order = await _locked(session, number)
    await _check_may_leave(session, order)
    if order.status != OrderStatus.PROCESSING:
        raise _refusal(order, PACKED, f"is {order.status.lower()} and cannot be packed.")
    if await fulfilment.has_event(session, order.id, PACKED):
        raise _refusal(order, PACKED, "is packed already.")
    await order_steps.add_event(session, order.id, PACKED, actor_id=actor.user_id)
    await _record(session, actor, "order.pack", order)


async def mark_shipped(session: AsyncSession, number: int, form: ShipmentForm, *, actor: Actor) -> None:
    """Record the parcel, take the order to SHIPPED and have its customer told, all in the caller's transaction.

    Raises:
        OrderNotFoundError: No such order.
        NeedsReviewError: It is flagged; nothing ships before somebody has looked.
        NotPaidError: Its payment has not come, or has all gone back or is about to.
        IllegalTransitionError: It was shipped before, delivered or cancelled.
    """
    order = await _locked(session, number)
    await _check_may_leave(session, order)
    await order_steps.advance(session, order.id, OrderStatus.SHIPPED, actor_id=actor.user_id)
    await fulfilment.insert_shipment(
        session,
        order.id,
        carrier=form.carrier,
        tracking_number=form.tracking_number,
        tracking_url=form.tracking_url,
    )
    await enqueue_email(session, EmailKind.ORDER_SHIPPED, order.id)
    await _record(session, actor, "order.ship", order, OrderStatus.SHIPPED)


async def mark_delivered(session: AsyncSession, number: int, *, actor: Actor) -> None:
    """Take the order to DELIVERED, its parcels with it, and have its customer told.

    Raises:
        OrderNotFoundError: No such order.
        IllegalTransitionError: It is not on its way.
    """
    order = await _locked(session, number)
    await order_steps.advance(session, order.id, OrderStatus.DELIVERED, actor_id=actor.user_id)
    await fulfilment.deliver_shipments(session, order.id)
    await enqueue_email(session, EmailKind.ORDER_DELIVERED, order.id)
    await _record(session, actor, "order.deliver", order, OrderStatus.DELIVERED)


async def clear_review(session: AsyncSession, number: int, *, actor: Actor, note: str = "") -> None:
    """Take the flag from an order, so that it can ship. The customer does not see this step.

    Raises:
        OrderNotFoundError: No such order.
        IllegalTransitionError: It is not flagged.
    """
    order = await _locked(session, number)
    if not await fulfilment.clear_review(session, order.id):
        raise _refusal(order, REVIEWED, "is not waiting for a review.")
    await order_steps.add_event(session, order.id, REVIEWED, note=note, is_public=False, actor_id=actor.user_id)
    name = order_number(order.number)
    await alerts.resolve_subject(session, AlertKind.NEEDS_REVIEW, name)
    before, after = {"needs_review": True}, {"needs_review": False}
    await audit.record(session, actor, "order.review", target="order", target_id=name, before=before, after=after)


async def refuse_step(session: AsyncSession, number: int, to: OrderStatus) -> None:
    """Refuse a status that nobody gives by hand: an order waits for its payment, and the payment takes it on.

    Raises:
        OrderNotFoundError: No such order.
        IllegalTransitionError: Always.
    """
    order = await _locked(session, number)
    raise _refusal(order, to.value, f"is {order.status.lower()} and cannot become {to.value.lower()} by hand.")


async def _record(
    session: AsyncSession, actor: Actor, action: str, order: LockedOrder, after: OrderStatus | None = None
) -> None:
    """Note the step in the audit log; without ``after`` the status stays."""
    await audit.record(
        session,
        actor,
        action,
        target="order",
        target_id=order_number(order.number),
        before={"status": order.status},
        after={"status": after.value if after else order.status},
    )


async def _locked(session: AsyncSession, number: int) -> LockedOrder:
    order = await order_steps.lock(session, number)
    if order is None:
        raise OrderNotFoundError("We could not find that order.")
    return order


def _refusal(order: LockedOrder, step: str, why: str) -> IllegalTransitionError:
    name = order_number(order.number)
    log.warning("step_refused", order=name, status=order.status, step=step)
    return IllegalTransitionError(f"Order {name} {why}")


async def _check_may_leave(session: AsyncSession, order: LockedOrder) -> None:
    """Refuse what must not leave the house. An order that could not take the step anyway is refused for that."""
    if OrderStatus.SHIPPED not in ORDER_STEPS[OrderStatus(order.status)]:
        return
    if order.needs_review:
        raise NeedsReviewError(f"Order {order_number(order.number)} has to be reviewed before it ships.")
    if order.payment_status not in PAID:
        raise NotPaidError(f"Order {order_number(order.number)} is not paid.")
    payment = await refunds.lock_payment(session, order.id)
    if payment is not None and payment.left_minor <= 0:
        raise NotPaidError(f"The payment of order {order_number(order.number)} is on its way back.")
