"""The dashboard's figures in words and lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from shophub.domain.admin_sections import ANALYTICS_PATH, CUSTOMERS_PATH
from shophub.domain.statuses import OrderStatus
from shophub.lib.money import format_money
from shophub.repositories.analytics import LatestOrderRow, LowStockRow, PeopleRow, ToDoRow
from shophub.repositories.sales_figures import SoldRow
from shophub.schemas.dashboard import DashboardView, Figure, LatestOrder, StatusCount, ToDo, TopProduct
from shophub.schemas.order_list import NEEDS_REVIEW
from shophub.services.views.figures import (
    Links,
    Sales,
    chart_points,
    chart_text,
    conversion_figure,
    date_text_of,
    figure,
    low_stock,
    range_parameters,
    range_text,
    sales_figures,
)
from shophub.services.views.moments import ago_text
from shophub.services.views.orders import STATUS

PATH = "/admin"


def dashboard_view(
    sales: Sales,
    people: PeopleRow,
    *,
    top: Sequence[SoldRow],
    low: Sequence[LowStockRow],
    links: Links,
) -> DashboardView:
    """Return the dashboard of a range."""
    days = sales.days
    points = chart_points(sales)
    others = " · ".join(format_money(minor, currency) for currency, minor in sales.others().items())
    return DashboardView(
        range_text=range_text(days),
        before_text=f"{date_text_of(days.before.start)} – {date_text_of(days.before.end)}",
        start=days.start.isoformat(),
        end=days.end.isoformat(),
        analytics_url=links.to(ANALYTICS_PATH, **range_parameters(days)),
        currency=sales.currency,
        other_currencies=others,
        figures=_figures(sales, people, links),
        points=points,
        has_sales=any(point.net or point.before for point in points),
        chart_text=chart_text(points),
        statuses=_statuses(sales.by_status(), links),
        top=tuple(
            TopProduct(
                row.name,
                f"{row.pieces:,}",
                format_money(row.net_minor, sales.currency),
                links.product(row.id) if row.id else "",
            )
            for row in top
        ),
        low=tuple(low_stock(row, links) for row in low),
    )


def _figures(sales: Sales, people: PeopleRow, links: Links) -> tuple[Figure, ...]:
    return (
        *sales_figures(sales, links),
        conversion_figure(
            (people.visits, people.visits_before),
            (people.ordered, people.ordered_before),
            links.to(ANALYTICS_PATH, **range_parameters(sales.days)),
        ),
        figure(
            "New customers",
            (people.customers, people.customers_before),
            lambda count: f"{count:,}",
            hint="Accounts that were made",
            url=links.to(CUSTOMERS_PATH),
        ),
    )


def _statuses(counts: Mapping[str, int], links: Links) -> tuple[StatusCount, ...]:
    most = max(counts.values(), default=0)
    return tuple(
        StatusCount(
            STATUS[status][0],
            counts.get(status, 0),
            -(-counts.get(status, 0) * 100 // most) if most else 0,
            links.orders(tab=status.value),
        )
        for status in OrderStatus
        if counts.get(status) or status is not OrderStatus.PENDING
    )


def to_do_views(row: ToDoRow, links: Links) -> tuple[ToDo, ...]:
    """Return what waits, without what does not."""
    found = (
        ToDo(_count(row.to_review, "order needs a look", "orders need a look"), row.to_review, "alert", "danger",
             links.orders(tab=NEEDS_REVIEW)),
        ToDo(_count(row.disputes, "payment is disputed", "payments are disputed"), row.disputes, "alert", "danger",
             links.orders(tab=NEEDS_REVIEW)),
        ToDo(_count(row.failed_refunds, "refund failed", "refunds failed"), row.failed_refunds, "return", "danger",
             links.orders(tab=NEEDS_REVIEW)),
        ToDo(_count(row.to_ship, "order to ship", "orders to ship"), row.to_ship, "truck", "brand",
             links.orders(tab=OrderStatus.PROCESSING.value)),
        ToDo(_count(row.sold_out, "variant is sold out", "variants are sold out"), row.sold_out, "box", "warning",
             links.products(stock="out")),
    )  # fmt: skip
    return tuple(one for one in found if one.count)


def latest_view(row: LatestOrderRow, links: Links, now: datetime, *, is_new: bool) -> LatestOrder:
    """Return an order of the feed."""
    label, tone = STATUS[OrderStatus(row.status)]
    return LatestOrder(
        id=str(row.id),
        number=row.number,
        name=row.name or row.email,
        total_text=format_money(row.total_minor, row.currency),
        placed_text=ago_text(row.placed_at, now).removeprefix("on "),
        placed_at=row.placed_at.isoformat(),
        placed_title=f"{row.placed_at:%Y-%m-%d %H:%M} UTC",
        status="Needs a look" if row.needs_review else label,
        tone="danger" if row.needs_review else tone,
        url=links.order(row.number),
        is_new=is_new,
    )


def _count(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
