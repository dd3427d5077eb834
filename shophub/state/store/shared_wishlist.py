"""The page that the link of a shared wishlist opens."""

from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import NotFoundError
from shophub.schemas.community import WishlistView
from shophub.services import wishlists
from shophub.services.cards import product_of
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.page_actions import focus_item
from shophub.state.session import ShopperState
from shophub.state.store.live_cards import SETTINGS_KIND, shows, watch_page


class SharedWishlistState(ShopperState, rx.State):
    """Somebody's wishlist, as far as it has been opened."""

    view: rx.Field[WishlistView] = rx.field(default_factory=WishlistView)
    loaded: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    _token: str = ""
    _pages: int = 1

    @handler(Permission.VISIT)
    async def load(self) -> None:
        """Read the list that the address names; a link that was taken back opens nothing."""
        path = self.router.url.path.rstrip("/")
        self._token, self._pages = path.removeprefix(wishlists.SHARED), 1
        await self._show()
        self.loaded = path

    @handler(Permission.VISIT)
    async def show_more(self) -> Any:
        """Add the next page below."""
        first = len(self.view.items)
        self._pages += 1
        await self._show()
        return focus_item("#wishlist-items h2 a", first)

    async def _show(self) -> None:
        try:
            async with transaction() as session:
                self.view = await wishlists.get_shared(session, self._token, pages=self._pages)
        except NotFoundError:
            self.view, self.is_missing, self.title = WishlistView(), True, "Page not found"
            watch_page(self)
            return
        self.is_missing, self.title = False, f"{self.view.owner}’s wishlist"
        watch_page(self, tuple(item.card for item in self.view.items))

    async def _refresh(self, notice: Notice) -> None:
        """Show the list as it is now: something on it has changed, or the store's settings."""
        if not shows(self, self.loaded):
            return
        if notice.kind == SETTINGS_KIND or any(item.card.id == product_of(notice) for item in self.view.items):
            await self._show()


for _kind in ("product", "variant", SETTINGS_KIND):
    live.refreshes(_kind, SharedWishlistState, SharedWishlistState._refresh)
