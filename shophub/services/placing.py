"""Making the order: one transaction from a paid revision to everything that follows from it."""

from dataclasses import dataclass
from uuid import UUID

from shophub.db import AsyncSession, savepoint
from shophub.domain.emails import email_key
from shophub.domain.order_numbers import order_number
from shophub.domain.revisions import Revision
from shophub.domain.statuses import AlertKind, CheckoutStatus, OrderStatus, PaymentStatus, StockReason
from shophub.errors import CheckoutNotFoundError, InsufficientStockError
from shophub.integrations import queue
from shophub.integrations.stripe import StripePaymentIntent
from shophub.lib.clock import utc_now
from shophub.lib.money import format_money
from shophub.repositories import carts, checkouts, coupons, inventory, order_placing, refunds
from shophub.repositories.checkouts import CheckoutRow
from shophub.repositories.order_placing import NewEvent, NewOrder, NewPayment, OrderKey
from shophub.services.alerts import raise_alert
from shophub.services.emails.outbox import EmailKind, enqueue_email


@dataclass(frozen=True)
class PlacedOrder:
    """An order that exists now.

    ``refund_id`` names the refund that must follow, where the goods are gone; ``is_paid_otherwise`` says that the order
    had been settled before, without this payment.
    """

    id: UUID
    number: int
    is_new: bool
    refund_id: UUID | None = None
    is_paid_otherwise: bool = False


async def place_order(
    session: AsyncSession, checkout_id: UUID, revision_number: int, payment: StripePaymentIntent | None
) -> PlacedOrder:
    """Make the order of a checkout from exactly the revision that was paid, or return the one that exists.

    In the caller's transaction: order, lines, address and sums; stock and ledger; reservation and coupon use made
    final; bought quantities taken out of the cart; payment; timeline; confirmation e-mail enqueued. Where the goods
    are gone (a payment hours late), the order is made CANCELLED with a full refund pending. Where amount or currency
    received differ from the revision, the order is flagged and nothing ships until somebody has looked.

    Args:
        payment: The PaymentIntent as Stripe reports it now; None where nothing was to be paid.

    Raises:
        CheckoutNotFoundError: No such checkout or revision.
        InsufficientStockError: A free order's goods are gone; nothing was done.
    """
    await carts.lock_cart_of_checkout(session, checkout_id)
    checkout = await checkouts.find_for_update(session, checkout_id)
    revision = await checkouts.find_revision(session, checkout_id, revision_number)
    if checkout is None or revision is None:
        raise CheckoutNotFoundError("That checkout is not known here.")
    if checkout.status == CheckoutStatus.COMPLETED:
        existing = await order_placing.find_of_checkout(session, checkout_id)
        if existing is not None:
            other = payment is not None and not await order_placing.is_paid_by(session, existing.id, payment.id)
            if other:
                await order_placing.flag_for_review(session, existing.id, "Paid a second time.")
            return PlacedOrder(existing.id, existing.number, is_new=False, is_paid_otherwise=other)
    placed = await _sell(session, checkout, revision, payment)
    if placed is not None:
        return placed
    if payment is None:
        raise InsufficientStockError("Something in your cart has just sold out.", variant_id="", available=0)
    return await _place_cancelled(session, checkout, revision, payment)


async def _sell(
    session: AsyncSession, checkout: CheckoutRow, revision: Revision, payment: StripePaymentIntent | None
) -> PlacedOrder | None:
    """Write all that an order is, and take its goods last, so that a hot variant is locked for one statement.

    A shortage undoes everything: None.
    """
    async with savepoint(session) as point:
        order = await _write_order(session, checkout, revision, payment, OrderStatus.PROCESSING)
        if checkout.goods_cart_id is not None:
            await carts.take_out(session, checkout.goods_cart_id, revision.quantities)
            if revision.coupon_id is not None:
                await carts.detach_coupon(session, checkout.goods_cart_id, revision.coupon_id)
        await checkouts.complete(session, checkout.id)
        await enqueue_email(session, EmailKind.ORDER_CONFIRMATION, order.id)
        sold = await inventory.sell_from_holds(
            session,
            checkout.id,
            revision.quantities,
            reason=StockReason.ORDER,
            reference=order_number(order.number),
        )
        if not sold.is_complete:
            await point.rollback()
            return None
        if revision.coupon_code is not None:
            await _count_coupon(session, checkout, revision, revision.coupon_code, order)
        if sold.holds_coupon:
            await coupons.release_use(session, checkout.id)
    return PlacedOrder(order.id, order.number, is_new=True)


