"""Products, as the staff's programs change them: whole or in parts, and never unseen over each other's work."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from shophub.db import transaction
from tests.api.rest.caller import Caller
from tests.api.rest.mugs import LEDGER_IS_STOCK, MUG, SHIRT, at, read, uploaded
from tests.rows import execute, rows


async def test_parts_change_and_the_rest_stays(admin: Caller, mug: dict[str, Any]) -> None:
    patch = {"name": "Green Mug", "price": 1_999, "brand": "Kiln", "tags": ["tea"], "status": "archived"}

    changed = await admin.answers("PATCH /api/admin/products/{product_id}", at=at(mug), json=patch)

    variant = {**mug["variants"][0], "price": 1_999}
    unlike = {name: changed[name] for name in ("version", "updatedAt")}
    assert changed == {**mug, **patch, "variants": [variant], **unlike}
    assert changed["version"] != mug["version"]
    assert await rows("SELECT action, before ->> 'name', after ->> 'name' FROM audit_log ORDER BY id DESC LIMIT 1") == [
        ("product.update", "Blue Mug", "Green Mug")
    ]
    assert await admin.answers("PATCH /api/admin/products/{product_id}", at=at(mug), json={"brand": None}) == {
        **changed, "brand": None, **{name: (await read(admin, mug))[name] for name in unlike},
    }  # fmt: skip


async def test_stock_changes_with_the_version_that_was_read_and_the_ledger_says_so(
    admin: Caller, mug: dict[str, Any]
) -> None:
    error = await admin.refuses(
        "PATCH /api/admin/products/{product_id}", "version_required", at=at(mug), json={"stock": 9}
    )
    assert error["error"] == "To change stock, send the version of the product that you read."

    changed = await admin.answers(
        "PATCH /api/admin/products/{product_id}", at=at(mug), json={"stock": 9, "version": mug["version"]}
    )

    assert (changed["stock"], changed["variants"][0]["stock"]) == (9, 9)
    assert await rows("SELECT delta, reason FROM stock_ledger ORDER BY id") == [(5, "initial"), (4, "correction")]
    stale = {"stock": 1, "name": "Lost", "version": mug["version"]}
    await admin.refuses("PATCH /api/admin/products/{product_id}", "product_changed", at=at(mug), json=stale)
    assert await read(admin, mug) == changed
    assert await rows(LEDGER_IS_STOCK) == [(0,)]


async def test_sale_in_between_stops_a_change_of_stock_and_nothing_else(admin: Caller, mug: dict[str, Any]) -> None:
    async with transaction() as session:
        await execute(session, "UPDATE variants SET stock = stock - 2")
        await execute(
            session,
            "INSERT INTO stock_ledger (variant_id, delta, reason) VALUES (:id, -2, 'order')",
            id=UUID(mug["variants"][0]["id"]),
        )

    both = {"stock": 8, "name": "Lost", "version": mug["version"]}
    await admin.refuses("PATCH /api/admin/products/{product_id}", "product_changed", at=at(mug), json=both)
    named = await admin.answers(
        "PATCH /api/admin/products/{product_id}", at=at(mug), json={"name": "Kept", "version": mug["version"]}
    )

    assert (named["name"], named["stock"]) == ("Kept", 3)
    assert await rows(LEDGER_IS_STOCK) == [(0,)]


async def test_of_two_admins_at_once_one_is_told_and_nothing_is_lost(
    admin: Caller, owner: Caller, mug: dict[str, Any]
) -> None:
    answers = await asyncio.gather(
        admin.send("PATCH " + at(mug), json={"stock": 7, "version": mug["version"]}),
        owner.send("PATCH " + at(mug), json={"price": 999, "version": mug["version"]}),
        owner.send("PUT " + at(mug), json={**MUG, "stock": 11, "version": mug["version"]}),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"product_changed"}
    kept = next(answer.json() for answer in answers if answer.status_code == 200)
    assert await read(admin, mug) == kept
    assert (kept["stock"], kept["price"]) in {(7, 2_450), (5, 999), (11, 2_450)}
    assert await rows(LEDGER_IS_STOCK) == [(0,)]


async def test_different_parts_changed_at_once_are_all_kept(admin: Caller, mug: dict[str, Any]) -> None:
    parts = [{"name": "Green Mug"}, {"price": 999}, {"brand": "Kiln"}, {"tags": ["tea"]}]

    await asyncio.gather(
        *(admin.answers("PATCH /api/admin/products/{product_id}", at=at(mug), json=part) for part in parts)
    )

    found = await read(admin, mug)
    assert (found["name"], found["price"], found["brand"], found["tags"]) == ("Green Mug", 999, "Kiln", ["tea"])


async def test_stock_does_not_fall_below_what_checkouts_have_set_aside(admin: Caller, mug: dict[str, Any]) -> None:
    async with transaction() as session:
        await execute(session, "UPDATE variants SET reserved = 3")
    before = await read(admin, mug)
    assert (before["stock"], before["reserved"], before["available"]) == (5, 3, 2)

    for method, body in (("PATCH", {"stock": 2}), ("PUT", {**MUG, "stock": 2})):
        answer = await admin.send(f"{method} {at(mug)}", json={**body, "version": mug["version"]})
        assert (answer.status_code, answer.json()["code"]) == (409, "stock_reserved")
    low = {"stock": 2, "version": mug["version"]}
    await admin.refuses("PATCH /api/admin/products/{product_id}", "stock_reserved", at=at(mug), json=low)
    whole = {**MUG, **low}
    await admin.refuses("PUT /api/admin/products/{product_id}", "stock_reserved", at=at(mug), json=whole)

    assert await read(admin, mug) == before
    least = {"stock": 3, "version": mug["version"]}
    assert (await admin.answers("PATCH /api/admin/products/{product_id}", at=at(mug), json=least))["available"] == 0


@pytest.mark.parametrize(
    "patch",
    [
        {},
        {"version": "x"},
        {"price": 0},
        {"description": "short"},
        {"category": "nowhere"},
        {"name": None},
        {"compareAtPrice": 2_450},
        {"image": "shop/unknown"},
        {"options": [{"name": "Size", "values": ["S"]}]},
        {"variants": [{"options": {}, "price": 1, "stock": 1, "sku": ""}]},
        {"variants": [{"id": "00000000-0000-7000-8000-000000000000", "price": 1}]},
    ],
)
async def test_change_to_what_cannot_be_changes_nothing(
    admin: Caller, mug: dict[str, Any], patch: dict[str, Any]
) -> None:
    await admin.refuses("PATCH /api/admin/products/{product_id}", "invalid_data", at=at(mug), json=patch)

    assert await read(admin, mug) == mug


async def test_variants_change_by_id_or_by_values_and_new_ones_join(admin: Caller, mugs: UUID) -> None:
    shirt = await admin.answers("POST /api/admin/products", 201, json=SHIRT)
    medium, small = shirt["variants"]
    patch = {
        "version": shirt["version"],
        "options": [{"name": "Size", "values": ["S", "M", "L"]}, SHIRT["options"][1]],
        "variants": [
            {"id": small["id"], "stock": 1},
            {"options": medium["options"], "price": 4_800, "compareAtPrice": None},
            {"options": {"Size": "L", "Colour": "Red"}, "price": 5_000, "stock": 2},
        ],
    }

    changed = await admin.answers("PATCH /api/admin/products/{product_id}", at=at(shirt), json=patch)

    assert changed["variants"][:2] == [
        {**medium, "price": 4_800, "compareAtPrice": None},
        {**small, "stock": 1, "available": 1},
    ]
    added = changed["variants"][2]
    assert (added["sku"], added["price"], added["stock"]) == ("LINEN-SHIRT-L-RED", 5_000, 2)
    assert await rows(LEDGER_IS_STOCK) == [(0,)]
    error = await admin.refuses(
        "PATCH /api/admin/products/{product_id}", "invalid_data", at=at(shirt), json={"price": 1, "stock": 1}
    )
    assert [detail["field"] for detail in error["details"]] == ["price", "stock"]


async def test_whole_product_takes_the_place_of_what_there_was(admin: Caller, mugs: UUID) -> None:
    await uploaded("shop/a")
    shirt = await admin.answers(
        "POST /api/admin/products",
        201,
        json={**SHIRT, "brand": "Loom", "tags": ["linen"], "image": "shop/a", "status": "draft"},
    )
    medium, small = shirt["variants"]
    whole = {**SHIRT, "name": "Shirt", "variants": [SHIRT["variants"][0]], "version": shirt["version"]}

    changed = await admin.answers("PUT /api/admin/products/{product_id}", at=at(shirt), json=whole)

    assert (changed["name"], changed["slug"], changed["status"]) == ("Shirt", "linen-shirt", "draft")
    assert (changed["brand"], changed["tags"], changed["images"], changed["image"]) == (None, [], [], "")
    assert changed["variants"] == [medium]
    simple = await admin.answers(
        "PUT /api/admin/products/{product_id}",
        at=at(shirt),
        json={**MUG, "version": changed["version"], "status": "active"},
    )
    assert (simple["options"], simple["stock"], simple["status"]) == ([], 5, "active")
    assert small["id"] not in [one["id"] for one in simple["variants"]]
    again = await admin.answers("PUT /api/admin/products/{product_id}", at=at(shirt), json=MUG)
    assert again["variants"] == simple["variants"]


async def test_variant_that_was_ordered_stays(admin: Caller, mugs: UUID) -> None:
    shirt = await admin.answers("POST /api/admin/products", 201, json=SHIRT)
    async with transaction() as session:
        await execute(session, "UPDATE variants SET reserved = 1 WHERE sku = 'M-RED'")
    before = await read(admin, shirt)
    fewer = {**SHIRT, "variants": [SHIRT["variants"][1]], "version": shirt["version"]}

    await admin.refuses("PUT /api/admin/products/{product_id}", "variant_kept", at=at(shirt), json=fewer)
    other = {**MUG, "stock": 1}
    await admin.refuses("PUT /api/admin/products/{product_id}", "version_required", at=at(shirt), json=other)
    stale = {**SHIRT, "version": "0.0"}
    await admin.refuses("PUT /api/admin/products/{product_id}", "product_changed", at=at(shirt), json=stale)
    await admin.refuses("PUT /api/admin/products/{product_id}", "invalid_data", at=at(shirt), json={"name": "Part"})

    assert await read(admin, shirt) == before
