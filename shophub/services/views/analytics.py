"""The page of analytics in words and lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shophub.domain.admin_sections import ANALYTICS_PATH, PRODUCTS_PATH
from shophub.domain.ranges import DayRange, Question
from shophub.lib.money import format_money
from shophub.repositories.analytics import LowStockRow, RefundRow, SearchRow
from shophub.repositories.sales_figures import CouponSales, DaySales, SoldRow
from shophub.repositories.visits import Funnel
from shophub.schemas.analytics import AnalyticsView, Cell, Field, FunnelStep, Head, Report, ReportRow
from shophub.schemas.dashboard import Figure, RangeChoice
from shophub.services.views.figures import (
    Links,
    Sales,
    address,
    chart_points,
    chart_text,
    conversion_figure,
    date_text_of,
    figure,
    low_stock,
    range_choices,
    range_parameters,
    range_text,
    sales_figures,
    share,
    share_text,
)

COUPONS_PATH = "/admin/coupons"
STEPS = ("Visits", "Saw a product", "Had something in the cart", "Began a checkout", "Ordered")


@dataclass(frozen=True)
class Figures:
    """The figures of a range, in minor units and without words; what needs one currency is in ``currency``."""

    days: DayRange
    currency: str
    sales: Sequence[DaySales]
    funnel: Funnel
    funnel_before: Funnel
    products: Sequence[SoldRow]
    categories: Sequence[SoldRow]
    coupons: Sequence[CouponSales]
    refunds: Sequence[RefundRow]
    searches: Sequence[SearchRow]
    low: Sequence[LowStockRow]


def analytics_view(asked: Question, found: Figures, links: Links) -> AnalyticsView:
    """Return the page of what was found."""
    days, currency = found.days, found.currency
    sales = Sales(days, currency, found.sales)
    points = chart_points(sales)
    kept = {"currency": asked.currency, "compare": "" if asked.is_compared else "no"}
    funnel = funnel_steps(found.funnel, found.funnel_before, is_compared=asked.is_compared)
    others = " · ".join(format_money(minor, other) for other, minor in sales.others().items())
    return AnalyticsView(
        range_text=range_text(days),
        before_text=f"{date_text_of(days.before.start)} – {date_text_of(days.before.end)}" if asked.is_compared else "",
        start=days.start.isoformat(),
        end=days.end.isoformat(),
        choices=range_choices(days, ANALYTICS_PATH, **kept),
        kept=tuple(Field(name, value) for name, value in kept.items() if value),
        is_compared=asked.is_compared,
        compare_url=_address(asked, compare="no" if asked.is_compared else ""),
        currency=currency,
        currencies=_currencies(asked, sales),
        other_currencies=others,
        figures=_figures(asked, found, sales, links),
        points=points,
        has_sales=any(point.orders or (asked.is_compared and point.orders_before) for point in points),
        chart_text=chart_text(points),
        sales_csv=_file("sales", days),
        funnel=funnel,
        has_visits=bool(found.funnel.visits or (asked.is_compared and found.funnel_before.visits)),
        funnel_csv=_file("visits", days),
        reports=_reports(found, sales, links),
    )


def funnel_steps(now: Funnel, before: Funnel, *, is_compared: bool) -> tuple[FunnelStep, ...]:
    """Return how far visits came, each step with its share of all visits and of those that came to the step before."""
    counts, counts_before = _counts(now), _counts(before)
    return tuple(
        FunnelStep(
            label=label,
            count=f"{count:,}",
            share=share_text(share(count, counts[0])) if counts[0] else "–",
            of_before=share_text(share(count, counts[place - 1])) if place and counts[place - 1] else "",
            width=-(-count * 100 // counts[0]) if counts[0] else 0,
            before=f"{counts_before[place]:,}" if is_compared else "",
        )
        for place, (label, count) in enumerate(zip(STEPS, counts, strict=True))
    )


def _counts(funnel: Funnel) -> tuple[int, ...]:
    return (funnel.visits, funnel.saw_product, funnel.added_to_cart, funnel.started_checkout, funnel.ordered)


def _address(asked: Question, **changed: str) -> str:
    """Return the page's address with one thing changed."""
    parameters = {
        **range_parameters(asked.days),
        "currency": asked.currency,
        "compare": "" if asked.is_compared else "no",
        **changed,
    }
    return address(ANALYTICS_PATH, {name: value for name, value in parameters.items() if value})


