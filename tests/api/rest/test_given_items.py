"""Items that are given again before they are paid: who asks goes on with the one checkout that holds them."""

import asyncio
from uuid import UUID

import pytest

from shophub.db import transaction
from shophub.integrations import stripe
from shophub.repositories import stores
from shophub.services.settlement import end_checkout, settle
from tests.api.rest.buying import SHIPPING, given, pay
from tests.api.rest.caller import Caller
from tests.checkout.conftest import (  # noqa: F401 - fixtures
    Shop,
    client,
    controls,
    endpoint,
    running_sandbox,
    sandbox,
    sandbox_database,
    shop,
)
from tests.sandbox.conftest import Controls

EMAIL = "ada@example.com"
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.parametrize("is_guest", [False, True])
async def test_eight_equal_requests_at_once_have_one_checkout_and_one_hold(
    shop: Shop,  # noqa: F811
    guest: Caller,
    customer: Caller,
    is_guest: bool,
) -> None:
    guest.client.cookies.set("shophub_guest", "a-guest-that-was-here-before")
    caller = guest if is_guest else customer
    body = await given(shop.lamp, 3, email=EMAIL)

    answers = await asyncio.gather(*(caller.answers("POST /api/checkout", json=body) for _ in range(8)))
    again = await caller.answers("POST /api/checkout", json=body)

    assert {(one["checkoutId"], one["clientSecret"], one["amount"]) for one in (*answers, again)} == {
        (again["checkoutId"], again["clientSecret"], 13_500)
    }
    assert await shop.rows("SELECT status, revision FROM checkouts") == [("open", 1)]
    assert await shop.rows("SELECT quantity, state FROM reservations") == [(3, "held")]
    assert len(shop.stripe.v1.payment_intents.list().data) == 1


async def test_same_items_to_elsewhere_or_with_a_coupon_change_the_one_checkout_and_other_items_open_another(
    shop: Shop,  # noqa: F811
    customer: Caller,
    other: Caller,
) -> None:
    await shop.coupon("ONCE", percent_bp=1_000, max_uses=1, max_uses_per_customer=1)
    body = await given(shop.lamp, 1)
    moved = {**body, "shippingInfo": {**SHIPPING, "city": "Oakland"}, "couponCode": "once"}

    first = await customer.answers("POST /api/checkout", json=body)
    changed = [await customer.answers("POST /api/checkout", json=moved) for _ in range(2)]
    more = await customer.answers("POST /api/checkout", json=await given(shop.lamp, 2))
    theirs = await other.answers("POST /api/checkout", json=body)

    assert {one["checkoutId"] for one in changed} == {first["checkoutId"]}
    assert [one["amount"] for one in (first, *changed)] == [5_500, 5_050, 5_050]
    assert await shop.rows("SELECT held, used FROM coupons") == [(1, 0)]
    assert len({one["checkoutId"] for one in (first, more, theirs)}) == 3
    assert await shop.stock(shop.lamp) == (5, 1 + 2 + 1)
    assert pay(shop, changed[-1]).amount_received == 5_050


async def test_items_that_were_paid_a_moment_ago_are_not_asked_for_twice(shop: Shop, customer: Caller) -> None:  # noqa: F811
    body = await given(shop.lamp, 1)
    pay(shop, await customer.answers("POST /api/checkout", json=body))

    await customer.refuses("POST /api/checkout", "payment_in_progress", json=body)
    again = await customer.answers("POST /api/checkout", json=body)

    assert again["amount"] == 5_500
    assert await shop.rows("SELECT status FROM checkouts ORDER BY opened_at") == [("completed",), ("open",)]
    assert await shop.stock(shop.lamp) == (4, 1)


async def test_failure_of_a_later_request_leaves_the_checkout_that_was_answered_with(
    shop: Shop,  # noqa: F811
    customer: Caller,
    controls: Controls,  # noqa: F811
) -> None:
    body = await given(shop.lamp, 1)
    started = await customer.answers("POST /api/checkout", json=body)
    controls.post("/faults", count=3, status=503, path_contains="/payment_intents")

    await customer.refuses("POST /api/checkout", "provider_unavailable", json={**body, "note": "Ring twice."})

    assert await shop.rows("SELECT status, revision FROM checkouts") == [("open", 1)]
    assert pay(shop, started).amount_received == 5_500


async def test_items_that_outlived_their_time_get_a_new_checkout(shop: Shop, customer: Caller) -> None:  # noqa: F811
    body = await given(shop.lamp, 5)
    first = await customer.answers("POST /api/checkout", json=body)
    await shop.rows("UPDATE checkouts SET expires_at = now() RETURNING 1")

    second = await customer.answers("POST /api/checkout", json=body)

    assert second["checkoutId"] != first["checkoutId"]
    assert await shop.rows("SELECT status FROM checkouts ORDER BY opened_at") == [("expired",), ("open",)]
    assert await shop.stock(shop.lamp) == (5, 5)


@pytest.mark.parametrize("is_paid", [False, True])
async def test_items_whose_checkout_is_over_once_it_is_free_are_held_in_a_new_one(
    shop: Shop,  # noqa: F811
    customer: Caller,
    is_paid: bool,
) -> None:
    body = await given(shop.lamp, 2)
    first = await customer.answers("POST /api/checkout", json=body)
    if is_paid:
        pay(shop, first)
    intent = await stripe.get_payment_intent(first["clientSecret"].partition("_secret_")[0])

    async with asyncio.timeout(20), transaction() as session:
        if is_paid:
            await settle(session, intent, (await stores.get_store(session)).store_id)
        else:
            await end_checkout(session, UUID(first["checkoutId"]))
        changed = asyncio.create_task(customer.answers("POST /api/checkout", json={**body, "note": "Ring twice."}))
        while not await shop.rows(WAITING):  # noqa: ASYNC110 - nothing tells of a lock that is waited for
            await asyncio.sleep(0.02)
    second = await changed

    ended, sold, held = ("completed", 2, "consumed") if is_paid else ("expired", 0, "released")
    assert second["checkoutId"] != first["checkoutId"]
    assert await shop.rows("SELECT status FROM checkouts ORDER BY opened_at") == [(ended,), ("open",)]
    assert await shop.rows("SELECT state FROM reservations ORDER BY created_at") == [(held,), ("held",)]
    assert await shop.stock(shop.lamp) == (5 - sold, 2)
