"""The hearts: what the shopper wishes for, on every page."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import ShopHubError
from shophub.schemas.stores import StoreView
from shophub.services import stores, wishlists
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.page_actions import announce
from shophub.state.session import ShopperState

if TYPE_CHECKING:
    from shophub.db import AsyncSession
    from shophub.schemas.accounts import Visitor


class WishState(ShopperState, rx.State):
    """The ids of the wished products. ``answered`` is the product that the last answer was about."""

    ids: rx.Field[tuple[str, ...]] = rx.field(default_factory=tuple)
    is_on: rx.Field[bool] = rx.field(False)
    can_wish: rx.Field[bool] = rx.field(False)
    answered: rx.Field[str] = rx.field("")
    epoch: rx.Field[int] = rx.field(0)

    @handler(Permission.VISIT)
    async def toggle(self, product_id: str, wished: bool) -> Any:
        """Put a product on the list or take it off; again changes nothing. A guest's wishes wait for the sign-in."""
        is_wished = wished is True
        try:
            async with transaction() as session:
                visitor = await self._visitor(session)
                ids = await _change(session, visitor, _id(product_id), is_wished)
        except ShopHubError as error:
            self._answer(product_id)
            return rx.toast.error(error.message)
        if ids is None:
            return rx.redirect(self._sign_in())
        is_first = is_wished and not self.ids and bool(ids)
        self.ids = ids
        self._answer(product_id)
        if is_first and visitor.user is None:
            sign_in = ToastAction(label="Sign in", on_click=rx.redirect(self._sign_in()))
            return rx.toast("Saved. Sign in to find it in your wishlist, on every device.", action=sign_in)
        return announce("Added to your wishlist" if is_wished else "Removed from your wishlist")

    async def _read(self, session: "AsyncSession", visitor: "Visitor", store: StoreView) -> None:
        """Learn what is wished for; the shell calls this on every page."""
        self.is_on, self.can_wish = store.wishlist_enabled, bool(visitor.user or visitor.guest_token)
        self.ids = await _wished(session, visitor) if self.is_on else ()

    def _sign_in(self) -> str:
        return f"/login?next={quote(str(self.router.url.path))}"

    async def _refresh(self, notice: Notice) -> None:
        """Show or hide the hearts: the store's settings have changed."""
        async with transaction() as session:
            await self._read(session, await self._visitor(session), await stores.get_store(session))

    def _answer(self, product_id: str) -> None:
        self.answered = str(product_id)
        self.epoch += 1


live.refreshes("settings", WishState, WishState._refresh)


def _id(text: str) -> UUID:
    """Return a product's id; what no page sends is nobody's."""
    try:
        return UUID(str(text))
    except ValueError:
        return UUID(int=0)


async def _wished(session: "AsyncSession", visitor: "Visitor") -> tuple[str, ...]:
    if visitor.user is not None:
        return await wishlists.list_ids(session, visitor.user.id)
    return await wishlists.list_guest_ids(session, visitor.guest_token) if visitor.guest_token else ()


async def _change(
    session: "AsyncSession", visitor: "Visitor", product_id: UUID, is_wished: bool
) -> tuple[str, ...] | None:
    """Return all wished ids afterwards, or None for who has neither account nor cookie."""
    if visitor.user is not None:
        change = wishlists.add if is_wished else wishlists.remove
        return await change(session, visitor.user.id, product_id)
    if visitor.guest_token:
        keep = wishlists.add_for_guest if is_wished else wishlists.remove_for_guest
        return await keep(session, visitor.guest_token, product_id)
    return None
