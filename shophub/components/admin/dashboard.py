"""The parts of the dashboard."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_badge, admin_card, admin_empty
from shophub.components.admin.chart import sales_chart, sales_table
from shophub.components.ui.basics import skeleton
from shophub.components.ui.icons import icon
from shophub.lib import ui_admin as ui
from shophub.schemas.analytics import AnalyticsView
from shophub.schemas.dashboard import (
    DashboardView,
    FeedView,
    Figure,
    LatestOrder,
    LowStock,
    StatusCount,
    ToDo,
    TopProduct,
)

_ROW = "flex min-h-11 items-center gap-3 border-t border-line px-4 py-2 first:border-t-0 lg:px-5"


def figures(view: rx.Var[DashboardView] | rx.Var[AnalyticsView]) -> rx.Component:
    """The figures with their change."""
    return rx.el.dl(
        rx.foreach(view.figures, _figure),
        class_name="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5 lg:gap-4 [&>:first-child]:col-span-2 "
        "md:[&>:first-child]:col-span-1",
    )


def _figure(figure: rx.Var[Figure]) -> rx.Component:
    value = rx.cond(
        figure.url,
        rx.el.a(figure.value, href=figure.url, class_name="rounded-sm hover:underline underline-offset-4"),
        figure.value,
    )
    return rx.el.div(
        rx.el.dt(figure.label, class_name="font-medium text-ink-2", title=figure.hint),
        rx.el.dd(value, class_name="mt-1 text-xl font-extrabold tracking-tight tnum lg:text-2xl"),
        rx.el.dd(_change(figure), class_name="mt-1 text-xs"),
        rx.el.dd(
            rx.cond(
                figure.spark,
                rx.el.svg(
                    rx.el.path(d=figure.spark, custom_attrs={"vectorEffect": "non-scaling-stroke"}),
                    view_box="0 0 100 28",
                    fill="none",
                    stroke="var(--c1)",
                    stroke_width="1.5",
                    class_name="mt-2 h-7 w-full",
                    custom_attrs={"aria-hidden": "true", "preserveAspectRatio": "none"},
                ),
                rx.el.p(figure.hint, class_name="mt-2 text-xs text-ink-3"),
            ),
        ),
        key=figure.label,
        class_name=f"{ui.CARD} p-4",
    )


def _change(figure: rx.Var[Figure]) -> rx.Component:
    marked = rx.match(
        figure.trend,
        ("up", _trend("up", figure.change, "text-success")),
        ("down", _trend("down", figure.change, "text-danger")),
        ("same", _trend("minus", figure.change, "text-ink-2")),
        rx.el.span(figure.change, class_name="text-ink-3"),
    )
    return rx.el.span(
        marked,
        rx.cond(figure.before, rx.el.span("was ", figure.before, class_name="text-ink-3 tnum"), None),
        class_name="flex flex-wrap items-center gap-x-2",
    )


def _trend(icon_name: str, text: rx.Var[str], class_name: str) -> rx.Component:
    return rx.el.span(
        icon(icon_name, "size-3.5"), text, class_name=f"inline-flex items-center gap-1 font-semibold {class_name}"
    )


def revenue(view: rx.Var[DashboardView]) -> rx.Component:
    """Net sales over time."""
    legend = rx.el.p(
        legend_key("bg-c1", "Net sales in ", view.currency),
        legend_key("bg-c5", "The range before"),
        class_name="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2",
    )
    others = rx.el.p("In other currencies: ", view.other_currencies, class_name="px-4 pb-3 text-xs text-ink-2 lg:px-5")
    return admin_card(
        "Net sales",
        "sales-title",
        rx.cond(
            view.has_sales,
            rx.fragment(
                rx.el.div(sales_chart(view.points, view.chart_text), class_name="px-2 pt-4 pb-2 lg:px-3"),
                rx.cond(view.other_currencies, others, None),
                sales_table(view.points, view.range_text),
            ),
            admin_empty("chart", "No sales yet", "What is sold in this range is drawn here, day by day."),
        ),
        actions=(legend,),
        padded=False,
    )


def legend_key(colour: str, *text: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(class_name=f"h-0.5 w-4 {colour} forced-color-adjust-none", custom_attrs={"aria-hidden": "true"}),
        rx.el.span(*text),
        class_name="inline-flex items-center gap-1.5",
    )


def _linked(url: rx.Var[str], *content: Any) -> rx.Component:
    return rx.cond(url, rx.el.a(*content, href=url, class_name=ui.LINK), rx.el.span(*content))


def to_do(feed: rx.Var[FeedView]) -> rx.Component:
    """What waits for somebody."""

    def row(one: rx.Var[ToDo]) -> rx.Component:
        drawn = rx.match(
            one.icon, ("truck", icon("truck")), ("return", icon("return")), ("box", icon("box")), icon("alert")
        )
        colours = (("danger", "text-danger"), ("warning", "text-warning"))
        return rx.el.li(
            rx.el.span(drawn, class_name=rx.match(one.tone, *colours, "text-brand")),
            _linked(one.url, one.label),
            key=one.label,
            class_name=_ROW,
        )

    return admin_card(
        "To do",
        "to-do-title",
        rx.cond(
            feed.to_do.length() > 0,
            rx.el.ul(rx.foreach(feed.to_do, row)),
            admin_empty("check", "All done", "Orders to ship, to look at, and goods that are sold out stand here."),
        ),
        padded=False,
    )


def statuses(view: rx.Var[DashboardView]) -> rx.Component:
    """Where the range's orders stand."""

    def row(one: rx.Var[StatusCount]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                _linked(one.url, one.label),
                rx.el.span(one.count, class_name="font-semibold tnum"),
                class_name="flex justify-between gap-3",
            ),
            rx.el.div(
                rx.el.div(style={"width": one.share.to_string() + "%"}, class_name="h-full rounded-full bg-c1"),
                class_name="mt-1.5 h-1.5 overflow-hidden rounded-full bg-hover",
                custom_attrs={"aria-hidden": "true"},
            ),
            key=one.label,
        )

    return admin_card(
        "Orders by status", "statuses-title", rx.el.ul(rx.foreach(view.statuses, row), class_name="grid gap-3.5")
    )


