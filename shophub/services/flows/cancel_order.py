"""Cancelling an order before it ships: goods back, coupon use back, money back."""

from shophub.db import transaction
from shophub.domain.order_numbers import order_number
from shophub.domain.statuses import OrderStatus, StockReason
from shophub.errors import OrderNotFoundError, PaymentDisputedError
from shophub.integrations import queue
from shophub.repositories import coupons, inventory, order_steps, refunds
from shophub.services import audit
from shophub.services.audit import Actor
from shophub.services.emails.outbox import EmailKind, enqueue_email
from shophub.services.flows.refund_order import finish_soon
from shophub.services.refunds import RefundRequest, request_refund


async def cancel_order(number: int, *, actor: Actor, by_customer: bool, reason: str = "") -> None:
    """Cancel an order: one transaction gives goods and coupon use back and records the refund of all that is left.

    Stripe is asked for it afterwards; out of reach, a job finishes it. Who may cancel is the caller's to check.

    Raises:
        OrderNotFoundError: No such order.
        IllegalTransitionError: It is on its way, delivered or cancelled.
        PaymentDisputedError: The cardholder's bank is about to decide who gets the money.
    """
    async with transaction() as session:
        order = await order_steps.lock(session, number)
        if order is None:
            raise OrderNotFoundError("We could not find that order.")
        note = reason or ("Cancelled by the customer." if by_customer else "Cancelled by the shop.")
        await order_steps.advance(session, order.id, OrderStatus.CANCELLED, actor_id=actor.user_id, note=note)
        payment = await refunds.lock_payment(session, order.id)
        if payment is not None and payment.has_open_dispute:
            raise PaymentDisputedError(
                "The cardholder's bank contests this payment. Nothing can be refunded meanwhile."
            )
        name = order_number(order.number)
        await inventory.restock_order(
            session, order.id, reason=StockReason.CANCELLATION, reference=name, actor_id=actor.user_id
        )
        await coupons.give_back_use(session, order.id)
        refund = None
        if payment is not None and payment.left_minor > 0:
            request = RefundRequest(reason=f"Order {name} was cancelled", actor_id=actor.user_id)
            refund = await request_refund(session, order, request)
            await queue.enqueue(session, "refunds.finish", refund_id=str(refund.id))
        await enqueue_email(session, EmailKind.ORDER_CANCELLED, order.id)
        if not by_customer:
            before, after = {"status": order.status}, {"status": OrderStatus.CANCELLED.value}
            await audit.record(
                session, actor, "order.cancel", target="order", target_id=name, before=before, after=after
            )
    if refund is not None:
        await finish_soon(refund.id)
