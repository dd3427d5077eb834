"""Orders as their owner sees them."""

from dataclasses import dataclass, field
from uuid import UUID

from shophub.schemas.catalog import ImageView
from shophub.schemas.checkouts import AddressView, QuoteView


@dataclass(frozen=True)
class OrderLineView:
    """One bought variant, frozen at the price that was paid. ``to_pack`` units of it have not been refunded."""

    name: str = ""
    sku: str = ""
    options_text: str = ""
    url: str = ""
    image: ImageView = field(default_factory=ImageView)
    quantity: int = 1
    to_pack: int = 1
    price_text: str = ""
    total_text: str = ""
    refunded_text: str = ""


@dataclass(frozen=True)
class TimelineStep:
    """A step of the order's way; ``at_text`` is empty while it lies ahead. A refund names its ``lines``.

    ``ago_text`` says how long ago it was, for less than a week.
    """

    label: str = ""
    at_iso: str = ""
    at_text: str = ""
    ago_text: str = ""
    note: str = ""
    lines: tuple[str, ...] = ()
    link_text: str = ""
    link_url: str = ""
    state: str = "ahead"  # ahead, done, pending, failed, stopped
    is_done: bool = False
    is_current: bool = False


@dataclass(frozen=True)
class OrderView:
    """An order with everything its page shows. ``is_own``: the reader is its customer, and not only of the staff."""

    id: str = ""
    number: str = ""
    url: str = ""
    invoice_url: str = ""
    status: str = ""
    status_label: str = ""
    status_tone: str = "brand"  # brand, success, warning, danger
    payment_status: str = ""
    payment_label: str = ""
    payment_tone: str = "brand"
    email: str = ""
    placed_iso: str = ""
    placed_text: str = ""
    delivery_text: str = ""
    lines: tuple[OrderLineView, ...] = ()
    item_count: int = 0
    quote: QuoteView = field(default_factory=QuoteView)
    refunded_text: str = ""
    refund_pending_text: str = ""
    kept_text: str = ""
    address: AddressView = field(default_factory=AddressView)
    timeline: tuple[TimelineStep, ...] = ()
    tracking_text: str = ""
    tracking_url: str = ""
    note: str = ""
    is_own: bool = False
    can_cancel: bool = False


@dataclass(frozen=True)
class BoughtGoods:
    """What a line of an order was for; ``variant_id`` is None where the variant is gone."""

    name: str
    variant_id: UUID | None
    quantity: int


@dataclass(frozen=True)
class OrderPageView:
    """A page of a customer's orders, newest first."""

    items: tuple[OrderView, ...] = ()
    total: int = 0
    page: int = 1
    page_count: int = 1
