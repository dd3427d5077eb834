"""Reports as files for spreadsheets. Amounts are decimals of the currency beside them; days are UTC."""

from collections.abc import Sequence
from datetime import date

from shophub.domain.ranges import DayRange
from shophub.domain.statuses import OrderStatus
from shophub.lib.csv_cells import table
from shophub.lib.money import decimal_string
from shophub.repositories.analytics import LowStockRow, RefundRow, SearchRow
from shophub.repositories.sales_figures import CouponSales, DaySales, SoldRow
from shophub.repositories.visits import Funnel
from shophub.services.views.figures import COVER_DAYS, mean


def sales(rows: Sequence[DaySales], days: DayRange) -> str:
    """Return orders and sums of each day."""
    sums: dict[tuple[date, str], tuple[int, int]] = {}
    for row in _sold(rows, days):
        orders, net = sums.get((row.day, row.currency), (0, 0))
        sums[row.day, row.currency] = orders + row.orders, net + row.net_minor
    return table(
        ("Day (UTC)", "Currency", "Orders", "Net sales", "Average order"),
        (
            (
                day.isoformat(),
                currency,
                orders,
                decimal_string(net, currency),
                decimal_string(mean(net, orders), currency),
            )
            for (day, currency), (orders, net) in sorted(sums.items())
        ),
    )


def customers(rows: Sequence[DaySales], days: DayRange) -> str:
    """Return what customers ordered for the first time, and what those who came back did, on each day."""
    sums: dict[tuple[date, str], list[int]] = {}
    for row in _sold(rows, days):
        one = sums.setdefault((row.day, row.currency), [0, 0, 0, 0])
        for place, value in enumerate((row.first_orders, row.first_net_minor, row.orders, row.net_minor)):
            one[place] += value
    return table(
        (
            "Day (UTC)",
            "Currency",
            "First orders",
            "Net sales of first orders",
            "Later orders",
            "Net sales of later orders",
        ),
        (
            (
                day.isoformat(),
                currency,
                first,
                decimal_string(first_net, currency),
                orders - first,
                decimal_string(net - first_net, currency),
            )
            for (day, currency), (first, first_net, orders, net) in sorted(sums.items())
        ),
    )


def visits(rows: Sequence[tuple[date, Funnel]]) -> str:
    """Return how far the visits of each day came."""
    return table(
        ("Day (UTC)", "Visits", "Saw a product", "Had something in the cart", "Began a checkout", "Ordered"),
        (
            (day.isoformat(), one.visits, one.saw_product, one.added_to_cart, one.started_checkout, one.ordered)
            for day, one in rows
        ),
    )


def sold(what: str, rows: Sequence[SoldRow]) -> str:
    """Return what products or categories brought."""
    return table(
        (what, "Currency", "Pieces", "Net sales"),
        (
            (row.name or "No longer there", row.currency, row.pieces, decimal_string(row.net_minor, row.currency))
            for row in rows
        ),
    )


def coupons(rows: Sequence[CouponSales]) -> str:
    """Return what codes did."""
    return table(
        ("Coupon", "Currency", "Uses", "Net sales", "Discount given"),
        (
            (
                row.code,
                row.currency,
                row.uses,
                decimal_string(row.net_minor, row.currency),
                decimal_string(row.discount_minor, row.currency),
            )
            for row in rows
        ),
    )


def refunds(rows: Sequence[RefundRow]) -> str:
    """Return what went back."""
    return table(
        ("Reason", "Currency", "Refunds", "Amount"),
        (
            (row.reason, row.currency, row.count, decimal_string(row.amount_minor, row.currency))
            for row in rows
            if row.is_now
        ),
    )


def searches(rows: Sequence[SearchRow]) -> str:
    """Return what was searched for in vain."""
    return table(
        ("Searched for", "Times", "Last on (UTC)"), ((row.query, row.times, row.last_on.isoformat()) for row in rows)
    )


def low_stock(rows: Sequence[LowStockRow]) -> str:
    """Return what runs low."""
    return table(
        ("Product", "Variant", "SKU", "Left", f"Sold in {COVER_DAYS} days", "Lasts (days)"),
        (
            (
                row.name,
                " / ".join(row.option_values),
                row.sku,
                row.available,
                row.sold,
                row.available * COVER_DAYS // row.sold if row.sold > 0 else None,
            )
            for row in rows
        ),
    )


def _sold(rows: Sequence[DaySales], days: DayRange) -> list[DaySales]:
    return [row for row in rows if row.day >= days.start and row.status != OrderStatus.CANCELLED]
