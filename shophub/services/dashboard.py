"""How the shop is doing: the figures of a range with what they were before, and what waits for somebody."""

from datetime import datetime

from shophub.db import AsyncSession
from shophub.domain.admin_sections import leads_to
from shophub.domain.ranges import DayRange
from shophub.domain.statuses import Role
from shophub.repositories import analytics, sales_figures
from shophub.schemas.dashboard import DashboardView, FeedView
from shophub.services import stores
from shophub.services.views import dashboard as views
from shophub.services.views.figures import Links, Sales

TOP = 5
LOW = 5
LATEST = 8


async def get_dashboard(session: AsyncSession, days: DayRange, role: Role | None) -> DashboardView:
    """Return the figures of a range. Five statements, however much was sold.

    Sums are in the store's present currency; what was sold in others is named beside them, never added. Only what the
    role may open is linked.
    """
    currency = (await stores.get_store(session)).currency
    sales = Sales(days, currency, await sales_figures.list_sales_by_day(session, days))
    people = await analytics.get_people(session, days)
    links = Links(lambda path: leads_to(role, path))
    return views.dashboard_view(
        sales,
        people,
        top=await sales_figures.list_best(session, days, currency, TOP),
        low=await analytics.list_low_stock(session, LOW),
        links=links,
    )


async def get_feed(
    session: AsyncSession, role: Role | None, now: datetime, known: frozenset[str] | None = None
) -> FeedView:
    """Return the newest orders and what waits. Two statements. What is not ``known`` (None: all is) is new."""
    links = Links(lambda path: leads_to(role, path))
    to_do = await analytics.get_to_do(session)
    latest = await analytics.list_latest_orders(session, LATEST)
    return FeedView(
        to_do=views.to_do_views(to_do, links),
        orders=tuple(
            views.latest_view(row, links, now, is_new=known is not None and str(row.id) not in known) for row in latest
        ),
    )
