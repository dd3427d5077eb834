"""The checkout page: who, where to, and then the payment."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.errors import CheckoutChangedError, CheckoutExpiredError, EmptyCartError, InvalidInputError, ShopHubError
from shophub.schemas.checkouts import AddressForm, AddressView, CheckoutPageView, ContactForm, PaymentView
from shophub.services import checkouts
from shophub.services.flows.confirm_check import check_before_confirm
from shophub.services.flows.start_payment import start_payment
from shophub.state.forms import parse_form
from shophub.state.session import ShopperState

SUCCESS = "/checkout/success"
SENTENCES = {
    "email": "Enter an e-mail address, such as name@example.com.",
    "full_name": "Enter the name on the parcel.",
    "address": "Enter street and number, 5 characters or more.",
    "city": "Enter the city.",
    "zip_code": "Enter the postal code.",
    "country": "Choose a country.",
    "phone": "Enter a shorter phone number.",
}
LABELS = {
    "email": "E-mail address",
    "full_name": "Full name",
    "country": "Country",
    "address": "Address",
    "address2": "Flat, floor or company",
    "city": "City",
    "state": "State or region",
    "zip_code": "Postal code",
    "phone": "Phone",
}


@dataclass(frozen=True)
class FieldErrors:
    """What is wrong with each field; empty where nothing is."""

    email: str = ""
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


class CheckoutState(ShopperState, rx.State):
    """One visitor's checkout. ``go`` changes when the server has said yes to a press of Pay."""

    view: rx.Field[CheckoutPageView] = rx.field(default_factory=CheckoutPageView)
    loaded: rx.Field[str] = rx.field("")
    errors: rx.Field[FieldErrors] = rx.field(default_factory=FieldErrors)
    problems: rx.Field[list[Problem]] = rx.field(default_factory=list)
    message: rx.Field[str] = rx.field("")
    changes: rx.Field[list[str]] = rx.field(default_factory=list)
    changes_signal: rx.Field[int] = rx.field(0)
    address: rx.Field[AddressView] = rx.field(default_factory=AddressView)
    email: rx.Field[str] = rx.field("")
    form_key: rx.Field[int] = rx.field(0)
    is_paying: rx.Field[bool] = rx.field(False)
    is_starting: rx.Field[bool] = rx.field(False)
    payment: rx.Field[PaymentView] = rx.field(default_factory=PaymentView)
    payment_error: rx.Field[str] = rx.field("")
    go: rx.Field[int] = rx.field(0)
    refused: rx.Field[int] = rx.field(0)
    _form: dict[str, Any] = {}  # noqa: RUF012 - Reflex copies defaults per visitor

    @rx.event
    async def load(self) -> Any:
        """Read the cart and what is known of the shopper. Coming back to the page asks for the payment anew."""
        async with transaction() as session:
            self.view = await checkouts.get_checkout_page(session, await self._visitor(session))
        self.errors, self.problems, self.message, self.changes = FieldErrors(), [], "", []
        self.is_paying = self.is_starting = False
        self.payment, self.payment_error = PaymentView(), ""
        if not self.address.address:
            self.address = self.view.address
        self.email = self.view.email or self.email
        self.form_key += 1
        self.loaded = "/checkout"

    @rx.event
    async def submit_delivery(self, form_data: dict[str, Any]) -> Any:
        """Check contact and address, then start the payment."""
        self._form = {name: str(value)[:1000] for name, value in form_data.items()}
        self.is_starting = True
        yield
        async for event in self._start():
            yield event
        self.is_starting = False

    @rx.event
    async def accept_changes(self) -> Any:
        """Go on with what the checkout is now."""
        self.changes = []
        async with transaction() as session:
            self.view = await checkouts.get_checkout_page(session, await self._visitor(session))
        if self.view.is_empty:
            yield rx.redirect("/cart")
            return
        async for event in self._start():
            yield event

    @rx.event
    def edit_delivery(self) -> Any:
        """Go back to the address; what was entered stays."""
        self.is_paying = False
        self.payment_error = ""
        return rx.call_script("setTimeout(() => document.getElementById('delivery-title')?.focus(), 60)")

    @rx.event
    async def press_pay(self) -> Any:
        """Ask whether what is about to be paid still stands; ``go`` lets the page confirm it."""
        self.payment_error = ""
        try:
            async with transaction() as session:
                visitor = await self._visitor(session)
            payment = await check_before_confirm(visitor, UUID(self.payment.checkout_id))
        except CheckoutExpiredError:
            self.refused += 1
            async for event in self._start():
                yield event
            if self.is_paying and not self.payment_error:
                self.payment_error = "Your items had been held too long and are held anew now. Please press Pay again."
            return
        except (ShopHubError, ValueError) as error:
            self.refused += 1
            self.payment_error = error.message if isinstance(error, ShopHubError) else "Please start the payment again."
            return
        if payment.amount_minor != self.payment.amount_minor:
            self.payment, self.refused = payment, self.refused + 1
            self.payment_error = f"The amount is {payment.amount_text} now. Press Pay again if that is right."
            return
        self.go += 1

    @rx.event
    def payment_failed(self, text: str) -> None:
        """Show what the payment provider said; everything entered stays."""
        self.payment_error = str(text)[:300]

    @rx.event
    def payment_done(self) -> Any:
        """Go to the page that waits for the order."""
        return rx.redirect(f"{SUCCESS}?checkout={self.payment.checkout_id}")

    async def _start(self) -> Any:
        """Start or continue the payment with what the form holds; show what stands in the way."""
        self.errors, self.problems, self.message, self.payment_error = FieldErrors(), [], "", ""
        try:
            email, address = self._parse()
            async with transaction() as session:
                visitor = await self._visitor(session)
            payment = await start_payment(
                visitor,
                email=email,
                address=address,
                note=self._form.get("note", ""),
                accepted_total_minor=self.view.quote.total_minor,
                network_address=self.router.session.client_ip,
            )
        except CheckoutChangedError as error:
            self.is_paying = False
            self.changes = list(error.changes)
            self.changes_signal += 1
            return
        except EmptyCartError:
            yield rx.redirect("/cart")
            return
        except InvalidInputError as error:
            yield self._refuse(error)
            return
        except ShopHubError as error:
            self.is_paying, self.message = False, error.message
            return
        if payment.order_number:
            yield rx.redirect(f"{SUCCESS}?checkout={payment.checkout_id}")
            return
        self.payment, self.is_paying = payment, True
        yield rx.call_script("setTimeout(() => document.getElementById('payment-title')?.focus(), 80)")

    def _parse(self) -> tuple[str, AddressForm]:
        fields: dict[str, str] = {}
        self.email = str(self._form.get("email", self.view.email)).strip()
        kept = {name: self._form.get(name, "") for name in asdict(AddressView()) if name in AddressForm.model_fields}
        self.address = AddressView(**kept)
        if not self.view.is_signed_in:
            try:
                self.email = str(parse_form(ContactForm, {"email": self.email}, SENTENCES).email)
            except InvalidInputError as error:
                fields |= error.fields
        try:
            address = parse_form(AddressForm, self._form, SENTENCES)
        except InvalidInputError as error:
            address, fields = None, fields | error.fields
        if not kept["full_name"].strip():
            fields["full_name"] = SENTENCES["full_name"]
        if fields or address is None:
            raise InvalidInputError("Some details are missing or not right.", fields)
        return self.email, address

    def _refuse(self, error: InvalidInputError) -> Any:
        known = {name: text for name, text in error.fields.items() if name in LABELS}
        self.is_paying = False
        self.errors = FieldErrors(**known)
        self.problems = [Problem(name, f"{LABELS[name]}: {known[name]}") for name in LABELS if name in known]
        self.message = "" if known else error.message
        target = next((name for name in LABELS if name in known), "checkout-message")
        if len(known) > 1:
            target = "checkout-problems"
        return rx.call_script(f"setTimeout(() => document.getElementById('{target}')?.focus(), 60)")
