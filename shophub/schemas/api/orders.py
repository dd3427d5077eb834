"""Orders for programs: the frozen copy of what was paid for, and what has become of it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.schemas.api.base import ApiOut


class OrderItemOut(ApiOut):
    """What was bought of one variant. ``total`` is what it came to: after discount, with its tax."""

    name: str
    sku: str
    options: dict[str, str]
    quantity: int = Field(ge=1)
    refunded_quantity: int = Field(ge=0)
    price: int = Field(ge=0)
    discount: int = Field(ge=0)
    tax: int = Field(ge=0)
    total: int = Field(ge=0)


class ShippingAddressOut(ApiOut):
    """Where an order goes. An order whose customer was erased names nobody any more."""

    full_name: str
    address: str
    address2: str | None
    city: str
    state: str | None
    zip_code: str
    country: str
    phone: str | None


class TrackingOut(ApiOut):
    """The newest parcel of an order."""

    carrier: str
    tracking_number: str
    tracking_url: str | None


class OrderEventOut(ApiOut):
    """A step of an order's timeline: ``placed``, ``paid``, ``shipped``, ``delivered``, ``cancelled``, ``refunded``…"""

    type: str
    at: datetime
    note: str | None


class OrderOut(ApiOut):
    """An order. ``tax`` has ``shippingTax`` in it; nothing ships while ``needsReview`` is set."""

    number: str
    status: OrderStatus
    payment_status: PaymentStatus
    needs_review: bool
    items: list[OrderItemOut]
    subtotal: int = Field(ge=0)
    discount: int = Field(ge=0)
    coupon_code: str | None
    shipping: int = Field(ge=0)
    shipping_tax: int = Field(ge=0)
    tax: int = Field(ge=0)
    total: int = Field(ge=0)
    refunded: int = Field(ge=0)
    currency: str
    shipping_address: ShippingAddressOut
    email: str
    note: str | None
    tracking: TrackingOut | None
    events: Sequence[OrderEventOut]
    created_at: datetime
