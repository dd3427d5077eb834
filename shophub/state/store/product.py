"""A product's page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.visits import Step
from shophub.errors import InvalidInputError, NotFoundError, ProductGoneError, ShopHubError
from shophub.lib.ui_ids import CART_DRAWER
from shophub.schemas.catalog import LinkView, ProductView
from shophub.services import cards, catalog, viewed
from shophub.services.flows.fill_cart import add_to_cart
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.page_actions import open_dialog, replace_address
from shophub.state.session import ShopperState
from shophub.state.store.cart import CartState
from shophub.state.store.live_cards import refreshed, watch_page
from shophub.state.store.recent import RecentState
from shophub.state.store.reviews import ReviewsState

PREFIX = "/products/"


class ProductState(ShopperState, rx.State):
    """One product with one variant chosen."""

    view: rx.Field[ProductView] = rx.field(default_factory=ProductView)
    loaded: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    shelf: rx.Field[LinkView] = rx.field(default_factory=LinkView)
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
        if found is None and not self.is_missing:
            self._came_to(Step.PRODUCT)
            await self._open_beside(UUID(self.view.id))
        self.loaded = path
        return found

    @handler(Permission.VISIT)
    async def choose(self, option: str, value: str) -> Any:
        """Choose a value of one option; the others stay. The address follows."""
        await self._be_ready()
        selection = {one.name: one.selected for one in self.view.options if one.selected}
        selection[str(option)] = str(value)
        await self._read(self.view.slug, selection, moves=True)
        self.add_error = ""
        chosen = {one.name: one.selected for one in self.view.options if one.selected}
        address = f"{PREFIX}{self.view.slug}?{urlencode(chosen)}"
        return replace_address(address)

    @handler(Permission.VISIT)
    async def set_quantity(self, quantity: int) -> None:
        """Keep how many are wanted, as far as there are so many: some may have been sold while it was typed."""
        await self._be_ready()
        if isinstance(quantity, int) and 1 <= quantity <= 99:
            self.quantity = min(quantity, max(1, self.view.max_quantity))
            self.epoch += 1

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

    async def _open_beside(self, product_id: UUID) -> None:
        """Show what stands beside the product: its reviews, and what was looked at before it."""
        recent = await self.get_state(RecentState)
        async with transaction() as session:
            visitor = await self._visitor(session)
            await recent._read(session, visitor, but=product_id)
            await viewed.note(session, visitor, product_id)
        await (await self.get_state(ReviewsState))._open(product_id)
        await self._watch()

    async def _watch(self) -> None:
        recent = await self.get_state(RecentState)
        watch_page(self, self.view.related, recent.cards, topics=(f"product:{self.view.id}",))

    async def _be_ready(self) -> None:
        """Read the product where that has not happened: after a lost server, what was pressed can be heard first."""
        url = self.router.url
        path = url.path.rstrip("/")
        if self.loaded != path:
            await self._read(path.removeprefix(PREFIX), dict(parse_qsl(urlsplit(str(url)).query)))
            self.loaded = path

    async def _refresh(self, notice: Notice) -> None:
        """Show the product, and those beside it, as they are now: price, stock or a setting changed somewhere."""
        changed = cards.product_of(notice)
        if changed == self.view.id or notice.kind == "settings":
            chosen = {one.name: one.selected for one in self.view.options if one.selected}
            await self._read(self.view.slug, chosen, among_many=True, moves=True)
            return
        recent = await self.get_state(RecentState)
        found = await refreshed(notice, self.view.related, recent.cards)
        if found is not None:
            self.view = replace(self.view, related=found[0])
            recent.cards = found[1]

    async def _read(
        self, slug: str, selection: Mapping[str, str], *, among_many: bool = False, moves: bool = False
    ) -> Any:
        """Show a product; ``moves`` where it is shown already and may have been given another address meanwhile."""

        async def read() -> ProductView:
            async with transaction() as session:
                return await catalog.get_product(session, slug, selection)

        try:
            if among_many:
                view = await live.shared(("product", slug, *sorted(selection.items())), read)
            else:
                view = await read()
        except catalog.SlugMovedError as moved:
            if moves:
                return await self._read(moved.slug, selection, among_many=among_many)
            return rx.redirect(PREFIX + moved.slug, replace=True)
        except ProductGoneError as gone:
            self.is_missing, self.title = True, gone.message
            self.shelf = LinkView(gone.category_name, f"/categories/{gone.category_slug}")
            return None
        except (NotFoundError, InvalidInputError):
            self.is_missing, self.title, self.shelf = True, "Page not found", LinkView()
            return None
        self.view, self.is_missing = view, False
        self.title = view.name
        await self._watch()
        if self.quantity > max(1, view.max_quantity):
            self.quantity = max(1, view.max_quantity)
        self.epoch += 1
        return None


for _kind in ("product", "variant", "settings"):
    live.refreshes(_kind, ProductState, ProductState._refresh)
