"""The wishlist's own page, and the page that a shared link opens."""

import contextlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import FeatureOffError, NotFoundError, ShopHubError
from shophub.lib.ui_ids import CART_DRAWER
from shophub.schemas.community import WishlistView
from shophub.services import wishlists
from shophub.services.cards import product_of
from shophub.services.flows.fill_cart import add_to_cart
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.page_actions import announce, focus, focus_item, open_dialog
from shophub.state.session import ShopperState
from shophub.state.store.cart import CartState
from shophub.state.store.live_cards import SETTINGS_KIND, shows, watch_page
from shophub.state.store.wishes import WishState

if TYPE_CHECKING:
    from shophub.db import AsyncSession

PATH = "/wishlist"
UNDO_MILLISECONDS = 8_000
ITEM_LINKS = "#wishlist-items h2 a"


class WishlistState(ShopperState, rx.State):
    """One's own wishlist, as far as it has been opened."""

    view: rx.Field[WishlistView] = rx.field(default_factory=WishlistView)
    loaded: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    moving: rx.Field[str] = rx.field("")
    _pages: int = 1

    @handler(Permission.OWN_ACCOUNT)
    async def load(self) -> None:
        """Read the list; where the store keeps none, the page is not there."""
        self._pages = 1
        await self._show_or_not()
        self.loaded = PATH

    @handler(Permission.OWN_ACCOUNT)
    async def show_more(self) -> Any:
        """Add the next page below."""
        first = len(self.view.items)
        self._pages += 1
        return await self._try(self._show, [focus_item(ITEM_LINKS, first)])

    @handler(Permission.OWN_ACCOUNT)
    async def remove(self, product_id: str) -> Any:
        """Take a product off the list, with a way back."""
        ids = [item.card.id for item in self.view.items]
        name = next((item.card.name for item in self.view.items if item.card.id == product_id), "")

        async def change() -> None:
            await self._wish(product_id, wished=False)

        undo = ToastAction(label="Undo", on_click=WishlistState.put_back(product_id))
        place = ids.index(product_id) if product_id in ids else 0
        return await self._try(
            change,
            [
                rx.toast(f"{name} was removed from your wishlist.", action=undo, duration=UNDO_MILLISECONDS),
                focus_item(ITEM_LINKS, min(place, max(0, len(ids) - 2))) if len(ids) > 1 else focus("wishlist-title"),
            ],
        )

    @handler(Permission.OWN_ACCOUNT)
    async def put_back(self, product_id: str) -> Any:
        """Undo a removal."""

        async def change() -> None:
            await self._wish(product_id, wished=True)

        return await self._try(change, [])

    @handler(Permission.OWN_ACCOUNT)
    async def move_to_cart(self, product_id: str) -> Any:
        """Put one of a product into the cart and take it off the list; it stays where there is none left."""
        variant_id = next((item.variant_id for item in self.view.items if item.card.id == product_id), "")

        async def change() -> None:
            async with transaction() as session:
                owner = await self._owner(session)
            cart = await add_to_cart(owner, _id(variant_id), 1)
            (await self.get_state(CartState))._show(cart)
            await self._wish(product_id, wished=False)

        self.moving = str(product_id)
        yield
        done = await self._try(change, [open_dialog(CART_DRAWER)])
        self.moving = ""
        yield done

    @handler(Permission.OWN_ACCOUNT)
    async def share(self) -> Any:
        """Make a link that shows the list to others."""

        async def change() -> None:
            async with transaction() as session:
                await wishlists.share(session, await self._user_id(session))
            await self._show()

        return await self._try(change, [announce("Your wishlist has a link now."), focus("share-url")])

    @handler(Permission.OWN_ACCOUNT)
    async def unshare(self) -> Any:
        """Take the link back."""

        async def change() -> None:
            async with transaction() as session:
                await wishlists.unshare(session, await self._user_id(session))
            await self._show()

        return await self._try(change, [announce("The link no longer works."), focus("share-wishlist")])

    async def _try(self, change: Any, then: list[Any]) -> Any:
        """Do something and return what the page does then, or have it say why not."""
        try:
            await change()
        except ShopHubError as error:
            return rx.toast.error(error.message)
        return then

    async def _wish(self, product_id: str, *, wished: bool) -> None:
        hearts = await self.get_state(WishState)
        async with transaction() as session:
            user_id = await self._user_id(session)
            change = wishlists.add if wished else wishlists.remove
            hearts.ids = await change(session, user_id, _id(product_id))
        await self._show()

    async def _show_or_not(self) -> None:
        try:
            await self._show()
            self.is_missing = False
        except FeatureOffError:
            self.is_missing = True
            watch_page(self)

    async def _show(self) -> None:
        async with transaction() as session:
            self.view = await wishlists.get_own(session, await self._user_id(session), pages=self._pages)
        watch_page(self, tuple(item.card for item in self.view.items))

    async def _refresh(self, notice: Notice) -> None:
        """Show the list as it is now: price or stock of something on it has changed, or the store's settings."""
        if notice.kind == SETTINGS_KIND:
            with contextlib.suppress(NotFoundError):  # signed out meanwhile: the next act says so
                if shows(self, PATH):
                    await self._show_or_not()
        elif any(item.card.id == product_of(notice) for item in self.view.items):
            with contextlib.suppress(ShopHubError):  # signed out or switched off meanwhile: the next act says so
                await self._show()

    async def _user_id(self, session: "AsyncSession") -> UUID:
        user = (await self._visitor(session)).user
        if user is None:
            raise NotFoundError("Sign in again to see your wishlist.")
        return user.id


for _kind in ("product", "variant", SETTINGS_KIND):
    live.refreshes(_kind, WishlistState, WishlistState._refresh)


def _id(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as error:
        raise NotFoundError("That is not on your wishlist any more.") from error
