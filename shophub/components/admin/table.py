"""The one table of the back office: tabs, search, filters, columns, views, rows, selection, pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.admin.table_local import RowCheck, TableArea, TableLink
from shophub.components.admin.table_tools import TableEvents, save_view_dialog, table_foot, table_tabs, table_tools
from shophub.components.ui.icons import icon
from shophub.lib import ui_admin
from shophub.lib import ui_tables as ui
from shophub.lib.tables import ColumnSpec, TableSpec
from shophub.schemas.tables import TableView

Cell = Callable[[Any], Any]


@dataclass(frozen=True)
class Selection:
    """What is selected, and the actions that are offered for it."""

    ids: rx.Var[list[str]]
    count: rx.Var[int]
    is_all: rx.Var[bool]
    is_page: rx.Var[bool]
    actions: tuple[rx.Component, ...] = ()


def data_table(
    spec: TableSpec,
    view: rx.Var[TableView],
    rows: rx.Var[Any],
    cells: Mapping[str, Cell],
    *,
    events: TableEvents,
    empty: rx.Component,
    label: str,
    selection: Selection | None = None,
    row_name: Cell | None = None,
    below: Cell | None = None,
) -> rx.Component:
    """A table of ``rows`` (frozen dataclasses with an ``id``); ``cells`` draws a row's cell for each column's name.

    The first column is a row's name and a card's heading on phones. ``row_name`` is what its tick is called by,
    ``below`` draws what follows a row (a fragment of ``<tr>``). ``empty`` shows where nothing is found.
    """

    def draw(row: Any) -> rx.Component:
        drawn = _row(spec, view, row, cells, events, selection, row_name)
        return drawn if below is None else rx.fragment(drawn, below(row))

    table = rx.el.div(
        rx.el.table(
            rx.el.caption(label, class_name="sr-only"),
            _head(spec, view, events, selection),
            rx.el.tbody(rx.foreach(rows, draw), class_name=ui.BODY, custom_attrs={"role": "rowgroup"}),
            class_name=ui.TABLE,
            custom_attrs={"role": "table"},
        ),
        class_name=ui.WRAP,
    )
    return rx.el.div(
        table_tabs(view) if spec.tabs else rx.fragment(),
        table_tools(spec, view, events),
        TableArea.create(
            rx.cond(rows.length() > 0, table, rx.el.div(empty, class_name="border-t border-line")),
            table_foot(view),
            address=view.address,
            said=view.shown_text,
        ),
        rx.fragment() if selection is None else _bar(view, selection, events),
        save_view_dialog(events),
        class_name=ui_admin.CARD,
    )


def bar_button(*children: Any, **props: Any) -> rx.Component:
    """An action in the bar of what is selected."""
    return rx.el.button(*children, type="button", class_name=ui.BAR_BUTTON, **props)


def _head(spec: TableSpec, view: rx.Var[TableView], events: TableEvents, selection: Selection | None) -> rx.Component:
    cells: list[Any] = []
    if selection is not None:
        tick = RowCheck.create(
            checked=selection.is_page,
            mixed=selection.count > 0,
            label="Select all on this page",
            class_name=ui.CHECK,
            on_toggle=events.select_page,
        )
        cells.append(rx.el.th(tick, class_name=f"{ui.TH} w-8 pr-0", scope="col", custom_attrs={"role": "columnheader"}))
    cells += [_heading(column, view.columns[place], view) for place, column in enumerate(spec.columns)]
    row = rx.el.tr(*cells, custom_attrs={"role": "row"})
    return rx.el.thead(row, class_name=ui.HEAD, custom_attrs={"role": "rowgroup"})


def _heading(column: ColumnSpec, shown: Any, view: rx.Var[TableView]) -> rx.Component:
    classes = ui.TH_NUMBER if column.is_number else ui.TH
    if column.sort is None:
        heading = rx.el.th(column.label, class_name=classes, scope="col", custom_attrs={"role": "columnheader"})
        return heading if column.is_fixed else rx.cond(view.hidden.contains(column.name), None, heading)
    arrow = rx.match(
        shown.sort,
        ("ascending", icon("up", ui.SORT_ICON_ON)),
        ("descending", icon("down", ui.SORT_ICON_ON)),
        icon("down", ui.SORT_ICON_OFF),
    )
    heading = rx.el.th(
        TableLink.create(column.label, arrow, href=shown.sort_url, class_name=ui.SORT),
        class_name=classes,
        scope="col",
        custom_attrs={"aria-sort": shown.sort, "role": "columnheader"},
    )
    return heading if column.is_fixed else rx.cond(view.hidden.contains(column.name), None, heading)


def _row(
    spec: TableSpec,
    view: rx.Var[TableView],
    row: Any,
    cells: Mapping[str, Cell],
    events: TableEvents,
    selection: Selection | None,
    row_name: Cell | None,
) -> rx.Component:
    drawn: list[Any] = []
    classes: Any = ui.ROW
    if selection is not None:
        is_on = selection.is_all | selection.ids.contains(row.id)
        classes = rx.cond(is_on, ui.ROW_ON, ui.ROW)
        tick = RowCheck.create(
            checked=is_on,
            label="Select " + (row.id if row_name is None else row_name(row)),
            class_name=ui.CHECK,
            on_toggle=lambda on: events.select(row.id, on),
        )
        drawn.append(rx.el.td(tick, class_name=ui.CELL_CHECK, custom_attrs={"role": "cell"}))
    for place, column in enumerate(spec.columns):
        cell = _cell(column, cells[column.name](row), view, is_first=place == 0)
        drawn.append(cell if column.is_fixed else rx.cond(view.hidden.contains(column.name), None, cell))
    return rx.el.tr(*drawn, class_name=classes, custom_attrs={"role": "row"})


def _cell(column: ColumnSpec, content: Any, view: rx.Var[TableView], *, is_first: bool) -> rx.Component:
    if is_first:
        return rx.el.td(
            content,
            class_name=rx.cond(view.is_compact, ui.CELL_FIRST_COMPACT, ui.CELL_FIRST),
            custom_attrs={"role": "cell"},
        )
    number = f" {ui.NUMBER}" if column.is_number else ""
    return rx.el.td(
        rx.el.span(column.label, class_name=ui.CELL_LABEL, custom_attrs={"aria-hidden": "true"}),
        content,
        class_name=rx.cond(view.is_compact, ui.CELL_COMPACT + number, ui.CELL + number),
        custom_attrs={"role": "cell"},
    )


def _bar(view: rx.Var[TableView], selection: Selection, events: TableEvents) -> rx.Component:
    more = rx.cond(
        (view.total > selection.count) & ~selection.is_all,
        rx.el.button(
            "Select all " + view.total_text, type="button", class_name=ui.BAR_LINK, on_click=events.select_all
        ),
        None,
    )
    return rx.cond(
        selection.count > 0,
        rx.el.section(
            rx.el.p(selection.count.to_string(), " selected", class_name="font-semibold tnum"),
            more,
            rx.el.button("Clear", type="button", class_name=ui.BAR_LINK, on_click=events.clear),
            rx.el.div(*selection.actions, class_name="ml-auto flex flex-wrap gap-2"),
            class_name=ui.BAR,
            custom_attrs={"aria-label": "Selected rows"},
        ),
        None,
    )
