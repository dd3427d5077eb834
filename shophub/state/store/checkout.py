"""The checkout page: who, where to, and then the payment."""

import contextlib
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.visits import Step
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
from shophub.schemas.checkouts import AddressView, CheckoutPageView, CheckoutStatusView, PaymentView
from shophub.services import checkouts
from shophub.services.flows.confirm_check import check_before_confirm, confirm_failed
from shophub.services.flows.start_payment import start_payment
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.page_actions import focus, open_dialog
from shophub.state.session import ShopperState
from shophub.state.store.checkout_form import (
    NEW,
    FieldErrors,
    Problem,
    address_as_entered,
    describe_errors,
    entered,
    held_until,
    keep_address,
    picked_at_first,
    read_address,
    read_email,
    with_saved,
)

SUCCESS = "/checkout/success"
HELD_ANEW = "Your items had been held too long and are held anew now. Please press Pay again."
START_ANEW = "Please start the payment again."


class DeliveryForm(ShopperState, mixin=True):
    """What the page's form holds. ``saved`` is the id of the picked address, ``new``, or empty without a book."""

    view: rx.Field[CheckoutPageView] = rx.field(default_factory=CheckoutPageView)
    errors: rx.Field[FieldErrors] = rx.field(default_factory=FieldErrors)
    problems: rx.Field[list[Problem]] = rx.field(default_factory=list)
    message: rx.Field[str] = rx.field("")
    address: rx.Field[AddressView] = rx.field(default_factory=AddressView)
    saved: rx.Field[str] = rx.field("")
    email: rx.Field[str] = rx.field("")
    note: rx.Field[str] = rx.field("")
    form_key: rx.Field[int] = rx.field(0)

    def _begin_form(self) -> None:
        """Fill in what is known; what is being typed already stays."""
        filled_in = self.address, self.saved, self.email
        self.errors, self.problems, self.message = FieldErrors(), [], ""
        if not self.address.address:
            self.address = self.view.address
        self.saved = picked_at_first(self.saved, self.view)
        self.email = self.view.email or self.email
        if (self.address, self.saved, self.email) != filled_in:  # else what is being typed meanwhile would be lost
            self.form_key += 1

    def _take_form(self, form: dict[str, str]) -> None:
        """Show what was sent; nothing is wrong with it yet."""
        self.errors, self.problems, self.message = FieldErrors(), [], ""
        self.address, self.saved = address_as_entered(form), form.get("saved", "")
        self.note, self.email = form.get("note", ""), self.view.email or form.get("email", "")

    def _show_problems(self, error: InvalidInputError, form: dict[str, str]) -> Any:
        """Say what is wrong. With a saved address, its fields are opened: there it can be mended."""
        self.errors, self.problems, self.message, target = describe_errors(error, form, self.view)
        if self.saved not in ("", NEW) and not self.message:
            self.saved, self.form_key = NEW, self.form_key + 1
        return focus(target)

    async def _keep_address(self, form: dict[str, str]) -> None:
        """Put the address into the account's book, where that was asked for."""
        if not form.get("keep_address") or self.saved not in ("", NEW):
            return
        kept, book = await keep_address(form, await self._who())
        if kept:
            self.saved, self.view = kept, replace(self.view, saved_addresses=book)


class PaymentStep(ShopperState, mixin=True):
    """The payment that the page shows. ``go`` changes when a press of Pay was granted, ``refused`` when it was not."""

    is_paying: rx.Field[bool] = rx.field(False)
    payment: rx.Field[PaymentView] = rx.field(default_factory=PaymentView)
    payment_error: rx.Field[str] = rx.field("")
    changes: rx.Field[list[str]] = rx.field(default_factory=list)
    go: rx.Field[int] = rx.field(0)
    refused: rx.Field[int] = rx.field(0)
    _press: str = ""
    _connection: str = ""
    _is_awaited: bool = False  # the payment's form is on its way into the page

    async def _find_interrupted(self) -> CheckoutStatusView | None:
        """Return where the payment stands that this tab showed when it lost its connection; else nothing.

        A page is loaded when its connection is back, also while somebody types a card or is asked by their bank. On
        the same connection, somebody has left the page and come back; and where the browser itself has loaded the page
        anew, ``payment_shown`` says so.
        """
        before, self._connection = self._connection, self.router.session.session_id
        if not self.is_paying or before == self._connection:
            return None
        with contextlib.suppress(NotFoundError, ValueError):
            async with transaction() as session:
                visitor = await self._visitor(session)
                return await checkouts.get_status(session, UUID(self.payment.checkout_id), visitor)
        return None

    def _ask(self, error: CheckoutChangedError) -> Any:
        """Show what is no longer as the shopper saw it, and ask whether to go on."""
        self.is_paying, self.changes = False, list(error.changes)
        return open_dialog(CHANGES_DIALOG)

    async def _stop_confirming(self) -> None:
        """Let the order be changed again, where this tab was about to confirm its payment and is not any more."""
        press, self._press = self._press, ""
        if not press:
            return
        with contextlib.suppress(NotFoundError, ValueError):
            await confirm_failed(await self._who(), UUID(self.payment.checkout_id), press)


