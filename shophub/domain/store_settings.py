"""The parts of the store's settings, and what each of them holds."""

from enum import StrEnum


class SettingsPart(StrEnum):
    """A part that is saved as a whole, with the columns of the settings that belong to it."""

    STORE = "store"
    TAX = "tax"
    DELIVERY = "delivery"
    STOCK = "stock"
    MAINTENANCE = "maintenance"
    SWITCHES = "switches"

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the settings of this part."""
        return _COLUMNS[self]


# Each of these is saved by itself, the moment it is pressed.
SWITCHES = {
    "prices_include_tax": "Prices include tax",
    "tax_on_shipping": "Tax on delivery",
    "reviews_enabled": "Reviews",
    "wishlist_enabled": "Wishlists",
    "guest_checkout_enabled": "Checkout without an account",
    "maintenance_enabled": "Closed for maintenance",
    "admin_two_factor_required": "Second factor for the staff",
}
_COLUMNS = {
    SettingsPart.STORE: ("store_name", "store_email", "store_phone", "store_address", "logo_public_id"),
    SettingsPart.TAX: ("tax_rate_ppm",),
    SettingsPart.DELIVERY: ("shipping_fee_minor", "free_shipping_threshold_minor", "ship_to_countries"),
    SettingsPart.STOCK: ("low_stock_threshold",),
    SettingsPart.MAINTENANCE: ("maintenance_message",),
    SettingsPart.SWITCHES: tuple(SWITCHES),
}
CHANGEABLE = frozenset(column for columns in _COLUMNS.values() for column in columns) | {"currency"}
