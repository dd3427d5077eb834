"""The parts of the analytics page."""

import reflex as rx

from shophub.components.admin.basics import admin_card, admin_empty
from shophub.components.admin.chart import line_chart, sales_chart, sales_table
from shophub.components.admin.dashboard import legend_key
from shophub.components.ui.basics import skeleton
from shophub.components.ui.icons import icon
from shophub.components.ui.local import FileLink
from shophub.lib import ui_admin as ui
from shophub.schemas.analytics import AnalyticsView, Cell, FunnelStep, Head, Report, ReportRow

_FILE = (
    "-mr-2 inline-flex min-h-9 items-center gap-1.5 rounded-md px-2 text-xs font-medium text-ink-2 hover:bg-hover "
    "hover:text-ink"
)


def _file(url: rx.Var[str], title: str | rx.Var[str]) -> rx.Component:
    """The way to a report's file; the browser itself fetches it."""
    return FileLink.create(
        icon("download", "size-4"),
        "CSV",
        rx.el.span(" of ", title, class_name="sr-only"),
        href=url,
        class_name=_FILE,
        custom_attrs={"download": ""},
    )


def _legend(view: rx.Var[AnalyticsView], name: str) -> rx.Component:
    return rx.el.p(
        legend_key("bg-c1", name),
        rx.cond(view.is_compared, legend_key("bg-c5", "The range before"), None),
        class_name="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2",
    )


def over_time(view: rx.Var[AnalyticsView]) -> rx.Component:
    """Net sales, orders and their average, day by day, and all three as a table."""
    others = rx.el.p("In other currencies: ", view.other_currencies, class_name="px-4 pb-3 text-xs text-ink-2 lg:px-5")
    return admin_card(
        "Sales over time",
        "time-title",
        rx.cond(
            view.has_sales,
            rx.fragment(
                _drawn("Net sales", sales_chart(view.points, view.chart_text, view.is_compared)),
                rx.cond(view.other_currencies, others, None),
                rx.el.div(
                    _small(view, "Orders", ("orders", "orders_before", "orders", "orders_before")),
                    _small(view, "Average order", ("average", "average_before", "average_text", "average_before_text")),
                    class_name="grid border-t border-line md:grid-cols-2 md:divide-x md:divide-line",
                ),
                sales_table(view.points, view.range_text),
            ),
            admin_empty("chart", "No sales in this range", "Net sales, orders and their average are drawn here."),
        ),
        actions=(
            rx.el.div(
                _legend(view, "This range"), _file(view.sales_csv, "sales"), class_name="flex items-center gap-4"
            ),
        ),
        padded=False,
    )


def _small(view: rx.Var[AnalyticsView], name: str, keys: tuple[str, str, str, str]) -> rx.Component:
    chart = line_chart(view.points, view.chart_text, name=name, keys=keys, compares=view.is_compared, height=180)
    return _drawn(name, chart)


def _drawn(name: str, chart: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.h3(name, class_name="px-2 pb-2 text-sm font-semibold"),
        chart,
        class_name="min-w-0 px-2 py-4 lg:px-3",
    )


def funnel(view: rx.Var[AnalyticsView]) -> rx.Component:
    """How many visits came how far."""

    def row(step: rx.Var[FunnelStep]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.span(step.label, class_name="font-medium"),
                rx.el.span(
                    rx.el.span(step.count, class_name="font-semibold"),
                    rx.el.span(step.share, class_name="w-16 text-right text-ink-2"),
                    class_name="flex shrink-0 gap-2 tnum",
                ),
                class_name="flex items-baseline justify-between gap-3",
            ),
            rx.el.div(
                rx.el.div(style={"width": step.width.to_string() + "%"}, class_name="h-full rounded-full bg-c1"),
                class_name="mt-1.5 h-3 overflow-hidden rounded-full bg-hover",
                custom_attrs={"aria-hidden": "true"},
            ),
            rx.el.p(
                rx.cond(step.of_before, rx.el.span(step.of_before, " of the step before"), rx.el.span("All of them")),
                rx.cond(step.before, rx.el.span("was ", step.before), None),
                class_name="mt-1 flex justify-between gap-3 text-xs text-ink-3 tnum",
            ),
            key=step.label,
        )

    live = rx.el.span(
        rx.el.span(class_name="size-2 rounded-full bg-success", custom_attrs={"aria-hidden": "true"}),
        "Live",
        class_name="inline-flex items-center gap-1.5 text-xs text-ink-2",
    )
    return admin_card(
        "From visit to order",
        "funnel-title",
        rx.cond(
            view.has_visits,
            rx.el.ol(rx.foreach(view.funnel, row), class_name="grid gap-4"),
            admin_empty("users", "No visits in this range", "How many visits come to an order is shown here."),
        ),
        actions=(rx.el.div(live, _file(view.funnel_csv, "visits"), class_name="flex items-center gap-4"),),
    )


