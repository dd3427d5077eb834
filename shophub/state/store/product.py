"""A product's page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, NotFoundError, ShopHubError
from shophub.lib.ui_ids import CART_DRAWER
from shophub.schemas.catalog import ProductView
from shophub.services import catalog
from shophub.services.flows.fill_cart import add_to_cart
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.page_actions import open_dialog, replace_address
from shophub.state.session import ShopperState
from shophub.state.store.cart import CartState

PREFIX = "/products/"


class ProductState(ShopperState, rx.State):
    """One product with one variant chosen."""

    view: rx.Field[ProductView] = rx.field(default_factory=ProductView)
    loaded: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    is_adding: rx.Field[bool] = rx.field(False)
    add_error: rx.Field[str] = rx.field("")
    quantity: rx.Field[int] = rx.field(1)
    epoch: rx.Field[int] = rx.field(0)

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read the product that the address names."""
        url = self.router.url
        path = url.path.rstrip("/")
        selection = dict(parse_qsl(urlsplit(str(url)).query))
        if self.loaded != path:
            self.quantity, self.add_error, self.is_adding = 1, "", False
        found = await self._read(path.removeprefix(PREFIX), selection)
        self.loaded = path
        return found

    @handler(Permission.VISIT)
    async def choose(self, option: str, value: str) -> Any:
        """Choose a value of one option; the others stay. The address follows."""
        await self._be_ready()
        selection = {one.name: one.selected for one in self.view.options if one.selected}
        selection[str(option)] = str(value)
        await self._read(self.view.slug, selection)
        self.add_error = ""
        chosen = {one.name: one.selected for one in self.view.options if one.selected}
        address = f"{PREFIX}{self.view.slug}?{urlencode(chosen)}"
        return replace_address(address)

    @handler(Permission.VISIT)
    async def set_quantity(self, quantity: int) -> None:
        """Keep how many are wanted."""
        await self._be_ready()
        if isinstance(quantity, int) and 1 <= quantity <= 99:
            self.quantity = quantity

    @handler(Permission.VISIT)
    async def add_to_cart(self) -> Any:
        """Put the chosen variant into the cart and show the cart."""
        await self._be_ready()
        self.add_error, self.is_adding = "", True
        yield
        try:
            async with transaction() as session:
                owner = await self._owner(session)
            cart = await add_to_cart(owner, UUID(self.view.variant_id), self.quantity)
        except (ShopHubError, ValueError) as error:
            self.add_error = error.message if isinstance(error, ShopHubError) else "Choose what you would like first."
            self.is_adding = False
            return
        cart_state = await self.get_state(CartState)
        cart_state._show(cart)
        self.is_adding = False
        self.quantity = 1
        self.epoch += 1
        yield open_dialog(CART_DRAWER)

    async def _be_ready(self) -> None:
        """Read the product where that has not happened: after a lost server, what was pressed can be heard first."""
        url = self.router.url
        path = url.path.rstrip("/")
        if self.loaded != path:
            await self._read(path.removeprefix(PREFIX), dict(parse_qsl(urlsplit(str(url)).query)))
            self.loaded = path

    async def _refresh(self, notice: Notice) -> None:
        """Show the product as it is now: price or stock changed somewhere."""
        if notice.id == self.view.id or notice.product_id == self.view.id:
            await self._read(self.view.slug, {one.name: one.selected for one in self.view.options if one.selected})

    async def _read(self, slug: str, selection: Mapping[str, str]) -> Any:
        try:
            async with transaction() as session:
                view = await catalog.get_product(session, slug, selection)
        except catalog.SlugMovedError as moved:
            return rx.redirect(PREFIX + moved.slug, replace=True)
        except (NotFoundError, InvalidInputError):
            self.is_missing, self.title = True, "Page not found"
            return None
        self.view, self.is_missing = view, False
        self.title = view.name
        live.watch(self, f"product:{view.id}")
        if self.quantity > max(1, view.max_quantity):
            self.quantity = max(1, view.max_quantity)
        self.epoch += 1
        return None


for _kind in ("product", "variant"):
    live.refreshes(_kind, ProductState, ProductState._refresh)
