"""What the header shows on every page."""

import reflex as rx

from shophub.db import transaction
from shophub.schemas.catalog import CategoryView
from shophub.services import carts, catalog
from shophub.state.session import ShopperState
from shophub.state.store.cart import CartState


class ShellState(ShopperState, rx.State):
    """Who is signed in, and the categories."""

    user_name: rx.Field[str] = rx.field("")
    user_email: rx.Field[str] = rx.field("")
    categories: rx.Field[tuple[CategoryView, ...]] = rx.field(default_factory=tuple)

    @rx.event
    async def load(self) -> None:
        """Read what the header and the cart drawer need; runs on every page."""
        cart_state = await self.get_state(CartState)
        async with transaction() as session:
            visitor = await self._visitor(session)
            categories = await catalog.list_categories(session)
            cart = await carts.get_cart(session, await self._owner(session))
        self.user_name = visitor.user.full_name if visitor.user else ""
        self.user_email = visitor.user.email if visitor.user else ""
        if categories != self.categories:
            self.categories = categories
        cart_state._show(cart)
