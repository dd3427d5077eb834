"""Figures in words and lines, for the dashboard and the analytics."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from shophub.domain.admin_sections import ORDERS_PATH, PRODUCTS_PATH
from shophub.domain.order_numbers import order_number
from shophub.domain.ranges import CUSTOM, PRESETS, DayRange
from shophub.domain.statuses import OrderStatus
from shophub.lib.money import exponent, format_money
from shophub.repositories.analytics import LowStockRow
from shophub.repositories.sales_figures import DaySales
from shophub.schemas.dashboard import ChartPoint, Figure, LowStock, RangeChoice
from shophub.services.views.moments import date_text

SPARK = (100, 28)
COVER_DAYS = 30


@dataclass(frozen=True)
class Links:
    """Addresses of what is behind a figure; nothing where the reader may not open it, or it is not there."""

    leads_to: Callable[[str], bool]

    def to(self, path: str, **parameters: str) -> str:
        """Return the first page of a part."""
        return address(path, parameters) if self.leads_to(path) else ""

    def orders(self, **parameters: str) -> str:
        """Return the list of orders, filtered."""
        return address(ORDERS_PATH, parameters) if self.leads_to(ORDERS_PATH) else ""

    def order(self, number: int) -> str:
        """Return an order's page."""
        return f"{ORDERS_PATH}/{order_number(number)}" if self.leads_to(ORDERS_PATH) else ""

    def products(self, **parameters: str) -> str:
        """Return the list of products, filtered."""
        return address(PRODUCTS_PATH, parameters) if self.leads_to(PRODUCTS_PATH) else ""

    def product(self, product_id: UUID) -> str:
        """Return a product's page."""
        return f"{PRODUCTS_PATH}/{product_id}" if self.leads_to(PRODUCTS_PATH) else ""


@dataclass(frozen=True)
class Sales:
    """The days of a range and of the one before, of which those in ``currency`` are added up."""

    days: DayRange
    currency: str
    rows: Sequence[DaySales]

    @property
    def now(self) -> list[DaySales]:
        """Return the range's orders that were not cancelled."""
        return [row for row in self.rows if row.day >= self.days.start and row.status != OrderStatus.CANCELLED]

    @property
    def before(self) -> list[DaySales]:
        """Return those of the range before."""
        return [row for row in self.rows if row.day < self.days.start and row.status != OrderStatus.CANCELLED]

    def by_status(self) -> dict[str, int]:
        """Return how many orders of the range stand where."""
        counts: dict[str, int] = {}
        for row in self.rows:
            if row.day >= self.days.start:
                counts[row.status] = counts.get(row.status, 0) + row.orders
        return counts

    def net(self, rows: Sequence[DaySales]) -> int:
        """Return the sum in the currency."""
        return sum(row.net_minor for row in rows if row.currency == self.currency)

    def orders(self, rows: Sequence[DaySales]) -> int:
        """Return how many orders there were, in whatever currency."""
        return sum(row.orders for row in rows)

    def average(self, rows: Sequence[DaySales]) -> int:
        """Return what an order in the currency brought on average, rounded half up; 0 without any."""
        return mean(self.net(rows), sum(row.orders for row in rows if row.currency == self.currency))

    def others(self) -> dict[str, int]:
        """Return the sums in other currencies."""
        sums: dict[str, int] = {}
        for row in self.now:
            if row.currency != self.currency:
                sums[row.currency] = sums.get(row.currency, 0) + row.net_minor
        return dict(sorted(sums.items()))

    def by_step(self, days: DayRange, rows: Sequence[DaySales]) -> tuple[list[int], list[int]]:
        """Return the sums and the numbers of orders for each point of the chart."""
        net, orders = [0] * days.steps, [0] * days.steps
        for row in rows:
            step = days.step_of(row.day)
            orders[step] += row.orders
            if row.currency == self.currency:
                net[step] += row.net_minor
        return net, orders

    def orders_by_step(self, days: DayRange, rows: Sequence[DaySales]) -> list[int]:
        """Return the numbers of orders in the currency for each point of the chart."""
        orders = [0] * days.steps
        for row in rows:
            if row.currency == self.currency:
                orders[days.step_of(row.day)] += row.orders
        return orders


def range_choices(days: DayRange, path: str, **others: str) -> tuple[RangeChoice, ...]:
    """Return the ranges that one press chooses on a page; the ``others`` of its parameters stay."""
    kept = {name: value for name, value in others.items() if value}
    return tuple(
        RangeChoice(label, address(path, {"range": name, **kept}), name == days.name) for name, _, label in PRESETS
    )


def range_parameters(days: DayRange) -> dict[str, str]:
    """Return what an address says of a range."""
    if days.name == CUSTOM:
        return {"from": days.start.isoformat(), "to": days.end.isoformat()}
    return {"range": days.name}


