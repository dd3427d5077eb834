"""The steps of orders and payments: those that are allowed, and nothing else."""

from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from shophub.db import savepoint, transaction
from shophub.domain.statuses import (
    PAYMENT_CORRECTIONS,
    PAYMENT_STEPS,
    REFUND_STEPS,
    PaymentStatus,
    RefundStatus,
)
from shophub.errors import IllegalTransitionError, NotPaidError
from shophub.repositories import refunds
from shophub.schemas.fulfilment import ShipmentForm
from shophub.services import fulfilment
from shophub.services.audit import Actor
from shophub.services.flows.refund_order import refund_order
from tests.checkout.conftest import Shop
from tests.checkout.test_refunds import deliver_refunds, money, ordered
from tests.factories import make_user
from tests.sandbox.conftest import Controls

PARCEL = ShipmentForm(carrier="Parcelway", tracking_number="PW 1", tracking_url="https://parcelway.example/PW1")


async def an_admin() -> UUID:
    async with transaction() as session:
        return (await make_user(session)).id


@pytest.mark.parametrize("parts", [(None,), (500, None)])
async def test_order_whose_money_is_all_on_its_way_back_does_not_leave(
    shop: Shop, controls: Controls, parts: tuple[int | None, ...]
):
    number, _ = await ordered(shop, (shop.mug, 1))
    admin = await an_admin()
    for part in parts[:-1]:
        await refund_order(number, amount_minor=part)
    controls.post("/faults", count=3, status=503, method="POST", path_contains="/refunds")
    assert (await refund_order(number)).status == "pending"

    with pytest.raises(NotPaidError):
        async with transaction() as session:
            await fulfilment.mark_packed(session, number, actor=Actor(admin))
    with pytest.raises(NotPaidError):
        async with transaction() as session:
            await fulfilment.mark_shipped(session, number, PARCEL, actor=Actor(admin))

    assert (await money(shop))[0] == "PROCESSING"
    assert await shop.rows("SELECT count(*) FROM shipments") == [(0,)]
    await deliver_refunds()


async def test_order_of_which_a_part_is_on_its_way_back_leaves(shop: Shop, controls: Controls):
    number, _ = await ordered(shop, (shop.mug, 1))
    admin = await an_admin()
    controls.post("/faults", count=3, status=503, method="POST", path_contains="/refunds")
    assert (await refund_order(number, amount_minor=500)).status == "pending"

    async with transaction() as session:
        await fulfilment.mark_packed(session, number, actor=Actor(admin))
        await fulfilment.mark_shipped(session, number, PARCEL, actor=Actor(admin))

    assert await money(shop) == ("SHIPPED", "PAID", 0, 500, 0)


async def test_step_that_is_refused_is_logged(shop: Shop):
    number, _ = await ordered(shop, (shop.mug, 1))
    admin = await an_admin()
    async with transaction() as session:
        await fulfilment.mark_packed(session, number, actor=Actor(admin))

    with capture_logs() as logs:
        with pytest.raises(IllegalTransitionError):
            async with transaction() as session:
                await fulfilment.mark_delivered(session, number, actor=Actor(admin))
        with pytest.raises(IllegalTransitionError):
            async with transaction() as session:
                await fulfilment.mark_packed(session, number, actor=Actor(admin))

    assert [line for line in logs if line["event"] == "step_refused"] == [
        {"event": "step_refused", "log_level": "warning", "order": "SH-1001", "status": "PROCESSING", "step": step}
        for step in ("DELIVERED", "packed")
    ]


@pytest.mark.parametrize("amounts", [(2_999,), (1_000, 1_999)])
async def test_payment_takes_only_the_steps_that_are_written_down(shop: Shop, amounts: tuple[int, ...]):
    await ordered(shop, (shop.mug, 1))
    ((payment_id, order_id),) = await shop.rows("SELECT id, order_id FROM payments")
    reached = {}
    async with transaction() as session, savepoint(session) as point:
        ids = [
            await refunds.insert(
                session,
                payment_id=UUID(str(payment_id)),
                order_id=UUID(str(order_id)),
                amount_minor=amount,
                currency="USD",
                reason="",
            )
            for amount in amounts
        ]
        for statuses in product(RefundStatus, repeat=len(ids)):
            for refund_id, status in zip(ids, statuses, strict=True):
                values = {"id": refund_id, "status": status.value}
                await session.execute(text("UPDATE refunds SET status = :status WHERE id = :id"), values)
            await refunds.recalculate(session, UUID(str(payment_id)))
            found = await session.execute(text("SELECT payment_status FROM orders"))
            reached[statuses] = PaymentStatus(found.scalar_one())
        await point.rollback()

    taken = {
        (reached[before], reached[after])
        for before, after in product(reached, repeat=2)
        if sum(one is not other for one, other in zip(before, after, strict=True)) == 1
        and all(one is other or other in REFUND_STEPS[one] for one, other in zip(before, after, strict=True))
        and reached[before] is not reached[after]
    }

    paid, part, back = PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED
    assert taken == (
        {(paid, back), (back, paid)} if len(amounts) == 1 else {(paid, part), (part, back), (back, part), (part, paid)}
    )
    assert all(after in PAYMENT_STEPS[before] | PAYMENT_CORRECTIONS[before] for before, after in taken)
