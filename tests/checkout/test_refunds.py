"""Giving money back: by line, by amount, in full; cancelling; what Stripe's dashboard and banks do on their own."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.errors import (
    IllegalTransitionError,
    InvalidInputError,
    NotPaidError,
    PaymentDisputedError,
    RefundTooLargeError,
)
from shophub.integrations import stripe
from shophub.lib.clock import utc_now
from shophub.schemas.carts import CartOwner
from shophub.services import carts
from shophub.services.audit import SHOP, Actor
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.flows.handle_event import handle_event
from shophub.services.flows.reconcile import reconcile_events, reconcile_refunds
from shophub.services.flows.refund import finish_refund
from shophub.services.flows.refund_order import refund_order
from tests.checkout.conftest import Shop
from tests.checkout.test_paying import deliver
from tests.factories import make_user
from tests.sandbox.conftest import Controls

LATER = timedelta(minutes=10)


async def ordered(shop: Shop, *lines: tuple[UUID, int], code: str = "") -> tuple[int, str]:
    """Buy as a guest; return the order's number and the PaymentIntent's id."""
    visitor = await shop.guest("ada", *lines)
    if code:
        async with transaction() as session:
            await carts.apply_coupon(session, CartOwner(guest_token=visitor.guest_token), code)
    payment = await shop.pay_start(visitor)
    intent = shop.confirm(payment)
    await deliver()
    ((number,),) = await shop.rows("SELECT max(number) FROM orders")
    return int(str(number)), intent.id


async def deliver_refunds() -> None:
    for event in await stripe.list_events(utc_now() - timedelta(hours=1)):
        if "refund" in event.type or "dispute" in event.type:
            await handle_event(event)


async def money(shop: Shop) -> tuple[object, ...]:
    """Return what the payment and its order say: status, payment status, refunded, pending, disputed."""
    (row,) = await shop.rows("""
        SELECT o.status, o.payment_status, p.refunded_minor, p.pending_minor, p.disputed_minor
        FROM orders o JOIN payments p ON p.order_id = o.id""")
    return row


async def test_refund_by_line_pays_the_line_and_restocks_it(shop: Shop):
    await shop.coupon("TEN", percent_bp=1_000)
    number, intent_id = await ordered(shop, (shop.mug, 3), (shop.lamp, 1), code="TEN")
    ((sku, total),) = await shop.rows("SELECT sku, total_minor FROM order_lines WHERE name = 'Mug'")

    first = await refund_order(number, lines={str(sku): 1}, restock=True, reason="Broken handle")
    second = await refund_order(number, lines={str(sku): 2})

    assert first.amount_minor + second.amount_minor == total
    assert abs(first.amount_minor * 3 - int(str(total))) <= 3
    assert await shop.stock(shop.mug) == (8, 0)  # one of the three is back
    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", total, 0, 0)
    assert sum(refund.amount_minor for refund in await stripe.list_refunds(intent_id)) == total
    assert await shop.rows("SELECT delta, reason FROM stock_ledger ORDER BY id DESC LIMIT 1") == [(1, "refund")]
    with pytest.raises(RefundTooLargeError):
        await refund_order(number, lines={str(sku): 1})


async def test_refund_of_one_cent_neither_refunds_nor_cancels_the_order(shop: Shop):
    """Known failure 10: a refund of one cent marks the order refunded and cancelled; stock is not put back."""
    number, _ = await ordered(shop, (shop.mug, 1))

    await refund_order(number, amount_minor=1)

    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 1, 0, 0)
    assert await shop.stock(shop.mug) == (9, 0)


async def test_rest_after_a_part_is_all_that_is_left(shop: Shop):
    number, intent_id = await ordered(shop, (shop.mug, 2))
    await refund_order(number, amount_minor=777)

    rest = await refund_order(number, restock=True)

    assert rest.amount_minor == 2 * 1_999 + 1_000 - 777
    assert await money(shop) == ("PROCESSING", "REFUNDED", 4_998, 0, 0)
    assert await shop.stock(shop.mug) == (10, 0)
    assert sum(refund.amount_minor for refund in await stripe.list_refunds(intent_id)) == 4_998
    with pytest.raises(RefundTooLargeError):
        await refund_order(number)


@pytest.mark.parametrize("amount", [0, -5, 2_001 + 1_000 + 1_999, True, 10**12])
async def test_amount_that_cannot_be_refunded_changes_nothing(shop: Shop, amount):
    number, _ = await ordered(shop, (shop.mug, 1))

    with pytest.raises((InvalidInputError, RefundTooLargeError)):
        await refund_order(number, amount_minor=amount)

    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 0)
    assert await shop.rows("SELECT count(*) FROM refunds") == [(0,)]


@pytest.mark.parametrize("lines", [{}, {"NO-SUCH": 1}, {"own": 0}, {"own": -1}, {"own": True}, {"own": 2}])
async def test_lines_that_cannot_be_refunded_change_nothing(shop: Shop, lines):
    number, _ = await ordered(shop, (shop.mug, 1))
    ((sku,),) = await shop.rows("SELECT sku FROM order_lines")
    asked = {str(sku) if name == "own" else name: units for name, units in lines.items()}

    with pytest.raises((InvalidInputError, RefundTooLargeError)):
        await refund_order(number, lines=asked)

    assert await shop.rows("SELECT count(*) FROM refunds") == [(0,)]


async def test_cancelling_gives_goods_coupon_and_money_back(shop: Shop):
    await shop.coupon("ONCE", percent_bp=1_000, max_uses=1)
    number, intent_id = await ordered(shop, (shop.mug, 2), code="ONCE")
    assert await shop.rows("SELECT used, held FROM coupons") == [(1, 0)]

    await cancel_order(number, actor=SHOP, by_customer=True)

    ((total,),) = await shop.rows("SELECT total_minor FROM orders")
    assert await money(shop) == ("CANCELLED", "REFUNDED", total, 0, 0)
    assert await shop.stock(shop.mug) == (10, 0)
    assert await shop.rows("SELECT used, held FROM coupons") == [(0, 0)]
    assert [refund.amount_minor for refund in await stripe.list_refunds(intent_id)] == [total]
    with pytest.raises(IllegalTransitionError):
        await cancel_order(number, actor=SHOP, by_customer=True)
    assert await shop.stock(shop.mug) == (10, 0)


async def test_order_on_its_way_cannot_be_cancelled(shop: Shop):
    """Known failure 12: any status may follow any other; cancelling neither refunds nor restocks."""
    number, _ = await ordered(shop, (shop.mug, 1))
    await shop.rows("UPDATE orders SET status = 'SHIPPED' RETURNING 1")

    with pytest.raises(IllegalTransitionError):
        await cancel_order(number, actor=SHOP, by_customer=True)

    assert await money(shop) == ("SHIPPED", "PAID", 0, 0, 0)
    await shop.rows("UPDATE orders SET status = 'PROCESSING' RETURNING 1")


async def test_free_order_is_cancelled_without_a_refund(shop: Shop):
    await shop.coupon("ALL", percent_bp=10_000)
    await shop.rows("UPDATE store_settings SET shipping_fee_minor = 0 RETURNING 1")
    visitor = await shop.guest("ada", (shop.mug, 1))
    async with transaction() as session:
        await carts.apply_coupon(session, CartOwner(guest_token=visitor.guest_token), "ALL")
    number = int((await shop.pay_start(visitor)).order_number.removeprefix("SH-"))

    with pytest.raises(NotPaidError):
        await refund_order(number)
    await cancel_order(number, actor=SHOP, by_customer=False)

    assert await shop.rows("SELECT status FROM orders") == [("CANCELLED",)]
    assert await shop.stock(shop.mug) == (10, 0)


async def test_refund_made_in_stripes_dashboard_arrives_once(shop: Shop):
    number, intent_id = await ordered(shop, (shop.mug, 1))
    shop.stripe.v1.refunds.create({"payment_intent": intent_id, "amount": 500})

    await deliver_refunds()
    await deliver_refunds()
    await reconcile_events(now=utc_now() + LATER)

    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 500, 0, 0)
    assert await shop.rows("SELECT amount_minor, status, source FROM refunds") == [(500, "succeeded", "provider")]
    assert (await refund_order(number)).amount_minor == 2_999 - 500


async def test_own_refund_and_its_event_are_one(shop: Shop):
    number, _ = await ordered(shop, (shop.mug, 1))
    await refund_order(number, amount_minor=500)

    await deliver_refunds()

    assert await shop.rows("SELECT amount_minor, status, source FROM refunds") == [(500, "succeeded", "shop")]


async def test_lost_refund_event_is_made_up_for_by_reconciliation(shop: Shop):
    _, intent_id = await ordered(shop, (shop.mug, 1))
    shop.stripe.v1.refunds.create({"payment_intent": intent_id, "amount": 500})

    await reconcile_events(now=utc_now() + LATER)

    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 500, 0, 0)


async def test_refund_while_stripe_is_down_is_finished_later_and_paid_once(shop: Shop, controls: Controls):
    number, intent_id = await ordered(shop, (shop.mug, 1))
    controls.post("/faults", count=3, status=500, method="POST", path_contains="/refunds")  # a call and its two retries

    asked = await refund_order(number, amount_minor=500)

    assert (asked.status, await money(shop)) == ("pending", ("PROCESSING", "PAID", 0, 500, 0))
    with pytest.raises(RefundTooLargeError):
        await refund_order(number, amount_minor=2_500)
    await reconcile_refunds(now=utc_now() + LATER)
    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 500, 0, 0)
    assert len(await stripe.list_refunds(intent_id)) == 1


async def test_answer_lost_after_the_refund_was_made_pays_once(shop: Shop, controls: Controls):
    number, intent_id = await ordered(shop, (shop.mug, 1))
    controls.post("/faults", count=3, status=500, after_effect=True, method="POST", path_contains="/refunds")

    await refund_order(number, amount_minor=500)
    await reconcile_refunds(now=utc_now() + LATER)
    await deliver_refunds()

    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 500, 0, 0)
    assert len(await stripe.list_refunds(intent_id)) == 1


async def test_refund_asked_for_again_after_a_lost_answer_is_the_same(shop: Shop):
    number, intent_id = await ordered(shop, (shop.mug, 1))
    request_id = uuid4()

    answers = [await refund_order(number, amount_minor=500, request_id=request_id) for _ in range(3)]

    assert {answer.id for answer in answers} == {request_id}
    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 500, 0, 0)
    assert len(await stripe.list_refunds(intent_id)) == 1


async def test_refund_older_than_its_key_is_found_at_stripe_and_not_made_again(shop: Shop, controls: Controls):
    number, intent_id = await ordered(shop, (shop.mug, 1))
    await refund_order(number, amount_minor=500)
    ((refund_id,),) = await shop.rows("""
        UPDATE refunds SET status = 'pending', stripe_refund_id = NULL, ended_at = NULL,
          created_at = now() - interval '2 days' RETURNING id""")
    await shop.rows("UPDATE payments SET refunded_minor = 0, pending_minor = 500 RETURNING 1")
    shop.stripe.v1.refunds.create({"payment_intent": intent_id, "amount": 7})  # another, with other metadata
    controls.post("/idempotency/forget").raise_for_status()

    await finish_refund(UUID(str(refund_id)))

    assert sorted(refund.amount_minor for refund in await stripe.list_refunds(intent_id)) == [7, 500]
    assert await shop.rows("SELECT status FROM refunds WHERE amount_minor = 500") == [("succeeded",)]
    await deliver_refunds()


async def test_refund_that_fails_at_stripe_gives_its_amount_and_units_back_and_alerts(shop: Shop, controls: Controls):
    number, intent_id = await ordered(shop, (shop.mug, 2))
    ((sku,),) = await shop.rows("SELECT sku FROM order_lines")
    await refund_order(number, lines={str(sku): 1}, restock=True)
    (refund,) = await stripe.list_refunds(intent_id)
    controls.post(f"/refunds/{refund.id}/finish", outcome="failed").raise_for_status()

    await deliver_refunds()

    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 0)
    assert await shop.rows("SELECT refunded_quantity, refunded_minor FROM order_lines") == [(0, 0)]
    assert await shop.rows("SELECT kind FROM alerts WHERE resolved_at IS NULL") == [("refund_failed",)]
    assert await shop.stock(shop.mug) == (9, 0)

    await refund_order(number, lines={str(sku): 1}, restock=True)

    assert await shop.stock(shop.mug) == (9, 0)  # that unit is back already


async def test_dispute_blocks_refunds_and_counts_until_it_is_won(shop: Shop, controls: Controls):
    number, intent_id = await ordered(shop, (shop.mug, 1))
    ((charge_id,),) = await shop.rows("SELECT stripe_charge_id FROM payments")
    dispute = controls.post(f"/charges/{charge_id}/dispute").json()
    await deliver_refunds()

    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 2_999)
    assert await shop.rows("SELECT kind FROM alerts WHERE resolved_at IS NULL") == [("dispute",)]
    with pytest.raises(PaymentDisputedError):
        await refund_order(number, amount_minor=1)
    with pytest.raises(PaymentDisputedError):
        await cancel_order(number, actor=SHOP, by_customer=True)
    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 2_999)

    controls.post(f"/disputes/{dispute['id']}/close", outcome="won").raise_for_status()
    await deliver_refunds()

    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 0)
    assert await shop.rows("SELECT kind FROM alerts WHERE resolved_at IS NULL") == []
    await cancel_order(number, actor=SHOP, by_customer=True)
    assert await money(shop) == ("CANCELLED", "REFUNDED", 2_999, 0, 0)
    assert len(await stripe.list_refunds(intent_id)) == 1


async def test_lost_dispute_of_a_partly_refunded_payment_leaves_nothing_to_refund(shop: Shop, controls: Controls):
    number, _ = await ordered(shop, (shop.mug, 1))
    await refund_order(number, amount_minor=1_000)
    ((charge_id,),) = await shop.rows("SELECT stripe_charge_id FROM payments")
    dispute = controls.post(f"/charges/{charge_id}/dispute").json()
    controls.post(f"/disputes/{dispute['id']}/close", outcome="lost").raise_for_status()

    await deliver_refunds()

    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 1_000, 0, 1_999)
    with pytest.raises(RefundTooLargeError):
        await refund_order(number, amount_minor=1)


async def test_refund_event_without_a_payment_of_ours_changes_nothing(shop: Shop):
    """Known failure 10: a refund event without a payment reference cancels somebody else's order."""
    await ordered(shop, (shop.mug, 1))
    foreign = shop.stripe.v1.payment_intents.create(
        {
            "amount": 900,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )
    shop.stripe.v1.refunds.create({"payment_intent": foreign.id})

    await deliver_refunds()

    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 0)
    assert await shop.rows("SELECT DISTINCT status FROM provider_events WHERE type LIKE '%refund%'") == [("ignored",)]


