"""Stripe's answers that come late, twice, in the wrong order, spoilt or not at all."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.errors import ProviderError, UnavailableError
from shophub.integrations import stripe
from shophub.lib.clock import utc_now
from shophub.services.audit import SHOP
from shophub.services.disputes import sync_dispute
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.flows.handle_event import handle_event
from shophub.services.flows.reconcile import (
    _give_up_in_time,
    reconcile_events,
    reconcile_open_checkouts,
    reconcile_refunds,
)
from shophub.services.flows.refund_order import refund_order
from shophub.services.flows.sweeping import each
from shophub.services.refunds import record_outcome, record_refusal
from tests.checkout.conftest import Shop
from tests.checkout.test_paying import paid_events
from tests.checkout.test_refunds import LATER, deliver_refunds, money, ordered
from tests.sandbox.conftest import Controls


async def test_units_of_a_refund_that_waits_come_back_once_with_the_cancelling(shop: Shop, controls: Controls):
    number, _ = await ordered(shop, (shop.mug, 3))
    ((sku,),) = await shop.rows("SELECT sku FROM order_lines")
    controls.post("/faults", count=3, status=503, method="POST", path_contains="/refunds")
    assert (await refund_order(number, lines={str(sku): 1}, restock=True)).status == "pending"

    await cancel_order(number, actor=SHOP, by_customer=True)
    await reconcile_refunds(now=utc_now() + LATER)

    assert (await money(shop))[:2] == ("CANCELLED", "REFUNDED")
    assert await shop.stock(shop.mug) == (10, 0)


async def test_answer_read_before_a_refund_succeeded_does_not_undo_it(shop: Shop):
    number, intent_id = await ordered(shop, (shop.mug, 1))
    done = await refund_order(number, amount_minor=500)
    (now_at_stripe,) = await stripe.list_refunds(intent_id)

    async with transaction() as session:
        await record_outcome(session, done.id, replace(now_at_stripe, status="pending"))
    await reconcile_refunds(now=utc_now() + LATER)

    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 500, 0, 0)
    assert await shop.rows("SELECT count(*) FROM order_events WHERE type = 'refunded'") == [(1,)]


async def test_answer_read_before_a_refund_failed_does_not_undo_that(shop: Shop, controls: Controls):
    number, intent_id = await ordered(shop, (shop.mug, 2))
    ((sku,),) = await shop.rows("SELECT sku FROM order_lines")
    done = await refund_order(number, lines={str(sku): 1}, restock=True)
    (succeeded,) = await stripe.list_refunds(intent_id)
    controls.post(f"/refunds/{succeeded.id}/finish", outcome="failed").raise_for_status()
    await deliver_refunds()

    async with transaction() as session:
        await record_outcome(session, done.id, succeeded)

    assert (await money(shop))[1:] == ("PAID", 0, 0, 0)


async def test_refund_that_seemed_refused_and_was_made_counts(shop: Shop, controls: Controls):
    number, intent_id = await ordered(shop, (shop.mug, 2))
    ((sku,),) = await shop.rows("SELECT sku FROM order_lines")
    controls.post("/faults", count=3, status=503, after_effect=True, method="POST", path_contains="/refunds")
    lost = await refund_order(number, lines={str(sku): 1})
    async with transaction() as session:
        await record_refusal(session, lost.id, "the answer was lost, and then refused")
    assert (await money(shop))[1:] == ("PAID", 0, 0, 0)

    await deliver_refunds()

    assert (await money(shop))[1:] == ("PARTIALLY_REFUNDED", lost.amount_minor, 0, 0)
    assert await shop.rows("SELECT refunded_quantity FROM order_lines") == [(1,)]
    assert len(await stripe.list_refunds(intent_id)) == 1


async def test_dispute_read_before_it_was_won_is_not_open_again(shop: Shop, controls: Controls):
    _, intent_id = await ordered(shop, (shop.mug, 1))
    ((charge_id, order_id),) = await shop.rows("SELECT stripe_charge_id, order_id FROM payments")
    opened = controls.post(f"/charges/{charge_id}/dispute").json()
    (old,) = await stripe.list_disputes(intent_id)
    controls.post(f"/disputes/{opened['id']}/close", outcome="won").raise_for_status()
    await deliver_refunds()

    async with transaction() as session:
        await sync_dispute(session, UUID(str(order_id)), old)

    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 0)
    assert await shop.rows("SELECT count(*) FROM alerts WHERE resolved_at IS NULL") == [(0,)]


async def test_customer_is_told_of_a_refund_that_came_after_the_cancelling(shop: Shop, controls: Controls):
    number, intent_id = await ordered(shop, (shop.mug, 1))
    await cancel_order(number, actor=SHOP, by_customer=True)
    (refund,) = await stripe.list_refunds(intent_id)
    controls.post(f"/refunds/{refund.id}/finish", outcome="failed").raise_for_status()
    await deliver_refunds()
    letters = "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'kind' = 'order_refunded'"
    assert await shop.rows(letters) == [(0,)]

    await refund_order(number)

    assert await shop.rows(letters) == [(1,)]


@pytest.mark.parametrize("hostile", ["a\x00b", "a\ud800b"])
async def test_event_with_text_that_no_column_can_hold_is_handled(shop: Shop, hostile):
    visitor = await shop.guest("ada", (shop.mug, 1))
    shop.confirm(await shop.pay_start(visitor))
    (event,) = await paid_events()
    thing = {**event.payload["data"]["object"], "description": hostile, "receipt_email": "ada@example.com"}

    await handle_event(replace(event, payload={**event.payload, "data": {"object": thing}}))

    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
    ((kept,),) = await shop.rows("SELECT payload -> 'data' -> 'object' FROM provider_events")
    assert kept["description"] == "ab"  # type: ignore[index]
    assert not {"receipt_email", "client_secret"} & set(kept)  # type: ignore[call-overload]


async def test_event_of_this_store_whose_payment_stripe_does_not_show_is_asked_for_again(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    shop.confirm(await shop.pay_start(visitor))
    (event,) = await paid_events()

    with pytest.raises(ProviderError) as failure:
        await handle_event(replace(event, payment_intent_id="pi_of_another_account"))

    assert failure.value.retryable
    assert await shop.rows("SELECT count(*) FROM provider_events") == [(0,)]
    await handle_event(event)
    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]


async def test_worker_that_stood_still_for_four_days_misses_no_refund(shop: Shop):
    _, intent_id = await ordered(shop, (shop.mug, 1))
    await reconcile_events(now=utc_now() + timedelta(minutes=2))
    shop.stripe.v1.refunds.create({"payment_intent": intent_id, "amount": 500})

    await reconcile_events(now=utc_now() + timedelta(days=4))

    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 500, 0, 0)


async def test_clock_ahead_of_stripes_misses_no_refund(shop: Shop):
    _, intent_id = await ordered(shop, (shop.mug, 1))
    ahead = timedelta(hours=2)
    await reconcile_events(now=utc_now() + ahead)
    shop.stripe.v1.refunds.create({"payment_intent": intent_id, "amount": 500})

    await reconcile_events(now=utc_now() + ahead + timedelta(minutes=1))

    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 500, 0, 0)


async def test_checkout_that_cannot_be_settled_does_not_keep_the_others_from_it(shop: Shop):
    payments = [await shop.pay_start(await shop.guest(name, (shop.mug, 1))) for name in ("ada", "bob", "eve")]
    for payment in payments:
        shop.confirm(payment)
    await shop.rows("UPDATE checkouts SET updated_at = now() - interval '1 hour' RETURNING 1")
    broken = "UPDATE checkout_revisions SET lines = '[{}]' WHERE checkout_id = :id RETURNING 1"
    async with transaction() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text(broken), {"id": UUID(payments[0].checkout_id)})

    with pytest.raises(KeyError):
        await reconcile_open_checkouts()

    assert await shop.rows("SELECT count(*) FROM orders") == [(2,)]
    await shop.rows("UPDATE variants SET reserved = reserved - 1 WHERE id = :id RETURNING 1", id=shop.mug)
    await shop.rows("DELETE FROM checkouts WHERE id = :id RETURNING 1", id=UUID(payments[0].checkout_id))


async def test_round_gives_each_thing_its_turn_and_ends_where_stripe_is_out_of_reach():
    def acting(outcomes: list[Exception | None]) -> tuple[list[int], list[int], Callable[[int], Awaitable[None]]]:
        seen: list[int] = []
        put_back: list[int] = []

        async def act(thing: int) -> None:
            seen.append(thing)
            outcome = outcomes[thing]
            if outcome is not None:
                raise outcome

        return seen, put_back, act

    refused = ProviderError("No.", retryable=False)
    away = ProviderError("Away.", retryable=True)

    seen, put_back, act = acting([KeyError("broken"), refused, None, ValueError("broken too")])

    async def note(thing: int) -> None:
        put_back.append(thing)

    with pytest.raises(KeyError):
        await each(range(4), act, "test", failed=note)
    assert (seen, put_back) == ([0, 1, 2, 3], [0, 1, 3])

    seen, _, act = acting([None, away, None])
    assert await each(range(3), act, "test") == 1
    assert seen == [0, 1]

    gone = UnavailableError("Away.")
    seen, _, act = acting([gone, None, gone, gone, None])
    with pytest.raises(UnavailableError):
        await each(range(5), act, "test")
    assert seen == [0, 1, 2, 3]

    seen, _, act = acting([KeyError("broken"), None])
    assert await each(range(2), act, "test", raises=False) == 1


async def test_unit_that_is_back_is_not_put_back_again_beside_a_broken_one(shop: Shop, controls: Controls):
    number, intent_id = await ordered(shop, (shop.mug, 3))
    ((sku,),) = await shop.rows("SELECT sku FROM order_lines")
    await refund_order(number, lines={str(sku): 1}, restock=False, reason="Broken")
    whole = await refund_order(number, lines={str(sku): 1}, restock=True)
    assert await shop.stock(shop.mug) == (8, 0)
    made = next(one for one in await stripe.list_refunds(intent_id) if one.metadata["refund_id"] == str(whole.id))
    controls.post(f"/refunds/{made.id}/finish", outcome="failed").raise_for_status()
    await deliver_refunds()

    await refund_order(number, lines={str(sku): 1}, restock=True)

    assert await shop.stock(shop.mug) == (8, 0)


async def test_event_that_cannot_be_handled_is_told_once_and_given_up_in_time(shop: Shop):
    payment = await shop.pay_start(await shop.guest("ada", (shop.mug, 1)))
    shop.confirm(payment)
    async with transaction() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text("UPDATE checkout_revisions SET lines = '[{}]'"))
    (event,) = await paid_events()

    for _ in range(2):
        with pytest.raises(KeyError):
            await reconcile_events(now=utc_now() + LATER)
    assert await shop.rows("SELECT kind, subject, seen FROM alerts") == [("event_failed", event.id, 2)]
    assert await shop.rows("SELECT count(*) FROM provider_events") == [(0,)]

    await _give_up_in_time(replace(event, created_at=utc_now() - timedelta(days=4)))

    assert await reconcile_events(now=utc_now() + LATER) == 0
    assert await shop.rows("SELECT status FROM provider_events") == [("alert",)]
    await shop.rows("UPDATE variants SET reserved = 0 WHERE id = :id RETURNING 1", id=shop.mug)
    await shop.rows("DELETE FROM checkouts RETURNING 1")