def sales_figures(sales: Sales, links: Links) -> tuple[Figure, ...]:
    """Return sums, orders and the average of a range."""
    net, orders = sales.by_step(sales.days, sales.now)
    now, before, currency = sales.now, sales.before, sales.currency
    return (
        figure(
            "Net sales",
            (sales.net(now), sales.net(before)),
            lambda minor: format_money(minor, currency),
            hint="With tax and delivery, less what was given back",
            spark=spark(net),
            url=links.orders(),
        ),
        figure(
            "Orders",
            (sales.orders(now), sales.orders(before)),
            lambda count: f"{count:,}",
            hint="Placed and not cancelled",
            spark=spark(orders),
            url=links.orders(),
        ),
        figure(
            "Average order",
            (sales.average(now), sales.average(before)),
            lambda minor: format_money(minor, currency),
            hint="Net sales by order",
            spark=spark([total // count if count else 0 for total, count in zip(net, orders, strict=True)]),
            url=links.orders(),
        ),
    )


def conversion_figure(visits: tuple[int, int], ordered: tuple[int, int], url: str = "") -> Figure:
    """Return the share of visits that came to an order: of the range, and of the one before."""
    return figure(
        "Conversion",
        (share(ordered[0], visits[0]), share(ordered[1], visits[1])),
        lambda part: share_text(part) if visits[0] else "–",
        hint=f"{ordered[0]:,} of {visits[0]:,} visits came to an order",
        url=url,
    )


def share_text(part: int) -> str:
    """Return hundredths of a percent as text."""
    return f"{part // 100}.{part % 100:02d}%"


def figure(
    label: str, values: tuple[int, int], write: Callable[[int], str], *, hint: str, spark: str = "", url: str = ""
) -> Figure:
    """Return a figure with its change against the range before, in whole percent."""
    now, before = values
    if before <= 0:
        trend, change = "", "Nothing to compare with" if not now else "New"
    else:
        percent = (abs(now - before) * 200 + before) // (2 * before)
        trend = "same" if not percent else "up" if now > before else "down"
        change = "About the same" if not percent else f"{'Up' if now > before else 'Down'} {percent:,}%"
    return Figure(label, write(now), hint, trend, change, write(before) if before > 0 else "", spark, url)


def share(part: int, whole: int) -> int:
    """Return a share in hundredths of a percent, rounded half up."""
    return (2 * part * 10_000 + whole) // (2 * whole) if whole else 0


def spark(values: Sequence[int]) -> str:
    """Return the path of a line through the values."""
    width, height = SPARK
    top = max(values, default=0)
    if len(values) < 2 or top <= 0:
        return ""
    last = len(values) - 1
    places = (
        f"{place * width // last} {height - 2 - value * (height - 4) // top}" for place, value in enumerate(values)
    )
    return "M" + "L".join(places)


def chart_points(sales: Sales) -> tuple[ChartPoint, ...]:
    """Return each point of the charts, with the one of the range before beside it."""
    days, before, currency = sales.days, sales.days.before, sales.currency
    net, orders = sales.by_step(days, sales.now)
    earlier, earlier_orders = sales.by_step(before, sales.before)
    paid, earlier_paid = sales.orders_by_step(days, sales.now), sales.orders_by_step(before, sales.before)
    whole = 10 ** exponent(currency)

    def point(step: int) -> ChartPoint:
        average, average_before = mean(net[step], paid[step]), mean(earlier[step], earlier_paid[step])
        return ChartPoint(
            label=step_text(days, step),
            net=net[step] // whole,
            before=earlier[step] // whole,
            net_text=format_money(net[step], currency),
            before_label=step_text(before, step),
            before_text=format_money(earlier[step], currency),
            orders=orders[step],
            orders_before=earlier_orders[step],
            average=average // whole,
            average_before=average_before // whole,
            average_text=format_money(average, currency),
            average_before_text=format_money(average_before, currency),
        )

    return tuple(point(step) for step in range(days.steps))


def mean(total: int, count: int) -> int:
    """Return the average, rounded half up; 0 of none."""
    return (2 * total + count) // (2 * count) if count else 0


def chart_text(points: Sequence[ChartPoint]) -> str:
    """Return in a sentence what the line shows."""
    if not any(point.net for point in points):
        return "Nothing was sold in this range."
    best = max(points, key=lambda point: point.net)
    return f"The most was sold in the part that begins on {best.label}: {best.net_text}."


def low_stock(row: LowStockRow, links: Links) -> LowStock:
    """Return what runs low, and how long it lasts."""
    if row.available <= 0:
        cover = "Sold out"
    elif row.sold <= 0:
        cover = "None sold lately"
    else:
        days = row.available * COVER_DAYS // row.sold
        cover = f"{days} day{'s' if days != 1 else ''} left" if days else "Less than a day left"
    return LowStock(
        name=row.name,
        variant=" / ".join(row.option_values) or row.sku,
        available=f"{row.available:,}",
        tone="danger" if row.available <= 0 else "warning",
        cover=cover,
        url=links.product(row.product_id),
    )


def range_text(days: DayRange) -> str:
    """Return a range in words."""
    span = f"{date_text_of(days.start)} – {date_text_of(days.end)}"
    return span if days.name == CUSTOM else f"{next(text for name, _, text in PRESETS if name == days.name)}: {span}"


def date_text_of(day: date) -> str:
    """Return a day as moments are written."""
    return date_text(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - only its day is written


def step_text(days: DayRange, step: int) -> str:
    """Return where a point begins."""
    day = days.start + timedelta(days=step * days.step_days)
    return f"{day.day} {day:%b}" if days.step_days == 1 else date_text_of(day)


def address(path: str, parameters: Mapping[str, str]) -> str:
    """Return an address with its parameters."""
    return f"{path}?{urlencode(parameters)}" if parameters else path