async def test_refund_event_that_comes_before_its_payments_keeps_the_timeline_in_order(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    intent = shop.confirm(await shop.pay_start(visitor))
    shop.stripe.v1.refunds.create({"payment_intent": intent.id, "amount": 500})

    await deliver_refunds()  # that the payment succeeded was never said

    steps = await shop.rows("SELECT type FROM order_events ORDER BY created_at, id")
    assert steps == [("placed",), ("paid",), ("refunded",)]


async def test_staffs_refunds_and_cancellations_are_in_the_audit_log_and_customers_are_not(shop: Shop):
    async with transaction() as session:
        staff = Actor((await make_user(session, role=Role.ADMIN)).id, "203.0.113.7")
    number, _ = await ordered(shop, (shop.mug, 2))
    request_id = uuid4()

    for _ in range(2):  # as after a lost answer
        await refund_order(number, amount_minor=500, actor=staff, request_id=request_id)
    with pytest.raises(RefundTooLargeError):
        await refund_order(number, amount_minor=5_000_000, actor=staff)
    await cancel_order(number, actor=staff, by_customer=False)
    other, _ = await ordered(shop, (shop.mug, 1))
    await cancel_order(other, actor=SHOP, by_customer=True)

    refunded = {"refund": str(request_id), "amount_minor": 500, "currency": "USD"}
    cancelled = ({"status": "PROCESSING"}, {"status": "CANCELLED"})
    assert await shop.rows(
        "SELECT action, target_id, actor_id, network_address, before, after FROM audit_log ORDER BY id"
    ) == [
        ("order.refund", f"SH-{number}", staff.user_id, "203.0.113.7", None, refunded),
        ("order.cancel", f"SH-{number}", staff.user_id, "203.0.113.7", *cancelled),
    ]
