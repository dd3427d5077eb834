"""All settings, read and written whole by programs of those who run the store."""

from typing import Any

import pytest_asyncio
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import CheckoutStatus
from shophub.lib.clock import utc_now
from shophub.models.checkouts import Checkout
from tests.api.rest.caller import Caller
from tests.factories import make_product, variants_of

FIELDS = {
    "storeName", "storeEmail", "storePhone", "storeAddress", "logo", "currency", "taxRatePpm", "pricesIncludeTax",
    "taxOnShipping", "shippingFee", "freeShippingThreshold", "shipToCountries", "lowStockThreshold", "reviewsEnabled",
    "wishlistEnabled", "guestCheckoutEnabled", "maintenanceEnabled", "maintenanceMessage", "adminTwoFactorRequired",
}  # fmt: skip


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with transaction() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


@pytest_asyncio.fixture(autouse=True)
async def countries(database: str) -> None:
    """A store that ships somewhere."""
    await rows("UPDATE store_settings SET ship_to_countries = '{CA,US}' RETURNING 1")


async def test_settings_come_whole_and_go_back_as_they_came_without_a_trace(owner: Caller) -> None:
    found = await owner.answers("GET /api/admin/settings")

    again = await owner.answers("PUT /api/admin/settings", json=found)

    assert set(found) == FIELDS | {"version"}
    assert again == found
    assert await rows("SELECT 1 FROM audit_log") == []


async def test_settings_of_a_new_store_go_back_as_they_came_and_countries_cannot_be_emptied_later(
    owner: Caller,
) -> None:
    await rows("UPDATE store_settings SET ship_to_countries = DEFAULT RETURNING 1")
    new = await owner.answers("GET /api/admin/settings")
    again = await owner.answers("PUT /api/admin/settings", json=new)
    begun = await owner.answers("PUT /api/admin/settings", json={**new, "shipToCountries": ["US"]})

    error = await owner.refuses("PUT /api/admin/settings", "invalid_data", json={**begun, "shipToCountries": []})

    assert (new["shipToCountries"], again) == ([], new)
    assert [one["field"] for one in error["details"]] == ["shipToCountries"]
    assert await owner.answers("GET /api/admin/settings") == begun


async def test_every_setting_is_changed_and_noted(owner: Caller, guest: Caller) -> None:
    found = await owner.answers("GET /api/admin/settings")
    wanted = {
        **found, "storeName": "Oak  & Ink", "storeEmail": "hi@oak.example", "storePhone": "+1 555 0100",
        "storeAddress": "1 Row\r\nX", "taxRatePpm": 88_750, "pricesIncludeTax": not found["pricesIncludeTax"],
        "taxOnShipping": not found["taxOnShipping"], "shippingFee": 450, "freeShippingThreshold": None,
        "shipToCountries": ["US", "CA", "US"], "lowStockThreshold": 3, "reviewsEnabled": False,
        "wishlistEnabled": False, "guestCheckoutEnabled": False, "maintenanceMessage": "Back at noon.",
    }  # fmt: skip

    saved = await owner.answers("PUT /api/admin/settings", json=wanted)

    assert saved == {
        **wanted, "storeName": "Oak & Ink", "storeAddress": "1 Row\nX", "shipToCountries": ["CA", "US"],
        "version": saved["version"],
    }  # fmt: skip
    assert saved["version"] != found["version"]
    assert await owner.answers("GET /api/admin/settings") == saved
    assert (await guest.answers("GET /api/public-settings"))["taxRatePpm"] == 88_750
    noted = await rows("SELECT DISTINCT action, target_type, actor_id FROM audit_log")
    assert noted == [("settings.change", "settings", owner.user_id)]
    assert await rows("SELECT before, after FROM audit_log WHERE target_id = 'tax'") == [
        ({"tax_rate_ppm": found["taxRatePpm"]}, {"tax_rate_ppm": 88_750})
    ]


async def test_wrong_places_are_all_named_as_the_body_names_them_and_nothing_is_kept(owner: Caller) -> None:
    found = await owner.answers("GET /api/admin/settings")

    error = await owner.refuses(
        "PUT /api/admin/settings", "invalid_data",
        json={**found, "storeName": "Oak", "storeEmail": "nobody", "shipToCountries": ["US", "XX"]},
    )  # fmt: skip

    assert {detail["field"] for detail in error["details"]} == {"storeEmail", "shipToCountries"}
    assert await owner.answers("GET /api/admin/settings") == found


