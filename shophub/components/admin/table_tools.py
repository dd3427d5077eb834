"""What stands around a table's rows: tabs, search, filters, columns, saved views, pages."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_button
from shophub.components.admin.table_local import TableColumns, TableFilter, TableLink, TableSearch
from shophub.components.ui.basics import dialog_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import FileLink, Modal, icon_paths
from shophub.lib import ui_admin
from shophub.lib import ui_tables as ui
from shophub.lib.tables import TableSpec
from shophub.lib.ui_ids import SAVE_VIEW_DIALOG
from shophub.schemas.tables import TableView

COLUMNS_PANEL = "table-columns"
VIEWS_PANEL = "table-views"


@dataclass(frozen=True)
class TableEvents:
    """What selecting and keeping views does."""

    select: Any
    select_page: Any
    select_all: Any
    clear: Any
    save_view: Any
    remove_view: Any
    view_error: rx.Var[str]


def table_tabs(view: rx.Var[TableView]) -> rx.Component:
    """The tabs, each with how many rows it holds."""

    def tab(one: Any) -> rx.Component:
        return TableLink.create(
            one.label,
            rx.el.span(one.count_text, class_name=ui.TAB_COUNT),
            href=one.url,
            class_name=rx.cond(one.is_current, ui.TAB_ON, ui.TAB),
            custom_attrs={"aria-current": rx.cond(one.is_current, "page", None)},
        )

    return rx.el.nav(
        rx.el.div(rx.foreach(view.tabs, tab), class_name=ui.TABS),
        class_name="border-b border-line",
        custom_attrs={"aria-label": "Tabs"},
    )


def table_tools(spec: TableSpec, view: rx.Var[TableView], events: TableEvents) -> rx.Component:
    """Search, filters with what they are set to, saved views, columns, export."""
    search = TableSearch.create(
        value=view.q,
        url=view.search_url,
        label="Search",
        hint=spec.search,
        classes=ui.SEARCH,
        icons=icon_paths("search"),
    )
    chosen = rx.foreach(
        view.filters,
        lambda one: rx.cond(
            one.choices.length() > 1,
            TableFilter.create(label=one.label, choices=one.choices, classes=ui.FILTER, icons=icon_paths("down")),
            None,
        ),
    )
    chips = rx.foreach(
        view.chips,
        lambda chip: TableLink.create(
            rx.el.span("Without ", class_name="sr-only"),
            chip.label,
            icon("close", "size-3.5"),
            href=chip.url,
            class_name=ui.CHIP,
        ),
    )
    return rx.fragment(
        rx.el.div(
            search if spec.search else rx.fragment(),
            chosen,
            rx.el.div(
                _views(view, events),
                _columns(view),
                _export(view) if spec.export_path else rx.fragment(),
                class_name="ml-auto flex items-center",
            ),
            class_name=ui.TOOLS,
        ),
        rx.cond(
            view.chips.length() > 0,
            rx.el.div(
                chips,
                TableLink.create("Clear all", href=view.clear_url, is_whole=True, class_name=ui.CLEAR),
                class_name=ui.CHIPS,
            ),
            None,
        ),
    )


def _panel_button(name: str, icon_name: str, panel: str) -> rx.Component:
    return rx.el.button(
        icon(icon_name, "size-4"),
        rx.el.span(name, class_name="max-lg:sr-only"),
        type="button",
        class_name=ui_admin.BUTTON_QUIET,
        custom_attrs={"popovertarget": panel},
    )


def _panel(*children: Any, panel: str, label: str) -> rx.Component:
    return rx.el.div(
        *children,
        id=panel,
        class_name=ui.PANEL,
        custom_attrs={"popover": "auto", "aria-label": label, "role": "group"},
    )


def _columns(view: rx.Var[TableView]) -> rx.Component:
    density = TableLink.create(
        rx.cond(view.is_compact, "Roomy rows", "Compact rows"), href=view.density_url, class_name=ui_admin.MENU_ITEM
    )
    return rx.fragment(
        _panel_button("Columns", "panel", COLUMNS_PANEL),
        _panel(
            rx.el.p("Columns", class_name=ui.PANEL_TITLE),
            TableColumns.create(columns=view.columns, classes=ui.COLUMN),
            rx.el.div(density, class_name="mt-2 border-t border-line pt-2"),
            panel=COLUMNS_PANEL,
            label="Columns and density",
        ),
    )


def _views(view: rx.Var[TableView], events: TableEvents) -> rx.Component:
    def kept(one: Any) -> rx.Component:
        return rx.el.li(
            TableLink.create(
                rx.cond(one.is_current, icon("check", "size-4"), icon("bookmark", "size-4")),
                rx.el.span(one.name, class_name="min-w-0 break-words"),
                href=one.url,
                is_whole=True,
                class_name=f"{ui_admin.MENU_ITEM} min-w-0 flex-1",
            ),
            rx.el.button(
                icon("close", "size-4"),
                type="button",
                class_name=ui_admin.ICON_BUTTON,
                on_click=events.remove_view(one.id),
                aria_label="Remove the view " + one.name,
            ),
            class_name="flex items-center",
        )

    return rx.fragment(
        _panel_button("Views", "bookmark", VIEWS_PANEL),
        _panel(
            rx.cond(
                view.views.length() > 0,
                rx.el.ul(rx.foreach(view.views, kept)),
                rx.el.p("Filters, sort and columns, kept under a name. None so far.", class_name="p-2 text-ink-3"),
            ),
            rx.el.div(
                dialog_button(
                    icon("plus", "size-4"), "Save this view", opens=SAVE_VIEW_DIALOG, class_name=ui_admin.MENU_ITEM
                ),
                class_name="mt-2 border-t border-line pt-2",
            ),
            panel=VIEWS_PANEL,
            label="Saved views",
        ),
    )


def save_view_dialog(events: TableEvents) -> rx.Component:
    """Asks for the name of a view."""
    return Modal.create(
        rx.el.form(
            rx.el.h2("Save this view", id="save-view-title", class_name=ui_admin.H2),
            rx.el.p(
                "Search, filters, sort and columns as they are now. Only you see it.", class_name="mt-1 text-ink-2"
            ),
            rx.el.label("Name", html_for="save-view-name", class_name=f"{ui_admin.LABEL} mt-4"),
            rx.el.input(
                id="save-view-name",
                name="name",
                class_name=ui_admin.INPUT,
                max_length=60,
                required=True,
                auto_complete="off",
            ),
            rx.cond(
                events.view_error,
                rx.el.p(events.view_error, class_name=ui_admin.FIELD_ERROR, role="alert"),
                None,
            ),
            rx.el.div(
                dialog_button("Cancel", closes=SAVE_VIEW_DIALOG, class_name=ui_admin.BUTTON_SECONDARY),
                admin_button("Save view", type="submit"),
                class_name="mt-5 flex justify-end gap-2",
            ),
            on_submit=events.save_view,
            reset_on_submit=True,
        ),
        id=SAVE_VIEW_DIALOG,
        labelled_by="save-view-title",
        class_name=ui_admin.DIALOG,
    )


def _export(view: rx.Var[TableView]) -> rx.Component:
    return FileLink.create(
        icon("download", "size-4"),
        rx.el.span("Export CSV", class_name="max-lg:sr-only"),
        href=view.export_url,
        class_name=ui_admin.BUTTON_QUIET,
        custom_attrs={"download": ""},
    )


def table_foot(view: rx.Var[TableView]) -> rx.Component:
    """How many rows are shown, and the ways to those before and behind."""

    def step(label: str, url: Any, icon_name: str, *, icon_first: bool) -> rx.Component:
        drawn = icon(icon_name, "size-4")
        words = (drawn, label) if icon_first else (label, drawn)
        return rx.cond(
            url,
            rx.el.a(*words, href=url, class_name=ui.PAGE),
            rx.el.span(*words, class_name=ui.PAGE_OFF, custom_attrs={"aria-disabled": "true"}),
        )

    pages = rx.el.nav(
        step("Previous", view.previous_url, "left", icon_first=True),
        step("Next", view.next_url, "right", icon_first=False),
        class_name="flex gap-2",
        custom_attrs={"aria-label": "Pages"},
    )
    several = (view.previous_url != "") | (view.next_url != "")
    return rx.el.div(rx.el.p(view.shown_text, class_name="tnum"), rx.cond(several, pages, None), class_name=ui.FOOT)
