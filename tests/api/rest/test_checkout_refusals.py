"""What a checkout over the API is refused for, each with nothing set aside and nobody asked for money."""

from typing import Any
from uuid import uuid4

import pytest

from shophub.lib.clock import utc_now
from tests.api.rest.buying import SHIPPING, given, product_of
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
from tests.checkout.crowds import restock

EMAIL = "ada@example.com"


async def nothing_happened(shop: Shop) -> None:  # noqa: F811
    """See that nothing is held, kept or asked for."""
    assert await shop.rows("SELECT 1 FROM checkouts UNION ALL SELECT 1 FROM reservations") == []
    assert await shop.rows("SELECT count(*) FROM variants WHERE reserved <> 0") == [(0,)]
    assert shop.stripe.v1.payment_intents.list().data == []


async def test_unknown_products_are_404(shop: Shop, customer: Caller) -> None:  # noqa: F811
    mug, lamp = await product_of(shop.mug), await product_of(shop.lamp)
    for item in (
        {"id": str(uuid4())},
        {"id": "no-such-product"},
        {"id": mug, "variantId": str(uuid4())},
        {"id": mug, "variantId": str(shop.lamp)},
    ):
        items = [{"id": lamp, "quantity": 1}, {**item, "quantity": 1}]
        await customer.refuses(
            "POST /api/checkout", "product_not_found", json={"items": items, "shippingInfo": SHIPPING}
        )
    await shop.rows("UPDATE products SET status = 'draft' WHERE id = :id RETURNING 1", id=mug)
    error = await customer.refuses("POST /api/checkout", "product_not_found", json=await given(shop.mug))

    assert "Mug" not in error["error"]
    await nothing_happened(shop)


async def test_neither_account_nor_address_is_401_and_so_is_a_guest_where_they_cannot_check_out(
    shop: Shop,  # noqa: F811
    guest: Caller,
) -> None:
    await guest.refuses("POST /api/checkout", "email_required", json=await given(shop.mug))
    dead = {"Authorization": "Bearer not-any-more"}
    await guest.refuses("POST /api/checkout", "unauthenticated", json=await given(shop.mug, email=EMAIL), headers=dead)
    await shop.rows("UPDATE store_settings SET guest_checkout_enabled = false RETURNING 1")
    await guest.refuses("POST /api/checkout", "sign_in_required", json=await given(shop.mug, email=EMAIL))

    await nothing_happened(shop)


@pytest.mark.parametrize("quantity", [-5, 0, 1.5, 100, 10**9, 10**30, "NaN", "2", None, True])
async def test_known_failure_3_odd_quantities_are_refused(shop: Shop, customer: Caller, quantity: Any) -> None:  # noqa: F811
    """Known failure 3: quantities that are none behave oddly."""
    body = await given(shop.mug, quantity)

    await customer.refuses("POST /api/checkout", "invalid_data", json=body)

    await nothing_happened(shop)


async def test_odd_bodies_are_refused_by_the_name_of_the_field(shop: Shop, customer: Caller) -> None:  # noqa: F811
    body = await given(shop.mug)
    info = body["shippingInfo"]
    for change, field in (
        ({"items": []}, "items"),
        ({"items": body["items"] * 101}, "items"),
        ({"items": [{"id": "x" * 101, "quantity": 1}]}, "items.0.id"),
        ({"total": 1}, "total"),
        ({"note": "x" * 501}, "note"),
        ({"shippingInfo": {**info, "address": "1 Ma"}}, "shippingInfo.address"),
        ({"shippingInfo": {**info, "city": "X"}}, "shippingInfo.city"),
        ({"shippingInfo": {**info, "zipCode": "9410"}}, "shippingInfo.zipCode"),
        ({"shippingInfo": {**info, "country": "KP"}}, "shippingInfo.country"),
        ({"shippingInfo": {**info, "country": "United States"}}, "shippingInfo.country"),
        ({"shippingInfo": {**info, "email": "nope"}}, "shippingInfo.email"),
        ({"shippingInfo": {name: info[name] for name in info if name != "phone"}}, "shippingInfo.phone"),
    ):
        error = await customer.refuses("POST /api/checkout", "invalid_data", json={**body, **change})
        assert [detail["field"] for detail in error["details"]] == [field]
    too_many = {**body, "items": [{**body["items"][0], "quantity": 50}] * 2}
    error = await customer.refuses("POST /api/checkout", "invalid_data", json=too_many)
    assert error["details"] == [{"field": "items", "message": "At most 99 of one product can be ordered at once."}]

    await nothing_happened(shop)


async def test_known_failure_2_one_product_on_two_lines_is_checked_as_a_sum(shop: Shop, customer: Caller) -> None:  # noqa: F811
    """Known failure 2: the same product on two lines passes the stock check line by line."""
    body = await given(shop.lamp, 3)

    error = await customer.refuses(
        "POST /api/checkout", "insufficient_stock", json={**body, "items": body["items"] * 2}
    )

    assert error["error"] == "Only 5 left of Lamp."
    assert error["details"] == [{"variantId": str(shop.lamp), "available": 5}]
    await nothing_happened(shop)


async def test_guests_of_one_place_and_accounts_hold_no_more_than_is_allowed(
    shop: Shop,  # noqa: F811
    guest: Caller,
    customer: Caller,
) -> None:
    await restock(shop.mug, 200)
    for number, quantity in enumerate((30, 12)):  # a fifth of 210
        body = await given(shop.mug, quantity, email=f"guest{number}@example.com")
        await guest.answers("POST /api/checkout", json=body)
    await guest.refuses("POST /api/checkout", "hoarding_limit", json=await given(shop.mug, email=EMAIL))
    await customer.answers("POST /api/checkout", json=await given(shop.mug, 99))
    await customer.refuses("POST /api/checkout", "hoarding_limit", json=await given(shop.mug))

    assert await shop.stock(shop.mug) == (210, 30 + 12 + 99)


async def test_bad_coupons_are_refused_and_the_cart_keeps_its_own(shop: Shop, customer: Caller, other: Caller) -> None:  # noqa: F811
    await shop.coupon("TEN", percent_bp=1_000)
    await shop.coupon("OLD", ends_at=utc_now())
    await shop.coupon("MUCH", minimum_subtotal_minor=50_000)
    await customer.refuses("POST /api/checkout", "coupon_not_found", json=await given(shop.mug, couponCode="NONE"))
    await customer.refuses("POST /api/checkout", "coupon_not_applicable", json=await given(shop.mug, couponCode="OLD"))
    await customer.refuses("POST /api/checkout", "coupon_not_applicable", json=await given(shop.mug, couponCode="MUCH"))
    await nothing_happened(shop)

    await customer.answers("POST /api/cart", 201, json={"id": await product_of(shop.mug), "quantity": 1})
    await customer.answers("POST /api/checkout", json={"shippingInfo": SHIPPING, "couponCode": "TEN"})
    for code in ("NONE", "OLD"):
        body = {"shippingInfo": SHIPPING, "couponCode": code}
        assert (await customer.send("POST /api/checkout", json=body)).status_code == 400
    assert (await customer.answers("GET /api/cart"))["couponCode"] == "TEN"
