"""The checkout page: who, where to, and then the payment."""

import contextlib
from typing import Any
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import (
    CheckoutChangedError,
    CheckoutExpiredError,
    EmptyCartError,
    InvalidInputError,
    NotFoundError,
    PaymentInProgressError,
    ShopHubError,
)
from shophub.lib.ui_ids import CHANGES_DIALOG
from shophub.schemas.checkouts import AddressView, CheckoutPageView, PaymentView
from shophub.services import checkouts
from shophub.services.flows.confirm_check import check_before_confirm, confirm_failed
from shophub.services.flows.start_payment import start_payment
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.page_actions import focus, open_dialog
from shophub.state.session import ShopperState
from shophub.state.store.checkout_form import (
    FieldErrors,
    Problem,
    address_as_entered,
    describe_errors,
    entered,
    read_address,
    read_email,
)

SUCCESS = "/checkout/success"
HELD_ANEW = "Your items had been held too long and are held anew now. Please press Pay again."
START_ANEW = "Please start the payment again."


class CheckoutState(ShopperState, rx.State):
    """One visitor's checkout. ``go`` changes when the server has said yes to a press of Pay, ``refused`` on a no."""

    view: rx.Field[CheckoutPageView] = rx.field(default_factory=CheckoutPageView)
    loaded: rx.Field[str] = rx.field("")
    errors: rx.Field[FieldErrors] = rx.field(default_factory=FieldErrors)
    problems: rx.Field[list[Problem]] = rx.field(default_factory=list)
    message: rx.Field[str] = rx.field("")
    changes: rx.Field[list[str]] = rx.field(default_factory=list)
    address: rx.Field[AddressView] = rx.field(default_factory=AddressView)
    email: rx.Field[str] = rx.field("")
    form_key: rx.Field[int] = rx.field(0)
    is_starting: rx.Field[bool] = rx.field(False)
    is_paying: rx.Field[bool] = rx.field(False)
    payment: rx.Field[PaymentView] = rx.field(default_factory=PaymentView)
    payment_error: rx.Field[str] = rx.field("")
    go: rx.Field[int] = rx.field(0)
    refused: rx.Field[int] = rx.field(0)
    _press: str = ""
    _form: dict[str, str] = {}  # noqa: RUF012 - Reflex copies defaults per tab

    @handler(Permission.VISIT)
    async def load(self) -> None:
        """Read the cart and what is known of the shopper. Coming back to the page starts before the payment."""
        filled_in = self.address, self.email
        await self._stop_confirming()
        await self._read_page()
        self.errors, self.problems, self.message, self.changes = FieldErrors(), [], "", []
        self.is_paying, self.is_starting, self.payment, self.payment_error = False, False, PaymentView(), ""
        if not self.address.address:
            self.address = self.view.address
        self.email = self.view.email or self.email
        if (self.address, self.email) != filled_in:  # else what is being typed meanwhile would be lost
            self.form_key += 1
        self.loaded = "/checkout"

    @handler(Permission.VISIT)
    async def submit_delivery(self, form_data: dict[str, Any]) -> Any:
        """Check contact and address, then start the payment."""
        self._form = entered(form_data)
        self.is_starting = True
        yield
        try:
            yield await self._start()
        finally:
            self.is_starting = False

    @handler(Permission.VISIT)
    async def accept_changes(self) -> Any:
        """Go on with what the checkout is now."""
        self.changes = []
        await self._read_page()
        return rx.redirect("/cart") if self.view.is_empty else await self._start()

    @handler(Permission.VISIT)
    def edit_delivery(self) -> Any:
        """Go back to the address; what was entered stays."""
        self.is_paying, self.payment_error = False, ""
        return focus("delivery-title")

    @handler(Permission.VISIT)
    async def press_pay(self) -> Any:
        """Ask whether what is about to be paid still stands; ``go`` lets the page confirm it."""
        self.payment_error = ""
        try:
            payment = await check_before_confirm(await self._who(), UUID(self.payment.checkout_id))
        except CheckoutExpiredError:
            self.refused += 1
            event = await self._start()
            if self.is_paying:
                self.payment_error = HELD_ANEW
            return event
        except PaymentInProgressError:
            return rx.redirect(f"{SUCCESS}?checkout={self.payment.checkout_id}")
        except (ShopHubError, ValueError) as error:
            self.refused += 1
            if isinstance(error, CheckoutChangedError):
                return self._ask(error)
            self.payment_error = error.message if isinstance(error, ShopHubError) else START_ANEW
            return None
        self._press = payment.press
        if payment.amount_minor != self.payment.amount_minor:
            self.payment, self.refused = payment, self.refused + 1
            self.payment_error = f"The amount is {payment.amount_text} now. Press Pay again if that is right."
            return None
        self.go += 1
        return None

    @handler(Permission.VISIT)
    async def payment_failed(self, text: str) -> None:
        """Show what the payment provider said; everything entered stays, and may be changed again."""
        self.payment_error = str(text)[:300]
        await self._stop_confirming()

    async def _start(self) -> Any:
        """Start or continue the payment with what the form holds; show what stands in the way."""
        self.errors, self.problems, self.message, self.payment_error = FieldErrors(), [], "", ""
        self.address = address_as_entered(self._form)
        self.email = self.view.email or self._form.get("email", "")
        try:
            self.email = read_email(self._form, self.view)
            payment = await start_payment(
                await self._who(),
                email=self.email,
                address=read_address(self._form),
                note=self._form.get("note", ""),
                accepted_total_minor=self.view.quote.total_minor,
                agreement=self.view.agreement or None,
                network_address=self.router.session.client_ip,
            )
        except CheckoutChangedError as error:
            return self._ask(error)
        except EmptyCartError:
            return rx.redirect("/cart")
        except InvalidInputError as error:
            self.is_paying = False
            self.errors, self.problems, self.message, target = describe_errors(error, self._form, self.view)
            return focus(target)
        except ShopHubError as error:
            self.is_paying, self.message = False, error.message
            if isinstance(error, PaymentInProgressError):
                await self._read_page()  # says so, if a bank is settling it
            return focus("checkout-message")
        if payment.order_number:
            return rx.redirect(f"{SUCCESS}?checkout={payment.checkout_id}")
        self.payment, self.is_paying = payment, True
        return focus("payment-title")

    async def _stop_confirming(self) -> None:
        """Let the order be changed again, where this tab was about to confirm its payment and is not any more."""
        press, self._press = self._press, ""
        if not press:
            return
        with contextlib.suppress(NotFoundError, ValueError):
            await confirm_failed(await self._who(), UUID(self.payment.checkout_id), press)

    def _ask(self, error: CheckoutChangedError) -> Any:
        """Show what is no longer as the shopper saw it, and ask whether to go on."""
        self.is_paying, self.changes = False, list(error.changes)
        return open_dialog(CHANGES_DIALOG)

    async def _refresh(self, notice: Notice) -> None:
        """Read the page again: the bank that was settling this cart's payment has decided."""
        if notice.id == self.view.processing_id:
            await self._read_page()

    async def _read_page(self) -> None:
        async with transaction() as session:
            self.view = await checkouts.get_checkout_page(session, await self._visitor(session))
        live.watch(self, *([f"checkout:{self.view.processing_id}"] if self.view.processing_id else []))


live.refreshes("checkout", CheckoutState, CheckoutState._refresh)
