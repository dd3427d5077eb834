"""Coupons, as the staff's programs make, read, change and delete them."""

import asyncio
from typing import Any

import pytest

from shophub.db import transaction
from shophub.lib.ids import new_id
from tests.api.rest.caller import Caller
from tests.factories import make_category, make_coupon, make_order
from tests.rows import execute, rows

TERMS: dict[str, Any] = {
    "code": "spring10",
    "discountType": "PERCENTAGE",
    "discountValue": 12.5,
    "startDate": "2026-03-01",
    "endDate": "2026-03-31T18:00:00+02:00",
}
FIXED = {**TERMS, "discountType": "FIXED"}
FREE = {**TERMS, "discountType": "FREE_SHIPPING"}


async def made(admin: Caller, **terms: Any) -> dict[str, Any]:
    """Return a coupon that was just made."""
    found: dict[str, Any] = await admin.answers("POST /api/admin/coupons", 201, json={**TERMS, **terms})
    return found


async def test_coupon_is_made_with_all_its_terms(admin: Caller) -> None:
    async with transaction() as session:
        await make_category(session, slug="lamps")

    coupon = await admin.answers(
        "POST /api/admin/coupons",
        201,
        json={
            **TERMS,
            "description": " Spring sale ",
            "minimumAmount": 5_000,
            "maxAmount": 2_000,
            "maxUses": 100,
            "maxUsesPerCustomer": 1,
            "applicableCategories": ["lamps"],
            "firstOrderOnly": True,
            "isActive": False,
        },
    )

    assert coupon == {
        "id": coupon["id"],
        "code": "SPRING10",
        "description": "Spring sale",
        "discountType": "PERCENTAGE",
        "discountValue": 12.5,
        "minimumAmount": 5_000,
        "maxAmount": 2_000,
        "maxUses": 100,
        "maxUsesPerCustomer": 1,
        "usedCount": 0,
        "heldCount": 0,
        "applicableCategories": ["lamps"],
        "firstOrderOnly": True,
        "startDate": "2026-03-01T00:00:00Z",
        "endDate": "2026-03-31T16:00:00Z",
        "isActive": False,
        "currency": "USD",
    }
    at = f"/api/admin/coupons/{coupon['id']}"
    assert await admin.answers("GET /api/admin/coupons/{coupon_id}", at=at) == coupon
    assert await rows("SELECT actor_id, action, target_id FROM audit_log") == [
        (admin.user_id, "coupon.create", coupon["id"])
    ]


@pytest.mark.parametrize(
    ("terms", "value"),
    [
        ({"discountValue": 10}, 10),
        ({"discountValue": 10.0}, 10),
        ({"discountValue": 100}, 100),
        ({"discountValue": 0.01}, 0.01),
        ({"discountType": "FIXED", "discountValue": 1_999}, 1_999),
        ({"discountType": "FREE_SHIPPING", "discountValue": 0}, 0),
    ],
)
async def test_value_is_a_number_that_comes_back_as_it_was_sent(
    admin: Caller, terms: dict[str, Any], value: int | float
) -> None:
    coupon = await made(admin, **terms)

    assert (coupon["discountValue"], coupon["description"], coupon["maxAmount"]) == (value, None, None)
    assert (coupon["minimumAmount"], coupon["applicableCategories"], coupon["isActive"]) == (0, [], True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**TERMS, "discountValue": 500}, "discountValue"),
        ({**TERMS, "discountValue": 100.01}, "discountValue"),
        ({**TERMS, "discountValue": 0}, "discountValue"),
        ({**TERMS, "discountValue": 12.345}, "discountValue"),
        ({**FIXED, "discountValue": 0}, "discountValue"),
        ({**FIXED, "discountValue": 9.99}, "discountValue"),
        ({**FIXED, "discountValue": 10**30}, "discountValue"),
        ({**FREE, "discountValue": 5}, "discountValue"),
        ({**FREE, "discountValue": 0, "maxAmount": 100}, "maxAmount"),
        ({**TERMS, "endDate": "2026-02-28"}, "endDate"),
        ({**TERMS, "endDate": "2026-02-30"}, "endDate"),
        ({**TERMS, "startDate": "soon"}, "startDate"),
        ({**TERMS, "startDate": "1066-10-14"}, "startDate"),
        ({**TERMS, "code": "A B"}, "code"),
        ({**TERMS, "discountType": "HALF"}, "discountType"),
        ({**TERMS, "maxUses": 0}, "maxUses"),
        ({**TERMS, "minimumAmount": -1}, "minimumAmount"),
        ({**TERMS, "minimumAmount": 2**63}, "minimumAmount"),
        ({**TERMS, "applicableCategories": ["nowhere"]}, "applicableCategories"),
        ({**TERMS, "colour": "red"}, "colour"),
        ({"code": "SPRING10"}, "discountType"),
    ],
)
async def test_terms_that_cannot_be_make_nothing(admin: Caller, body: dict[str, Any], field: str) -> None:
    error = await admin.refuses("POST /api/admin/coupons", "invalid_data", json=body)

    assert {detail["field"].partition(".")[0] for detail in error["details"]} >= {field}, error
    assert await rows("SELECT (SELECT count(*) FROM coupons), (SELECT count(*) FROM audit_log)") == [(0, 0)]


