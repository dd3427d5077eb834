"""What may be shown of the store itself."""

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shophub.schemas.catalog import ImageView


@dataclass(frozen=True)
class StoreView:
    """The store's settings as pages use them. Amounts are minor units of ``currency``; texts are ready to print.

    ``free_shipping_threshold_minor`` None means that shipping is never free.
    """

    name: str = "ShopHub"
    email: str = ""
    phone: str = ""
    address: str = ""
    logo_public_id: str | None = None
    currency: str = "USD"
    shipping_fee_minor: int = 0
    free_shipping_threshold_minor: int | None = None
    shipping_text: str = ""
    ship_to_countries: tuple[str, ...] = ()
    home_country: str = "US"
    low_stock_threshold: int = 10
    reviews_enabled: bool = True
    wishlist_enabled: bool = True
    guest_checkout_enabled: bool = True
    maintenance_enabled: bool = False
    maintenance_message: str = ""
    hero: ImageView = field(default_factory=ImageView)


class PublicSettings(BaseModel):
    """The settings as programs see them. Amounts are minor units of ``currency``; no threshold: never free."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

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
    stripe_publishable_key: str
