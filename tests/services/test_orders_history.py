"""What customers and staff read of an order that has been refunded, contested or flagged."""

from datetime import UTC, datetime, timedelta

import pytest
import reflex as rx
from sqlmodel import select

from shophub.components.admin.packing_slip import packing_slip
from shophub.db import AsyncSession
from shophub.domain.statuses import OrderStatus, PaymentStatus, ProviderEventStatus, RefundStatus, Role
from shophub.errors import OrderNotFoundError
from shophub.models.accounts import User
from shophub.models.orders import Order, OrderEvent, OrderLine
from shophub.models.payments import Dispute, Payment, ProviderEvent, Refund, RefundLine
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.orders import OrderView
from shophub.schemas.staff_orders import StaffOrderView
from shophub.services import orders, staff_orders
from tests.factories import make_order, make_user
from tests.services.test_orders_read import GUEST, cookie_of

PLACED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def visitor(user: User) -> Visitor:
    return Visitor(user=UserView(user.id, user.email, user.full_name, user.role, is_email_verified=True))


async def pay(session: AsyncSession, order: Order, **sums: int) -> Payment:
    payment = Payment(
        order_id=order.id,
        stripe_payment_intent_id=f"pi_{order.number}",
        stripe_charge_id=f"ch_{order.number}",
        revision=1,
        amount_minor=order.total_minor,
        currency=order.currency,
        **sums,
    )
    session.add(payment)
    await session.flush()
    return payment


async def give_back(
    session: AsyncSession, order: Order, payment: Payment, status: RefundStatus, *, hours: int, units: int = 0
) -> None:
    """Refund $20 some hours after the order was placed; of so many units of its line, or just the amount."""
    at = PLACED + timedelta(hours=hours)
    refund = Refund(
        payment_id=payment.id,
        order_id=order.id,
        amount_minor=2_000,
        currency=order.currency,
        status=status,
        reason="Scratched, said the customer",
        stripe_refund_id=f"re_{order.number}_{hours}",
        failure_reason="lost_or_stolen_card" if status is RefundStatus.FAILED else None,
        created_at=at,
        ended_at=None if status is RefundStatus.PENDING else at,
    )
    session.add(refund)
    await session.flush()
    if units:
        line = (await session.exec(select(OrderLine).where(OrderLine.order_id == order.id))).one()
        line.refunded_quantity += units
        session.add(RefundLine(refund_id=refund.id, order_line_id=line.id, quantity=units, amount_minor=2_000))
    await session.flush()


async def test_refunds_stand_where_they_belong_each_with_amount_lines_and_state(session: AsyncSession) -> None:
    user = await make_user(session)
    order = await make_order(
        session, user=user, payment_status=PaymentStatus.PARTIALLY_REFUNDED, steps=("placed", "paid"), placed_at=PLACED
    )
    order.refunded_minor = 2_000
    session.add(OrderEvent(order_id=order.id, type="packed", created_at=PLACED + timedelta(hours=2)))
    session.add(OrderEvent(order_id=order.id, type="refunded", created_at=PLACED + timedelta(hours=1)))
    payment = await pay(session, order, refunded_minor=2_000, pending_minor=2_000)
    await give_back(session, order, payment, RefundStatus.SUCCEEDED, hours=1, units=1)
    await give_back(session, order, payment, RefundStatus.FAILED, hours=3)
    await give_back(session, order, payment, RefundStatus.PENDING, hours=4)

    view = await orders.get_order(session, f"SH-{order.number}", visitor(user))

    assert [(step.label, step.state, step.lines, step.is_current) for step in view.timeline] == [
        ("Placed", "done", (), False),
        ("Paid", "done", (), False),
        ("$20.00 refunded", "done", ("1 × Desk Lamp (Size: M · Colour: Sand), $20.00",), False),
        ("Packed", "done", (), True),
        ("Refund of $20.00 did not go through", "failed", (), False),
        ("Refund of $20.00 on its way", "pending", (), False),
        ("Shipped", "ahead", (), False),
        ("Delivered", "ahead", (), False),
    ]
    assert view.timeline[2].at_text == "Fri 20 Nov, 10:30 UTC"
    assert (view.lines[0].quantity, view.lines[0].to_pack) == (2, 1)
    assert (view.lines[0].refunded_text, view.payment_label) == ("1 refunded", "Partly refunded")
    assert (view.refunded_text, view.refund_pending_text, view.kept_text) == ("$20.00", "$20.00", "$30.00")
    assert "Scratched" not in repr(view)  # a word between the staff
    assert "lost_or_stolen_card" not in repr(view)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (OrderStatus.PENDING, True),
        (OrderStatus.PROCESSING, True),
        (OrderStatus.SHIPPED, False),
        (OrderStatus.DELIVERED, False),
        (OrderStatus.CANCELLED, False),
    ],
)
async def test_only_its_customer_may_cancel_and_only_before_it_ships(
    status: OrderStatus, expected: bool, session: AsyncSession
) -> None:
    user, admin = await make_user(session), await make_user(session, role=Role.ADMIN)
    order = await make_order(session, user=user, status=status)
    number = f"SH-{order.number}"

    own, foreign = [await orders.get_order(session, number, visitor(who)) for who in (user, admin)]

    assert (own.is_own, own.can_cancel) == (True, expected)
    assert (foreign.is_own, foreign.can_cancel) == (False, False)
    assert await orders.get_own_number(session, number, visitor(user)) == order.number
    for who in (visitor(admin), visitor(await make_user(session)), GUEST):
        with pytest.raises(OrderNotFoundError):
            await orders.get_own_number(session, number, who)
        with pytest.raises(OrderNotFoundError):
            await orders.list_own_goods(session, number, who)


