"""What an account wishes for: once, of what is on sale, and nobody else's."""

import asyncio
from typing import Any
from uuid import UUID

from shophub.db import transaction
from shophub.domain.statuses import ProductStatus
from shophub.repositories.wishlists import MAX_ITEMS
from tests.api.rest.caller import Caller
from tests.factories import make_category, make_product
from tests.rows import execute, rows

UNKNOWN = "0190a8c4-0b6e-7c1a-9f3e-2d5b7a1c4e88"


async def lamps(count: int = 1, **more: Any) -> list[str]:
    async with transaction() as session:
        category = await make_category(session)
        return [str((await make_product(session, category=category, **more)).id) for _ in range(count)]


async def change(sql: str, **values: object) -> None:
    async with transaction() as session:
        await execute(session, sql, **values)


async def test_wish_is_kept_once_at_its_first_price(customer: Caller) -> None:
    (lamp,) = await lamps(price_minor=2_000, name="Desk Lamp", slug="desk-lamp")

    wish = await customer.answers("POST /api/wishlist", 201, json={"productId": lamp})
    assert (wish["productId"], wish["addedPrice"], wish["product"]["id"]) == (lamp, 2_000, lamp)
    assert (wish["product"]["name"], wish["product"]["price"], wish["product"]["stock"]) == ("Desk Lamp", 2_000, 20)
    assert (wish["product"]["image"], wish["product"]["images"]) == ("", [])

    await change("UPDATE variants SET price_minor = 1500")
    again = await customer.answers("POST /api/wishlist", 201, json={"productId": lamp})
    assert (again["addedAt"], again["addedPrice"], again["product"]["price"]) == (wish["addedAt"], 2_000, 1_500)
    listed = await customer.answers("GET /api/wishlist")
    assert listed == {"items": [again], "total": 1, "totalIsExact": True, "page": 1, "pageSize": 24}

    for _ in range(2):
        assert await customer.answers("DELETE /api/wishlist/{product_id}", 204, at=f"/api/wishlist/{lamp}") is None
    assert (await customer.answers("GET /api/wishlist"))["items"] == []


async def test_list_has_pages_and_leaves_out_what_is_not_on_sale(customer: Caller) -> None:
    first, second, third = await lamps(3)
    for one in (first, second, third):
        await customer.answers("POST /api/wishlist", 201, json={"productId": one})
    await change("UPDATE products SET status = 'archived' WHERE id = :id", id=UUID(second))

    pages = [await customer.answers("GET /api/wishlist", params={"page": page, "pageSize": 1}) for page in (1, 2, 3)]

    assert [[item["productId"] for item in page["items"]] for page in pages] == [[third], [first], []]
    assert {page["total"] for page in pages} == {2}
    for query in ({"page": 0}, {"pageSize": 101}, {"page": "x"}, {"page": 10**30}):
        await customer.refuses("GET /api/wishlist", "invalid_data", params=query)


async def test_what_is_not_on_sale_is_not_wished_for(customer: Caller) -> None:
    (draft,) = await lamps(status=ProductStatus.DRAFT)

    for product_id in (draft, UNKNOWN):
        await customer.refuses("POST /api/wishlist", "product_not_found", json={"productId": product_id})
    for body in ({}, {"productId": None}, {"productId": "1"}, {"productId": draft, "userId": UNKNOWN}):
        await customer.refuses("POST /api/wishlist", "invalid_data", json=body)
    await customer.refuses("DELETE /api/wishlist/{product_id}", "invalid_data", at="/api/wishlist/lamp")

    assert await rows("SELECT 1 FROM wishlist_items") == []


async def test_list_that_is_full_takes_no_more(customer: Caller) -> None:
    wished, lamp = await lamps(2)
    await customer.answers("POST /api/wishlist", 201, json={"productId": wished})
    await change(
        "WITH made AS (INSERT INTO products (id, name, slug, category_id, description, status, tags)"
        " SELECT gen_random_uuid(), 'Lamp', 'lamp-no-' || n, category_id, '', 'active', '{}'"
        " FROM products, generate_series(2, :most) n WHERE products.id = :lamp RETURNING id)"
        " INSERT INTO wishlist_items (wishlist_id, product_id, added_price_minor)"
        " SELECT wishlists.id, made.id, 1 FROM wishlists, made",
        most=MAX_ITEMS,
        lamp=UUID(lamp),
    )

    await customer.refuses("POST /api/wishlist", "wishlist_full", json={"productId": lamp})

    assert await rows("SELECT count(*) FROM wishlist_items") == [(MAX_ITEMS,)]
    await customer.answers("POST /api/wishlist", 201, json={"productId": wished})


async def test_many_wishes_at_once_all_count(customer: Caller) -> None:
    wanted = await lamps(6)

    answers = await asyncio.gather(
        *(customer.send("POST /api/wishlist", json={"productId": one}) for one in wanted * 2)
    )

    assert {answer.status_code for answer in answers} == {201}
    assert {item["productId"] for item in (await customer.answers("GET /api/wishlist"))["items"]} == set(wanted)


async def test_nobody_sees_or_changes_anothers_wishes(customer: Caller, other: Caller) -> None:
    (lamp,) = await lamps()
    await customer.answers("POST /api/wishlist", 201, json={"productId": lamp})

    await other.answers("DELETE /api/wishlist/{product_id}", 204, at=f"/api/wishlist/{lamp}")

    assert (await other.answers("GET /api/wishlist"))["items"] == []
    assert [item["productId"] for item in (await customer.answers("GET /api/wishlist"))["items"]] == [lamp]


async def test_store_that_keeps_no_wishlists_refuses_all_of_it(customer: Caller) -> None:
    wished, lamp = await lamps(2)
    await customer.answers("POST /api/wishlist", 201, json={"productId": wished})
    await change("UPDATE store_settings SET wishlist_enabled = false")

    await customer.refuses("GET /api/wishlist", "feature_off")
    await customer.refuses("POST /api/wishlist", "feature_off", json={"productId": lamp})
    await customer.refuses("DELETE /api/wishlist/{product_id}", "feature_off", at=f"/api/wishlist/{wished}")

    assert [str(row[0]) for row in await rows("SELECT product_id FROM wishlist_items")] == [wished]
