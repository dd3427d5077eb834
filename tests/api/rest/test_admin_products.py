"""Products, as the staff's programs make, read, find and delete them."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from shophub.db import transaction
from shophub.domain.statuses import ProductStatus
from shophub.lib.ids import new_id
from tests.api.rest.caller import Caller
from tests.api.rest.mugs import LEDGER_IS_STOCK, MUG, SHIRT, at, read, uploaded
from tests.factories import make_image, make_order, make_product, variants_of
from tests.rows import execute, rows

ALL = "SELECT count(*) FROM products", "SELECT count(*) FROM variants", "SELECT count(*) FROM audit_log"
WITH_ALL = {
    **MUG,
    "image": "shop/a",
    "images": [{"publicId": "shop/b", "altText": "From above", "width": 30, "height": 40}],
    "brand": "Kiln",
    "tags": ["Tea", "tea"],
    "compareAtPrice": 3_000,
    "sku": "MUG",
}
ONLY_VARIANT = {
    "sku": "MUG",
    "options": {},
    "price": 2_450,
    "compareAtPrice": 3_000,
    "stock": 5,
    "reserved": 0,
    "available": 5,
}


async def test_product_is_made_and_on_sale(admin: Caller, mugs: UUID) -> None:
    await uploaded("shop/a", "shop/b")

    product = await admin.answers("POST /api/admin/products", 201, json=WITH_ALL)

    url = "/sandbox/cloudinary/sandbox/image/upload/c_limit,f_auto,q_auto,w_1280/v1/shop/"
    assert product == {
        "id": product["id"],
        "version": product["version"],
        "slug": "blue-mug",
        "name": "Blue Mug",
        "description": "Holds half a litre of tea.",
        "price": 2_450,
        "compareAtPrice": 3_000,
        "currency": "USD",
        "category": {"slug": "mugs", "name": "Mugs"},
        "brand": "Kiln",
        "tags": ["tea"],
        "image": f"{url}a",
        "images": [
            {"publicId": "shop/a", "url": f"{url}a", "altText": "Blue Mug"},
            {"publicId": "shop/b", "url": f"{url}b", "altText": "From above"},
        ],
        "stock": 5,
        "reserved": 0,
        "available": 5,
        "sku": "MUG",
        "averageRating": 0,
        "reviewCount": 0,
        "status": "active",
        "options": [],
        "variants": [{"id": product["variants"][0]["id"], **ONLY_VARIANT}],
        "createdAt": product["createdAt"],
        "updatedAt": product["updatedAt"],
    }
    assert await admin.answers("GET /api/admin/products/{product_id}", at=at(product)) == product
    assert await rows("SELECT delta, reason, actor_id FROM stock_ledger") == [(5, "initial", admin.user_id)]
    assert await rows("SELECT actor_id, action, target_id FROM audit_log") == [
        (admin.user_id, "product.create", product["id"])
    ]
    assert await rows("SELECT width, height FROM images ORDER BY position") == [(1_200, 1_500), (30, 40)]


async def test_product_with_options_has_a_variant_for_each_that_is_named(admin: Caller, mugs: UUID) -> None:
    product = await admin.answers("POST /api/admin/products", 201, json={**SHIRT, "status": "draft"})

    assert (product["price"], product["compareAtPrice"], product["stock"]) == (4_500, 6_000, 10)
    assert (product["status"], product["sku"], product["options"]) == ("draft", None, SHIRT["options"])
    assert [
        (one["sku"], one["options"], one["price"], one["compareAtPrice"], one["stock"]) for one in product["variants"]
    ] == [
        ("M-RED", {"Size": "M", "Colour": "Red"}, 4_500, 6_000, 6),
        ("LINEN-SHIRT-S-RED", {"Size": "S", "Colour": "Red"}, 4_700, None, 4),
    ]
    assert await rows(LEDGER_IS_STOCK) == [(0,)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**MUG, "name": " "}, "name"),
        ({**MUG, "description": "Too short"}, "description"),
        ({**MUG, "price": 0}, "price"),
        ({**MUG, "price": 19.99}, "price"),
        ({**MUG, "price": 10**20}, "price"),
        ({**MUG, "compareAtPrice": 2_450}, "compareAtPrice"),
        ({**MUG, "category": "nowhere"}, "category"),
        ({**MUG, "stock": -1}, "stock"),
        ({**MUG, "stock": 2**31}, "stock"),
        ({name: MUG[name] for name in MUG if name != "stock"}, "stock"),
        ({**MUG, "image": "shop/unknown"}, "images"),
        ({**MUG, "images": [{"publicId": "shop/unknown"}]}, "images"),
        ({**MUG, "status": "sold"}, "status"),
        ({**MUG, "options": [{"name": "Size", "values": ["S"]}]}, "variants"),
        ({**MUG, "variants": [{"options": {"Size": "S"}, "stock": 1}]}, "variants.0.options"),
        ({**SHIRT, "variants": [{"options": {"Size": "XL", "Colour": "Red"}, "stock": 1}]}, "variants.0.price"),
        ({**SHIRT, "variants": [SHIRT["variants"][1], SHIRT["variants"][1]]}, "variants.1.price"),
        ({**MUG, "variants": [{"id": str(new_id()), "stock": 1}]}, "variants.0.id"),
        ({**SHIRT, "variants": [SHIRT["variants"][0], {**SHIRT["variants"][1], "sku": "M-RED"}]}, "variants.1.sku"),
        ({**MUG, "name": "a\x00b"}, ""),
        ({**MUG, "rating": 5}, "rating"),
    ],
)
async def test_what_cannot_be_a_product_makes_nothing(
    admin: Caller, mugs: UUID, body: dict[str, Any], field: str
) -> None:
    error = await admin.refuses("POST /api/admin/products", "invalid_data", json=body)

    assert [detail["field"] for detail in error["details"] if detail["field"].startswith(field)], error
    assert [await rows(count) for count in ALL] == [[(0,)]] * 3


async def test_new_products_of_one_name_get_addresses_and_skus_of_their_own(admin: Caller, mugs: UUID) -> None:
    made = await asyncio.gather(*(admin.answers("POST /api/admin/products", 201, json=MUG) for _ in range(3)))

    assert sorted(one["slug"] for one in made) == ["blue-mug", "blue-mug-2", "blue-mug-3"]
    assert sorted(one["sku"] for one in made) == ["BLUE-MUG", "BLUE-MUG-2", "BLUE-MUG-3"]


async def test_sku_of_another_product_is_refused_by_every_door(admin: Caller, mug: dict[str, Any]) -> None:
    other = await admin.answers("POST /api/admin/products", 201, json={**MUG, "sku": "OTHER"})
    whole = {**MUG, "sku": "MUG"}

    await admin.refuses("POST /api/admin/products", "sku_taken", json=whole)
    await admin.refuses("PUT /api/admin/products/{product_id}", "sku_taken", at=at(other), json=whole)
    await admin.refuses("PATCH /api/admin/products/{product_id}", "sku_taken", at=at(other), json={"sku": "MUG"})

    assert await read(admin, other) == other
    assert await rows("SELECT count(*) FROM products") == [(2,)]


async def test_pictures_are_those_that_were_uploaded_for_it(admin: Caller, mug: dict[str, Any]) -> None:
    async with transaction() as session:
        other = await make_product(session)
        await make_image(session, other, public_id="shop/others")
    await uploaded("shop/a", "shop/b", "shop/gone")
    async with transaction() as session:
        await execute(session, "UPDATE loose_pictures SET gone_at = now() WHERE public_id = 'shop/gone'")

    async def pictures(**patch: Any) -> list[tuple[str, str]]:
        found = await admin.answers("PATCH /api/admin/products/{product_id}", at=at(mug), json=patch)
        return [(one["publicId"], one["altText"]) for one in found["images"]]

    assert await pictures(images=["shop/a", {"publicId": "shop/b", "altText": "Above"}]) == [
        ("shop/a", "Blue Mug"), ("shop/b", "Above"),
    ]  # fmt: skip
    url = (await read(admin, mug))["images"][1]["url"]
    assert await pictures(image=url) == [("shop/b", "Above"), ("shop/a", "Blue Mug")]
    for name in ("shop/others", "shop/gone", "https://elsewhere.example/x.jpg"):
        patch = {"images": [name]}
        await admin.refuses("PATCH /api/admin/products/{product_id}", "invalid_data", at=at(mug), json=patch)
    assert await pictures(images=[]) == []
    assert await rows("SELECT count(*) FROM images") == [(1,)]


async def test_list_shows_every_status_and_can_be_narrowed_and_sorted(admin: Caller, mug: dict[str, Any]) -> None:
    async with transaction() as session:
        draft = await make_product(
            session, name="Draft Lamp", status=ProductStatus.DRAFT, price_minor=9_000, stock=0, sold_count=8
        )
        await make_product(session, name="Lamp Bulb", status=ProductStatus.ARCHIVED, price_minor=100, sold_count=3)
        await execute(session, "UPDATE products SET rating_sum = 9, rating_count = 2 WHERE id = :id", id=draft.id)

    async def names(query: str) -> list[str]:
        found = await admin.answers("GET /api/admin/products", at=f"/api/admin/products{query}")
        assert found["totalIsExact"]
        return [one["name"] for one in found["items"]]

    assert await names("") == ["Lamp Bulb", "Draft Lamp", "Blue Mug"]
    assert await names("?page=2&pageSize=2") == ["Blue Mug"]
    assert await names("?status=draft") == ["Draft Lamp"]
    assert await names("?category=mugs") == ["Blue Mug"]
    assert await names("?category=nowhere") == []
    assert await names("?inStock=true&sort=price_asc") == ["Lamp Bulb", "Blue Mug"]
    assert await names("?inStock=false") == ["Draft Lamp"]
    assert await names("?sort=price_desc") == ["Draft Lamp", "Blue Mug", "Lamp Bulb"]
    assert await names("?sort=best_selling") == ["Draft Lamp", "Lamp Bulb", "Blue Mug"]
    assert (await names("?sort=rating"))[0] == "Draft Lamp"
    assert sorted(await names("?q=lamp")) == ["Draft Lamp", "Lamp Bulb"]
    assert await names("?q=MUG&sort=relevance") == ["Blue Mug"]
    assert await names("?q=%22%25") == []
    found = await admin.answers("GET /api/admin/products", at="/api/admin/products?q=mug")
    assert found == {"items": [mug], "total": 1, "totalIsExact": True, "page": 1, "pageSize": 24}
    for wrong in ("sort=dearest", "page=0", "pageSize=101", "status=sold", "inStock=maybe"):
        await admin.refuses("GET /api/admin/products", "invalid_data", at=f"/api/admin/products?{wrong}")


async def test_unknown_product_is_not_found(admin: Caller, mugs: UUID) -> None:
    unknown = f"/api/admin/products/{new_id()}"

    await admin.refuses("GET /api/admin/products/{product_id}", "product_not_found", at=unknown)
    await admin.refuses("PUT /api/admin/products/{product_id}", "product_not_found", at=unknown, json=MUG)
    await admin.refuses("PATCH /api/admin/products/{product_id}", "product_not_found", at=unknown, json={"price": 1})
    await admin.refuses("DELETE /api/admin/products/{product_id}", "product_not_found", at=unknown)


async def test_product_is_deleted_unless_it_was_ordered(admin: Caller, mug: dict[str, Any]) -> None:
    async with transaction() as session:
        ordered = await make_product(session, name="Ordered")
        await make_order(session, variants=await variants_of(session, ordered))
    kept = f"/api/admin/products/{ordered.id}"

    await admin.answers("DELETE /api/admin/products/{product_id}", 204, at=at(mug))
    await admin.refuses("DELETE /api/admin/products/{product_id}", "product_kept", at=kept)

    assert await rows("SELECT name FROM products") == [("Ordered",)]
    assert await rows("SELECT action, target_id FROM audit_log ORDER BY id") == [
        ("product.create", mug["id"]), ("product.delete", mug["id"]),
    ]  # fmt: skip
