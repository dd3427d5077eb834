"""Binds a list of the back office to the state that all its tables share."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from shophub.components.admin.table import Cell, Selection, data_table
from shophub.components.admin.table_tools import TableEvents
from shophub.lib.tables import TableSpec
from shophub.state.admin.table import TableState

EVENTS = TableEvents(
    select=TableState.select,
    select_page=TableState.select_page,
    select_all=TableState.select_all,
    clear=TableState.clear,
    save_view=TableState.save_view,
    remove_view=TableState.remove_view,
    view_error=TableState.view_error,
)


def admin_table(
    spec: TableSpec,
    rows: rx.Var[Any],
    cells: Mapping[str, Cell],
    *,
    label: str,
    empty: rx.Component,
    bulk: tuple[rx.Component, ...] = (),
    row_name: Cell | None = None,
    below: Cell | None = None,
) -> rx.Component:
    """A list: see ``data_table``. With ``bulk`` (``bar_button`` each) rows can be selected for these actions."""
    selection = Selection(
        ids=TableState.selected.to(list[str]),
        count=TableState.selected_count,
        is_all=TableState.is_all,
        is_page=TableState.is_page_selected,
        actions=bulk,
    )
    return data_table(
        spec,
        TableState.view,
        rows,
        cells,
        events=EVENTS,
        label=label,
        empty=empty,
        selection=selection if bulk else None,
        row_name=row_name,
        below=below,
    )
