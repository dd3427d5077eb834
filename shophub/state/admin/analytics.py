"""Analytics: the figures of a range, and how far visits come while somebody looks."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import reflex as rx

from shophub.db import transaction
from shophub.domain.admin_sections import ANALYTICS_PATH
from shophub.domain.permissions import Permission, may
from shophub.domain.ranges import Question, parse_question
from shophub.lib.clock import utc_now
from shophub.schemas.analytics import AnalyticsView
from shophub.services import analytics
from shophub.services.authorisation import role_of
from shophub.services.views.analytics import with_funnel
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.session import AdminState

if TYPE_CHECKING:
    from shophub.services.live import Notice

KIND = "visits"


class AnalyticsState(AdminState, rx.State):
    """The figures that the address asks for; the funnel goes on by itself while the page is open."""

    loaded: rx.Field[str] = rx.field("")
    view: rx.Field[AnalyticsView] = rx.field(default_factory=AnalyticsView)

    @handler(Permission.SEE_ANALYTICS)
    async def load(self) -> None:
        """Read what the page shows."""
        live.watch(self, f"{KIND}:all", part="page")
        async with transaction() as session:
            role = role_of(await self._visitor(session))
            view = await analytics.get_view(session, self._asked(), role)
        self.view, self.loaded = view, ANALYTICS_PATH

    async def _refresh(self, _notice: "Notice") -> None:
        """Show visits that have come, or came further, to who may still see them."""
        if self.router.url.path != ANALYTICS_PATH or not self.loaded:
            return
        async with transaction() as session:
            if not may(role_of(await self._visitor(session)), Permission.SEE_ANALYTICS):
                return
            funnel = await analytics.get_funnel(session, self._asked())
        if funnel != self.view.funnel:
            self.view = with_funnel(self.view, funnel)

    def _asked(self) -> Question:
        return parse_question(dict(parse_qsl(str(self.router.url.query))), utc_now().date())


live.refreshes(KIND, AnalyticsState, AnalyticsState._refresh)