def report_cards(view: rx.Var[AnalyticsView]) -> rx.Component:
    """Every report as a card."""
    return rx.el.div(rx.foreach(view.reports, _report), class_name="gap-4 xl:columns-2 lg:gap-5")


def _report(report: rx.Var[Report]) -> rx.Component:
    table = rx.el.table(
        rx.el.caption(report.title, class_name="sr-only"),
        rx.el.thead(rx.el.tr(rx.foreach(report.heads, _head)), class_name=ui.TABLE_HEAD),
        rx.el.tbody(rx.foreach(report.rows, _row)),
        class_name=ui.TABLE,
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2(report.title, id=report.name + "-title", class_name=ui.H2, tab_index=-1),
            _file(report.csv_url, report.title),
            class_name=ui.CARD_HEAD,
        ),
        rx.el.p(report.lead, class_name="px-4 pt-3 pb-1 text-xs text-ink-2 lg:px-5"),
        rx.cond(
            report.rows.length() > 0,
            table,
            rx.el.div(
                rx.el.p(report.empty_title, class_name="text-base font-semibold text-ink"),
                rx.el.p(report.empty_text, class_name="max-w-[46ch] text-ink-2"),
                class_name=ui.EMPTY,
            ),
        ),
        rx.cond(
            report.more_url,
            rx.el.p(
                rx.el.a(report.more_text, href=report.more_url, class_name=ui.LINK),
                class_name="border-t border-line px-4 py-3 lg:px-5",
            ),
            None,
        ),
        key=report.name,
        class_name=f"{ui.CARD} mb-4 break-inside-avoid lg:mb-5",
        custom_attrs={"aria-labelledby": report.name + "-title"},
    )


def _head(head: rx.Var[Head]) -> rx.Component:
    return rx.el.th(
        head.text, scope="col", class_name=rx.cond(head.is_number, f"{ui.TH} text-right", ui.TH), key=head.text
    )


def _row(row: rx.Var[ReportRow]) -> rx.Component:
    return rx.el.tr(rx.foreach(row.cells, lambda cell, place: _cell(cell, place, row)), key=row.key, class_name=ui.TR)


def _cell(cell: rx.Var[Cell], place: rx.Var[int], row: rx.Var[ReportRow]) -> rx.Component:
    bar = rx.el.span(
        rx.el.span(style={"width": row.share.to_string() + "%"}, class_name="block h-full rounded-full bg-c1"),
        class_name="mt-1.5 block h-1 overflow-hidden rounded-full bg-hover",
        custom_attrs={"aria-hidden": "true"},
    )
    return rx.el.td(
        rx.cond(cell.url, rx.el.a(cell.text, href=cell.url, class_name=ui.LINK), rx.el.span(cell.text)),
        rx.cond(cell.note, rx.el.span(cell.note, class_name="block text-xs text-ink-3"), None),
        rx.cond((place == 0) & (row.share > 0), bar, None),
        class_name=rx.cond(cell.is_number, ui.TD_NUMBER, f"{ui.TD} [overflow-wrap:anywhere]"),
        key=place,
    )


def analytics_skeleton() -> rx.Component:
    """The page to come."""
    return rx.el.div(
        rx.el.p("Loading…", class_name="sr-only"),
        rx.el.div(
            skeleton("h-8 w-44"), skeleton("h-9 w-96 max-w-full"), class_name="flex flex-wrap justify-between gap-3"
        ),
        rx.el.div(
            *(skeleton("h-32") for _ in range(5)),
            class_name="mt-6 grid grid-cols-2 gap-4 md:grid-cols-3 xl:grid-cols-5",
        ),
        skeleton("mt-4 h-[38rem]"),
        rx.el.div(skeleton("h-96"), skeleton("h-96"), class_name="mt-4 grid gap-4 xl:grid-cols-2"),
    )
