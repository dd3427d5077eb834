"""What the header shows on every page."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.schemas.catalog import CategoryView
from shophub.services import carts, catalog, checkouts, notices, stores
from shophub.state import ended_sessions
from shophub.state.guards import handler
from shophub.state.session import ShopperState
from shophub.state.store.cart import CartState

# The notice was shown: the address without it is what a reload or a copied link should have.
FORGET_NOTICE = (
    "(() => { const url = new URL(location); ['notice', 'verified'].forEach((name) => url.searchParams.delete(name)); "
    "history.replaceState(history.state, '', url); })()"
)
# What following the link of a verification mail came to.
VERIFIED = {
    "1": "Thank you, your e-mail address is verified.",
    "0": "That link has been used or is too old. Sign in to be sent a new one.",
}


class ShellState(ShopperState, rx.State):
    """Who is signed in, the store's name, and the categories."""

    store_name: rx.Field[str] = rx.field("")
    user_name: rx.Field[str] = rx.field("")
    user_email: rx.Field[str] = rx.field("")
    has_second_factor: rx.Field[bool] = rx.field(False)
    categories: rx.Field[tuple[CategoryView, ...]] = rx.field(default_factory=tuple)

    @handler(Permission.VISIT)
    async def load_store(self) -> None:
        """Read what a page with the reduced header shows of the store."""
        async with transaction() as session:
            self.store_name = (await stores.get_store(session)).name

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read what the header and the cart drawer need; runs on every page."""
        cart_state = await self.get_state(CartState)
        async with transaction() as session:
            visitor = await self._visitor(session)
            categories = await catalog.list_categories(session)
            cart = await carts.get_cart(session, checkouts.owner_of(visitor))
            self.store_name = (await stores.get_store(session)).name
        ended_sessions.note_role(self.router.session.client_token, visitor.user.role if visitor.user else "")
        self.user_name = visitor.user.full_name if visitor.user else ""
        self.user_email = visitor.user.email if visitor.user else ""
        self.has_second_factor = visitor.has_second_factor
        if categories != self.categories:
            self.categories = categories
        cart_state._show(cart)
        given = parse_qs(urlsplit(str(self.router.url)).query)
        notice = notices.read(given.get("notice", [""])[0]) or VERIFIED.get(given.get("verified", [""])[0], "")
        return [rx.toast(notice), rx.call_script(FORGET_NOTICE)] if notice else None