def _file(name: str, days: DayRange) -> str:
    """Return where a report is downloaded, for exactly these days."""
    return address(f"/admin/analytics/{name}.csv", {"from": days.start.isoformat(), "to": days.end.isoformat()})


def _currencies(asked: Question, sales: Sales) -> tuple[RangeChoice, ...]:
    """Return the currencies that there were orders in; nothing where there is only one."""
    found = sorted({row.currency for row in sales.rows} | {sales.currency})
    if len(found) == 1:
        return ()
    return tuple(RangeChoice(one, _address(asked, currency=one), one == sales.currency) for one in found)


def _figures(asked: Question, found: Figures, sales: Sales, links: Links) -> tuple[Figure, ...]:
    funnel, before = found.funnel, found.funnel_before
    refunded = tuple(
        sum(row.amount_minor for row in found.refunds if row.currency == found.currency and row.is_now is is_now)
        for is_now in (True, False)
    )
    back = figure(
        "Refunds",
        (refunded[0], refunded[1]),
        lambda minor: format_money(minor, found.currency),
        hint="By the day on which the money went back",
        url=links.orders(payment="REFUNDED"),
    )
    figures = (
        *sales_figures(sales, links),
        conversion_figure((funnel.visits, before.visits), (funnel.ordered, before.ordered)),
        replace(back, trend=""),  # in the colour of neither good nor bad
    )
    if asked.is_compared:
        return figures
    return tuple(replace(one, trend="", change="", before="") for one in figures)


def _reports(found: Figures, sales: Sales, links: Links) -> tuple[Report, ...]:
    return (
        _sold_report("products", "Products", found.products, found, links),
        _sold_report("categories", "Categories", found.categories, found, links),
        _customers(found, sales),
        _coupons(found, links),
        _refunds(found),
        _low(found, links),
        _searches(found),
    )


def _sold_report(name: str, title: str, rows: Sequence[SoldRow], found: Figures, links: Links) -> Report:
    most = max((row.net_minor for row in rows), default=0)
    is_product = name == "products"
    return Report(
        name=name,
        title=title,
        lead="The goods alone, without delivery, less what was given back.",
        heads=(Head(title[:-1] if is_product else "Category"), Head("Pieces", True), Head("Net sales", True)),
        rows=tuple(
            ReportRow(
                key=str(row.id),
                cells=(
                    Cell(row.name or "No longer there", url=links.product(row.id) if is_product and row.id else ""),
                    Cell(f"{row.pieces:,}", True),
                    Cell(format_money(row.net_minor, row.currency), True),
                ),
                share=max(0, row.net_minor) * 100 // most if most > 0 else 0,
            )
            for row in rows
        ),
        csv_url=_file(name, found.days),
        empty_title="Nothing sold",
        empty_text="What brings most in this range stands here.",
    )


