"""The dashboard: how the shop is doing."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission, may
from shophub.domain.ranges import DayRange, parse_range
from shophub.lib.clock import utc_now
from shophub.schemas.dashboard import DashboardView, FeedView, RangeChoice
from shophub.services import dashboard
from shophub.services.authorisation import role_of
from shophub.services.views.dashboard import PATH
from shophub.services.views.figures import range_choices
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.session import AdminState

if TYPE_CHECKING:
    from shophub.services.live import Notice

TOPIC = "order:*"


class DashboardState(AdminState, rx.State):
    """The figures of the range that the address names; the feed goes on by itself while the page is open."""

    loaded: rx.Field[str] = rx.field("")
    choices: rx.Field[tuple[RangeChoice, ...]] = rx.field(default_factory=tuple)
    view: rx.Field[DashboardView] = rx.field(default_factory=DashboardView)
    feed: rx.Field[FeedView] = rx.field(default_factory=FeedView)
    heard: rx.Field[str] = rx.field("")

    @handler(Permission.ENTER_BACK_OFFICE)
    async def load(self) -> None:
        """Read what the page shows, for the range in the address."""
        live.watch(self, TOPIC, part="page")
        days = self._range()
        async with transaction() as session:
            role = role_of(await self._visitor(session))
            view = await dashboard.get_dashboard(session, days, role)
            feed = await dashboard.get_feed(session, role, utc_now())
        self.choices = range_choices(days, PATH)
        self.view, self.feed, self.heard = view, feed, ""
        self.loaded = PATH

    async def _refresh(self, _notice: "Notice") -> None:
        """Show an order that has just come, or has just changed, to who may still see it."""
        if self.router.url.path != PATH or not self.loaded:
            return
        known = frozenset(order.id for order in self.feed.orders)
        async with transaction() as session:
            role = role_of(await self._visitor(session))
            if not may(role, Permission.ENTER_BACK_OFFICE):
                return
            feed = await dashboard.get_feed(session, role, utc_now(), known)
        self.feed = feed
        come = [order for order in feed.orders if order.is_new]
        self.heard = f"New order from {come[0].name}: {come[0].total_text}" if come else self.heard

    def _range(self) -> DayRange:
        given = parse_qs(str(self.router.url.query))
        name, start, end = (given.get(one, [""])[0] for one in ("range", "from", "to"))
        return parse_range(name, start, end, utc_now().date())


live.refreshes("order", DashboardState, DashboardState._refresh)