async def _count_coupon(
    session: AsyncSession, checkout: CheckoutRow, revision: Revision, code: str, order: OrderKey
) -> None:
    """Count the use. A coupon that was deleted meanwhile has no id any more, but its use is history all the same."""
    if not await coupons.count_use(session, checkout.id, revision.coupon_id, order.id):
        customer = (checkout.user_id, email_key(revision.email))
        await coupons.count_late_use(session, (revision.coupon_id, code), checkout.id, order.id, customer)


async def _write_order(
    session: AsyncSession,
    checkout: CheckoutRow,
    revision: Revision,
    payment: StripePaymentIntent | None,
    status: OrderStatus,
) -> OrderKey:
    reason = _review_reason(revision, payment)
    events = [NewEvent("placed"), NewEvent("paid")]
    if reason is not None:
        events.append(NewEvent("needs_review", reason, is_public=False))
    if status is OrderStatus.CANCELLED:
        events.append(NewEvent("cancelled", "Sold out before the payment arrived. Refunded in full."))
    order = await order_placing.insert_order(
        session,
        revision,
        NewOrder(
            user_id=checkout.user_id,
            email_key=email_key(revision.email),
            status=status,
            payment_status=PaymentStatus.PAID,
            review_reason=reason,
            placed_at=utc_now(),
            payment=_payment(payment),
            events=tuple(events),
        ),
    )
    if reason is not None:
        name = order_number(order.number)
        await raise_alert(session, AlertKind.NEEDS_REVIEW, name, f"{name}: {reason}")
    return order


def _payment(payment: StripePaymentIntent | None) -> NewPayment | None:
    if payment is None:
        return None
    return NewPayment(payment.id, payment.latest_charge_id, payment.amount_received_minor, payment.currency)


async def _place_cancelled(
    session: AsyncSession, checkout: CheckoutRow, revision: Revision, payment: StripePaymentIntent
) -> PlacedOrder:
    """Record a payment whose goods are gone, and the refund that gives all of it back."""
    await inventory.release(session, checkout.id)
    await coupons.release_use(session, checkout.id)
    order = await _write_order(session, checkout, revision, payment, OrderStatus.CANCELLED)
    received = await refunds.lock_payment(session, order.id)
    if received is None:
        raise RuntimeError("The payment that was just written is gone.")
    refund_id = await refunds.insert(
        session,
        payment_id=received.id,
        order_id=order.id,
        amount_minor=received.amount_minor,
        currency=received.currency,
        reason="Sold out before the payment arrived",
    )
    await checkouts.complete(session, checkout.id)
    await queue.enqueue(session, "refunds.finish", refund_id=str(refund_id))
    await enqueue_email(session, EmailKind.ORDER_SOLD_OUT, order.id)
    return PlacedOrder(order.id, order.number, is_new=True, refund_id=refund_id)


def _review_reason(revision: Revision, payment: StripePaymentIntent | None) -> str | None:
    """Return why somebody must look at the order before it ships, or None where what came is what was asked."""
    if payment is None:
        return None
    if payment.currency != revision.currency:
        return f"Paid in {payment.currency}, ordered in {revision.currency}."
    if payment.amount_received_minor != revision.sums.total_minor:
        received = format_money(payment.amount_received_minor, payment.currency)
        return f"Received {received}, ordered for {format_money(revision.sums.total_minor, revision.currency)}."
    return None
