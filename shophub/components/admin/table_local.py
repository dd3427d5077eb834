"""What tables are worked with (``assets/table_controls.jsx``, ``assets/inline_edit.jsx``), as Reflex sees it."""

from typing import Any

import reflex as rx

from shophub.components.ui.local import icon_paths
from shophub.lib import ui_tables as ui
from shophub.schemas.tables import EditCell

LIBRARY = "$/public/table_controls.jsx"


class TableArea(rx.Component):
    """Its children are what ``address`` shows; faded while another is in the bar. ``said`` is read out with it."""

    library = LIBRARY
    tag = "TableArea"
    address: rx.Var[str]
    said: rx.Var[str]


class TableSearch(rx.Component):
    """A search field; ``url`` is the address without words."""

    library = LIBRARY
    tag = "TableSearch"
    value: rx.Var[str]
    url: rx.Var[str]
    label: rx.Var[str]
    hint: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]


class TableFilter(rx.Component):
    """A native select of addresses."""

    library = LIBRARY
    tag = "TableFilter"
    label: rx.Var[str]
    choices: rx.Var[list]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]


class TableColumns(rx.Component):
    """Ticks that show and hide columns."""

    library = LIBRARY
    tag = "TableColumns"
    columns: rx.Var[list]
    classes: rx.Var[dict[str, str]]


class RowCheck(rx.Component):
    """A tick that shows at once."""

    library = LIBRARY
    tag = "RowCheck"
    checked: rx.Var[bool]
    mixed: rx.Var[bool]
    label: rx.Var[str]
    on_toggle: rx.EventHandler[rx.event.passthrough_event_spec(bool)]


class TableLink(rx.Component):
    """A link to another address of the table, which keeps the place on the page.

    It changes what it was made to change, whatever was chosen meanwhile; with ``is_whole`` it leads there as it is.
    """

    library = LIBRARY
    tag = "TableLink"
    href: rx.Var[str]
    is_whole: rx.Var[bool]


class InlineEdit(rx.Component):
    """A cell that is edited where it stands."""

    library = "$/public/inline_edit.jsx"
    tag = "InlineEdit"
    value: rx.Var[str]
    note: rx.Var[str]
    is_error: rx.Var[bool]
    epoch: rx.Var[int]
    label: rx.Var[str]
    column: rx.Var[str]
    prefix: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def inline_edit(
    cell: rx.Var[EditCell], *, label: str | rx.Var[str], column: str, on_save: Any, prefix: str | rx.Var[str] = ""
) -> rx.Component:
    """A cell of ``column``; ``on_save`` gets what was typed. The column's cells are one row below the other."""
    return InlineEdit.create(
        value=cell.value,
        note=cell.note,
        is_error=cell.is_error,
        epoch=cell.epoch,
        label=label,
        column=column,
        prefix=prefix,
        classes=ui.INLINE,
        icons=icon_paths("check"),
        on_save=on_save,
    )
