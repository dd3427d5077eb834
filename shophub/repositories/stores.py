"""The store's settings: one row."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.pricing import PricingRules


@dataclass(frozen=True)
class StoreRow:
    """The settings that services go by. Amounts are minor units of ``currency``."""

    store_id: str
    store_name: str
    store_email: str
    store_phone: str
    store_address: str
    logo_public_id: str | None
    currency: str
    tax_rate_ppm: int
    prices_include_tax: bool
    tax_on_shipping: bool
    shipping_fee_minor: int
    free_shipping_threshold_minor: int | None
    ship_to_countries: tuple[str, ...]
    low_stock_threshold: int
    reviews_enabled: bool
    wishlist_enabled: bool
    guest_checkout_enabled: bool
    maintenance_enabled: bool
    maintenance_message: str
    admin_two_factor_required: bool
    pages: dict[str, Any] = field(default_factory=dict)

    @property
    def pricing_rules(self) -> PricingRules:
        """Return what a quote depends on."""
        return PricingRules(
            currency=self.currency,
            tax_rate_ppm=self.tax_rate_ppm,
            prices_include_tax=self.prices_include_tax,
            tax_on_shipping=self.tax_on_shipping,
            shipping_fee_minor=self.shipping_fee_minor,
            free_shipping_threshold_minor=self.free_shipping_threshold_minor,
        )


async def get_store(session: AsyncSession) -> StoreRow:
    """Return the settings as they are now."""
    row = (await session.execute(text("SELECT * FROM store_settings WHERE id = 1"))).mappings().one()
    values = {name: row[name] for name in StoreRow.__dataclass_fields__}
    values["store_id"] = str(row["store_id"])
    values["pages"] = row["pages"] or {}
    values["ship_to_countries"] = tuple(row["ship_to_countries"])
    return StoreRow(**values)


async def set_maintenance(session: AsyncSession, is_enabled: bool, message: str) -> None:
    """Close or open the shop."""
    statement = text("UPDATE store_settings SET maintenance_enabled = :enabled, maintenance_message = :message")
    await session.execute(statement, {"enabled": is_enabled, "message": message})
