"""What was sold to whom and how, over a range of days: exact figures, and the page and the files made of them."""

from shophub.db import AsyncSession
from shophub.domain.admin_sections import leads_to
from shophub.domain.ranges import DayRange, Question
from shophub.domain.statuses import Role
from shophub.errors import NotFoundError
from shophub.repositories import analytics, sales_figures, visits
from shophub.schemas.analytics import AnalyticsView, FunnelStep
from shophub.services import stores
from shophub.services.views import analytics as views
from shophub.services.views import analytics_files as files
from shophub.services.views.analytics import Figures
from shophub.services.views.figures import Links

SHOWN = 10
# More rows than this nobody reads in a file either.
IN_FILE = 10_000


async def get_figures(session: AsyncSession, asked: Question) -> Figures:
    """Return the figures that were asked for, without words. Eight statements, however much was sold."""
    days = asked.days
    currency = asked.currency or (await stores.get_store(session)).currency
    funnel, before = await visits.get_funnels(session, days.start, days.end, days.before.start)
    products, categories = await sales_figures.list_sold(session, days, currency, SHOWN)
    return Figures(
        days=days,
        currency=currency,
        sales=await sales_figures.list_sales_by_day(session, days),
        funnel=funnel,
        funnel_before=before,
        products=products,
        categories=categories[:SHOWN],
        coupons=await sales_figures.list_coupons(session, days, currency, SHOWN),
        refunds=await analytics.list_refunds(session, days),
        searches=await analytics.list_searches_in_vain(session, days, SHOWN),
        low=await analytics.list_low_stock(session, SHOWN),
    )


async def get_view(session: AsyncSession, asked: Question, role: Role | None) -> AnalyticsView:
    """Return the page of what was asked for; only what the role may open is linked."""
    found = await get_figures(session, asked)
    return views.analytics_view(asked, found, Links(lambda path: leads_to(role, path)))


async def get_funnel(session: AsyncSession, asked: Question) -> tuple[FunnelStep, ...]:
    """Return how far the visits of a range came by now. One statement."""
    days = asked.days
    return views.funnel_steps(
        *await visits.get_funnels(session, days.start, days.end, days.before.start), is_compared=asked.is_compared
    )


async def get_file(session: AsyncSession, name: str, days: DayRange) -> str:
    """Return a report of a range for spreadsheets, in every currency. One statement.

    Raises:
        NotFoundError: There is no such report.
    """
    if name in ("sales", "customers"):
        rows = await sales_figures.list_sales_by_day(session, days)
        return files.sales(rows, days) if name == "sales" else files.customers(rows, days)
    if name == "visits":
        return files.visits(await visits.list_by_day(session, days.start, days.end))
    if name in ("products", "categories"):
        products, categories = await sales_figures.list_sold(session, days, None, IN_FILE)
        return files.sold("Product", products) if name == "products" else files.sold("Category", categories)
    if name == "coupons":
        return files.coupons(await sales_figures.list_coupons(session, days, None, IN_FILE))
    if name == "refunds":
        return files.refunds(await analytics.list_refunds(session, days))
    if name == "searches":
        return files.searches(await analytics.list_searches_in_vain(session, days, IN_FILE))
    if name == "low-stock":
        return files.low_stock(await analytics.list_low_stock(session, IN_FILE))
    raise NotFoundError("There is no such report.")