async def test_what_is_not_of_the_shape_is_refused(owner: Caller) -> None:
    found = await owner.answers("GET /api/admin/settings")
    missing = {name: value for name, value in found.items() if name != "storeName"}
    changes: list[dict[str, object]] = [
        {"storeName": ""}, {"storeName": "x" * 61}, {"storeName": "a\x00b"}, {"taxRatePpm": 1_000_001},
        {"taxRatePpm": -1}, {"shippingFee": 2**70}, {"shippingFee": "10.00"}, {"freeShippingThreshold": -1},
        {"shipToCountries": []}, {"shipToCountries": ["usa"]}, {"lowStockThreshold": 2**31},
        {"reviewsEnabled": "yes"}, {"currency": "usd"}, {"currency": "XXX", "confirmCurrency": True},
        {"logo": "https://evil.example/logo.png"}, {"owner": "me"},
    ]  # fmt: skip
    bodies: list[object] = [missing, [], None, *({**found, **one} for one in changes)]

    for body in bodies:
        await owner.refuses("PUT /api/admin/settings", "invalid_data", json=body)

    assert await owner.answers("GET /api/admin/settings") == found


async def test_what_somebody_else_changed_meanwhile_is_not_undone(owner: Caller) -> None:
    mine = await owner.answers("GET /api/admin/settings")
    theirs = await owner.answers("PUT /api/admin/settings", json={**mine, "shippingFee": 777})

    await owner.refuses("PUT /api/admin/settings", "settings_changed", json={**mine, "storeName": "Mine"})

    assert await owner.answers("GET /api/admin/settings") == theirs
    unconditional = {**mine, "storeName": "Mine"}
    del unconditional["version"]
    saved = await owner.answers("PUT /api/admin/settings", json=unconditional)
    assert (saved["storeName"], saved["shippingFee"]) == ("Mine", mine["shippingFee"])


async def test_another_currency_is_confirmed_waits_for_checkouts_and_rescales_prices(owner: Caller) -> None:
    async with transaction() as session:
        product = await make_product(session, price_minor=1_999)
        (variant,) = await variants_of(session, product)
        now = utc_now()
        session.add(
            Checkout(email="a@example.com", email_key="a@example.com", status=CheckoutStatus.OPEN, currency="USD",
                     opened_at=now, expires_at=now)
        )  # fmt: skip
    found = await owner.answers("GET /api/admin/settings")
    yen = {**found, "currency": "JPY", "shippingFee": 500, "freeShippingThreshold": 9_000}

    await owner.refuses("PUT /api/admin/settings", "currency_not_confirmed", json=yen)
    await owner.refuses("PUT /api/admin/settings", "checkouts_open", json={**yen, "confirmCurrency": True})
    assert await owner.answers("GET /api/admin/settings") == found
    await rows("UPDATE checkouts SET status = 'expired', ended_at = now() RETURNING 1")
    saved = await owner.answers("PUT /api/admin/settings", json={**yen, "confirmCurrency": True})

    assert (saved["currency"], saved["shippingFee"], saved["freeShippingThreshold"]) == ("JPY", 500, 9_000)
    assert await rows(f"SELECT price_minor FROM variants WHERE id = '{variant.id}'") == [(20,)]
    assert await rows("SELECT action FROM audit_log ORDER BY id LIMIT 1") == [("settings.currency",)]


async def test_who_has_no_second_factor_does_not_ask_all_staff_for_one(owner: Caller) -> None:
    found = await owner.answers("GET /api/admin/settings")

    await owner.refuses("PUT /api/admin/settings", "forbidden", json={**found, "adminTwoFactorRequired": True})

    assert await owner.answers("GET /api/admin/settings") == found


async def test_only_those_who_run_the_store_get_in_and_a_change_needs_the_password(
    owner: Caller, admin: Caller
) -> None:
    found = await owner.answers("GET /api/admin/settings")
    await admin.refuses("GET /api/admin/settings", "forbidden")
    await admin.refuses("PUT /api/admin/settings", "forbidden", json=found)
    await rows("UPDATE sessions SET step_up_at = now() - interval '11 minutes' RETURNING 1")

    await owner.refuses("PUT /api/admin/settings", "step_up_required", json={**found, "storeName": "Mine"})

    assert await owner.answers("GET /api/admin/settings") == found
