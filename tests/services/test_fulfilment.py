"""Packed, shipped, delivered: in that order, once each, and never what must not leave."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import AlertKind, OrderStatus, PaymentStatus, Role
from shophub.errors import IllegalTransitionError, NeedsReviewError, NotPaidError, OrderNotFoundError, ShopHubError
from shophub.models.accounts import User
from shophub.models.orders import Order
from shophub.schemas.fulfilment import ShipmentForm
from shophub.services import alerts, fulfilment
from shophub.services.audit import Actor
from tests.factories import make_order, make_user

PARCEL = ShipmentForm(carrier="Parcelway", tracking_number="PW 1", tracking_url="https://parcelway.example/PW1")


async def admin(session: AsyncSession) -> User:
    return await make_user(session, role=Role.ADMIN)


async def rows(session: AsyncSession, statement: str, **values: object) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await session.execute(text(statement), values)]


async def state(session: AsyncSession, order: Order) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a step can change."""
    return {
        "order": await rows(
            session, "SELECT status, payment_status, needs_review, updated_at FROM orders WHERE id = :id", id=order.id
        ),
        "shipments": await rows(
            session,
            "SELECT carrier, tracking_number, tracking_url, delivered_at FROM shipments WHERE order_id = :id",
            id=order.id,
        ),
        "events": await rows(
            session,
            "SELECT type, actor_id, is_public, note FROM order_events WHERE order_id = :id ORDER BY created_at, id",
            id=order.id,
        ),
        "mails": await mails(session, order),
    }


async def mails(session: AsyncSession, order: Order) -> list[tuple[Any, ...]]:
    return await rows(
        session,
        "SELECT args->>'kind' FROM procrastinate_jobs WHERE args->>'subject_id' = :id ORDER BY id",
        id=str(order.id),
    )


async def test_order_is_packed_shipped_and_delivered_with_actor_parcel_and_mails(session: AsyncSession) -> None:
    order, staff = await make_order(session), await admin(session)

    await fulfilment.mark_packed(session, order.number, actor=Actor(staff.id))
    packed = await state(session, order)
    await fulfilment.mark_shipped(session, order.number, PARCEL, actor=Actor(staff.id))
    shipped = await state(session, order)
    await fulfilment.mark_delivered(session, order.number, actor=Actor(staff.id))
    delivered = await state(session, order)

    assert packed["order"][0][:2] == ("PROCESSING", "PAID")
    assert packed["mails"] == []
    assert shipped["order"][0][:2] == ("SHIPPED", "PAID")
    assert shipped["shipments"] == [("Parcelway", "PW 1", "https://parcelway.example/PW1", None)]
    assert delivered["order"][0][:2] == ("DELIVERED", "PAID")
    assert delivered["shipments"][0][3] is not None
    assert [event[:3] for event in delivered["events"]] == [
        ("placed", None, True),
        ("paid", None, True),
        ("packed", staff.id, True),
        ("shipped", staff.id, True),
        ("delivered", staff.id, True),
    ]
    assert delivered["mails"] == [("order_shipped",), ("order_delivered",)]


@pytest.mark.parametrize("status", [OrderStatus.PENDING, OrderStatus.CANCELLED, OrderStatus.DELIVERED])
async def test_any_status_may_not_follow_any_other(session: AsyncSession, status: OrderStatus) -> None:
    """Known failure 12: any status may follow any other."""
    order, staff = await make_order(session, status=status), await admin(session)
    before = await state(session, order)

    with pytest.raises(IllegalTransitionError):
        await fulfilment.mark_shipped(session, order.number, PARCEL, actor=Actor(staff.id))
    with pytest.raises(IllegalTransitionError):
        await fulfilment.mark_delivered(session, order.number, actor=Actor(staff.id))
    with pytest.raises(IllegalTransitionError):
        await fulfilment.mark_packed(session, order.number, actor=Actor(staff.id))

    assert await state(session, order) == before


async def test_nothing_is_delivered_before_it_was_shipped_nor_packed_afterwards(session: AsyncSession) -> None:
    order, staff = await make_order(session), await admin(session)
    before = await state(session, order)

    with pytest.raises(IllegalTransitionError):
        await fulfilment.mark_delivered(session, order.number, actor=Actor(staff.id))
    assert await state(session, order) == before

    await fulfilment.mark_shipped(session, order.number, ShipmentForm(), actor=Actor(staff.id))
    with pytest.raises(IllegalTransitionError):
        await fulfilment.mark_packed(session, order.number, actor=Actor(staff.id))


