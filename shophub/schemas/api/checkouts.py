"""Checking out, for programs: what is sent in, and where a checkout stands."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, EmailStr, Field
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict

from shophub.domain.statuses import CheckoutStatus
from shophub.lib.plain_text import PlainText
from shophub.schemas.api.base import ApiForm, ApiOut

MAX_ITEMS = 100
COUNTRY = r"^[A-Za-z]{2}$"
SHIPPING: JsonDict = {
    "fullName": "Ada Shopper",
    "address": "1 Market Street",
    "city": "San Francisco",
    "zipCode": "94105",
    "country": "US",
    "phone": "+1 415 555 0100",
    "email": "ada@example.com",
}
GIVEN: JsonDict = {
    "items": [{"id": "018f3c1e-7d1a-7c3e-9d55-4b8a1c2d3e4f", "quantity": 2}],
    "shippingInfo": SHIPPING,
    "couponCode": "WELCOME10",
    "note": "Leave it with the neighbours.",
}


class CheckoutItem(ApiForm):
    """A product, or one of its variants. What else an item says of itself (name, price, image) is not looked at."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", str_strip_whitespace=True
    )

    id: str = Field(max_length=100, description="The product's id; alone, it means the product's default variant.")
    variant_id: UUID | None = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=99)]


class ShippingInfo(ApiForm):
    """Where the order goes, and who a guest is. An account's order goes by the account's own e-mail address."""

    full_name: Annotated[PlainText, Field(max_length=120)] | None = None
    address: PlainText = Field(min_length=5, max_length=200)
    address2: Annotated[PlainText, Field(max_length=200)] | None = None
    city: PlainText = Field(min_length=2, max_length=100)
    state: Annotated[PlainText, Field(max_length=100)] | None = None
    zip_code: PlainText = Field(min_length=1, max_length=20)
    country: Annotated[str, Field(pattern=COUNTRY)] | None = Field(None, description="ISO 3166-1 alpha-2; else US.")
    phone: PlainText = Field(min_length=1, max_length=32)
    email: Annotated[EmailStr, Field(max_length=254)] | None = None


class CheckoutForm(ApiForm):
    """What to pay for and where it goes. Without ``items`` that is the caller's cart; given items leave it alone."""

    model_config = ConfigDict(json_schema_extra={"examples": [GIVEN]})

    items: list[CheckoutItem] | None = Field(None, min_length=1, max_length=MAX_ITEMS)
    shipping_info: ShippingInfo
    coupon_code: Annotated[str, Field(max_length=64)] | None = None
    note: Annotated[PlainText, Field(max_length=500)] | None = None


class StartedOut(ApiOut):
    """A checkout that can be paid until ``expiresAt``, with Stripe's own client and the client secret.

    Whoever has no account and keeps no cookies sends the secret as ``Checkout-Secret`` to ask how it stands.
    """

    checkout_id: UUID
    client_secret: str
    amount: int = Field(ge=1)
    currency: str
    expires_at: datetime


class OrderedOut(ApiOut):
    """Nothing was to be paid: the order is made."""

    order_number: str


class CheckoutOut(ApiOut):
    """Where a checkout stands. ``orderNumber`` is there as soon as the payment has arrived."""

    status: CheckoutStatus
    order_number: str | None
    amount: int = Field(ge=0)
    currency: str
    expires_at: datetime


class CheckoutRef(ApiForm):
    """Which checkout."""

    checkout_id: UUID
