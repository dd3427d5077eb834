"""Checkout: what is sent in, and what the page shows."""

from dataclasses import dataclass, field
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from shophub.lib.plain_text import PlainText
from shophub.schemas.carts import CartLineView
from shophub.schemas.texts import TextForm


class AddressForm(BaseModel):
    """Where an order goes. The rules per country are in ``domain/addresses.py``."""

    model_config = ConfigDict(str_strip_whitespace=True, populate_by_name=True, extra="ignore")

    full_name: PlainText = Field("", max_length=120, alias="fullName")
    address: PlainText = Field(min_length=5, max_length=200)
    address2: PlainText = Field("", max_length=200)
    city: PlainText = Field(min_length=2, max_length=100)
    state: PlainText = Field("", max_length=100)
    zip_code: PlainText = Field(min_length=1, max_length=20, alias="zipCode")
    country: PlainText = Field("US", min_length=2, max_length=2)
    phone: PlainText = Field("", max_length=32)


class ContactForm(TextForm):
    """Who a guest is."""

    model_config = ConfigDict(str_strip_whitespace=True)

    email: EmailStr = Field(max_length=254)


@dataclass(frozen=True)
class GivenGoods:
    """Goods that a program gives to be checked out: a variant, or a product, which is its default variant."""

    product_id: UUID | None
    variant_id: UUID | None
    quantity: int


@dataclass(frozen=True)
class AddressView:
    """A shipping address as entered, with its country's name."""

    full_name: str = ""
    address: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    country: str = "US"
    country_name: str = ""
    phone: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class SavedAddressView:
    """An entry of an address book. ``title`` is its label, or the city where it has none; ``text`` is one line."""

    id: str = ""
    label: str = ""
    title: str = ""
    is_default: bool = False
    address: AddressView = field(default_factory=AddressView)
    text: str = ""


@dataclass(frozen=True)
class QuoteView:
    """Sums of a checkout or order, ready to print. Texts that do not apply are empty."""

    currency: str = "USD"
    subtotal_text: str = ""
    discount_text: str = ""
    coupon_code: str = ""
    shipping_text: str = ""
    shipping_reason: str = ""
    tax_text: str = ""
    tax_label: str = "Tax"
    tax_included: bool = False
    total_minor: int = 0
    total_text: str = ""


@dataclass(frozen=True)
class PaymentView:
    """What the Payment Element needs. ``order_number`` instead, where nothing is to be paid."""

    checkout_id: str = ""
    client_secret: str = ""
    publishable_key: str = ""
    script_url: str = ""
    amount_minor: int = 0
    amount_text: str = ""
    currency: str = "USD"
    expires_at_iso: str = ""
    held_seconds: int = 0  # how much longer its goods are held, without a look at the browser's clock
    order_number: str = ""
    press: str = ""  # stands for the press of Pay that this answers


@dataclass(frozen=True)
class CheckoutPageView:
    """The checkout page before payment: what is in it, what is known of the shopper."""

    lines: tuple[CartLineView, ...] = ()
    quote: QuoteView = field(default_factory=QuoteView)
    agreement: str = ""  # stands for all that is shown; sent back when the payment starts
    email: str = ""
    is_signed_in: bool = False
    guest_allowed: bool = True
    countries: tuple[tuple[str, str], ...] = ()
    address: AddressView = field(default_factory=AddressView)
    saved_addresses: tuple[SavedAddressView, ...] = ()
    delivery_text: str = ""
    notices: tuple[str, ...] = ()
    is_empty: bool = True
    processing_id: str = ""  # the checkout of this cart that a bank is settling


@dataclass(frozen=True)
class CheckoutStatusView:
    """Where a checkout stands: ``open``, ``processing``, ``completed`` or ``expired``."""

    id: str = ""
    status: str = "open"
    order_number: str = ""
    amount_minor: int = 0
    amount_text: str = ""
    currency: str = "USD"
    expires_at_iso: str = ""
    email: str = ""
    message: str = ""
    lines: tuple[CartLineView, ...] = ()
    quote: QuoteView = field(default_factory=QuoteView)
    address: AddressView = field(default_factory=AddressView)
    delivery_text: str = ""
    is_guest: bool = True
