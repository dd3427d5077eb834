"""What the visitor looked at lately; a page shows it with ``components.store.recent.recently_viewed``."""

from typing import TYPE_CHECKING
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.schemas.catalog import CardView
from shophub.services import viewed
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.session import ShopperState
from shophub.state.store.live_cards import SETTINGS_KIND, current

if TYPE_CHECKING:
    from shophub.db import AsyncSession
    from shophub.schemas.accounts import Visitor


class RecentState(ShopperState, rx.State):
    """Products that this visitor looked at, the last first. Kept by the server; the browser holds no history."""

    cards: rx.Field[tuple[CardView, ...]] = rx.field(default_factory=tuple)

    async def _open(self) -> None:
        """Read them in the event that reads the page that shows them: it watches them from its beginning on."""
        async with transaction() as session:
            await self._read(session, await self._visitor(session))

    async def _read(self, session: "AsyncSession", visitor: "Visitor", *, but: UUID | None = None) -> None:
        self.cards = await viewed.list_recent(session, visitor, but=but)

    async def _refresh(self, _notice: Notice) -> None:
        """Show them under the settings of now: another currency, without stars. What they are stays."""
        if self.cards:
            self.cards = await current(self.cards)


live.refreshes(SETTINGS_KIND, RecentState, RecentState._refresh)