async def test_of_two_with_one_code_at_once_one_is_made_whatever_their_case(admin: Caller) -> None:
    codes = ["Spring10", "SPRING10", "spring10"]

    answers = await asyncio.gather(
        *(admin.send("POST /api/admin/coupons", json={**TERMS, "code": code}) for code in codes)
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    error = await admin.refuses("POST /api/admin/coupons", "coupon_code_taken", json={**TERMS, "code": "sPRING10"})
    assert error["error"] == "There is a coupon with the code SPRING10 already."
    assert await rows("SELECT code FROM coupons") == [("SPRING10",)]


async def test_parts_change_and_the_rest_stays(admin: Caller) -> None:
    coupon = await made(admin, maxUses=5, description="Old")
    at = f"/api/admin/coupons/{coupon['id']}"

    changed = await admin.answers(
        "PATCH /api/admin/coupons/{coupon_id}", at=at, json={"maxUses": None, "endDate": "2026-04-30"}
    )

    assert changed == {**coupon, "maxUses": None, "endDate": "2026-05-01T00:00:00Z"}
    fixed = {"discountType": "FIXED", "discountValue": 500, "description": None}
    assert await admin.answers("PATCH /api/admin/coupons/{coupon_id}", at=at, json=fixed) == {**changed, **fixed}
    assert await rows("SELECT action, after ->> 'max_uses' FROM audit_log ORDER BY id") == [
        ("coupon.create", "5"),
        ("coupon.update", None),
        ("coupon.update", None),
    ]


@pytest.mark.parametrize(
    "patch",
    [
        {},
        {"endDate": "2026-02-28"},
        {"startDate": "2027-01-01"},
        {"discountValue": 500},
        {"discountType": "FIXED"},
        {"code": None},
        {"isActive": "maybe"},
        {"usedCount": 0},
    ],
)
async def test_change_to_what_cannot_be_changes_nothing(admin: Caller, patch: dict[str, Any]) -> None:
    coupon = await made(admin)
    at = f"/api/admin/coupons/{coupon['id']}"

    await admin.refuses("PATCH /api/admin/coupons/{coupon_id}", "invalid_data", at=at, json=patch)

    assert await admin.answers("GET /api/admin/coupons/{coupon_id}", at=at) == coupon


async def test_code_of_another_coupon_is_refused_and_ones_own_is_not(admin: Caller) -> None:
    await made(admin, code="TAKEN")
    coupon = await made(admin)
    at = f"/api/admin/coupons/{coupon['id']}"

    await admin.refuses(
        "PATCH /api/admin/coupons/{coupon_id}", "coupon_code_taken", at=at, json={"code": "taken", "maxUses": 3}
    )

    assert await admin.answers("GET /api/admin/coupons/{coupon_id}", at=at) == coupon
    same = await admin.answers("PATCH /api/admin/coupons/{coupon_id}", at=at, json={"code": "spring10"})
    assert same == coupon


async def test_changes_of_different_parts_at_once_are_all_kept(admin: Caller) -> None:
    coupon = await made(admin)
    at = f"/api/admin/coupons/{coupon['id']}"
    parts = [{"maxUses": 7}, {"minimumAmount": 900}, {"description": "Both"}, {"isActive": False}]

    await asyncio.gather(*(admin.answers("PATCH /api/admin/coupons/{coupon_id}", at=at, json=part) for part in parts))

    expected = {**coupon, "maxUses": 7, "minimumAmount": 900, "description": "Both", "isActive": False}
    assert await admin.answers("GET /api/admin/coupons/{coupon_id}", at=at) == expected


async def test_list_has_pages_and_filters(admin: Caller) -> None:
    for code in ("LAMP_1", "LAMPX1", "DESK"):
        await made(admin, code=code, isActive=code != "DESK")

    async def codes(query: str) -> tuple[list[str], int]:
        found = await admin.answers("GET /api/admin/coupons", at=f"/api/admin/coupons{query}")
        return [one["code"] for one in found["items"]], found["total"]

    assert await codes("") == (["DESK", "LAMPX1", "LAMP_1"], 3)
    assert await codes("?page=2&pageSize=2") == (["LAMP_1"], 3)
    assert await codes("?q=lamp_") == (["LAMP_1"], 1)
    assert await codes("?isActive=false") == (["DESK"], 1)
    assert await codes("?q=nothing") == ([], 0)
    await admin.refuses("GET /api/admin/coupons", "invalid_data", at="/api/admin/coupons?pageSize=101")


async def test_deleted_coupon_is_gone_and_its_uses_stay_on_record(admin: Caller) -> None:
    async with transaction() as session:
        coupon = await make_coupon(session, code="USED")
        order = await make_order(session)
        await execute(
            session,
            "UPDATE orders SET coupon_id = :coupon, coupon_code = 'USED' WHERE id = :order",
            coupon=coupon.id,
            order=order.id,
        )
    at = f"/api/admin/coupons/{coupon.id}"

    await admin.answers("DELETE /api/admin/coupons/{coupon_id}", 204, at=at)

    assert await rows("SELECT coupon_id, coupon_code FROM orders") == [(None, "USED")]
    assert await rows("SELECT action, before ->> 'code' FROM audit_log") == [("coupon.delete", "USED")]
    await admin.refuses("DELETE /api/admin/coupons/{coupon_id}", "coupon_not_found", at=at)
    await admin.refuses("GET /api/admin/coupons/{coupon_id}", "coupon_not_found", at=at)
    unknown = f"/api/admin/coupons/{new_id()}"
    await admin.refuses("PATCH /api/admin/coupons/{coupon_id}", "coupon_not_found", at=unknown, json={"maxUses": 1})
