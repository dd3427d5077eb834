"""The store's settings, as pages use them."""

from collections.abc import Mapping
from typing import Any

from shophub.db import AsyncSession
from shophub.integrations.cloudinary import image_url
from shophub.lib.money import format_money
from shophub.repositories import stores
from shophub.repositories.stores import StoreRow
from shophub.schemas.api.settings import PublicSettings
from shophub.schemas.catalog import ImageView
from shophub.schemas.stores import StoreView
from shophub.services.views.pictures import picture
from shophub.settings import get_settings

DEFAULT_COUNTRY = "US"
LOGO_WIDTH = 320
HERO_WIDTHS = (480, 640, 960, 1280)
HERO_ASPECT = (4, 3)


async def get_store(session: AsyncSession) -> StoreView:
    """Return the settings as they are in the database now. One statement."""
    return store_view(await stores.get_store(session))


async def hold_currency(session: AsyncSession) -> str:
    """Return the store's currency for amounts that are about to be written: until then it cannot change."""
    return await stores.hold_currency(session)


async def get_public_settings(session: AsyncSession) -> PublicSettings:
    """Return the settings that shoppers see the effect of, as programs read them. One statement."""
    row = await stores.get_store(session)
    return PublicSettings(
        **public_fields(row),
        logo=logo_url(row.logo_public_id) or None,
        stripe_publishable_key=get_settings().stripe_publishable_key,
    )


def public_fields(row: StoreRow) -> dict[str, Any]:
    """Return the settings that everybody may know, by their names in the API; the logo is each reader's own matter."""
    return {
        "store_name": row.store_name,
        "store_email": row.store_email,
        "store_phone": row.store_phone,
        "store_address": row.store_address,
        "currency": row.currency,
        "tax_rate_ppm": row.tax_rate_ppm,
        "prices_include_tax": row.prices_include_tax,
        "tax_on_shipping": row.tax_on_shipping,
        "shipping_fee": row.shipping_fee_minor,
        "free_shipping_threshold": row.free_shipping_threshold_minor,
        "ship_to_countries": row.ship_to_countries,
        "low_stock_threshold": row.low_stock_threshold,
        "reviews_enabled": row.reviews_enabled,
        "wishlist_enabled": row.wishlist_enabled,
        "guest_checkout_enabled": row.guest_checkout_enabled,
        "maintenance_enabled": row.maintenance_enabled,
        "maintenance_message": row.maintenance_message,
    }


def logo_url(public_id: str | None) -> str:
    """Return the address of the store's logo, empty where there is none."""
    return image_url(public_id, width=LOGO_WIDTH) if public_id else ""


def store_view(row: StoreRow) -> StoreView:
    """Return what pages may know of the settings."""
    countries = row.ship_to_countries
    return StoreView(
        name=row.store_name,
        email=row.store_email,
        phone=row.store_phone,
        address=row.store_address,
        logo_public_id=row.logo_public_id,
        logo_url=logo_url(row.logo_public_id),
        currency=row.currency,
        shipping_fee_minor=row.shipping_fee_minor,
        free_shipping_threshold_minor=row.free_shipping_threshold_minor,
        shipping_text=shipping_text(row.currency, row.shipping_fee_minor, row.free_shipping_threshold_minor),
        ship_to_countries=countries,
        home_country=DEFAULT_COUNTRY if DEFAULT_COUNTRY in countries or not countries else countries[0],
        low_stock_threshold=row.low_stock_threshold,
        reviews_enabled=row.reviews_enabled,
        wishlist_enabled=row.wishlist_enabled,
        guest_checkout_enabled=row.guest_checkout_enabled,
        maintenance_enabled=row.maintenance_enabled,
        maintenance_message=row.maintenance_message,
        hero=_hero(row.pages.get("hero") or {}),
    )


def _hero(kept: Mapping[str, str]) -> ImageView:
    """Return the front page's picture, where one was chosen."""
    if not kept.get("public_id"):
        return ImageView()
    return picture(kept["public_id"], kept["alt"], kept["colour"], widths=HERO_WIDTHS, width=960, aspect=HERO_ASPECT)


def shipping_text(currency: str, fee_minor: int, threshold_minor: int | None) -> str:
    """Return what delivery costs, in one sentence without a full stop."""
    if fee_minor == 0 or threshold_minor == 0:
        return "Free delivery"
    fee = format_money(fee_minor, currency)
    if threshold_minor is None:
        return f"Delivery {fee}"
    return f"Delivery {fee}, free from {format_money(threshold_minor, currency)}"
