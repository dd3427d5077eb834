"""A customer's orders."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import ShopHubError
from shophub.lib.pagination import page_number
from shophub.lib.ui_ids import CART_DRAWER
from shophub.schemas.orders import OrderPageView, OrderView
from shophub.services import checkouts, orders, stores
from shophub.services.flows.buy_again import buy_again
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.admin.order_panel import StaffOrderState
from shophub.state.guards import handler
from shophub.state.page_actions import focus, open_dialog
from shophub.state.session import ShopperState
from shophub.state.store.cart import CartState

PREFIX = "/orders/"


class OrdersState(ShopperState, rx.State):
    """The list of orders. ``buying`` is the number of the one that is just being bought again."""

    view: rx.Field[OrderPageView] = rx.field(default_factory=OrderPageView)
    buying: rx.Field[str] = rx.field("")
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.OWN_ACCOUNT)
    async def load(self) -> Any:
        """Read a page of the signed-in customer's orders."""
        page = parse_qs(urlsplit(str(self.router.url)).query).get("page", ["1"])[0]
        async with transaction() as session:
            visitor = await self._visitor(session)
            if visitor.user is None:
                self.reset()
                return rx.redirect("/login?next=/orders", replace=True)
            self.view = await orders.list_orders(session, visitor.user.id, page_number(page))
        self.loaded = "/orders"
        return None

    @handler(Permission.OWN_ACCOUNT)
    async def buy_again(self, number: str) -> Any:
        """Put what an order of the list holds into the cart and show the cart."""
        self.buying = number
        yield
        problems, event = await _buy(self, number)
        self.buying = ""
        yield event or rx.toast.error(" ".join(problems), id="buy-again")


class OrderState(ShopperState, rx.State):
    """One order, which the page follows by itself. ``problems`` says what a press of a button could not do."""

    view: rx.Field[OrderView] = rx.field(default_factory=OrderView)
    loaded: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    seller: rx.Field[tuple[str, ...]] = rx.field(default_factory=tuple)
    is_missing: rx.Field[bool] = rx.field(False)
    is_cancelling: rx.Field[bool] = rx.field(False)
    is_buying: rx.Field[bool] = rx.field(False)
    problems: rx.Field[list[str]] = rx.field(default_factory=list)

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read the order that the address names, if it is the visitor's."""
        path = self.router.url.path.rstrip("/")
        self.problems, self.is_cancelling, self.is_buying = [], False, False
        if await self._read(path.removeprefix(PREFIX)):
            self.loaded = path
            return focus("progress") if urlsplit(str(self.router.url)).fragment == "progress" else None
        return await self._leave(path)

    @handler(Permission.VISIT)
    async def cancel(self) -> Any:
        """Cancel the open order. Whose it is and whether it still can be is asked now, not taken from the page."""
        self.problems, self.is_cancelling = [], True
        number = self.view.number
        yield
        try:
            async with transaction() as session:
                visitor = await self._visitor(session)
                known = await orders.get_own_number(session, number, visitor, self._cookies())
            await cancel_order(known, actor=self._actor(visitor), by_customer=True)
        except ShopHubError as error:
            self.problems = [error.message]
        self.is_cancelling = False
        yield focus("order-title") if await self._read(number) else await self._leave(PREFIX + number)

    @handler(Permission.VISIT)
    async def buy_again(self) -> Any:
        """Put what was bought into the cart and show the cart; what cannot be had any more is said."""
        self.problems, self.is_buying = [], True
        yield
        self.problems, event = await _buy(self, self.view.number)
        self.is_buying = False
        if event is not None:
            yield event

    async def _refresh(self, notice: Notice) -> None:
        """Show the order as it is now: something about it changed."""
        path = self.view.url
        if notice.id == self.view.id and not await self._read(self.view.number):
            self._show_missing(path)

    async def _read(self, number: str) -> bool:
        """Read the order with the visitor's present rights, and for the staff what only they see."""
        staff = await self.get_state(StaffOrderState)
        async with transaction() as session:
            visitor = await self._visitor(session)
            try:
                view = await orders.get_order(session, number, visitor, self._cookies())
            except ShopHubError:
                self.reset()
                staff.reset()
                return False
            await staff._read(session, number, visitor)
            store = await stores.get_store(session)
        self.seller = tuple(
            line for line in (store.name, *store.address.splitlines(), store.email, store.phone) if line
        )
        if view != self.view:
            self.view = view
        self.is_missing, self.title = False, f"Order {view.number}"
        live.watch(self, f"order:{view.id}")
        return True

    async def _leave(self, path: str) -> Any:
        """Show nothing of an order that is not the visitor's to see; somebody unknown is sent to sign in first."""
        if (await self._who()).user is None:
            return rx.redirect(f"/login?next={quote(path)}", replace=True)
        self._show_missing(path)
        return None

    def _show_missing(self, path: str) -> None:
        self.is_missing, self.title, self.loaded = True, "Page not found", path

    def _cookies(self) -> str:
        return self.router.headers.cookie or ""


async def _buy(state: ShopperState, number: str) -> tuple[list[str], Any]:
    """Put what an order of the visitor's holds into the cart; return what was in the way, and what the page does."""
    try:
        async with transaction() as session:
            visitor = await state._visitor(session)
            goods = await orders.list_own_goods(session, number, visitor, state.router.headers.cookie or "")
        bought = await buy_again(checkouts.owner_of(visitor), goods)
    except ShopHubError as error:
        return [error.message], None
    cart_state = await state.get_state(CartState)
    cart_state._show(replace(bought.cart, notices=(*bought.cart.notices, *bought.problems)))
    return list(bought.problems), open_dialog(CART_DRAWER) if bought.added else None


live.refreshes("order", OrderState, OrderState._refresh)
