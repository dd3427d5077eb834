"""What the dashboard shows. Sums come as text; numbers are for drawing alone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RangeChoice:
    """A range that can be chosen."""

    label: str = ""
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure with its change: ``trend`` is up, down, same, or nothing where there is no range before to compare with.

    ``spark`` is the path of a small line in a box of 100 × 28.
    """

    label: str = ""
    value: str = ""
    hint: str = ""
    trend: str = ""
    change: str = ""
    before: str = ""
    spark: str = ""
    url: str = ""


@dataclass(frozen=True)
class ChartPoint:
    """A day or week. ``net`` and ``before`` are whole units of the currency; the texts are exact."""

    label: str = ""
    net: int = 0
    before: int = 0
    net_text: str = ""
    before_label: str = ""
    before_text: str = ""
    orders: int = 0
    orders_before: int = 0
    average: int = 0
    average_before: int = 0
    average_text: str = ""
    average_before_text: str = ""


@dataclass(frozen=True)
class StatusCount:
    """How many orders stand there, and how long their bar is, in percent."""

    label: str = ""
    count: int = 0
    share: int = 0
    url: str = ""


@dataclass(frozen=True)
class TopProduct:
    """A product with what it brought."""

    name: str = ""
    pieces: str = ""
    net_text: str = ""
    url: str = ""


@dataclass(frozen=True)
class LowStock:
    """A variant of which little is left."""

    name: str = ""
    variant: str = ""
    available: str = ""
    tone: str = ""
    cover: str = ""
    url: str = ""


@dataclass(frozen=True)
class ToDo:
    """Things that wait for somebody."""

    label: str = ""
    count: int = 0
    icon: str = ""
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class LatestOrder:
    """An order in the feed; ``is_new`` while the page has just heard of it."""

    id: str = ""
    number: int = 0
    name: str = ""
    total_text: str = ""
    placed_text: str = ""
    placed_at: str = ""
    placed_title: str = ""
    status: str = ""
    tone: str = ""
    url: str = ""
    is_new: bool = False


@dataclass(frozen=True)
class DashboardView:
    """The figures of a range."""

    range_text: str = ""
    before_text: str = ""
    start: str = ""
    end: str = ""
    analytics_url: str = ""
    currency: str = ""
    other_currencies: str = ""
    figures: tuple[Figure, ...] = ()
    points: tuple[ChartPoint, ...] = ()
    has_sales: bool = False
    chart_text: str = ""
    statuses: tuple[StatusCount, ...] = ()
    top: tuple[TopProduct, ...] = ()
    low: tuple[LowStock, ...] = ()


@dataclass(frozen=True)
class FeedView:
    """What changes while somebody looks: the newest orders and what waits."""

    to_do: tuple[ToDo, ...] = ()
    orders: tuple[LatestOrder, ...] = ()
