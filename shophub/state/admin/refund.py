"""The dialog in which a refund is put together."""

from typing import Any
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.order_numbers import parse_order_number
from shophub.domain.permissions import Permission
from shophub.domain.statuses import OrderStatus, RefundStatus
from shophub.errors import ConflictError, ShopHubError
from shophub.lib.ids import new_id
from shophub.lib.money import format_money
from shophub.schemas.staff_orders import RefundDraft
from shophub.services import refund_drafts
from shophub.services.flows.refund_order import RefundResult, refund_order
from shophub.state.admin.order import TITLE, OrderDeskState
from shophub.state.guards import handler
from shophub.state.page_actions import announce, close_dialog, focus, open_dialog
from shophub.state.session import AdminState

REFUND_DIALOG = "refund-order"
_OUTCOMES = {
    RefundStatus.PENDING: "The refund of {} is being processed. The order shows when it is through.",
    RefundStatus.FAILED: "The refund of {} did not go through. Nothing was given back; the order says why.",
}


class RefundState(AdminState, rx.State):
    """What is chosen and what it comes to. ``outcome`` is where the refund that was made stands."""

    draft: rx.Field[RefundDraft] = rx.field(default_factory=RefundDraft)
    epoch: rx.Field[int] = rx.field(0)
    restocks: rx.Field[bool] = rx.field(False)
    is_busy: rx.Field[bool] = rx.field(False)
    outcome: rx.Field[str] = rx.field("")
    outcome_text: rx.Field[str] = rx.field("")
    _number: str = ""
    _request_id: UUID | None = None

    @handler(Permission.REFUND_ORDERS)
    async def open(self) -> Any:
        """Begin a refund of the order that the page shows."""
        page = await self.get_state(OrderDeskState)
        epoch = self.epoch
        self.reset()
        self._number, self._request_id, self.epoch = page.order.number, new_id(), epoch + 1
        self.draft = refund_drafts.new_draft(page.desk)
        self.restocks = page.order.status == OrderStatus.PROCESSING
        return open_dialog(REFUND_DIALOG)

    @handler(Permission.REFUND_ORDERS)
    async def set_units(self, sku: str, typed: str) -> None:
        """Choose so many units of a line."""
        units = self._units()
        if sku in units:
            units[sku] = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
            await self._requote(units, self.draft.beside)

    @handler(Permission.REFUND_ORDERS)
    async def set_beside(self, typed: str) -> None:
        """Choose an amount beside the items."""
        await self._requote(self._units(), typed[:40])

    @handler(Permission.REFUND_ORDERS)
    async def set_restocks(self, is_on: bool) -> None:
        """Choose whether the units go back into stock."""
        self.restocks = is_on

    @handler(Permission.REFUND_ORDERS)
    async def take_everything(self) -> Any:
        """Choose all that is left."""
        page = await self.get_state(OrderDeskState)
        if not self._number or self._number != page.order.number:
            return None
        async with transaction() as session:
            self.draft = await refund_drafts.everything(session, self._number, page.desk)
        self.epoch += 1
        return announce(f"Refund {self.draft.amount_text}" if self.draft.amount_text else self.draft.problem)

    @handler(Permission.REFUND_ORDERS, step_up=True)
    async def refund(self, form_data: dict[str, Any]) -> Any:
        """Give back what the button says, or nothing."""
        shown = self.draft.amount_minor
        await self._requote(self._units(), self.draft.beside)
        if not self.draft.amount_text:
            problem = self.draft.problem or "Choose items, or type an amount."
            self.draft = RefundDraft(self.draft.choices, self.draft.beside, self.draft.has_units, problem=problem)
            yield focus("refund-problem")
            return
        if self.draft.amount_minor != shown:
            yield announce(f"The amount has changed to {self.draft.amount_text}. Press again to refund it.")
            return
        self.is_busy, self.outcome = True, ""
        yield
        try:
            result = await self._make(str(form_data.get("refund_reason", "")))
            event = await self._show(result)
        except ShopHubError as error:
            await self._requote(self._units(), self.draft.beside)
            self.outcome, self.outcome_text = "failed", error.message
            event = focus("refund-outcome")
        self.is_busy = False
        yield event

    @handler(Permission.REFUND_ORDERS)
    async def close(self) -> None:
        """Forget what was chosen."""
        epoch = self.epoch
        self.reset()
        self.epoch = epoch

    async def _make(self, reason: str) -> RefundResult:
        page = await self.get_state(OrderDeskState)
        asked = refund_drafts.request_of(self._units(), self.draft.beside, page.desk.currency)
        if not self._number or self._number != page.order.number:
            raise ConflictError("Another order is open now. Nothing was given back.")
        return await refund_order(
            parse_order_number(self._number),
            lines=asked.lines,
            amount_minor=asked.amount_minor,
            beside_minor=asked.beside_minor,
            restock=self.restocks and self.draft.has_units,
            reason=reason,
            actor=self._actor(await self._who()),
            request_id=self._request_id,
        )

    async def _show(self, result: RefundResult) -> Any:
        """Say what became of it. A refund that failed can be asked for anew: the next press is another one."""
        page = await self.get_state(OrderDeskState)
        await page._read(self._number)
        amount = format_money(result.amount_minor, result.currency)
        if result.status is RefundStatus.SUCCEEDED:
            return [
                close_dialog(REFUND_DIALOG),
                announce(f"{amount} was refunded."),
                rx.toast.success(f"{amount} was refunded.", id="order"),
                focus(TITLE),
            ]
        self._request_id = new_id()
        self.outcome, self.outcome_text = result.status.value, _OUTCOMES[result.status].format(amount)
        self.draft = refund_drafts.new_draft(page.desk)
        self.epoch += 1
        return focus("refund-outcome")

    def _units(self) -> dict[str, int]:
        return {choice.line.sku: choice.units for choice in self.draft.choices}

    async def _requote(self, units: dict[str, int], beside: str) -> None:
        page = await self.get_state(OrderDeskState)
        if self._number and self._number == page.order.number:
            async with transaction() as session:
                self.draft = await refund_drafts.requote(session, self._number, page.desk, units, beside)
