"""What may be shown of the store itself."""

from dataclasses import dataclass, field

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
    logo_url: str = ""
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
