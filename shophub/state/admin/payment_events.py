"""What the payment provider said about an order: to be read as it came, and to be handled again."""

from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.statuses import ProviderEventStatus
from shophub.errors import ShopHubError
from shophub.services import order_desk
from shophub.services.flows.handle_event import handle_again
from shophub.state.admin.order import OrderDeskState
from shophub.state.guards import handler
from shophub.state.page_actions import open_dialog
from shophub.state.session import AdminState

EVENT_DIALOG = "payment-event"
_OUTCOMES = {
    ProviderEventStatus.HANDLED: "Handled again. The order stands as the payment does.",
    ProviderEventStatus.IGNORED: "Handled again: it is nothing that the shop acts on.",
    ProviderEventStatus.ALERT: "Handled again, and still something for somebody to look at.",
}


class PaymentEventState(AdminState, rx.State):
    """The event that is open, and in ``busy`` the one that is being handled again."""

    event_id: rx.Field[str] = rx.field("")
    event_text: rx.Field[str] = rx.field("")
    busy: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_ORDERS)
    async def show(self, event_id: str) -> Any:
        """Show what the payment provider sent."""
        page = await self.get_state(OrderDeskState)
        if event_id not in {event.id for event in page.desk.staff.events}:
            return None
        try:
            async with transaction() as session:
                self.event_text = await order_desk.get_event_text(session, event_id)
        except ShopHubError as error:
            return rx.toast.error(error.message, id="payment-event")
        self.event_id = event_id
        return open_dialog(EVENT_DIALOG)

    @handler(Permission.REFUND_ORDERS, step_up=True)
    async def handle(self, event_id: str) -> Any:
        """Have an event of this order handled once more."""
        page = await self.get_state(OrderDeskState)
        if event_id not in {event.id for event in page.desk.staff.events}:
            return
        self.busy = event_id
        yield
        try:
            outcome = await handle_again(event_id, actor=self._actor(await self._who()))
            await page._read(page.order.number)
            event = rx.toast(_OUTCOMES[outcome], id="payment-event")
        except ShopHubError as error:
            event = rx.toast.error(error.message, id="payment-event")
        self.busy = ""
        yield event
