"""What the checkout's form holds, and what is wrong with it in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shophub.db import transaction
from shophub.errors import InvalidInputError, ShopHubError
from shophub.lib.clock import utc_now
from shophub.schemas.accounts import Visitor
from shophub.schemas.address_book import SavedAddressForm
from shophub.schemas.checkouts import (
    AddressForm,
    AddressView,
    CheckoutPageView,
    ContactForm,
    PaymentView,
    SavedAddressView,
)
from shophub.services import address_book
from shophub.state.forms import parse_form

MAX_LENGTH = 1_000
NEW = "new"  # what is picked in place of a saved address
ADDRESS_FIELDS = ("full_name", "address", "address2", "city", "state", "zip_code", "country", "phone")
# Places in the page that take the focus: the summary of what is wrong, and what is wrong with no field.
PROBLEMS, MESSAGE = "checkout-problems", "checkout-message"
SENTENCES = {
    "email": "Enter an e-mail address, such as name@example.com.",
    "full_name": "Enter the name on the parcel.",
    "address": "Enter street and number, 5 characters or more.",
    "address2": "Enter something shorter.",
    "city": "Enter the city.",
    "state": "Enter something shorter.",
    "zip_code": "Enter the postal code.",
    "country": "Choose a country.",
    "phone": "Enter a shorter phone number.",
    "label": "Enter something shorter.",
}
# In the order of the page.
LABELS = {
    "email": "E-mail address",
    "label": "Label",
    "full_name": "Full name",
    "country": "Country",
    "address": "Address",
    "address2": "Flat, floor or company",
    "zip_code": "Postal code",
    "city": "City",
    "state": "State or region",
    "phone": "Phone",
}


@dataclass(frozen=True)
class FieldErrors:
    """What is wrong with each field; empty where nothing is."""

    email: str = ""
    label: str = ""
    full_name: str = ""
    address: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    country: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Problem:
    """A line of the error summary; ``field`` is where its link goes."""

    field: str = ""
    text: str = ""


def entered(form_data: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a form; fields that are not on the page come as None."""
    return {str(name): str(value)[:MAX_LENGTH].strip() for name, value in form_data.items() if value is not None}


def address_as_entered(form: Mapping[str, str]) -> AddressView:
    """Return the address for the form to show again, right or not."""
    return AddressView(
        full_name=form.get("full_name", ""),
        address=form.get("address", ""),
        address2=form.get("address2", ""),
        city=form.get("city", ""),
        state=form.get("state", ""),
        zip_code=form.get("zip_code", ""),
        country=form.get("country", ""),
        phone=form.get("phone", ""),
    )


def held_until(payment: PaymentView, until: datetime) -> PaymentView:
    """Return the payment with its goods held until then."""
    left = max(0, int((until - utc_now()).total_seconds()))
    return replace(payment, expires_at_iso=until.isoformat(), held_seconds=left)


def with_saved(form: Mapping[str, str], view: CheckoutPageView) -> dict[str, str]:
    """Return the form with the address that was picked in place of the fields, which are hidden then."""
    picked = next((one for one in view.saved_addresses if one.id == form.get("saved")), None)
    if picked is None:
        return {**form, "saved": NEW if view.saved_addresses else ""}
    address = picked.address
    return {**form, **{name: getattr(address, name) for name in ADDRESS_FIELDS}}


def picked_at_first(saved: str, view: CheckoutPageView) -> str:
    """Return what is picked when the page opens: what was picked before, else the first of the book, else nothing."""
    ids = [one.id for one in view.saved_addresses]
    return saved if ids and saved in (*ids, NEW) else next(iter(ids), "")


async def keep_address(form: Mapping[str, str], visitor: Visitor) -> tuple[str, tuple[SavedAddressView, ...]]:
    """Put the form's address into the account's book; return its id and the book. A full book stays as it is."""
    if visitor.user is None:
        return "", ()
    try:
        async with transaction() as session:
            kept = await address_book.add(session, visitor.user.id, parse_form(SavedAddressForm, form, SENTENCES))
            return str(kept), await address_book.list_addresses(session, visitor.user.id)
    except ShopHubError:
        return "", ()


def read_email(form: Mapping[str, str], view: CheckoutPageView) -> str:
    """Return the account's address, or the guest's.

    Raises:
        InvalidInputError: A guest's that cannot be one.
    """
    if view.is_signed_in:
        return view.email
    return str(parse_form(ContactForm, {"email": form.get("email", "")}, SENTENCES).email)


def read_address(form: Mapping[str, str]) -> AddressForm:
    """Return the address.

    Raises:
        InvalidInputError: With a sentence per field.
    """
    address = parse_form(AddressForm, form, SENTENCES)
    if not address.full_name:
        raise InvalidInputError("The name is missing.", {"full_name": SENTENCES["full_name"]})
    return address


def describe_errors(
    error: InvalidInputError, form: Mapping[str, str], view: CheckoutPageView
) -> tuple[FieldErrors, list[Problem], str, str]:
    """Return the fields' errors, the summary, the message where no field is to blame, and what takes the focus.

    All that is wrong is said at once, not only what was found first.
    """
    fields = dict(error.fields)
    if fields:
        for read in (lambda: read_email(form, view), lambda: read_address(form)):
            try:
                read()
            except InvalidInputError as other:
                fields = other.fields | fields
        if not form.get("full_name"):
            fields["full_name"] = SENTENCES["full_name"]
    return summarise(fields, error.message)


def summarise(fields: Mapping[str, str], message: str) -> tuple[FieldErrors, list[Problem], str, str]:
    """Return what ``describe_errors`` does, of what is wrong with an address alone."""
    known = {name: fields[name] for name in LABELS if name in fields}
    problems = [Problem(name, f"{LABELS[name]}: {text}") for name, text in known.items()]
    target = PROBLEMS if len(known) > 1 else next(iter(known), MESSAGE)
    return FieldErrors(**known), problems, "" if known else message, target
