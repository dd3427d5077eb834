"""The staff's list of products: its cells, and variants below a row."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_badge, admin_empty, admin_link_button
from shophub.components.admin.table import Cell
from shophub.components.admin.table_local import inline_edit
from shophub.components.ui.icons import icon
from shophub.lib import ui_admin as ui
from shophub.lib import ui_tables
from shophub.lib.tables import ColumnSpec, TableSpec
from shophub.schemas.product_list import ProductLine, VariantLine

_THUMB = "size-10 shrink-0 overflow-hidden rounded-md border border-line bg-sunken"
_TONES = {"danger": "text-danger", "warning": "text-warning"}


@dataclass(frozen=True)
class ProductListEvents:
    """What the list's own controls do."""

    toggle: Any
    set_stock: Any
    set_price: Any


def product_cells(events: ProductListEvents) -> dict[str, Cell]:
    """How a row's cells are drawn, by their columns."""
    return {
        "name": lambda line: _name(line, events),
        "status": lambda line: admin_badge(line.status_text, line.status_tone),
        "price": lambda line: rx.cond(
            line.is_single,
            _price(line.variants[0], line.name, events),
            rx.el.span(line.price_text, class_name="pr-7 tnum max-md:pr-0"),
        ),
        "stock": lambda line: rx.cond(line.is_single, _stock(line.variants[0], line.name, events), _sum(line)),
        "category": lambda line: rx.el.span(line.category, class_name="text-ink-2"),
        "sold": lambda line: rx.el.span(line.sold_text),
        "created": lambda line: rx.el.time(line.created_text, date_time=line.created_iso, class_name="text-ink-2"),
    }


def variant_rows(events: ProductListEvents, spec: TableSpec, hidden: rx.Var[tuple[str, ...]]) -> Cell:
    """What follows a product's row while it is open: a row per variant, its numbers in the table's own columns."""

    def below(line: rx.Var[ProductLine]) -> rx.Component:
        rows = rx.foreach(line.variants, lambda one: _variant(one, line, events, spec, hidden))
        return rx.cond(line.is_open, rows, None)

    return below


def products_empty(is_narrowed: rx.Var[bool], clear_url: rx.Var[str]) -> rx.Component:
    """Nothing was found, or there is nothing yet."""
    return rx.cond(
        is_narrowed,
        admin_empty(
            "search",
            "No product matches",
            "Try fewer words, or take a filter away.",
            admin_link_button("Clear search and filters", href=clear_url),
        ),
        admin_empty(
            "box",
            "No products here yet",
            "What you sell is listed here, with its stock and price.",
            admin_link_button(icon("plus", "size-4"), "Add a product", href="/admin/products/new", kind="primary"),
        ),
    )


def _name(line: rx.Var[ProductLine], events: ProductListEvents) -> rx.Component:
    thumb = rx.el.span(
        rx.cond(
            line.picture.url,
            rx.el.img(
                src=line.picture.url, alt="", loading="lazy", class_name="size-full object-cover",
                custom_attrs={"width": "40", "height": "40"},
            ),
            rx.el.span(icon("image", "size-4 text-ink-3"), class_name="flex size-full items-center justify-center"),
        ),
        class_name=_THUMB,
    )  # fmt: skip
    more = rx.el.button(
        rx.cond(line.is_open, icon("up", "size-3.5"), icon("down", "size-3.5")),
        line.variants_text,
        type="button",
        class_name="inline-flex min-h-6 cursor-pointer items-center gap-1 rounded-sm text-xs font-medium text-brand "
        "hover:underline",
        on_click=events.toggle(line.id),
        custom_attrs={"aria-expanded": rx.cond(line.is_open, "true", "false")},
        aria_label=line.variants_text + " of " + line.name,
    )
    return rx.el.div(
        thumb,
        rx.el.div(
            rx.el.a(
                line.name, href=line.url, class_name="line-clamp-2 min-h-6 pt-0.5 font-medium text-ink hover:underline"
            ),
            rx.cond(line.is_single, rx.el.span(line.sku_text, class_name=ui.QUIET), more),
            class_name="flex min-w-0 flex-col items-start",
        ),
        class_name="flex min-w-48 items-center gap-3",
    )


def _price(variant: rx.Var[VariantLine], name: Any, events: ProductListEvents) -> rx.Component:
    return inline_edit(
        variant.price,
        label="Price of " + name,
        column="price",
        on_save=lambda typed: events.set_price(variant.id, typed),
    )


def _stock(variant: rx.Var[VariantLine], name: Any, events: ProductListEvents) -> rx.Component:
    return rx.el.div(
        inline_edit(
            variant.stock,
            label="Stock of " + name,
            column="stock",
            on_save=lambda typed: events.set_stock(variant.id, typed),
        ),
        rx.el.span(
            rx.match(
                variant.stock_tone,
                ("danger", rx.el.span("Sold out", class_name=_TONES["danger"])),
                ("warning", rx.el.span("Low", class_name=_TONES["warning"])),
                rx.fragment(),
            ),
            rx.el.span(variant.reserved_text, class_name="text-ink-3"),
            class_name="flex gap-2 pr-7 text-xs font-medium empty:hidden max-md:pr-0",
        ),
        class_name="inline-flex flex-col items-end max-md:items-start",
    )


def _sum(line: rx.Var[ProductLine]) -> rx.Component:
    note = rx.match(
        line.stock_tone,
        ("danger", rx.el.span(line.stock_note, class_name="text-xs font-medium text-danger")),
        ("warning", rx.el.span(line.stock_note, class_name="text-xs font-medium text-warning")),
        rx.fragment(),
    )
    return rx.el.span(
        rx.el.span(line.stock_text, class_name="tnum"),
        note,
        class_name="inline-flex flex-col items-end pr-7 max-md:items-start",
    )


def _variant(
    one: rx.Var[VariantLine],
    line: rx.Var[ProductLine],
    events: ProductListEvents,
    spec: TableSpec,
    hidden: rx.Var[tuple[str, ...]],
) -> rx.Component:
    name = line.name + ", " + one.name
    title = rx.el.span(
        rx.el.span(one.name, class_name="font-medium text-ink"),
        rx.el.span(one.sku, class_name=ui.QUIET),
        class_name="flex min-w-0 flex-col border-l-2 border-line pl-3 md:ml-[3.25rem]",
    )
    drawn: dict[str, rx.Component] = {
        "name": title,
        "price": _price(one, name, events),
        "stock": _stock(one, name, events),
    }

    def cell(column: ColumnSpec) -> rx.Component:
        number = f" {ui_tables.NUMBER}" if column.is_number else ""
        if column.name not in drawn:
            found = rx.el.td(class_name="max-md:hidden", custom_attrs={"role": "cell"})
        elif column.name == "name":
            found = rx.el.td(drawn["name"], class_name=ui_tables.CELL_COMPACT, custom_attrs={"role": "cell"})
        else:
            label = rx.el.span(column.label, class_name=ui_tables.CELL_LABEL, custom_attrs={"aria-hidden": "true"})
            found = rx.el.td(
                label, drawn[column.name], class_name=ui_tables.CELL_COMPACT + number, custom_attrs={"role": "cell"}
            )
        return found if column.is_fixed else rx.cond(hidden.contains(column.name), None, found)

    return rx.el.tr(
        rx.el.td(class_name="max-md:hidden", custom_attrs={"role": "cell"}),
        *(cell(column) for column in spec.columns),
        class_name=ui_tables.ROW_BELOW,
        custom_attrs={"role": "row"},
    )
