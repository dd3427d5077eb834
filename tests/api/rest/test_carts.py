"""The caller's own cart: what goes in, what is refused, and that nobody reaches another's."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

from shophub.db import transaction
from shophub.domain.statuses import DiscountType, ProductStatus
from shophub.settings import get_settings
from tests.api.rest.caller import Caller
from tests.factories import make_coupon, make_image, make_product, variants_of
from tests.rows import execute, rows

UNKNOWN = "0190a8c4-0b6e-7c1a-9f3e-2d5b7a1c4e88"
QUANTITIES: list[Any] = [-5, 1.5, 10**9, 10**30, 100, None, "2", True, [1]]


async def lamp(stock: int = 20, price_minor: int = 2_000, **more: Any) -> tuple[str, str]:
    """Put a product on sale; return its id and that of its default variant."""
    async with transaction() as session:
        product = await make_product(session, stock=stock, price_minor=price_minor, **more)
        return str(product.id), str((await variants_of(session, product))[0].id)


async def change(sql: str, **values: object) -> None:
    async with transaction() as session:
        await execute(session, sql, **values)


async def coupon(**terms: Any) -> str:
    async with transaction() as session:
        return (await make_coupon(session, **terms)).code


async def kept() -> list[tuple[object, ...]]:
    """Return every line of every cart."""
    return await rows("SELECT cart_id, variant_id, quantity, is_saved FROM cart_lines ORDER BY id")


def quantities(cart: dict[str, Any]) -> dict[str, int]:
    return {item["variantId"]: item["quantity"] for item in cart["items"]}


async def test_cart_has_the_shape_and_the_sums_that_are_described(customer: Caller) -> None:
    await change(
        "UPDATE store_settings SET shipping_fee_minor = 1000, free_shipping_threshold_minor = NULL,"
        " tax_rate_ppm = 100000, prices_include_tax = false, tax_on_shipping = false"
    )
    async with transaction() as session:
        product = await make_product(
            session, name="Desk Lamp", slug="desk-lamp", options={"Colour": ["Sand", "Ink"], "Size": ["M"]}
        )
        sand, _ = await variants_of(session, product)
        await make_image(session, product, public_id="products/lamp")

    cart = await customer.answers("POST /api/cart", 201, json={"id": str(product.id), "quantity": 2})

    picture = cart["items"][0]["product"].pop("image")
    (cart_id, line_id) = (await rows("SELECT cart_id, id FROM cart_lines"))[0]
    assert picture.endswith("products/lamp")
    assert cart == {
        "id": str(cart_id),
        "items": [
            {
                "id": str(line_id),
                "variantId": str(sand.id),
                "product": {"id": str(product.id), "slug": "desk-lamp", "name": "Desk Lamp"},
                "options": {"Colour": "Sand", "Size": "M"},
                "quantity": 2,
                "price": 2_000,
                "total": 4_000,
                "available": 20,
                "notice": None,
            }
        ],
        "saved": [],
        "couponCode": None,
        "subtotal": 4_000,
        "discount": 0,
        "shipping": 1_000,
        "tax": 400,
        "total": 5_400,
        "currency": "USD",
        "notices": [],
    }


async def test_guest_is_given_a_cart_to_be_known_by_with_the_first_addition(guest: Caller) -> None:
    _, variant_id = await lamp()

    empty = await guest.answers("GET /api/cart")
    assert (empty["id"], empty["items"], empty["total"], empty["currency"]) == ("", [], 0, "USD")
    assert dict(guest.client.cookies) == {}

    first = await guest.send("POST /api/cart", json={"variantId": variant_id, "quantity": 1})
    cookie = first.headers["set-cookie"].partition("; ")
    assert (first.status_code, len(cookie[0])) == (201, len("shophub_guest=") + 43)
    assert cookie[2] == "Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax"

    again = await guest.send("POST /api/cart", json={"variantId": variant_id, "quantity": 2})
    assert "set-cookie" not in again.headers
    assert quantities(await guest.answers("GET /api/cart")) == {variant_id: 3}

    guest.client.cookies.clear()
    assert (await guest.answers("GET /api/cart"))["items"] == []


async def test_patch_sets_and_zero_removes(customer: Caller) -> None:
    product_id, variant_id = await lamp()
    body = {"variantId": variant_id}

    assert (await customer.answers("PATCH /api/cart", json={**body, "quantity": 0}))["id"] == ""
    assert quantities(await customer.answers("PATCH /api/cart", json={**body, "quantity": 4.0})) == {variant_id: 4}
    assert quantities(await customer.answers("PATCH /api/cart", json={"id": product_id, "quantity": 2})) == {
        variant_id: 2
    }
    assert quantities(await customer.answers("PATCH /api/cart", json={**body, "quantity": 0})) == {}
    assert quantities(await customer.answers("PATCH /api/cart", json={**body, "quantity": 0})) == {}


async def test_what_was_put_aside_stays_aside_until_it_is_wanted(customer: Caller) -> None:
    _, variant_id = await lamp()
    body = {"variantId": variant_id}
    await customer.answers("POST /api/cart", 201, json={**body, "quantity": 5})
    await change("UPDATE cart_lines SET is_saved = true")

    cleared = await customer.answers("POST /api/cart/clear")
    unwanted = await customer.answers("PATCH /api/cart", json={**body, "quantity": 0})
    assert [len(cart["saved"]) for cart in (cleared, unwanted)] == [1, 1]
    wanted = await customer.answers("PATCH /api/cart", json={**body, "quantity": 2})

    assert (quantities(wanted), wanted["saved"]) == ({variant_id: 2}, [])


async def test_item_is_set_and_taken_out(customer: Caller) -> None:
    _, variant_id = await lamp()
    cart = await customer.answers("POST /api/cart", 201, json={"variantId": variant_id, "quantity": 1})
    at = f"/api/cart/{cart['items'][0]['id']}"

    assert quantities(await customer.answers("PUT /api/cart/{item_id}", at=at, json={"quantity": 3})) == {variant_id: 3}
    assert await customer.answers("DELETE /api/cart/{item_id}", 204, at=at) is None

    assert (await customer.answers("GET /api/cart"))["items"] == []
    await customer.refuses("DELETE /api/cart/{item_id}", "cart_item_not_found", at=at)


async def test_acts_on_the_cart_are_no_items(customer: Caller) -> None:
    for action in ("apply-coupon", "remove-coupon", "merge", "clear"):
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            answer = await customer.send(f"{method} /api/cart/{action}")
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST"), (method, action)
            assert answer.json()["code"] == "method_not_allowed"
    await customer.refuses("DELETE /api/cart/{item_id}", "cart_item_not_found", at="/api/cart/")
    await customer.refuses("PUT /api/cart/{item_id}", "cart_item_not_found", at="/api/cart/", json={"quantity": 1})


async def test_cart_is_emptied_in_two_ways(customer: Caller) -> None:
    _, variant_id = await lamp()
    code = await coupon()

    await customer.answers("DELETE /api/cart", 204)
    for _ in range(2):
        await customer.answers("POST /api/cart", 201, json={"variantId": variant_id, "quantity": 2})
        await customer.answers("POST /api/cart/apply-coupon", json={"code": code})
        await customer.answers("DELETE /api/cart", 204)
        assert (await customer.answers("GET /api/cart"))["items"] == []
    await customer.answers("POST /api/cart", 201, json={"variantId": variant_id, "quantity": 2})
    cleared = await customer.answers("POST /api/cart/clear")

    assert (cleared["items"], cleared["couponCode"], cleared["total"]) == ([], None, 0)


async def test_only_the_stores_price_counts(customer: Caller) -> None:
    product_id, variant_id = await lamp(price_minor=2_999)
    item = {"id": product_id, "variantId": None, "quantity": 2, "name": "Free", "price": 1, "image": "x.svg"}

    cart = await customer.answers("POST /api/cart", 201, json=item)

    assert (cart["items"][0]["price"], cart["subtotal"]) == (2_999, 5_998)
    await change("UPDATE variants SET price_minor = 3500 WHERE id = :id", id=UUID(variant_id))
    changed = await customer.answers("GET /api/cart")
    assert (changed["items"][0]["notice"], changed["subtotal"]) == ("Price changed from $29.99 to $35.00.", 7_000)


async def test_known_failure_3_quantity_that_is_none_changes_nothing(customer: Caller) -> None:
    _, variant_id = await lamp(stock=500)
    body = {"variantId": variant_id}
    cart = await customer.answers("POST /api/cart", 201, json={**body, "quantity": 2})
    at = f"/api/cart/{cart['items'][0]['id']}"
    before = await kept()

    for quantity in QUANTITIES:
        await customer.refuses("POST /api/cart", "invalid_data", json={**body, "quantity": quantity})
        await customer.refuses("PATCH /api/cart", "invalid_data", json={**body, "quantity": quantity})
        await customer.refuses("PUT /api/cart/{item_id}", "invalid_data", at=at, json={"quantity": quantity})
    for zero in (body, {"id": UNKNOWN}, {}):
        await customer.refuses("POST /api/cart", "invalid_data", json={**zero, "quantity": 0})
    await customer.refuses("PUT /api/cart/{item_id}", "invalid_data", at=at, json={"quantity": 0})

    assert await kept() == before


async def test_body_that_names_nothing_or_too_much_is_refused(customer: Caller) -> None:
    _, variant_id = await lamp()
    kind = {"content-type": "application/json"}

    for content in (f'{{"variantId": "{variant_id}", "quantity": NaN}}', f'{{"variantId": "{variant_id}"}}', "[", ""):
        await customer.refuses("POST /api/cart", "invalid_data", content=content, headers=kind)
    for body in ({}, {"id": None}, {"id": "1"}, {"variantId": variant_id, "variant": 2}):
        await customer.refuses("POST /api/cart", "invalid_data", json={**body, "quantity": 1})

    assert await rows("SELECT id FROM carts") == []


async def test_more_than_there_is_is_refused_with_what_is_left(customer: Caller) -> None:
    _, variant_id = await lamp(stock=5)
    body = {"variantId": variant_id}
    cart = await customer.answers("POST /api/cart", 201, json={**body, "quantity": 3})
    at = f"/api/cart/{cart['items'][0]['id']}"

    added = await customer.refuses("POST /api/cart", "insufficient_stock", json={**body, "quantity": 3})
    patched = await customer.refuses("PATCH /api/cart", "insufficient_stock", json={**body, "quantity": 6})
    put = await customer.refuses("PUT /api/cart/{item_id}", "insufficient_stock", at=at, json={"quantity": 6})

    assert added["error"] == "Only 5 left, and 3 of them are in your cart already."
    assert [error["details"] for error in (added, patched, put)] == [[{"variantId": variant_id, "available": 5}]] * 3
    assert quantities(await customer.answers("GET /api/cart")) == {variant_id: 3}


async def test_one_product_fills_a_cart_with_99(customer: Caller) -> None:
    _, variant_id = await lamp(stock=500)
    body = {"variantId": variant_id}
    await customer.answers("POST /api/cart", 201, json={**body, "quantity": 99})

    await customer.refuses("POST /api/cart", "insufficient_stock", json={**body, "quantity": 1})

    assert quantities(await customer.answers("GET /api/cart")) == {variant_id: 99}


async def test_what_is_not_on_sale_is_not_found(customer: Caller) -> None:
    product_id, variant_id = await lamp()
    other_id, _ = await lamp()
    _, draft = await lamp(status=ProductStatus.DRAFT)
    bodies: list[dict[str, Any]] = [{"id": UNKNOWN}, {"variantId": UNKNOWN}, {"variantId": draft}]
    for body in [*bodies, {"id": other_id, "variantId": variant_id}, {"id": variant_id}]:
        await customer.refuses("POST /api/cart", "product_not_found", json={**body, "quantity": 1})
        await customer.refuses("PATCH /api/cart", "product_not_found", json={**body, "quantity": 1})
    assert await kept() == []

    cart = await customer.answers("POST /api/cart", 201, json={"variantId": variant_id, "quantity": 1})
    await change("UPDATE products SET status = 'archived' WHERE id = :id", id=UUID(product_id))
    at = f"/api/cart/{cart['items'][0]['id']}"
    await customer.refuses("PUT /api/cart/{item_id}", "product_not_found", at=at, json={"quantity": 2})
    gone = await customer.answers("GET /api/cart")
    assert (gone["items"][0]["notice"], gone["subtotal"]) == ("No longer on sale.", 0)

    emptied = await customer.answers("PATCH /api/cart", json={"variantId": variant_id, "quantity": 0})
    assert emptied["items"] == []


async def test_known_failure_24_nobody_reaches_anothers_cart(guest: Caller, customer: Caller, other: Caller) -> None:
    _, variant_id = await lamp()
    cart = await other.answers("POST /api/cart", 201, json={"variantId": variant_id, "quantity": 2})
    at = f"/api/cart/{cart['items'][0]['id']}"

    for caller in (guest, customer):
        await caller.answers("POST /api/cart", 201, json={"variantId": variant_id, "quantity": 1})
        await caller.refuses("PUT /api/cart/{item_id}", "cart_item_not_found", at=at, json={"quantity": 9})
        await caller.refuses("DELETE /api/cart/{item_id}", "cart_item_not_found", at=at)
        await caller.refuses("DELETE /api/cart/{item_id}", "invalid_data", at="/api/cart/1")
        await caller.answers("POST /api/cart/clear")
        await caller.answers("DELETE /api/cart", 204)

    assert await other.answers("GET /api/cart") == cart


async def test_guests_without_cookies_share_nothing(guest: Caller) -> None:
    _, variant_id = await lamp()
    code = await coupon()
    for _ in range(2):
        guest.client.cookies.clear()
        cart = await guest.answers("PATCH /api/cart", json={"variantId": variant_id, "quantity": 1})
        assert quantities(cart) == {variant_id: 1}
        guest.client.cookies.clear()
        await guest.refuses("POST /api/cart/apply-coupon", "coupon_not_applicable", json={"code": code})
        assert (await guest.answers("POST /api/cart/remove-coupon"))["items"] == []
        assert (await guest.answers("POST /api/cart/clear"))["items"] == []
        await guest.answers("DELETE /api/cart", 204)

    assert await rows("SELECT count(*), sum(l.quantity) FROM carts c JOIN cart_lines l ON l.cart_id = c.id") == [(2, 2)]
    assert await rows("SELECT count(*) FROM carts") == [(2,)]


async def test_coupon_goes_on_and_off(customer: Caller) -> None:
    _, variant_id = await lamp()
    ten = await coupon(code="TEN")
    five = await coupon(code="FIVE", discount_type=DiscountType.FIXED, amount_minor=500)
    await customer.answers("POST /api/cart", 201, json={"variantId": variant_id, "quantity": 2})

    with_ten = await customer.answers("POST /api/cart/apply-coupon", json={"code": " ten "})
    with_five = await customer.answers("POST /api/cart/apply-coupon", json={"code": five})
    without = await customer.answers("POST /api/cart/remove-coupon")

    assert [(cart["couponCode"], cart["discount"]) for cart in (with_ten, with_five, without)] == [
        (ten, 400),
        (five, 500),
        (None, 0),
    ]


async def test_coupon_that_is_none_leaves_the_cart_as_it_was(customer: Caller) -> None:
    _, variant_id = await lamp()
    ten = await coupon()
    big = await coupon(minimum_subtotal_minor=100_000)
    await customer.refuses("POST /api/cart/apply-coupon", "coupon_not_applicable", json={"code": ten})
    await customer.answers("POST /api/cart", 201, json={"variantId": variant_id, "quantity": 2})
    before = await customer.answers("POST /api/cart/apply-coupon", json={"code": ten})

    await customer.refuses("POST /api/cart/apply-coupon", "coupon_not_found", json={"code": "NOPE"})
    await customer.refuses("POST /api/cart/apply-coupon", "coupon_not_applicable", json={"code": big})
    for code in ("", "   ", "x" * 65, None, 5, "A\x00B"):
        await customer.refuses("POST /api/cart/apply-coupon", "invalid_data", json={"code": code})

    assert await customer.answers("GET /api/cart") == before


async def test_known_failure_18_coupon_that_ended_is_dropped_with_a_word(customer: Caller) -> None:
    _, variant_id = await lamp()
    code = await coupon()
    await customer.answers("POST /api/cart", 201, json={"variantId": variant_id, "quantity": 2})
    await customer.answers("POST /api/cart/apply-coupon", json={"code": code})
    await change("UPDATE coupons SET is_active = false")

    cart = await customer.answers("GET /api/cart")

    assert (cart["couponCode"], cart["discount"], len(cart["notices"])) == (None, 0, 1)
    assert (await customer.answers("GET /api/cart"))["notices"] == []


async def test_codes_cannot_be_tried_without_end(guest: Caller) -> None:
    for _ in range(get_settings().throttle_coupon_address):
        await guest.refuses("POST /api/cart/apply-coupon", "coupon_not_found", json={"code": "GUESS"})

    await guest.refuses("POST /api/cart/apply-coupon", "too_many_requests", json={"code": "GUESS"})


async def test_guests_cart_is_poured_into_the_accounts_once(guest: Caller, customer: Caller) -> None:
    _, few = await lamp(stock=5, name="Rare Lamp")
    _, many = await lamp()
    code = await coupon()
    for variant_id, quantity in ((few, 3), (many, 4)):
        await guest.answers("POST /api/cart", 201, json={"variantId": variant_id, "quantity": quantity})
    await guest.answers("POST /api/cart/apply-coupon", json={"code": code})
    await customer.answers("POST /api/cart", 201, json={"variantId": few, "quantity": 4})

    merged = await customer.answers("POST /api/cart/merge")
    again = await customer.answers("POST /api/cart/merge")

    assert quantities(merged) == {few: 5, many: 4}
    assert (merged["couponCode"], merged["notices"]) == (code, ["We could keep only 5 of Rare Lamp."])
    assert again == {**merged, "notices": []}
    assert (await guest.answers("GET /api/cart"))["items"] == []
    await guest.refuses("POST /api/cart/merge", "unauthenticated")
    guest.client.cookies.clear()
    assert await customer.answers("POST /api/cart/merge") == again


async def test_known_failure_39_twelve_first_additions_lose_nothing(customer: Caller) -> None:
    _, variant_id = await lamp(stock=50)
    others = [(await lamp())[1] for _ in range(2)]
    wanted = [variant_id] * 6 + others * 3

    answers = await asyncio.gather(
        *(customer.send("POST /api/cart", json={"variantId": one, "quantity": 1}) for one in wanted)
    )

    assert {answer.status_code for answer in answers} == {201}
    assert quantities(await customer.answers("GET /api/cart")) == {variant_id: 6, others[0]: 3, others[1]: 3}


async def test_known_failure_4_twenty_additions_at_once_never_pass_the_stock(guest: Caller) -> None:
    _, variant_id = await lamp(stock=15)
    _, other = await lamp()
    await guest.answers("POST /api/cart", 201, json={"variantId": other, "quantity": 1})

    answers = await asyncio.gather(
        *(guest.send("POST /api/cart", json={"variantId": variant_id, "quantity": 2}) for _ in range(20))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 7, 400: 13}
    assert {answer.json().get("code") for answer in answers} == {None, "insufficient_stock"}
    assert quantities(await guest.answers("GET /api/cart")) == {variant_id: 14, other: 1}
