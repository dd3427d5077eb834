"""The account that is asking: its profile, its address book, and nobody else's."""

from typing import Any

import pytest_asyncio

from shophub.db import transaction
from shophub.services.address_book import MAX_ADDRESSES
from tests.api.rest.caller import Caller
from tests.rows import execute, rows

UNKNOWN = "0190a8c4-0b6e-7c1a-9f3e-2d5b7a1c4e88"
HOME = {
    "type": "SHIPPING",
    "label": "Office",
    "fullName": "Ada Shopper",
    "address": "1 Market Street",
    "address2": "Floor 3",
    "city": "San Francisco",
    "state": "CA",
    "zipCode": "94105",
    "country": "us",
    "phone": "+1 415 555 0100",
    "isDefault": False,
}
SHORT = {"fullName": "Ada Shopper", "address": "2 Pine Street", "city": "Reno", "zipCode": "89501"}


@pytest_asyncio.fixture(autouse=True)
async def ships_to_the_states(database: str) -> None:
    async with transaction() as session:
        await execute(session, "UPDATE store_settings SET ship_to_countries = '{US}'")


async def book_of(caller: Caller) -> list[tuple[str, str, bool]]:
    items = (await caller.answers("GET /api/user/addresses"))["items"]
    return [(item["address"], item["type"], item["isDefault"]) for item in items]


async def test_profile_is_read_and_changed(customer: Caller, other: Caller) -> None:
    profile = await customer.answers("GET /api/user/profile")

    created_at = profile.pop("createdAt")
    assert profile == {
        "id": str(customer.user_id),
        "email": customer.email,
        "fullName": "Ada Shopper",
        "role": "CUSTOMER",
        "isActive": True,
        "emailVerified": True,
        "orderCount": 0,
        "totalSpent": 0,
        "reviewCount": 0,
        "acceptsMarketing": False,
        "acceptsStockMails": True,
        "pendingEmail": None,
    }

    body: dict[str, Any] = {"fullName": "  Ada Lovelace ", "acceptsMarketing": True}
    changed = await customer.answers("PUT /api/user/profile", json=body)
    assert changed == {**profile, "fullName": "Ada Lovelace", "acceptsMarketing": True, "createdAt": created_at}
    again = await customer.answers("PUT /api/user/profile", json={"fullName": "Ada L.", "acceptsStockMails": False})
    assert (again["acceptsMarketing"], again["acceptsStockMails"]) == (True, False)
    assert (await other.answers("GET /api/user/profile"))["fullName"] == "Ada Shopper"


async def test_profile_takes_names_alone(customer: Caller) -> None:
    before = await customer.answers("GET /api/user/profile")

    bodies: list[dict[str, Any]] = [{"fullName": name} for name in ("", " A ", "x" * 121, "Ada\nAdmin", None, 7)]
    for body in [*bodies, {}, {"fullName": "Ada", "role": "ADMIN"}, {"fullName": "Ada", "acceptsMarketing": "yes"}]:
        await customer.refuses("PUT /api/user/profile", "invalid_data", json=body)
    await customer.refuses(
        "PUT /api/user/profile", "invalid_data", json={"fullName": "Ada", "email": "eve@example.com"}
    )

    assert await customer.answers("GET /api/user/profile") == before


async def test_address_is_kept_with_all_that_it_has(customer: Caller) -> None:
    address = await customer.answers("POST /api/user/addresses", 201, json=HOME)

    (kept_id,) = (await rows("SELECT id FROM addresses"))[0]
    assert address == {**HOME, "id": str(kept_id), "country": "US", "isDefault": True}
    listed = await customer.answers("GET /api/user/addresses")
    assert listed == {"items": [address], "total": 1, "totalIsExact": True, "page": 1, "pageSize": 24}

    at = f"/api/user/addresses/{address['id']}"
    changed = await customer.answers("PUT /api/user/addresses/{address_id}", at=at, json={**SHORT, "isDefault": False})
    assert changed == {
        **SHORT,
        "id": address["id"],
        "type": "HOME",
        "label": "",
        "address2": None,
        "state": None,
        "country": "US",
        "phone": None,
        "isDefault": False,
    }

    assert await customer.answers("DELETE /api/user/addresses/{address_id}", 204, at=at) is None
    assert await book_of(customer) == []
    await customer.refuses("DELETE /api/user/addresses/{address_id}", "address_not_found", at=at)