def top_products(view: rx.Var[DashboardView]) -> rx.Component:
    """What brought most."""

    def row(one: rx.Var[TopProduct]) -> rx.Component:
        return rx.el.tr(
            rx.el.td(_linked(one.url, one.name), class_name=ui.TD),
            rx.el.td(one.pieces, class_name=ui.TD_NUMBER),
            rx.el.td(one.net_text, class_name=f"{ui.TD_NUMBER} font-semibold"),
            class_name=ui.TR,
        )

    return _list_card(
        "Top products",
        "top-title",
        view.top.length() > 0,
        (("Product", False), ("Pieces", True), ("Net sales", True)),
        rx.foreach(view.top, row),
        admin_empty("box", "Nothing sold", "The products that bring most in this range stand here."),
    )


def low_stock(view: rx.Var[DashboardView]) -> rx.Component:
    """What runs low, and how long it lasts."""

    def row(one: rx.Var[LowStock]) -> rx.Component:
        return rx.el.tr(
            rx.el.td(
                _linked(one.url, one.name),
                rx.el.span(one.variant, class_name="block text-xs text-ink-3"),
                class_name=ui.TD,
            ),
            rx.el.td(admin_badge(one.available, one.tone), class_name=ui.TD_NUMBER),
            rx.el.td(one.cover, class_name=f"{ui.TD_NUMBER} text-ink-2"),
            class_name=ui.TR,
        )

    return _list_card(
        "Low stock",
        "low-title",
        view.low.length() > 0,
        (("Variant", False), ("Left", True), ("Lasts", True)),
        rx.foreach(view.low, row),
        admin_empty("check", "Enough of everything", "Variants at or below the store's threshold stand here."),
    )


def _list_card(
    title: str, title_id: str, is_filled: Any, heads: tuple[tuple[str, bool], ...], rows: Any, empty: rx.Component
) -> rx.Component:
    table = rx.el.table(
        rx.el.caption(title, class_name="sr-only"),
        rx.el.thead(
            rx.el.tr(
                *(
                    rx.el.th(name, scope="col", class_name=f"{ui.TH} text-right" if is_number else ui.TH)
                    for name, is_number in heads
                )
            ),
            class_name=ui.TABLE_HEAD,
        ),
        rx.el.tbody(rows),
        class_name=ui.TABLE,
    )
    return admin_card(title, title_id, rx.cond(is_filled, table, empty), padded=False)


def latest_orders(feed: rx.Var[FeedView], heard: rx.Var[str]) -> rx.Component:
    """The newest orders; one that comes while somebody looks is marked, and read out."""

    def row(one: rx.Var[LatestOrder]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(
                    rx.el.span(_linked(one.url, "SH-", one.number), class_name="whitespace-nowrap"),
                    rx.cond(one.is_new, admin_badge("New", "success"), None),
                    class_name="flex items-center gap-2",
                ),
                rx.el.p(
                    rx.el.span(one.name, class_name="truncate text-ink-2"),
                    rx.el.time(
                        one.placed_text,
                        title=one.placed_title,
                        class_name="shrink-0 text-xs leading-5 text-ink-3",
                        custom_attrs={"dateTime": one.placed_at},
                    ),
                    class_name="flex min-w-0 flex-wrap gap-x-2",
                ),
                class_name="min-w-0 flex-1",
            ),
            admin_badge(one.status, one.tone),
            rx.el.span(one.total_text, class_name="min-w-16 text-right font-semibold tnum"),
            key=one.id,
            class_name=_ROW,
        )

    live = rx.el.span(
        rx.el.span(class_name="size-2 rounded-full bg-success", custom_attrs={"aria-hidden": "true"}),
        "Live",
        class_name="inline-flex items-center gap-1.5 text-xs text-ink-2",
    )
    return admin_card(
        "Latest orders",
        "latest-title",
        rx.cond(
            feed.orders.length() > 0,
            rx.el.ul(rx.foreach(feed.orders, row)),
            admin_empty("receipt", "No orders yet", "New orders appear here by themselves."),
        ),
        rx.el.p(heard, class_name="sr-only", role="status"),
        actions=(live,),
        padded=False,
    )


def dashboard_skeleton() -> rx.Component:
    """The dashboard to come."""
    return rx.el.div(
        rx.el.p("Loading…", class_name="sr-only"),
        rx.el.div(
            skeleton("h-8 w-44"), skeleton("h-9 w-96 max-w-full"), class_name="flex flex-wrap justify-between gap-3"
        ),
        rx.el.div(
            *(skeleton("h-32") for _ in range(5)),
            class_name="mt-6 grid grid-cols-2 gap-4 md:grid-cols-3 xl:grid-cols-5",
        ),
        rx.el.div(skeleton("h-96"), skeleton("h-96"), class_name="mt-4 grid gap-4 xl:grid-cols-[2fr_1fr]"),
    )
