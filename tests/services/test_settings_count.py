"""What a merchant sets is what shoppers get: each setting changes a price, a text or a page."""

import json

import pytest
from sqlalchemy import text

from shophub.api.storefront.heads import home_head, listing_head, product_head
from shophub.db import AsyncSession
from shophub.schemas.carts import CartOwner, CartView
from shophub.schemas.catalog import ListingQuery
from shophub.services import carts, catalog
from shophub.services.stores import get_public_settings, get_store
from shophub.settings import get_settings
from tests.factories import make_product, variants_of

GUEST = CartOwner(guest_token="a-guest-who-reads-the-fine-print")
PLAIN = {
    "currency": "USD",
    "tax_rate_ppm": 0,
    "prices_include_tax": False,
    "tax_on_shipping": False,
    "shipping_fee_minor": 1_000,
    "free_shipping_threshold_minor": None,
    "low_stock_threshold": 10,
}


async def _set(session: AsyncSession, **settings: object) -> None:
    values = {**PLAIN, **settings}
    columns = ", ".join(f"{name} = :{name}" for name in values)
    await session.execute(text(f"UPDATE store_settings SET {columns}"), values)


async def _cart(session: AsyncSession) -> CartView:
    """Return a cart of 3 × 1,999 minor units."""
    (variant,) = await variants_of(session, await make_product(session, price_minor=1_999))
    return await carts.add_item(session, GUEST, variant.id, 3)


@pytest.mark.parametrize(
    ("settings", "shipping_minor", "tax_minor", "total_minor"),
    [
        ({}, 1_000, 0, 6_997),
        ({"tax_rate_ppm": 88_750}, 1_000, 532, 7_529),
        ({"tax_rate_ppm": 88_750, "tax_on_shipping": True}, 1_000, 621, 7_618),
        ({"tax_rate_ppm": 88_750, "prices_include_tax": True}, 1_000, 489, 6_997),
        ({"tax_rate_ppm": 88_750, "prices_include_tax": True, "tax_on_shipping": True}, 1_000, 571, 6_997),
        ({"shipping_fee_minor": 0}, 0, 0, 5_997),
        ({"shipping_fee_minor": 450}, 450, 0, 6_447),
        ({"free_shipping_threshold_minor": 5_998}, 1_000, 0, 6_997),
        ({"free_shipping_threshold_minor": 5_997}, 0, 0, 5_997),
    ],
)
async def test_tax_fee_and_threshold_that_are_set_are_used(session, settings, shipping_minor, tax_minor, total_minor):
    """Known failure 14: tax, shipping fee, free-shipping threshold can be set and are never used."""
    await _set(session, **settings)

    cart = await _cart(session)

    assert (cart.shipping_minor, cart.tax_minor, cart.total_minor) == (shipping_minor, tax_minor, total_minor)


@pytest.mark.parametrize(
    ("settings", "tax_label", "shipping_reason", "missing"),
    [
        ({}, "Tax", "", ""),
        ({"tax_rate_ppm": 88_750}, "Tax (8.875%)", "", ""),
        ({"tax_rate_ppm": 190_000, "prices_include_tax": True}, "Tax included (19%)", "", ""),
        ({"free_shipping_threshold_minor": 5_000}, "Tax", "Free from $50.00", ""),
        ({"free_shipping_threshold_minor": 10_000}, "Tax", "", "$40.03 to go for free delivery"),
    ],
)
async def test_cart_says_which_settings_made_its_sums(session, settings, tax_label, shipping_reason, missing):
    """Known failure 14: settings that are never used, or that nobody is told of."""
    await _set(session, **settings)

    cart = await _cart(session)

    assert (cart.tax_label, cart.shipping_reason, cart.free_shipping_text) == (tax_label, shipping_reason, missing)


@pytest.mark.parametrize(
    ("currency", "price", "total"), [("USD", "$19.99", "$69.97"), ("JPY", "¥1,999", "¥6,997"), ("KWD", "KWD", "KWD")]
)
async def test_currency_that_is_set_is_used(session, currency, price, total):
    """Known failure 14: currency can be set and is never used."""
    await _set(session, currency=currency)

    cart = await _cart(session)
    (card,) = (await catalog.list_listing(session, ListingQuery())).items
    public = await get_public_settings(session)

    assert (cart.currency, public.currency) == (currency, currency)
    assert cart.lines[0].price_text.startswith(price)
    assert card.price_text.startswith(price)
    assert cart.total_text.startswith(total)
    if currency == "KWD":
        assert cart.lines[0].price_text.endswith("1.999")


@pytest.mark.parametrize(("threshold", "note"), [(0, ""), (4, ""), (5, "Only 5 left"), (50, "Only 5 left")])
async def test_low_stock_threshold_that_is_set_is_used(session, threshold, note):
    """Known failure 14: low stock threshold can be set and is never used."""
    await _set(session, low_stock_threshold=threshold)
    await make_product(session, slug="lamp", stock=5)

    (card,) = (await catalog.list_listing(session, ListingQuery())).items
    product = await catalog.get_product(session, "lamp", {})

    assert (card.stock_note, product.stock_note) == (note, note or "In stock")


async def test_store_name_that_is_set_is_used(session):
    """Known failure 14: store name can be set and is never used."""
    await session.execute(text("UPDATE store_settings SET store_name = 'Oak & Ink'"))
    await make_product(session, name="Lamp", slug="lamp")
    settings = get_settings()

    home = home_head(await catalog.get_home(session), settings, heading="Welcome", description="")
    listing = listing_head(await catalog.list_listing(session, ListingQuery()), settings)
    product = product_head(await catalog.get_product(session, "lamp", {}), settings, "100vw")

    assert [head.title for head in (home, listing, product)] == [
        "Welcome · Oak & Ink",
        "All products · Oak & Ink",
        "Lamp · Oak & Ink",
    ]
    assert listing.description == "All products at Oak & Ink: Lamp."
    assert json.loads(home.data[0])["name"] == "Oak & Ink"
    assert (await get_store(session)).name == (await get_public_settings(session)).store_name == "Oak & Ink"