async def test_book_has_one_default_address_and_none_twice(customer: Caller) -> None:
    first = await customer.answers("POST /api/user/addresses", 201, json=HOME)
    again = await customer.answers("POST /api/user/addresses", 201, json={**HOME, "label": "Work"})
    assert (again["id"], again["label"]) == (first["id"], "Work")

    billing = await customer.answers("POST /api/user/addresses", 201, json={**HOME, "type": "BILLING"})
    assert billing["id"] != first["id"]
    second = await customer.answers("POST /api/user/addresses", 201, json={**SHORT, "isDefault": True})
    assert await book_of(customer) == [
        ("2 Pine Street", "HOME", True),
        ("1 Market Street", "BILLING", False),
        ("1 Market Street", "SHIPPING", False),
    ]

    at = f"/api/user/addresses/{second['id']}"
    kept = await customer.answers("PUT /api/user/addresses/{address_id}", at=at, json=SHORT)
    assert kept["isDefault"]
    paged = await customer.answers("GET /api/user/addresses", params={"page": 2, "pageSize": 2})
    assert ([item["id"] for item in paged["items"]], paged["total"]) == ([first["id"]], 3)


async def test_what_is_no_address_is_refused_with_its_field(customer: Caller) -> None:
    address = await customer.answers("POST /api/user/addresses", 201, json=HOME)
    at = f"/api/user/addresses/{address['id']}"
    wrong: list[tuple[str, Any]] = [
        ("type", "OFFICE"),
        ("label", "x" * 41),
        ("fullName", " "),
        ("address", "1 M"),
        ("address", "\x01\x02\x03\x04\x05\x06"),
        ("city", "X"),
        ("zipCode", "1234"),
        ("country", "DE"),
        ("country", "USA"),
        ("phone", "1" * 33),
        ("isDefault", "yes"),
        ("userId", UNKNOWN),
    ]

    for field, value in wrong:
        body = {**HOME, field: value}
        posted = await customer.refuses("POST /api/user/addresses", "invalid_data", json=body)
        put = await customer.refuses("PUT /api/user/addresses/{address_id}", "invalid_data", at=at, json=body)
        assert {detail["field"] for error in (posted, put) for detail in error["details"]} == {field}

    assert (await customer.answers("GET /api/user/addresses"))["items"] == [address]


async def test_book_that_is_full_takes_no_more(customer: Caller) -> None:
    for number in range(MAX_ADDRESSES):
        await customer.answers("POST /api/user/addresses", 201, json={**SHORT, "address": f"{number} Pine Street"})

    await customer.refuses("POST /api/user/addresses", "address_book_full", json=HOME)

    assert (await customer.answers("GET /api/user/addresses"))["total"] == MAX_ADDRESSES


async def test_nobody_reaches_anothers_address(customer: Caller, other: Caller, admin: Caller) -> None:
    address = await customer.answers("POST /api/user/addresses", 201, json=HOME)

    for caller in (other, admin):
        for at in (f"/api/user/addresses/{address['id']}", f"/api/user/addresses/{UNKNOWN}"):
            body = {**SHORT, "isDefault": True}
            await caller.refuses("PUT /api/user/addresses/{address_id}", "address_not_found", at=at, json=body)
            await caller.refuses("DELETE /api/user/addresses/{address_id}", "address_not_found", at=at)
        assert await book_of(caller) == []

    assert (await customer.answers("GET /api/user/addresses"))["items"] == [address]
