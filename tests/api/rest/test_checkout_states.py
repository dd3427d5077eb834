"""A checkout over the API where its amount, its payment, Stripe or somebody else stands in the way."""

import asyncio

import pytest

from shophub.settings import get_settings
from tests.api.rest.buying import SHIPPING, given, pay, product_of
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
from tests.checkout.crowds import restock, starting_gate
from tests.sandbox.conftest import Controls

OWN_CART = {"shippingInfo": SHIPPING}


async def fill(caller: Caller, shop: Shop) -> None:  # noqa: F811
    """Put a mug into the caller's cart."""
    await caller.answers("POST /api/cart", 201, json={"id": await product_of(shop.mug), "quantity": 1})


async def sells_at(shop: Shop, price_minor: int, currency: str = "USD") -> None:  # noqa: F811
    """Sell mugs for so much, delivered for nothing."""
    await shop.rows(
        "UPDATE variants SET price_minor = :price WHERE id = :id RETURNING 1", price=price_minor, id=shop.mug
    )
    await shop.rows(
        "UPDATE store_settings SET shipping_fee_minor = 0, currency = :currency RETURNING 1", currency=currency
    )


async def test_amounts_that_cannot_be_paid_are_refused_and_nothing_stays_held(shop: Shop, customer: Caller) -> None:  # noqa: F811
    """Known failure 15: total 0, or below the provider's minimum charge: the payment page shows a server error."""
    body = await given(shop.mug)

    await sells_at(shop, 49)
    await customer.refuses("POST /api/checkout", "amount_too_small", json=body)
    await sells_at(shop, 100_000_000)
    await customer.refuses("POST /api/checkout", "amount_too_large", json=body)
    await sells_at(shop, 1_999, "KWD")
    await customer.refuses("POST /api/checkout", "amount_not_chargeable", json=body)
    await sells_at(shop, 150_000, "ISK")
    await customer.refuses("POST /api/checkout", "currency_not_chargeable", json=body)

    assert await shop.rows("SELECT DISTINCT status FROM checkouts") == [("expired",)]
    assert await shop.stock(shop.mug) == (10, 0)


async def test_empty_cart_is_refused_and_one_that_changed_is_told(shop: Shop, customer: Caller) -> None:  # noqa: F811
    await customer.refuses("POST /api/checkout", "empty_cart", json=OWN_CART)
    await customer.refuses("POST /api/checkout", "empty_cart", json={**OWN_CART, "couponCode": "NONE"})
    await fill(customer, shop)
    await restock(shop.mug, -10)
    short = await customer.refuses("POST /api/checkout", "insufficient_stock", json=OWN_CART)
    await shop.rows("UPDATE products SET status = 'archived' RETURNING 1")

    error = await customer.refuses("POST /api/checkout", "checkout_changed", json=OWN_CART)

    assert (short["error"], short["details"][0]["available"]) == ("Mug has just sold out.", 0)
    assert error["details"] == [{"message": "Mug: No longer on sale."}]
    assert await shop.rows("SELECT 1 FROM checkouts") == []


async def test_payment_under_way_is_not_changed(shop: Shop, customer: Caller) -> None:  # noqa: F811
    await fill(customer, shop)
    started = await customer.answers("POST /api/checkout", json=OWN_CART)
    pay(shop, started)
    await fill(customer, shop)

    await customer.refuses("POST /api/checkout", "payment_in_progress", json=OWN_CART)

    assert await shop.rows("SELECT total_minor FROM orders") == [(started["amount"],)]
    assert await shop.stock(shop.mug) == (9, 0)


async def test_change_that_is_on_its_way_to_stripe_is_waited_for(shop: Shop, customer: Caller) -> None:  # noqa: F811
    await fill(customer, shop)
    started = await customer.answers("POST /api/checkout", json=OWN_CART)
    # As another tab's change leaves it while its call is on its way: Stripe is at another revision than the shop.
    intent_id, _, _ = started["clientSecret"].partition("_secret_")
    shop.stripe.v1.payment_intents.update(intent_id, {"metadata": {"revision": "2"}})
    await shop.rows("UPDATE checkouts SET changing_until = now() + interval '1 minute' RETURNING 1")

    await customer.refuses("POST /api/checkout", "checkout_busy", json=OWN_CART)

    assert await shop.rows("SELECT revision, status FROM checkouts") == [(1, "open")]


