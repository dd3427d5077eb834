"""The page where an order is worked on."""

from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.order_numbers import parse_order_number
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, ShopHubError
from shophub.schemas.fulfilment import ShipmentForm
from shophub.schemas.orders import OrderView
from shophub.schemas.staff_orders import OrderDesk
from shophub.services import fulfilment, order_desk, orders, stores
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.forms import parse_form
from shophub.state.guards import handler
from shophub.state.page_actions import announce, close_dialog, focus
from shophub.state.session import AdminState

PREFIX = "/admin/orders/"
SHIP_DIALOG, CANCEL_DIALOG = "ship-order", "cancel-order"
TITLE = "order-title"
_SHIPMENT = {
    "carrier": "At most 80 characters.",
    "tracking_number": "At most 80 characters.",
    "tracking_url": "Give a web address that begins with https://.",
}


class OrderDeskState(AdminState, rx.State):
    """One order and all about it. ``busy`` names the step that is under way, ``problem`` says what one could not do."""

    order: rx.Field[OrderView] = rx.field(default_factory=OrderView)
    desk: rx.Field[OrderDesk] = rx.field(default_factory=OrderDesk)
    loaded: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    seller: rx.Field[tuple[str, ...]] = rx.field(default_factory=tuple)
    is_missing: rx.Field[bool] = rx.field(False)
    busy: rx.Field[str] = rx.field("")
    problem: rx.Field[str] = rx.field("")
    note_error: rx.Field[str] = rx.field("")
    note_epoch: rx.Field[int] = rx.field(0)
    tracking_url_error: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_ORDERS)
    async def load(self) -> None:
        """Read the order that the address names."""
        path = self.router.url.path.rstrip("/")
        self.reset()
        if not await self._read(path.removeprefix(PREFIX)):
            self.is_missing, self.title = True, "Order not found"
        self.loaded = path

    @handler(Permission.MANAGE_ORDERS)
    async def pack(self) -> Any:
        """Note that the goods are packed."""
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                await fulfilment.mark_packed(session, self._number(), actor=actor)
        except ShopHubError as error:
            return await self._refuse(error)
        return await self._done("The order is packed.")

    @handler(Permission.MANAGE_ORDERS)
    async def ship(self, form_data: dict[str, Any]) -> Any:
        """Record the parcel and have the customer told."""
        self.tracking_url_error = ""
        try:
            form = parse_form(ShipmentForm, form_data, _SHIPMENT)
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                await fulfilment.mark_shipped(session, self._number(), form, actor=actor)
        except InvalidInputError as error:
            self.tracking_url_error = error.fields.get("tracking_url", error.message)
            return focus("tracking_url")
        except ShopHubError as error:
            return [close_dialog(SHIP_DIALOG), *await self._refuse(error)]
        return [
            close_dialog(SHIP_DIALOG),
            *await self._done("The order is on its way. The customer is told by e-mail."),
        ]

    @handler(Permission.MANAGE_ORDERS)
    async def deliver(self) -> Any:
        """Note that the parcel has arrived."""
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                await fulfilment.mark_delivered(session, self._number(), actor=actor)
        except ShopHubError as error:
            return await self._refuse(error)
        return await self._done("The order is delivered. The customer is told by e-mail.")

    @handler(Permission.MANAGE_ORDERS)
    async def clear_review(self, form_data: dict[str, Any]) -> Any:
        """Let a flagged order go on."""
        note = str(form_data.get("review_note", ""))[: order_desk.NOTE_MAX]
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                await order_desk.clear_review(session, self._number(), note, actor=actor)
        except ShopHubError as error:
            return await self._refuse(error)
        return await self._done("The order can ship.")

    @handler(Permission.REFUND_ORDERS, step_up=True)
    async def cancel(self, form_data: dict[str, Any]) -> Any:
        """Cancel the order: goods go back into stock, the money to the customer."""
        self.busy, self.problem = "cancel", ""
        yield
        reason = order_desk.tidy(str(form_data.get("cancel_reason", "")))
        try:
            actor = self._actor(await self._who())
            await cancel_order(self._number(), actor=actor, by_customer=False, reason=reason)
            events = await self._done("The order is cancelled. What was paid is on its way back.")
        except ShopHubError as error:
            events = await self._refuse(error)
        self.busy = ""
        yield [close_dialog(CANCEL_DIALOG), *events]

    @handler(Permission.MANAGE_ORDERS)
    async def add_note(self, form_data: dict[str, Any]) -> Any:
        """Write a note for the others of the staff."""
        self.note_error = ""
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                await order_desk.add_note(session, self._number(), str(form_data.get("note", "")), actor=actor)
        except ShopHubError as error:
            self.note_error = error.message
            return focus("note")
        self.note_epoch += 1
        await self._read(self.order.number)
        return [announce("The note was added."), focus("note")]

    def _number(self) -> int:
        return parse_order_number(self.order.number)

    async def _done(self, sentence: str) -> list[Any]:
        """Show the order as it is now, and say what has happened."""
        self.problem = ""
        await self._read(self.order.number)
        return [announce(sentence), rx.toast.success(sentence, id="order"), focus(TITLE)]

    async def _refuse(self, error: ShopHubError) -> list[Any]:
        """Say what stands in the way, above the order as it is now."""
        await self._read(self.order.number)
        self.problem = error.message
        return [focus("order-problem")]

    async def _refresh(self, notice: Notice) -> None:
        """Show the order as it is now: something about it changed."""
        if notice.id == self.order.id and not await self._read(self.order.number):
            self.reset()

    async def _read(self, number: str) -> bool:
        """Read the order with the rights that the visitor has now."""
        async with transaction() as session:
            visitor = await self._visitor(session)
            try:
                desk = await order_desk.get_desk(session, number, visitor)
                order = await orders.get_order(session, number, visitor)
            except ShopHubError:
                return False
            store = await stores.get_store(session)
        self.seller = tuple(
            line for line in (store.name, *store.address.splitlines(), store.email, store.phone) if line
        )
        self.desk, self.order, self.title = desk, order, f"Order {order.number}"
        live.watch(self, f"order:{order.id}")
        return True


live.refreshes("order", OrderDeskState, OrderDeskState._refresh)
