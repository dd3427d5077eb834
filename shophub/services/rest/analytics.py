"""Figures of the store as programs read them: the same as on their page, without words."""

from collections.abc import Sequence
from datetime import timedelta

from shophub.db import AsyncSession
from shophub.domain.ranges import Question
from shophub.repositories.sales_figures import DaySales, SoldRow
from shophub.repositories.visits import Funnel
from shophub.schemas.api.analytics import (
    AnalyticsOut,
    CouponSalesOut,
    CurrencySalesOut,
    DayOut,
    FunnelOut,
    LowStockOut,
    SalesOut,
    SearchOut,
    SoldOut,
)
from shophub.services import analytics
from shophub.services.views.analytics import Figures
from shophub.services.views.figures import Sales


async def get_analytics(session: AsyncSession, asked: Question) -> AnalyticsOut:
    """Return the figures of a range. Eight statements, however much was sold."""
    found = await analytics.get_figures(session, asked)
    sales = Sales(found.days, found.currency, found.sales)
    return AnalyticsOut(
        first=found.days.start,
        last=found.days.end,
        currency=found.currency,
        sales=_sums(sales, sales.now, found.funnel, _refunded(found, is_now=True)),
        before=_sums(sales, sales.before, found.funnel_before, _refunded(found, is_now=False)),
        by_day=_days(sales),
        by_status=dict(sorted(sales.by_status().items())),
        by_currency=_currencies(sales),
        top_products=[_sold(row) for row in found.products],
        top_categories=[_sold(row) for row in found.categories],
        coupons=[
            CouponSalesOut(code=row.code, uses=row.uses, revenue=row.net_minor, discount=row.discount_minor)
            for row in found.coupons
        ],
        funnel=FunnelOut.model_validate(found.funnel),
        searches_in_vain=[SearchOut.model_validate(row) for row in found.searches],
        low_stock=[LowStockOut.model_validate(row) for row in found.low],
    )


def _sums(sales: Sales, rows: Sequence[DaySales], funnel: Funnel, refunded: int) -> SalesOut:
    return SalesOut(
        revenue=sales.net(rows),
        orders=sales.orders(rows),
        average_order=sales.average(rows),
        visits=funnel.visits,
        visits_with_order=funnel.ordered,
        new_customers=sum(row.first_orders for row in rows),
        refunded=refunded,
    )


def _refunded(found: Figures, *, is_now: bool) -> int:
    return sum(
        row.amount_minor for row in found.refunds if row.currency == found.currency and bool(row.is_now) is is_now
    )


def _days(sales: Sales) -> list[DayOut]:
    """Return every day of the range, those without orders too: a chart needs them."""
    start = sales.days.start
    days = [DayOut(day=start + timedelta(days=place), revenue=0, orders=0) for place in range(sales.days.days)]
    for row in sales.now:
        day = days[(row.day - start).days]
        day.orders += row.orders
        if row.currency == sales.currency:
            day.revenue += row.net_minor
    return days


def _currencies(sales: Sales) -> list[CurrencySalesOut]:
    found: dict[str, CurrencySalesOut] = {}
    for row in sales.now:
        one = found.setdefault(row.currency, CurrencySalesOut(currency=row.currency, revenue=0, orders=0))
        one.revenue += row.net_minor
        one.orders += row.orders
    return [found[currency] for currency in sorted(found)]


def _sold(row: SoldRow) -> SoldOut:
    return SoldOut(id=row.id, name=row.name, quantity=row.pieces, revenue=row.net_minor)
