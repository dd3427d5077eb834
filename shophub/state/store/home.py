"""The front page."""

from dataclasses import replace

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.schemas.catalog import HomeView
from shophub.services import catalog
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.store.live_cards import SETTINGS_KIND, refreshed, shows, watch_page
from shophub.state.store.recent import RecentState

PATH = "/"


class HomeState(rx.State):
    """What the front page shows; ``loaded`` is its path once it is there."""

    view: rx.Field[HomeView] = rx.field(default_factory=HomeView)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> None:
        """Read the front page."""
        recent = await self.get_state(RecentState)
        await recent._open()
        self.view = await _read()
        self.loaded = PATH
        await self._watch()

    async def _watch(self) -> None:
        view, recent = self.view, await self.get_state(RecentState)
        watch_page(self, view.new_arrivals, view.offers, view.best_sellers, recent.cards)

    async def _refresh(self, notice: Notice) -> None:
        """Show a card as it is now, in every row that it stands in; with other settings, show the page anew."""
        view, recent = self.view, await self.get_state(RecentState)
        if notice.kind == SETTINGS_KIND:
            if shows(self, PATH):
                self.view = await live.shared(("home",), _read)
                await self._watch()
            return
        found = await refreshed(notice, view.new_arrivals, view.offers, view.best_sellers, recent.cards)
        if found is not None:
            newest, offers, best, recent.cards = found
            self.view = replace(view, new_arrivals=newest, offers=offers, best_sellers=best)


async def _read() -> HomeView:
    async with transaction() as session:
        return await catalog.get_home(session)


for _kind in ("product", "variant", SETTINGS_KIND):
    live.refreshes(_kind, HomeState, HomeState._refresh)