async def test_flagged_order_stays_until_somebody_has_looked(session: AsyncSession) -> None:
    order, staff = await make_order(session), await admin(session)
    order.needs_review, order.review_reason = True, "Received 1 instead of 5000."
    session.add(order)
    await session.flush()
    await alerts.raise_alert(session, AlertKind.NEEDS_REVIEW, f"SH-{order.number}", "Look at it.")
    before = await state(session, order)

    with pytest.raises(NeedsReviewError):
        await fulfilment.mark_packed(session, order.number, actor=Actor(staff.id))
    with pytest.raises(NeedsReviewError):
        await fulfilment.mark_shipped(session, order.number, PARCEL, actor=Actor(staff.id))
    assert await state(session, order) == before

    await fulfilment.clear_review(session, order.number, actor=Actor(staff.id), note="Paid in two parts.")
    await fulfilment.mark_shipped(session, order.number, PARCEL, actor=Actor(staff.id))

    after = await state(session, order)
    assert after["order"][0][:3] == ("SHIPPED", "PAID", False)
    assert after["events"][2:] == [
        ("reviewed", staff.id, False, "Paid in two parts."),
        ("shipped", staff.id, True, ""),
    ]
    assert await alerts.list_open(session) == ()
    with pytest.raises(IllegalTransitionError):
        await fulfilment.clear_review(session, order.number, actor=Actor(staff.id))


@pytest.mark.parametrize(
    "payment", [PaymentStatus.PENDING, PaymentStatus.PROCESSING, PaymentStatus.FAILED, PaymentStatus.REFUNDED]
)
async def test_unpaid_order_does_not_leave(session: AsyncSession, payment: PaymentStatus) -> None:
    order, staff = await make_order(session, payment_status=payment), await admin(session)
    before = await state(session, order)

    with pytest.raises(NotPaidError):
        await fulfilment.mark_shipped(session, order.number, PARCEL, actor=Actor(staff.id))
    with pytest.raises(NotPaidError):
        await fulfilment.mark_packed(session, order.number, actor=Actor(staff.id))

    assert await state(session, order) == before


async def test_rest_of_a_partly_refunded_order_is_shipped(session: AsyncSession) -> None:
    order = await make_order(session, payment_status=PaymentStatus.PARTIALLY_REFUNDED)

    await fulfilment.mark_shipped(session, order.number, PARCEL, actor=Actor((await admin(session)).id))

    assert (await state(session, order))["order"][0][:2] == ("SHIPPED", "PARTIALLY_REFUNDED")


async def test_unknown_order_is_not_found(session: AsyncSession) -> None:
    with pytest.raises(OrderNotFoundError):
        await fulfilment.mark_shipped(session, 987_654_321, PARCEL, actor=Actor(uuid4()))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//parcelway.example", "parcelway.example", "https://", "ht tp"]
)
def test_tracking_link_is_a_web_address(url: str) -> None:
    with pytest.raises(ValidationError):
        ShipmentForm(tracking_url=url)


async def test_of_eight_admins_who_press_at_once_one_takes_each_step(database: str) -> None:
    async with transaction() as session:
        order, staff = await make_order(session), await admin(session)

    async def press(step: str) -> ShopHubError | None:
        try:
            async with transaction() as session:
                if step == "pack":
                    await fulfilment.mark_packed(session, order.number, actor=Actor(staff.id))
                elif step == "ship":
                    await fulfilment.mark_shipped(session, order.number, PARCEL, actor=Actor(staff.id))
                else:
                    await fulfilment.mark_delivered(session, order.number, actor=Actor(staff.id))
        except ShopHubError as error:
            return error
        return None

    for step in ("pack", "ship", "deliver"):
        answers = await asyncio.gather(*(press(step) for _ in range(8)))
        assert answers.count(None) == 1
        assert {type(answer) for answer in answers if answer} == {IllegalTransitionError}

    async with transaction() as session:
        after = await state(session, order)
    assert after["order"][0][:2] == ("DELIVERED", "PAID")
    assert len(after["shipments"]) == 1
    assert [event[0] for event in after["events"]] == ["placed", "paid", "packed", "shipped", "delivered"]
    assert after["mails"] == [("order_shipped",), ("order_delivered",)]


async def test_steps_of_the_staff_are_recorded_and_refused_ones_are_not(session: AsyncSession):
    staff = await admin(session)
    order = await make_order(session, status="PROCESSING", payment_status="PAID")
    actor = Actor(staff.id, "203.0.113.7")

    await fulfilment.mark_packed(session, order.number, actor=actor)
    await fulfilment.mark_shipped(session, order.number, PARCEL, actor=actor)
    with pytest.raises(IllegalTransitionError):
        await fulfilment.mark_shipped(session, order.number, PARCEL, actor=actor)
    await fulfilment.mark_delivered(session, order.number, actor=actor)

    logged = await session.execute(
        text("SELECT action, target_id, before, after FROM audit_log WHERE actor_id = :staff ORDER BY id"),
        {"staff": staff.id},
    )
    name = f"SH-{order.number}"
    assert [tuple(row) for row in logged] == [
        ("order.pack", name, {"status": "PROCESSING"}, {"status": "PROCESSING"}),
        ("order.ship", name, {"status": "PROCESSING"}, {"status": "SHIPPED"}),
        ("order.deliver", name, {"status": "SHIPPED"}, {"status": "DELIVERED"}),
    ]
