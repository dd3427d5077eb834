"""The staff's list of orders."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission, may
from shophub.errors import InvalidInputError, ShopHubError
from shophub.lib.tables import TableQuery, table_address
from shophub.schemas.fulfilment import ShipmentForm
from shophub.schemas.order_list import ORDER_TABLE, OrderLineItem
from shophub.services import order_list
from shophub.services.authorisation import role_of
from shophub.services.flows.ship_orders import ship_orders
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.admin.table import TableState, asked
from shophub.state.forms import parse_form
from shophub.state.guards import handler
from shophub.state.page_actions import announce, close_dialog, focus, open_dialog
from shophub.state.session import AdminState

SHIP_DIALOG = "ship-orders"
MAX_SHIPPED = 200
# More than so many need their number typed: each customer gets an e-mail, which nobody can take back.
ASKS_ABOVE = 50
SAID_AT_MOST = 10
_SENTENCES = {"carrier": "At most 80 characters.", "tracking_url": "Give a web address that begins with https://."}


class OrderListState(AdminState, rx.State):
    """A page of the list; ``shipped`` of ``to_ship`` orders are marked, ``refusals`` says which were not and why.

    ``news`` says that orders have come which the list would show; it waits for its reader to ask for them.
    """

    rows: rx.Field[list[OrderLineItem]] = rx.field(default_factory=list)
    loaded: rx.Field[str] = rx.field("")
    to_ship: rx.Field[int] = rx.field(0)
    asks_for_count: rx.Field[bool] = rx.field(False)
    shipped: rx.Field[int] = rx.field(0)
    is_busy: rx.Field[bool] = rx.field(False)
    ship_error: rx.Field[str] = rx.field("")
    refusals: rx.Field[list[str]] = rx.field(default_factory=list)
    news: rx.Field[str] = rx.field("")
    _query: TableQuery | None = None
    _newest: int = 0

    @handler(Permission.MANAGE_ORDERS)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        self.refusals = []
        await self._read()

    @handler(Permission.MANAGE_ORDERS)
    async def show_news(self) -> Any:
        """Show the orders that have come: here, or where the list begins."""
        query = asked(self, ORDER_TABLE)
        if query.cursor is not None:
            return rx.redirect(table_address(ORDER_TABLE, replace(query, cursor=None)))
        await self._read()
        return announce("The list is up to date.")

    @handler(Permission.MANAGE_ORDERS)
    async def ask_to_ship(self) -> Any:
        """Ask for the parcels' carrier before the selected orders are marked."""
        table = await self.get_state(TableState)
        chosen = table._chosen(ORDER_TABLE)
        if chosen is None:
            return None
        count = table.view.total if chosen.is_all else len(chosen.ids)
        if count > MAX_SHIPPED:
            return rx.toast.error(f"At most {MAX_SHIPPED} orders can be marked at once.", id="bulk")
        self.to_ship, self.asks_for_count, self.shipped = count, count > ASKS_ABOVE, 0
        self.ship_error, self.refusals = "", []
        return open_dialog(SHIP_DIALOG)

    @handler(Permission.MANAGE_ORDERS)
    async def ship(self, form_data: dict[str, Any]) -> Any:
        """Mark the selected orders shipped, one by one; those that may not leave are named."""
        table = await self.get_state(TableState)
        chosen = table._chosen(ORDER_TABLE)
        if chosen is None or self.is_busy:
            return
        if self.asks_for_count and str(form_data.get("ship_count", "")).strip() != str(self.to_ship):
            self.ship_error = f"Type {self.to_ship} to go on."
            yield focus("ship_count")
            return
        try:
            form = parse_form(ShipmentForm, form_data, _SENTENCES)
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                numbers = await order_list.list_numbers(
                    session, chosen.query, chosen.ids, MAX_SHIPPED, is_all=chosen.is_all
                )
        except InvalidInputError as error:
            self.ship_error = " ".join(error.fields.values()) or error.message
            yield focus("carrier")
            return
        if chosen.is_all and len(numbers) != self.to_ship:
            self.ship_error = (
                f"The list has {len(numbers)} orders by now, not {self.to_ship}. Close this and look again."
            )
            await self._read()
            return
        self.is_busy, self.shipped, self.refusals, self.ship_error = True, 0, [], ""
        yield
        refused: list[str] = []
        try:
            async for one in ship_orders(numbers, form, actor=actor):
                if one.refusal:
                    refused.append(one.refusal)
                else:
                    self.shipped += 1
                if (self.shipped + len(refused)) % 10 == 0:
                    yield
        except ShopHubError as error:
            refused.append(error.message)
        finally:
            self.is_busy = False
        table._choose([])
        await self._read()
        yield self._say(refused)

    def _say(self, refused: list[str]) -> Any:
        sentence = f"{self.shipped} order{'s' if self.shipped != 1 else ''} marked shipped."
        more = len(refused) - SAID_AT_MOST
        self.refusals = refused[:SAID_AT_MOST] + ([f"{more} others were not marked either."] if more > 0 else [])
        events = [close_dialog(SHIP_DIALOG), announce(sentence)]
        if self.shipped:
            events.append(rx.toast.success(sentence, id="bulk"))
        return [*events, focus("ship-refusals")] if refused else events

    async def _refresh(self, notice: Notice) -> None:
        """Show what became of an order of this page, or say how many have come; no row moves by itself."""
        if self._query is None or self.router.url.path.rstrip("/") != ORDER_TABLE.path:
            return
        async with transaction() as session:
            if not may(role_of(await self._visitor(session)), Permission.MANAGE_ORDERS):
                return
            if notice.id in (known := [row.id for row in self.rows]):
                row = await order_list.find_row(session, UUID(notice.id))
                self.rows[known.index(notice.id)] = row or self.rows[known.index(notice.id)]
                return
            count = await order_list.count_newer(session, replace(self._query, cursor=None), self._newest)
        many = "or more " if count == order_list.MANY_NEW else ""
        self.news = f"{count} {many}new order{'s' if count > 1 else ''}" if count else ""

    async def _read(self) -> None:
        live.watch(self, "order:*", part="page")
        query = asked(self, ORDER_TABLE)
        async with transaction() as session:
            visitor = await self._visitor(session)
            page = await order_list.get_page(session, query, visitor.user.id if visitor.user else None)
        table = await self.get_state(TableState)
        table._show(ORDER_TABLE, query, page.table, [row.id for row in page.rows])
        self.rows, self.loaded = list(page.rows), ORDER_TABLE.path
        self._query, self._newest, self.news = query, page.newest, ""


live.refreshes("order", OrderListState, OrderListState._refresh)
