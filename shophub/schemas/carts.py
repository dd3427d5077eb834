"""What pages and programs see of a cart."""

from dataclasses import dataclass, field
from uuid import UUID

from shophub.schemas.catalog import ImageView


@dataclass(frozen=True)
class CartOwner:
    """Whose cart it is: an account's, or that of a guest known by an opaque token (kept as its hash)."""

    user_id: UUID | None = None
    guest_token: str | None = None


@dataclass(frozen=True)
class CartLineView:
    """One variant in the cart.

    ``notice`` says what changed since it was added (price, stock), ``coupon_effect`` what a coupon does to it.
    """

    id: str = ""
    variant_id: str = ""
    product_id: str = ""
    product_slug: str = ""
    url: str = ""
    name: str = ""
    options_text: str = ""
    options: dict[str, str] = field(default_factory=dict)
    image: ImageView = field(default_factory=ImageView)
    quantity: int = 1
    max_quantity: int = 99
    available: int = 0
    price_minor: int = 0
    total_minor: int = 0
    price_text: str = ""
    total_text: str = ""
    notice: str = ""
    coupon_effect: str = ""
    is_available: bool = True


@dataclass(frozen=True)
class CartView:
    """A cart, priced at this moment. Texts that do not apply are empty. ``count`` is the sum of quantities."""

    id: str = ""
    lines: tuple[CartLineView, ...] = ()
    saved: tuple[CartLineView, ...] = ()
    count: int = 0
    currency: str = "USD"
    coupon_code: str = ""
    coupon_text: str = ""
    subtotal_minor: int = 0
    discount_minor: int = 0
    shipping_minor: int = 0
    tax_minor: int = 0
    total_minor: int = 0
    subtotal_text: str = ""
    discount_text: str = ""
    shipping_text: str = ""
    shipping_reason: str = ""
    tax_text: str = ""
    tax_label: str = "Tax"
    total_text: str = ""
    free_shipping_text: str = ""
    free_shipping_percent: int = 0
    notices: tuple[str, ...] = ()
    can_check_out: bool = False
