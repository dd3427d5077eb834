"""A customer's orders."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import reflex as rx

from shophub.db import transaction
from shophub.errors import ShopHubError
from shophub.lib.pagination import page_number
from shophub.schemas.orders import OrderPageView, OrderView
from shophub.services import orders
from shophub.state.session import ShopperState

PREFIX = "/orders/"


class OrdersState(ShopperState, rx.State):
    """The list of orders."""

    view: rx.Field[OrderPageView] = rx.field(default_factory=OrderPageView)
    loaded: rx.Field[str] = rx.field("")

    @rx.event
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


class OrderState(ShopperState, rx.State):
    """One order."""

    view: rx.Field[OrderView] = rx.field(default_factory=OrderView)
    loaded: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self) -> Any:
        """Read the order that the address names, if it is the visitor's."""
        path = self.router.url.path.rstrip("/")
        number = path.removeprefix(PREFIX)
        async with transaction() as session:
            visitor = await self._visitor(session)
            try:
                view = await orders.get_order(session, number, visitor, self.router.headers.cookie or "")
            except ShopHubError:
                view = None
        if view is None:
            self.reset()
            if visitor.user is None:
                return rx.redirect(f"/login?next={quote(path)}", replace=True)
            self.is_missing, self.title, self.loaded = True, "Page not found · ShopHub", path
            return None
        self.view, self.is_missing = view, False
        self.title = f"Order {view.number} · ShopHub"
        self.loaded = path
        return None
