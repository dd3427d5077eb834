"""Orders as their owner sees them."""

from dataclasses import dataclass, field

from shophub.schemas.catalog import ImageView
from shophub.schemas.checkouts import AddressView, QuoteView


@dataclass(frozen=True)
class OrderLineView:
    """One bought variant, frozen at the price that was paid."""

    name: str = ""
    sku: str = ""
    options_text: str = ""
    url: str = ""
    image: ImageView = field(default_factory=ImageView)
    quantity: int = 1
    price_text: str = ""
    total_text: str = ""


@dataclass(frozen=True)
class TimelineStep:
    """A step of the order's way; ``at_text`` is empty while it lies ahead."""

    label: str = ""
    at_iso: str = ""
    at_text: str = ""
    is_done: bool = False
    is_current: bool = False


@dataclass(frozen=True)
class OrderView:
    """An order with everything its page shows."""

    number: str = ""
    url: str = ""
    status: str = ""
    status_label: str = ""
    status_tone: str = "brand"  # brand, success, warning, danger
    payment_status: str = ""
    payment_label: str = ""
    email: str = ""
    placed_iso: str = ""
    placed_text: str = ""
    delivery_text: str = ""
    lines: tuple[OrderLineView, ...] = ()
    item_count: int = 0
    quote: QuoteView = field(default_factory=QuoteView)
    refunded_text: str = ""
    address: AddressView = field(default_factory=AddressView)
    timeline: tuple[TimelineStep, ...] = ()
    tracking_text: str = ""
    tracking_url: str = ""
    note: str = ""


@dataclass(frozen=True)
class OrderPageView:
    """A page of a customer's orders, newest first."""

    items: tuple[OrderView, ...] = ()
    total: int = 0
    page: int = 1
    page_count: int = 1