def _customers(found: Figures, sales: Sales) -> Report:
    own = [row for row in sales.now if row.currency == found.currency]
    orders, net = sum(row.orders for row in own), sum(row.net_minor for row in own)
    first, first_net = sum(row.first_orders for row in own), sum(row.first_net_minor for row in own)

    def row(label: str, note: str, count: int, minor: int) -> ReportRow:
        cells = (
            Cell(label, note=note),
            Cell(f"{count:,}", True, note=share_text(share(count, orders)) if orders else ""),
            Cell(format_money(minor, found.currency), True),
        )
        return ReportRow(label, cells, count * 100 // orders if orders else 0)

    return Report(
        name="customers",
        title="New and returning customers",
        lead="By e-mail address. A first order is the first that was not cancelled, whenever that was.",
        heads=(Head("Customers"), Head("Orders", True), Head("Net sales", True)),
        rows=(
            row("New", "Their first order", first, first_net),
            row("Returning", "Every later order", orders - first, net - first_net),
        )
        if orders
        else (),
        csv_url=_file("customers", found.days),
        empty_title="No orders",
        empty_text="Who orders for the first time, and who comes back, stands here.",
    )


def _coupons(found: Figures, links: Links) -> Report:
    return Report(
        name="coupons",
        title="Coupons",
        lead="Orders of this range that were not cancelled.",
        heads=(Head("Code"), Head("Uses", True), Head("Net sales", True), Head("Discount", True)),
        rows=tuple(
            ReportRow(
                row.code,
                (
                    Cell(row.code, url=links.to(COUPONS_PATH, q=row.code)),
                    Cell(f"{row.uses:,}", True),
                    Cell(format_money(row.net_minor, row.currency), True),
                    Cell(format_money(row.discount_minor, row.currency), True),
                ),
            )
            for row in found.coupons
        ),
        csv_url=_file("coupons", found.days),
        empty_title="No coupon was used",
        empty_text="What each code brought, and what it took off, stands here.",
    )


def _refunds(found: Figures) -> Report:
    rows = [row for row in found.refunds if row.is_now and row.currency == found.currency]
    return Report(
        name="refunds",
        title="Refunds by reason",
        lead="By the day on which the money went back, whenever the order was placed.",
        heads=(Head("Reason"), Head("Refunds", True), Head("Amount", True)),
        rows=tuple(
            ReportRow(
                row.reason,
                (
                    Cell(row.reason or "No reason given"),
                    Cell(f"{row.count:,}", True),
                    Cell(format_money(row.amount_minor, row.currency), True),
                ),
            )
            for row in rows[:10]
        ),
        csv_url=_file("refunds", found.days),
        empty_title="Nothing went back",
        empty_text="Why money was given back stands here.",
    )


def _low(found: Figures, links: Links) -> Report:
    views = [low_stock(row, links) for row in found.low]
    return Report(
        name="low-stock",
        title="Low stock",
        lead="As of now: how long it lasts at the pace of the last 30 days.",
        heads=(Head("Variant"), Head("Left", True), Head("Lasts", True)),
        rows=tuple(
            ReportRow(
                f"{one.name} {one.variant}",
                (Cell(one.name, url=one.url, note=one.variant), Cell(one.available, True), Cell(one.cover, True)),
            )
            for one in views
        ),
        csv_url=_file("low-stock", found.days),
        more_url=links.to(PRODUCTS_PATH, stock="low"),
        more_text="All that run low",
        empty_title="Enough of everything",
        empty_text="Variants at or below the store's threshold stand here.",
    )


def _searches(found: Figures) -> Report:
    return Report(
        name="searches",
        title="Searches that found nothing",
        lead="What the shop may lack, or calls by another name. Kept for 90 days.",
        heads=(Head("Searched for"), Head("Times", True), Head("Last on", True)),
        rows=tuple(
            ReportRow(row.query, (Cell(row.query), Cell(f"{row.times:,}", True), Cell(date_text_of(row.last_on), True)))
            for row in found.searches
        ),
        csv_url=_file("searches", found.days),
        empty_title="Every search found something",
        empty_text="What shoppers look for in vain stands here.",
    )


def with_funnel(view: AnalyticsView, funnel: tuple[FunnelStep, ...]) -> AnalyticsView:
    """Return the page with a newer funnel."""
    return replace(view, funnel=funnel, has_visits=view.has_visits or funnel[0].count != "0")
