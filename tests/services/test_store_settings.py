"""Changing the settings: what is checked, what conflicts, what is noted, and what another currency does."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import Role
from shophub.domain.store_settings import SWITCHES, SettingsPart
from shophub.errors import (
    CheckoutsOpenError,
    ForbiddenError,
    InvalidInputError,
    SettingsChangedError,
)
from shophub.lib.money import rescale
from shophub.repositories import currency_change, product_changes
from shophub.schemas.accounts import Visitor
from shophub.services import currency_change as currencies
from shophub.services import store_settings
from shophub.services.audit import SHOP, Actor
from shophub.services.stores import get_public_settings, hold_currency
from tests.factories import make_coupon, make_product, make_user, variants_of
from tests.rows import rows

STORE = {
    "store_name": " Oak &  Ink ",
    "store_email": "hi@oak.example",
    "store_phone": "",
    "store_address": "1 Row\r\nX",
}
DELIVERY = {"shipping_fee_minor": "4.50", "free_shipping_threshold_minor": ""}
OWNER = Visitor(has_second_factor=True)


async def _save(
    session: AsyncSession, part: SettingsPart, fields: dict[str, str], *, version: str | None = None, **more: Any
) -> Any:
    seen = getattr(await store_settings.get_settings(session), f"{part.value}_version")
    return await store_settings.save(
        session, part, fields, version=seen if version is None else version, actor=more.pop("actor", SHOP), **more
    )


async def _audit(session: AsyncSession) -> list[tuple[Any, ...]]:
    statement = text("SELECT action, target_id, before, after FROM audit_log ORDER BY id")
    return [tuple(row) for row in await session.execute(statement)]


async def test_part_is_saved_tidied_and_noted_with_what_differs(session: AsyncSession) -> None:
    before = await store_settings.get_settings(session)

    view = await _save(session, SettingsPart.STORE, STORE)
    again = await _save(session, SettingsPart.STORE, STORE)

    assert (view.store_name, view.store_email, view.store_address) == ("Oak & Ink", "hi@oak.example", "1 Row\nX")
    assert again == view
    ((action, part, old, new),) = await _audit(session)
    assert (action, part, old["store_name"], new["store_name"]) == (
        "settings.change",
        "store",
        before.store_name,
        "Oak & Ink",
    )
    assert "store_phone" not in new


@pytest.mark.parametrize(
    ("part", "fields", "wrong"),
    [
        (SettingsPart.STORE, {**STORE, "store_name": " "}, {"store_name"}),
        (SettingsPart.STORE, {**STORE, "store_name": "x" * 61, "store_email": "no"}, {"store_name", "store_email"}),
        (SettingsPart.STORE, {**STORE, "logo_public_id": "<svg>"}, {"logo_public_id"}),
        (SettingsPart.TAX, {"tax_rate_ppm": "100.1"}, {"tax_rate_ppm"}),
        (SettingsPart.TAX, {"tax_rate_ppm": "-1"}, {"tax_rate_ppm"}),
        (SettingsPart.TAX, {"tax_rate_ppm": "8.87555"}, {"tax_rate_ppm"}),
        (SettingsPart.DELIVERY, {**DELIVERY, "shipping_fee_minor": "-1"}, {"shipping_fee_minor", "ship_to_countries"}),
        (SettingsPart.DELIVERY, {**DELIVERY, "free_shipping_threshold_minor": "1.999"}, {"ship_to_countries",
         "free_shipping_threshold_minor"}),
        (SettingsPart.STOCK, {"low_stock_threshold": "1.5"}, {"low_stock_threshold"}),
        (SettingsPart.STOCK, {"low_stock_threshold": "9999999"}, {"low_stock_threshold"}),
        (SettingsPart.MAINTENANCE, {"maintenance_message": "x" * 401}, {"maintenance_message"}),
    ],
    ids=["no-name", "two-wrong", "no-picture", "over-100", "negative-rate", "too-exact", "negative-fee", "decimals",
         "half-a-piece", "too-many", "too-long"],
)  # fmt: skip
async def test_what_cannot_be_is_refused_beside_its_place(
    session: AsyncSession, part: SettingsPart, fields: dict[str, str], wrong: set[str]
) -> None:
    await session.execute(text("UPDATE store_settings SET ship_to_countries = '{US}'"))
    with pytest.raises(InvalidInputError) as refused:
        await _save(session, part, fields)

    assert refused.value.fields.keys() == wrong
    assert await _audit(session) == []


async def test_where_to_ship_may_be_left_for_later_until_it_is_said_for_the_first_time(session: AsyncSession) -> None:
    new = await _save(session, SettingsPart.DELIVERY, DELIVERY)
    begun = await _save(session, SettingsPart.DELIVERY, DELIVERY, countries=["US"])

    with pytest.raises(InvalidInputError, match="at least one country"):
        await _save(session, SettingsPart.DELIVERY, DELIVERY)

    assert (new.shipping_fee, new.country_count, begun.country_count) == ("4.50", 0, 1)


@pytest.mark.parametrize("country", ["XX", "us", "EU", ""])
async def test_only_countries_are_shipped_to(session: AsyncSession, country: str) -> None:
    with pytest.raises(InvalidInputError, match="not a country"):
        await _save(session, SettingsPart.DELIVERY, DELIVERY, countries=["US", country])


async def test_tax_delivery_and_stock_are_kept_exactly(session: AsyncSession) -> None:
    await _save(session, SettingsPart.TAX, {"tax_rate_ppm": "8.875 %"})
    fields = {"shipping_fee_minor": "$4.50", "free_shipping_threshold_minor": "1,000"}
    await _save(session, SettingsPart.DELIVERY, fields, countries=["US", "DE", "DE"])
    await _save(session, SettingsPart.STOCK, {"low_stock_threshold": "3"})

    public = await get_public_settings(session)
    assert (public.tax_rate_ppm, public.shipping_fee, public.free_shipping_threshold) == (88_750, 450, 100_000)
    assert (public.ship_to_countries, public.low_stock_threshold) == (("DE", "US"), 3)


async def test_who_was_slower_hears_who_was_faster(session: AsyncSession) -> None:
    ana = await make_user(session, full_name="Ana Ruiz", role=Role.SUPER_ADMIN)
    seen = (await store_settings.get_settings(session)).store_version
    await _save(session, SettingsPart.STORE, STORE, actor=Actor(ana.id))

    with pytest.raises(SettingsChangedError, match="changed by Ana Ruiz") as refused:
        await _save(session, SettingsPart.STORE, {**STORE, "store_name": "Mine"}, version=seen)

    assert refused.value.changed_by == "Ana Ruiz"
    assert (await store_settings.get_settings(session)).store_name == "Oak & Ink"


async def test_change_of_another_part_is_no_conflict(session: AsyncSession) -> None:
    seen = (await store_settings.get_settings(session)).store_version
    await _save(session, SettingsPart.STOCK, {"low_stock_threshold": "3"})
    await store_settings.switch(session, "reviews_enabled", False, visitor=OWNER, actor=SHOP)

    assert (await _save(session, SettingsPart.STORE, STORE, version=seen)).store_name == "Oak & Ink"


@pytest.mark.parametrize("name", sorted(SWITCHES))
async def test_switch_is_thrown_once_and_noted(session: AsyncSession, name: str) -> None:
    before = getattr(await store_settings.get_settings(session), name)

    for _ in range(2):
        view = await store_settings.switch(session, name, not before, visitor=OWNER, actor=SHOP)

    assert getattr(view, name) is not before
    assert await _audit(session) == [("settings.change", "switches", {name: before}, {name: not before})]


async def test_only_switches_can_be_switched(session: AsyncSession) -> None:
    with pytest.raises(InvalidInputError):
        await store_settings.switch(session, "store_name", True, visitor=OWNER, actor=SHOP)


async def test_nobody_shuts_themselves_out_by_asking_for_a_second_factor(session: AsyncSession) -> None:
    with pytest.raises(ForbiddenError, match="your own second factor"):
        await store_settings.switch(session, "admin_two_factor_required", True, visitor=Visitor(), actor=SHOP)


@pytest.mark.parametrize(
    ("currency", "price", "was", "fee", "threshold", "fixed"),
    [
        ("EUR", 1_999, 2_010, 1_000, 10_000, 49),
        ("JPY", 20, None, 10, 100, 1),
        ("KWD", 19_990, 20_100, 10_000, 100_000, 490),
    ],
)
async def test_another_currency_keeps_the_figures(
    session: AsyncSession, currency: str, price: int, was: int | None, fee: int, threshold: int, fixed: int
) -> None:
    await session.execute(
        text("UPDATE store_settings SET shipping_fee_minor = 1000, free_shipping_threshold_minor = 10000")
    )
    product = await make_product(session, price_minor=1_999, compare_at_minor=2_010)
    coupon = await make_coupon(session, discount_type="FIXED", amount_minor=49)
    await make_coupon(session)

    view = await currencies.change(session, currency, before="USD", actor=SHOP)

    public = await get_public_settings(session)
    assert (view.currency, public.currency) == (currency, currency)
    assert (public.shipping_fee, public.free_shipping_threshold) == (fee, threshold)
    (variant,) = await variants_of(session, product)
    kept = await session.execute(
        text("SELECT v.price_minor, v.compare_at_minor, p.price_from_minor FROM variants v"
             " JOIN products p ON p.id = v.product_id WHERE v.id = :id"), {"id": variant.id}
    )  # fmt: skip
    assert tuple(kept.one()) == (price, was, price)
    amount = await session.execute(text("SELECT amount_minor FROM coupons WHERE id = :id"), {"id": coupon.id})
    assert amount.scalar_one() == fixed
    ((action, _, old, new),) = await _audit(session)
    assert (action, old["currency"], new["currency"]) == ("settings.currency", "USD", currency)


@pytest.mark.parametrize(("before", "after"), [("USD", "JPY"), ("KWD", "JPY"), ("JPY", "KWD"), ("KWD", "USD")])
async def test_database_rounds_as_the_shop_does(session: AsyncSession, before: str, after: str) -> None:
    amounts = [1, 4, 5, 49, 50, 149, 150, 999, 1_999, 10**11]
    products = [await make_product(session, price_minor=amount) for amount in amounts]

    await currency_change.rescale(session, *currencies.scale(before, after))

    statement = text("SELECT price_minor FROM variants WHERE product_id = :id")
    scaled = [(await session.execute(statement, {"id": one.id})).scalar_one() for one in products]
    assert scaled == [rescale(amount, before, after) for amount in amounts]


@pytest.mark.parametrize("currency", ["ISK", "XXX", "usd", "", "USD"])
async def test_currency_that_cannot_be_charged_or_is_there_is_refused(session: AsyncSession, currency: str) -> None:
    with pytest.raises(InvalidInputError):
        await currencies.plan(session, currency)
    with pytest.raises(InvalidInputError):
        await currencies.change(session, currency, before="USD", actor=SHOP)


async def test_change_is_described_before_it_is_made(session: AsyncSession) -> None:
    await make_product(session)
    await make_coupon(session, discount_type="FIXED", amount_minor=500)

    plan = await currencies.plan(session, "JPY")

    assert (plan.before, plan.after, plan.after_name) == ("USD", "JPY", "Japanese Yen")
    assert (plan.example, plan.prices_text, plan.coupons_text) == ("$19.99 becomes ¥20", "1 price", "1 coupon")
    assert (plan.rescales, plan.refusal) == (True, "")


async def test_currency_that_was_changed_meanwhile_is_not_left(session: AsyncSession) -> None:
    with pytest.raises(CheckoutsOpenError, match="USD by now"):
        await currencies.change(session, "JPY", before="EUR", actor=SHOP)


async def test_currency_waits_for_prices_that_are_being_written(database: str) -> None:
    async def change() -> None:
        async with transaction() as session:
            await currencies.change(session, "JPY", before="USD", actor=SHOP)

    async with transaction() as session:
        held = await hold_currency(session)
        changing = asyncio.create_task(change())
        await asyncio.sleep(0.3)
        is_waiting = not changing.done()
        await make_product(session, price_minor=1_999)
    await changing

    assert (held, is_waiting) == ("USD", True)
    assert await rows("SELECT price_minor FROM variants") == [(20,)]


async def test_currency_and_an_editor_never_wait_for_each_other(database: str) -> None:
    async def change() -> None:
        async with transaction() as session:
            await currencies.change(session, "JPY", before="USD", actor=SHOP)

    async with transaction() as session:
        product = await make_product(session, price_minor=1_999)
    async with transaction() as session:
        await product_changes.lock_products(session, [product.id])
        changing = asyncio.create_task(change())
        await asyncio.sleep(0.3)
        (variant,) = await product_changes.lock_variants_of(session, [product.id])
    await changing

    assert variant.price_minor == 1_999
    assert await rows("SELECT price_minor FROM variants") == [(20,)]