class CheckoutState(DeliveryForm, PaymentStep, rx.State):
    """One visitor's checkout."""

    loaded: rx.Field[str] = rx.field("")
    is_starting: rx.Field[bool] = rx.field(False)
    _form: dict[str, str] = {}  # noqa: RUF012 - Reflex copies defaults per tab

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read the cart and what is known of the shopper. Coming back to the page starts before the payment."""
        self.loaded, agreed = "/checkout", self.view.agreement
        interrupted = await self._find_interrupted()
        if interrupted is not None and interrupted.status in ("completed", "processing"):
            return rx.redirect(f"{SUCCESS}?checkout={interrupted.id}")
        await self._read_page()
        if interrupted is not None and interrupted.status == "open" and self.view.agreement == agreed:
            self.payment = held_until(self.payment, datetime.fromisoformat(interrupted.expires_at_iso))
            return None
        await self._begin_anew()
        return None

    @handler(Permission.VISIT)
    async def payment_shown(self) -> None:
        """Note that the payment's form is in the page. Once more without need: the page was loaded anew."""
        is_awaited, self._is_awaited = self._is_awaited, False
        if not is_awaited:
            await self._begin_anew()

    @handler(Permission.VISIT)
    async def submit_delivery(self, form_data: dict[str, Any]) -> Any:
        """Check contact and address, then start the payment."""
        self._form = with_saved(entered(form_data), self.view)
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
        self.payment = replace(self.payment, expires_at_iso=payment.expires_at_iso, held_seconds=payment.held_seconds)
        self.go += 1
        return None

    @handler(Permission.VISIT)
    async def payment_failed(self, text: str) -> None:
        """Show what the payment provider said; everything entered stays, and may be changed again."""
        self.payment_error = str(text)[:300]
        await self._stop_confirming()

    @handler(Permission.VISIT)
    async def renew_hold(self) -> None:
        """Have the items held for longer: somebody is still at it. Where they no longer are, Pay will say so."""
        with contextlib.suppress(ShopHubError, ValueError):
            async with transaction() as session:
                visitor = await self._visitor(session)
                until = await checkouts.renew(session, visitor, UUID(self.payment.checkout_id))
            self.payment = held_until(self.payment, until)

    async def _begin_anew(self) -> None:
        """Begin before the payment, with what was entered."""
        await self._stop_confirming()
        self._begin_form()
        self.is_paying, self.is_starting, self.payment, self.payment_error = False, False, PaymentView(), ""
        self.changes = []

    async def _start(self) -> Any:
        """Start or continue the payment with what the form holds; show what stands in the way."""
        self.payment_error = ""
        self._take_form(self._form)
        try:
            self.email = read_email(self._form, self.view)
            payment = await start_payment(
                await self._who(),
                email=self.email,
                address=read_address(self._form),
                note=self.note,
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
            return self._show_problems(error, self._form)
        except ShopHubError as error:
            self.is_paying, self.message = False, error.message
            if isinstance(error, PaymentInProgressError):
                await self._read_page()  # says so, if a bank is settling it
            return focus("checkout-message")
        self._came_to(Step.CHECKOUT, UUID(payment.checkout_id))
        await self._keep_address(self._form)
        if payment.order_number:
            return rx.redirect(f"{SUCCESS}?checkout={payment.checkout_id}")
        self._is_awaited = self._is_awaited or not self.is_paying
        self.payment, self.is_paying = payment, True
        return focus("payment-title")

    async def _refresh(self, notice: Notice) -> None:
        """Read the page again: the bank that was settling this cart's payment has decided."""
        if notice.id == self.view.processing_id:
            await self._read_page()

    async def _read_page(self) -> None:
        async with transaction() as session:
            visitor = await self._visitor(session)
            self.view = await checkouts.get_checkout_page(session, visitor)
        self._count_visit(visitor, Step.VISIT if self.view.is_empty else Step.CHECKOUT)
        live.watch(self, *([f"checkout:{self.view.processing_id}"] if self.view.processing_id else []))


live.refreshes("checkout", CheckoutState, CheckoutState._refresh)
