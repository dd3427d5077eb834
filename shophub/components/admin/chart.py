"""A line over time with the range before it, and the same as a table."""

import reflex as rx

from shophub.components.admin.local import AdminChart
from shophub.components.ui.basics import disclosure
from shophub.lib import ui_admin as ui
from shophub.schemas.dashboard import ChartPoint


def line_chart(
    points: rx.Var[tuple[ChartPoint, ...]],
    description: rx.Var[str],
    *,
    name: str,
    keys: tuple[str, str, str, str],
    compares: rx.Var[bool] | bool = True,
    height: int = 260,
) -> rx.Component:
    """A chart of one thing; ``keys`` are where a point has its value, the one before, and how either is read."""
    value, before, value_text, before_text = keys
    return rx.el.figure(
        AdminChart.create(
            points=points,
            value=value,
            before=before,
            value_text=value_text,
            before_text=before_text,
            name=name,
            label=f"{name}, day by day",
            height=height,
            compares=compares,
        ),
        rx.el.figcaption(description, class_name="sr-only"),
    )


def sales_chart(
    points: rx.Var[tuple[ChartPoint, ...]], description: rx.Var[str], compares: rx.Var[bool] | bool = True
) -> rx.Component:
    """Net sales over time."""
    keys = ("net", "before", "net_text", "before_text")
    return line_chart(points, description, name="Net sales", keys=keys, compares=compares)


def sales_table(points: rx.Var[tuple[ChartPoint, ...]], caption: rx.Var[str]) -> rx.Component:
    """The same as a table, behind its heading."""
    heads = ("From", "Net sales", "Orders", "Average", "Before, from", "Net sales", "Orders", "Average")
    return disclosure(
        rx.el.span("View as table", class_name="text-sm font-medium text-ink-2"),
        rx.el.div(
            rx.el.table(
                rx.el.caption(caption, class_name="sr-only"),
                rx.el.thead(
                    rx.el.tr(
                        *(
                            rx.el.th(
                                name,
                                scope="col",
                                class_name=f"{ui.TH} sticky top-0 bg-surface"
                                if place in (0, 4)
                                else f"{ui.TH} sticky top-0 bg-surface text-right",
                            )
                            for place, name in enumerate(heads)
                        )
                    ),
                    class_name=ui.TABLE_HEAD,
                ),
                rx.el.tbody(rx.foreach(points, _row)),
                class_name=ui.TABLE,
            ),
            class_name="max-h-80 overflow-auto border-t border-line",
            tab_index=0,
            role="region",
            custom_attrs={"aria-label": "Sales as a table"},
        ),
        class_name="border-t border-line px-4 lg:px-5",
    )


def _row(point: rx.Var[ChartPoint]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(point.label, scope="row", class_name=f"{ui.TD} text-left font-medium"),
        rx.el.td(point.net_text, class_name=ui.TD_NUMBER),
        rx.el.td(point.orders, class_name=ui.TD_NUMBER),
        rx.el.td(point.average_text, class_name=ui.TD_NUMBER),
        rx.el.td(point.before_label, class_name=f"{ui.TD} text-ink-3"),
        rx.el.td(point.before_text, class_name=f"{ui.TD_NUMBER} text-ink-3"),
        rx.el.td(point.orders_before, class_name=f"{ui.TD_NUMBER} text-ink-3"),
        rx.el.td(point.average_before_text, class_name=f"{ui.TD_NUMBER} text-ink-3"),
        class_name=ui.TR,
    )
