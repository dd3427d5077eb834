"""What the header shows on every page."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission, may
from shophub.schemas.catalog import CategoryView
from shophub.schemas.stores import StoreView
from shophub.services import carts, catalog, checkouts, notices, stores
from shophub.services.authorisation import role_of
from shophub.services.live import Notice
from shophub.state import ended_sessions, live
from shophub.state.guards import handler
from shophub.state.page_actions import FORGET_NOTICE
from shophub.state.session import ShopperState
from shophub.state.store.cart import CartState
from shophub.state.store.live_cards import SETTINGS, SETTINGS_KIND
from shophub.state.store.wishes import WishState

# What following the link of a verification mail came to.
VERIFIED = {
    "1": "Thank you, your e-mail address is verified.",
    "0": "That link has been used or is too old. Sign in to be sent a new one.",
}


class ShellState(ShopperState, rx.State):
    """Who is signed in, the store's name, and the categories."""

    store_name: rx.Field[str] = rx.field("")
    logo_url: rx.Field[str] = rx.field("")
    user_name: rx.Field[str] = rx.field("")
    user_email: rx.Field[str] = rx.field("")
    has_second_factor: rx.Field[bool] = rx.field(False)
    is_staff: rx.Field[bool] = rx.field(False)
    categories: rx.Field[tuple[CategoryView, ...]] = rx.field(default_factory=tuple)

    @handler(Permission.VISIT)
    async def load_store(self) -> None:
        """Read what a page with the reduced header shows of the store."""
        async with transaction() as session:
            self._name(await stores.get_store(session))

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read what the header and the cart drawer need; runs on every page."""
        cart_state = await self.get_state(CartState)
        async with transaction() as session:
            visitor = await self._visitor(session)
            categories = await catalog.list_categories(session)
            cart = await carts.get_cart(session, checkouts.owner_of(visitor))
            store = await stores.get_store(session)
            await (await self.get_state(WishState))._read(session, visitor, store)
        self._count_visit(visitor)
        self._name(store)
        live.watch(self, SETTINGS)
        ended_sessions.note_role(self.router.session.client_token, visitor.user.role if visitor.user else "")
        self.user_name = visitor.user.full_name if visitor.user else ""
        self.user_email = visitor.user.email if visitor.user else ""
        self.has_second_factor = visitor.has_second_factor
        self.is_staff = may(role_of(visitor), Permission.ENTER_BACK_OFFICE)
        if categories != self.categories:
            self.categories = categories
        cart_state._show(cart)
        given = parse_qs(urlsplit(str(self.router.url)).query)
        notice = notices.read(given.get("notice", [""])[0]) or VERIFIED.get(given.get("verified", [""])[0], "")
        return [rx.toast(notice), rx.call_script(FORGET_NOTICE)] if notice else None

    def _name(self, store: StoreView) -> None:
        self.store_name, self.logo_url = store.name, store.logo_url

    async def _refresh(self, _notice: Notice) -> None:
        """Show the store's name and logo as they are now."""
        async with transaction() as session:
            self._name(await stores.get_store(session))


live.refreshes(SETTINGS_KIND, ShellState, ShellState._refresh)
