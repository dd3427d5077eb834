"""The store's settings as those who run it read and write them. Amounts are minor units of ``currency``."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from shophub.schemas.api.base import ApiForm, ApiOut
from shophub.schemas.product_editor import PICTURE

LARGEST_FEE = 10**11
LARGEST_STOCK = 1_000_000
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["US"])]
Fee = Annotated[int, Field(ge=0, le=LARGEST_FEE, strict=True)]
Switch = Annotated[bool, Field(strict=True)]
EXAMPLE: dict[str, Any] = {
    "storeName": "ShopHub",
    "storeEmail": "hello@shophub.example",
    "storePhone": "+1 555 0100",
    "storeAddress": "1 Market Street\nSan Francisco",
    "logo": None,
    "currency": "USD",
    "taxRatePpm": 88_750,
    "pricesIncludeTax": False,
    "taxOnShipping": False,
    "shippingFee": 1_000,
    "freeShippingThreshold": 10_000,
    "shipToCountries": ["CA", "US"],
    "lowStockThreshold": 10,
    "reviewsEnabled": True,
    "wishlistEnabled": True,
    "guestCheckoutEnabled": True,
    "maintenanceEnabled": False,
    "maintenanceMessage": "",
    "adminTwoFactorRequired": False,
}


class _ShownSettings(ApiOut):
    store_name: str
    store_email: str
    store_phone: str
    store_address: str
    logo: str | None
    currency: str
    tax_rate_ppm: int
    prices_include_tax: bool
    tax_on_shipping: bool
    shipping_fee: int
    free_shipping_threshold: int | None
    ship_to_countries: tuple[str, ...]
    low_stock_threshold: int
    reviews_enabled: bool
    wishlist_enabled: bool
    guest_checkout_enabled: bool
    maintenance_enabled: bool
    maintenance_message: str


class PublicSettings(_ShownSettings):
    """The settings as everybody sees them. ``logo`` is an address; no threshold: delivery is never free."""

    stripe_publishable_key: str


class SettingsOut(_ShownSettings):
    """All settings. ``logo`` is a picture's public id; no threshold: delivery is never free.

    ``version`` changes with every change of them; sent back, it keeps a change of somebody else from being undone.
    """

    admin_two_factor_required: bool
    version: str


class SettingsForm(ApiForm):
    """All settings as they are to be. Amounts are in the ``currency`` that stands beside them.

    Another currency than the present one has to be confirmed, and rescales all prices and fixed coupons.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    store_name: str = Field(min_length=1, max_length=60)
    store_email: str = Field(min_length=3, max_length=254)
    store_phone: str = Field(max_length=40)
    store_address: str = Field(max_length=400)
    logo: Annotated[str, Field(max_length=200, pattern=f"^{PICTURE.pattern}$")] | None = None
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    tax_rate_ppm: int = Field(ge=0, le=1_000_000, strict=True)
    prices_include_tax: Switch
    tax_on_shipping: Switch
    shipping_fee: Fee
    free_shipping_threshold: Fee | None = None
    ship_to_countries: list[Country] = Field(
        max_length=300, description="None is taken only while the store has none yet, and ships nowhere."
    )
    low_stock_threshold: int = Field(ge=0, le=LARGEST_STOCK, strict=True)
    reviews_enabled: Switch
    wishlist_enabled: Switch
    guest_checkout_enabled: Switch
    maintenance_enabled: Switch
    maintenance_message: str = Field(max_length=400)
    admin_two_factor_required: Switch
    version: str | None = Field(None, max_length=64, description="Of the settings that the change is based on.")
    confirm_currency: Switch = Field(False, description="Yes, sell in another currency from now on.")
