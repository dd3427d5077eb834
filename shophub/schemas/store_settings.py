"""The settings as their page shows them: every value as text that fits its field."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """Something to choose: a country or a currency."""

    code: str = ""
    name: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class SettingsView:
    """All settings. Each ``…_version`` goes back with a change of that part."""

    store_version: str = ""
    store_name: str = ""
    store_email: str = ""
    store_phone: str = ""
    store_address: str = ""
    logo_public_id: str = ""
    logo_url: str = ""
    tax_version: str = ""
    tax_rate: str = ""
    prices_include_tax: bool = False
    tax_on_shipping: bool = False
    currency: str = "USD"
    currency_name: str = ""
    delivery_version: str = ""
    shipping_fee: str = ""
    free_shipping_threshold: str = ""
    countries: tuple[Choice, ...] = ()
    country_count: int = 0
    stock_version: str = ""
    low_stock_threshold: str = ""
    reviews_enabled: bool = False
    wishlist_enabled: bool = False
    guest_checkout_enabled: bool = False
    maintenance_version: str = ""
    maintenance_enabled: bool = False
    maintenance_message: str = ""
    admin_two_factor_required: bool = False


@dataclass(frozen=True)
class CurrencyPlan:
    """What a change of the currency would do. ``refusal`` says why it cannot be now; ``example`` is a price."""

    before: str = ""
    after: str = ""
    after_name: str = ""
    example: str = ""
    prices_text: str = ""
    coupons_text: str = ""
    rescales: bool = False
    refusal: str = ""


@dataclass(frozen=True)
class SettingsErrors:
    """What is wrong with what was typed, by field."""

    store_name: str = ""
    store_email: str = ""
    store_phone: str = ""
    store_address: str = ""
    logo_public_id: str = ""
    currency: str = ""
    tax_rate_ppm: str = ""
    shipping_fee_minor: str = ""
    free_shipping_threshold_minor: str = ""
    ship_to_countries: str = ""
    low_stock_threshold: str = ""
    maintenance_message: str = ""