async def test_guest_with_the_link_of_the_mail_may_cancel(session: AsyncSession) -> None:
    order = await make_order(session)

    view = await orders.get_order(session, f"SH-{order.number}", GUEST, cookie_of(order))

    assert (view.is_own, view.can_cancel) == (True, True)
    assert await orders.get_own_number(session, f"SH-{order.number}", GUEST, cookie_of(order)) == order.number


async def contest(session: AsyncSession, payment: Payment) -> None:
    """Have the bank contest a payment of $50, and the provider tell it."""
    session.add(
        Dispute(
            payment_id=payment.id,
            stripe_dispute_id="du_1",
            amount_minor=5_000,
            currency="USD",
            status="needs_response",
            reason="product_not_received",
            funds_withdrawn=True,
            opened_at=PLACED + timedelta(days=1),
        )
    )
    session.add(
        ProviderEvent(
            provider="stripe",
            event_id="evt_1",
            type="charge.dispute.created",
            object_id="du_1",
            status=ProviderEventStatus.HANDLED,
            payload={},
            occurred_at=PLACED,
        )
    )
    await session.flush()


async def test_staff_read_the_books_of_a_contested_payment(session: AsyncSession) -> None:
    admin = await make_user(session, role=Role.ADMIN, full_name="Bea Boss")
    order = await make_order(session, user=await make_user(session), placed_at=PLACED)
    order.needs_review, order.review_reason = True, "Received $49.00, ordered for $50.00."
    payment = await pay(session, order, disputed_minor=3_000, refunded_minor=2_000)
    await give_back(session, order, payment, RefundStatus.FAILED, hours=3, units=1)
    session.add(
        OrderEvent(order_id=order.id, type="refund_failed", actor_id=admin.id, is_public=False, note="Card is gone.")
    )
    await contest(session, payment)

    view = await staff_orders.find_staff_order(session, f"SH-{order.number}", visitor(admin))

    assert (view.needs_review, view.review_reason) == (True, "Received $49.00, ordered for $50.00.")
    (dispute,) = view.disputes
    assert (dispute.title, dispute.state, dispute.is_open) == ("$50.00 disputed", "Needs a response", True)
    assert {fact.name: fact.text for fact in dispute.facts} == {
        "Reason": "Product not received",
        "Since": "Sat 21 Nov, 09:30 UTC",
        "Money": "Withdrawn from the balance",
        "Dispute": "du_1",
    }
    money = {fact.name: fact.text for fact in view.payment}
    assert (money["Paid"], money["Refunded"], money["Disputed"]) == ("$50.00", "$20.00", "$30.00")
    assert (money["PaymentIntent"], money["Charge"]) == (f"pi_{order.number}", f"ch_{order.number}")
    assert "Refund pending" not in money
    assert [(refund.state, refund.failure) for refund in view.refunds] == [("Failed", "Lost or stolen card")]
    entry = next(entry for entry in view.log if entry.label == "Refund failed")
    assert (entry.actor, entry.note, entry.is_public) == ("Bea Boss", "Card is gone.", False)
    assert [(event.type, event.outcome) for event in view.events] == [("charge.dispute.created", "Handled")]


async def test_nobody_but_the_staff_gets_any_of_it(session: AsyncSession) -> None:
    user = await make_user(session)
    order = await make_order(session, user=user)
    await pay(session, order)

    for who in (visitor(user), GUEST, Visitor()):
        assert await staff_orders.find_staff_order(session, f"SH-{order.number}", who) == StaffOrderView()


def test_packing_slip_counts_what_is_left_to_pack() -> None:
    slip = str(packing_slip(rx.Var("order").to(OrderView), rx.Var("seller").to(tuple[str, ...])))

    assert ('["to_pack"]' in slip, '["quantity"]' in slip) == (True, False)
