"""What the page of analytics shows. Sums come as text; numbers are for drawing alone."""

from dataclasses import dataclass

from shophub.schemas.dashboard import ChartPoint, Figure, RangeChoice


@dataclass(frozen=True)
class Field:
    """A field of the form for a range of one's own that keeps what the address says beside it."""

    name: str = ""
    value: str = ""


@dataclass(frozen=True)
class FunnelStep:
    """How many visits came so far. ``width`` is in percent of the visits; ``before`` is of the range before."""

    label: str = ""
    count: str = ""
    share: str = ""
    of_before: str = ""
    width: int = 0
    before: str = ""


@dataclass(frozen=True)
class Head:
    """A column of a report."""

    text: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of a report; ``note`` stands below it."""

    text: str = ""
    is_number: bool = False
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class ReportRow:
    """A row of a report; ``share`` draws a bar, in percent of the largest."""

    key: str = ""
    cells: tuple[Cell, ...] = ()
    share: int = 0


@dataclass(frozen=True)
class Report:
    """A table with its file."""

    name: str = ""
    title: str = ""
    lead: str = ""
    heads: tuple[Head, ...] = ()
    rows: tuple[ReportRow, ...] = ()
    csv_url: str = ""
    more_url: str = ""
    more_text: str = ""
    empty_title: str = ""
    empty_text: str = ""


@dataclass(frozen=True)
class AnalyticsView:
    """The figures of a range."""

    range_text: str = ""
    before_text: str = ""
    start: str = ""
    end: str = ""
    choices: tuple[RangeChoice, ...] = ()
    kept: tuple[Field, ...] = ()
    is_compared: bool = True
    compare_url: str = ""
    currency: str = ""
    currencies: tuple[RangeChoice, ...] = ()
    other_currencies: str = ""
    figures: tuple[Figure, ...] = ()
    points: tuple[ChartPoint, ...] = ()
    has_sales: bool = False
    chart_text: str = ""
    sales_csv: str = ""
    funnel: tuple[FunnelStep, ...] = ()
    has_visits: bool = False
    funnel_csv: str = ""
    reports: tuple[Report, ...] = ()
