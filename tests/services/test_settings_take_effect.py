"""Each setting, saved as its page saves it, and what becomes different for somebody else. The table has them all."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shophub.api.storefront.heads import home_head
from shophub.db import AsyncSession, transaction
from shophub.domain.information import InformationPage
from shophub.domain.permissions import Permission
from shophub.domain.statuses import Role
from shophub.domain.store_settings import CHANGEABLE, SWITCHES, SettingsPart
from shophub.errors import (
    CheckoutChangedError,
    CheckoutsOpenError,
    FeatureOffError,
    GuestCheckoutDisabledError,
    InvalidInputError,
    TwoFactorRequiredError,
)
from shophub.lib.ids import new_id
from shophub.repositories import stores
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.carts import CartOwner
from shophub.schemas.checkouts import AddressForm
from shophub.schemas.community import ReviewQuery
from shophub.services import (
    authorisation,
    carts,
    catalog,
    currency_change,
    drafting,
    maintenance,
    opening,
    reviews,
    store_settings,
    wishlists,
)
from shophub.services.audit import SHOP
from shophub.services.information import texts
from shophub.services.opening import StartRequest
from shophub.services.stores import get_public_settings, get_store
from shophub.settings import get_settings
from tests.factories import make_product, make_user, variants_of
from tests.rows import rows

GUEST = Visitor(guest_token="a-guest-who-tries-everything")
OWNER = Visitor(has_second_factor=True)
BERLIN = AddressForm(
    full_name="Ada", address="Allee 1", city="Berlin", state="", zip_code="10115", country="DE", phone="1"
)
Effect = Callable[[AsyncSession], Awaitable[Any]]


async def _cart(session: AsyncSession) -> Any:
    product = await make_product(session, slug=f"lamp-{new_id().hex}", price_minor=2_000, stock=5)
    (variant,) = await variants_of(session, product)
    cart = await carts.add_item(session, CartOwner(guest_token=new_id().hex), variant.id, 2)
    return cart.shipping_minor, cart.tax_minor, cart.total_minor, cart.tax_label


async def _stock_note(session: AsyncSession) -> str:
    product = await make_product(session, slug=f"lamp-{new_id().hex}", stock=5)
    return (await catalog.get_product(session, product.slug, {})).stock_note


async def _contact(session: AsyncSession) -> list[str]:
    return [fact.text for fact in (await texts.get_page(session, InformationPage.CONTACT)).facts]


async def _logo(session: AsyncSession) -> tuple[str, bool]:
    home = home_head(await catalog.get_home(session), get_settings(), heading="Hi", description="")
    return json.loads(home.data[0])["logo"].rpartition("/")[2], bool((await get_public_settings(session)).logo)


async def _sells_in(session: AsyncSession) -> tuple[str, str]:
    product = await make_product(session, slug=f"lamp-{new_id().hex}", price_minor=2_000)
    shown = await catalog.get_product(session, product.slug, {})
    return (await get_public_settings(session)).currency, shown.price_text


async def _titles(session: AsyncSession) -> str:
    return home_head(await catalog.get_home(session), get_settings(), heading="Hi", description="").title


async def _ships_to_germany(session: AsyncSession) -> bool:
    store = await stores.get_store(session)
    try:
        drafting.check_address(BERLIN, store)
    except InvalidInputError:
        return False
    return True


async def _guest_may_buy(session: AsyncSession) -> bool:
    store = await stores.get_store(session)
    try:
        drafting.check_contact(GUEST, "ada@example.com", store)
    except GuestCheckoutDisabledError:
        return False
    return True


async def _has_reviews(session: AsyncSession) -> bool:
    product = await make_product(session, slug=f"lamp-{new_id().hex}")
    return (await reviews.list_reviews(session, product.id, ReviewQuery(), GUEST, await get_store(session))).is_on


async def _has_wishlists(session: AsyncSession) -> bool:
    user = await make_user(session)
    try:
        await wishlists.get_own(session, user.id)
    except FeatureOffError:
        return False
    return True


async def _staff_comes_in_with_a_password(session: AsyncSession) -> bool:
    admin = UserView(new_id(), "ada@example.com", "Ada", Role.ADMIN, True)
    try:
        await authorisation.require(session, Visitor(user=admin), Permission.MANAGE_ORDERS)
    except TwoFactorRequiredError:
        return False
    return True


async def _is_closed(session: AsyncSession) -> bool:
    return (await get_store(session)).maintenance_enabled


async def _said(session: AsyncSession) -> str:
    return maintenance.message_of(await get_store(session))


TAXED = {"tax_rate_ppm": "10"}
PARTS: dict[str, tuple[SettingsPart, dict[str, str], Effect, Any]] = {
    "store_name": (SettingsPart.STORE, {"store_name": "Oak"}, _titles, "Hi · Oak"),
    "store_email": (SettingsPart.STORE, {"store_email": "hi@oak.example"}, _contact, ["hi@oak.example"]),
    "store_phone": (SettingsPart.STORE, {"store_phone": "555"}, _contact, ["hello@shophub.example", "555"]),
    "store_address": (SettingsPart.STORE, {"store_address": "1 Row"}, _contact, ["hello@shophub.example", "1 Row"]),
    "logo_public_id": (SettingsPart.STORE, {"logo_public_id": "logos/oak"}, _logo, ("oak", True)),
    "tax_rate_ppm": (SettingsPart.TAX, TAXED, _cart, (1_000, 400, 5_400, "Tax (10%)")),
    "shipping_fee_minor": (SettingsPart.DELIVERY, {"shipping_fee_minor": "4.50"}, _cart, (450, 0, 4_450, "Tax")),
    "free_shipping_threshold_minor": (
        SettingsPart.DELIVERY, {"free_shipping_threshold_minor": "40"}, _cart, (0, 0, 4_000, "Tax")
    ),
    "ship_to_countries": (SettingsPart.DELIVERY, {"countries": "DE"}, _ships_to_germany, True),
    "low_stock_threshold": (SettingsPart.STOCK, {"low_stock_threshold": "4"}, _stock_note, "In stock"),
    "maintenance_message": (SettingsPart.MAINTENANCE, {"maintenance_message": "Back at 9"}, _said, "Back at 9"),
}  # fmt: skip
SWITCHED: dict[str, tuple[bool, Effect, Any]] = {
    "prices_include_tax": (True, _cart, (1_000, 364, 5_000, "Tax included (10%)")),
    "tax_on_shipping": (True, _cart, (1_000, 500, 5_500, "Tax (10%)")),
    "reviews_enabled": (False, _has_reviews, False),
    "wishlist_enabled": (False, _has_wishlists, False),
    "guest_checkout_enabled": (False, _guest_may_buy, False),
    "maintenance_enabled": (True, _is_closed, True),
    "admin_two_factor_required": (True, _staff_comes_in_with_a_password, False),
}
KEPT = {
    "store_name": "ShopHub",
    "store_email": "hello@shophub.example",
    "shipping_fee_minor": "10",
    "low_stock_threshold": "2",
}


def test_no_setting_is_missing() -> None:
    assert PARTS.keys() | SWITCHED.keys() | {"currency"} == CHANGEABLE
    assert SWITCHED.keys() == SWITCHES.keys()


async def _save(session: AsyncSession, part: SettingsPart, fields: dict[str, str]) -> None:
    standing = await store_settings.get_settings(session)
    version = str(getattr(standing, f"{part.value}_version"))
    countries = fields.get("countries", "US").split()
    await store_settings.save(session, part, {**KEPT, **fields}, version=version, actor=SHOP, countries=countries)


@pytest.mark.parametrize("name", sorted(PARTS))
async def test_setting_that_is_saved_takes_effect(session: AsyncSession, name: str) -> None:
    part, fields, effect, expected = PARTS[name]
    before = await effect(session)

    await _save(session, part, fields)

    assert before != expected
    assert await effect(session) == expected


@pytest.mark.parametrize("name", sorted(SWITCHED))
async def test_switch_that_is_thrown_takes_effect(session: AsyncSession, name: str) -> None:
    is_on, effect, expected = SWITCHED[name]
    await _save(session, SettingsPart.TAX, TAXED)
    before = await effect(session)

    await store_settings.switch(session, name, is_on, visitor=OWNER, actor=SHOP)

    assert before != expected
    assert await effect(session) == expected


async def test_currency_that_is_changed_takes_effect(session: AsyncSession) -> None:
    before = await _sells_in(session)

    await currency_change.change(session, "EUR", before="USD", actor=SHOP)

    assert (before, await _sells_in(session)) == (("USD", "$20.00"), ("EUR", "€20.00"))


async def _request() -> StartRequest:
    token = new_id().hex
    async with transaction() as session:
        (variant,) = await variants_of(session, await make_product(session, slug=token, price_minor=2_000))
        await carts.add_item(session, CartOwner(guest_token=token), variant.id, 1)
    return StartRequest(Visitor(guest_token=token), "ada@example.com", BERLIN)


async def _change(currency: str, before: str) -> str:
    try:
        async with transaction() as session:
            return (await currency_change.change(session, currency, before=before, actor=SHOP)).currency
    except CheckoutsOpenError:
        return "refused"


async def _open(request: StartRequest) -> str:
    try:
        async with transaction() as session:
            return (await opening.prepare(session, request)).checkout.currency
    except CheckoutChangedError:
        return "refused"


async def test_currency_stays_while_somebody_is_paying(database: str) -> None:
    async with transaction() as session:
        await _save(session, SettingsPart.DELIVERY, {"countries": "DE"})
    await _open(await _request())

    assert await _change("EUR", "USD") == "refused"
    async with transaction() as session:
        assert "Somebody is paying" in (await currency_change.plan(session, "EUR")).refusal
    assert await rows("SELECT currency FROM store_settings") == [("USD",)]


WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def test_currency_waits_for_the_checkout_that_is_just_beginning(database: str) -> None:
    async with transaction() as session:
        await _save(session, SettingsPart.DELIVERY, {"countries": "DE"})
    request = await _request()

    async with transaction() as session:
        await opening.prepare(session, request)
        changing = asyncio.create_task(_change("EUR", "USD"))
        while not await rows(WAITING):  # noqa: ASYNC110 - nothing tells of a lock that is waited for
            await asyncio.sleep(0.01)

    assert await changing == "refused"
    assert await rows("SELECT currency FROM store_settings") == [("USD",)]


async def test_checkout_that_begins_during_the_change_has_the_stores_currency_or_is_refused(database: str) -> None:
    async with transaction() as session:
        await _save(session, SettingsPart.DELIVERY, {"countries": "DE"})
    requests = [await _request() for _ in range(6)]

    *opened, changed = await asyncio.gather(*(_open(one) for one in requests), _change("EUR", "USD"))

    ((now,),) = await rows("SELECT currency FROM store_settings")
    assert now == ("USD" if changed == "refused" else "EUR")
    assert {currency for (currency,) in await rows("SELECT currency FROM checkouts")} <= {now}
    assert len(opened) == 6
