"""The pages about the shop itself, as everybody sees them."""

import reflex as rx

from shophub.db import transaction
from shophub.domain.information import InformationPage, page_at
from shophub.domain.permissions import Permission
from shophub.schemas.information import InformationView
from shophub.services.information import texts
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.admin.information import InformationEditorState
from shophub.state.guards import handler
from shophub.state.session import ShopperState
from shophub.state.store.live_cards import SETTINGS


class InformationState(ShopperState, rx.State):
    """The page that is open."""

    view: rx.Field[InformationView] = rx.field(default_factory=InformationView)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> None:
        """Read the page that the address names."""
        page = page_at(self.router.url.path)
        if page is None:
            return
        async with transaction() as session:
            self.view = await texts.get_page(session, page)
            visitor = await self._visitor(session)
        (await self.get_state(InformationEditorState))._offer(visitor)
        self.loaded = page.path
        live.watch(self, f"information:{page.value}", SETTINGS, part="page")

    async def _refresh(self, _notice: Notice) -> None:
        """Show the page as it is now."""
        if self.view.page not in list(InformationPage):
            return
        async with transaction() as session:
            view = await texts.get_page(session, InformationPage(self.view.page))
        if view != self.view:
            self.view = view


for _kind in ("information", "settings"):
    live.refreshes(_kind, InformationState, InformationState._refresh)