@pytest.mark.parametrize("after_effect", [False, True])
async def test_given_goods_are_let_go_where_stripe_is_out_of_reach(
    shop: Shop,  # noqa: F811
    customer: Caller,
    controls: Controls,  # noqa: F811
    after_effect: bool,
) -> None:
    body = await given(shop.mug, 2)
    controls.post(
        "/faults", count=3, status=503, after_effect=after_effect, method="POST", path_contains="/payment_intents"
    )

    await customer.refuses("POST /api/checkout", "provider_unavailable", json=body)

    assert await shop.rows("SELECT status FROM checkouts") == [("expired",)]
    assert await shop.stock(shop.mug) == (10, 0)
    assert (await customer.answers("POST /api/checkout", json=body))["amount"] == 2 * 1_999 + 1_000


async def test_order_is_not_made_on_request_where_stripe_cannot_say_that_it_is_paid(
    shop: Shop,  # noqa: F811
    customer: Caller,
    controls: Controls,  # noqa: F811
) -> None:
    started = await customer.answers("POST /api/checkout", json=await given(shop.mug))
    pay(shop, started)
    controls.post("/faults", count=3, status=503, method="GET", path_contains="/payment_intents")

    ask = {"checkoutId": started["checkoutId"]}
    await customer.refuses("POST /api/test-create-order", "provider_unavailable", json=ask)

    assert await shop.rows("SELECT 1 FROM orders") == []


async def test_known_failure_20_last_use_of_a_coupon_goes_to_one_of_those_who_ask_at_once(
    shop: Shop,  # noqa: F811
    database: str,
    customer: Caller,
    other: Caller,
) -> None:
    """Known failure 20: a limit is checked before the lock."""
    await shop.coupon("ONCE", percent_bp=5_000, max_uses=1)
    bodies = [await given(variant, couponCode="once") for variant in (shop.mug, shop.lamp)]

    async with starting_gate(database, "SELECT 1 FROM coupons FOR UPDATE", waiting=2):
        tasks = [
            asyncio.create_task(caller.refuses("POST /api/checkout", "coupon_exhausted", json=body))
            for caller, body in zip((customer, other), bodies, strict=True)
        ]
    refusals = await asyncio.gather(*tasks, return_exceptions=True)

    # Whoever is not refused has the use: to ``refuses`` that is a failure.
    assert sorted(type(one).__name__ for one in refusals) == ["AssertionError", "dict"]
    assert await shop.rows("SELECT held, used FROM coupons") == [(1, 0)]
    assert await shop.rows("SELECT count(*) FROM checkouts") == [(1,)]
    late = other if isinstance(refusals[0], AssertionError) else customer
    await late.refuses("POST /api/checkout", "coupon_not_applicable", json=bodies[0])


async def test_starts_and_codes_cannot_be_tried_without_end(
    shop: Shop,  # noqa: F811
    guest: Caller,
    customer: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("THROTTLE_COUPON_ADDRESS", "2")
    monkeypatch.setenv("THROTTLE_CHECKOUT_ADDRESS", "4")
    get_settings.cache_clear()
    guess = await given(shop.mug, couponCode="GUESS")
    for _ in range(2):
        await customer.refuses("POST /api/checkout", "coupon_not_found", json=guess)
    await customer.refuses("POST /api/checkout", "too_many_requests", json=guess)
    for _ in range(2):
        await customer.answers("POST /api/checkout", json=await given(shop.mug))

    error = await guest.refuses(
        "POST /api/checkout", "too_many_requests", json=await given(shop.mug, email="a@b.example")
    )

    assert error["error"] == "Too many checkouts were started from here. Please try again later."
    assert await shop.stock(shop.mug) == (10, 1)
