"""Pieces of the list of orders."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_badge, admin_button
from shophub.components.admin.order_fields import admin_field
from shophub.components.admin.order_peek import peek_button
from shophub.components.admin.table import Cell
from shophub.components.ui.basics import dialog_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import Modal
from shophub.lib import ui_admin as ui
from shophub.lib import ui_classes
from shophub.schemas.order_list import OrderLineItem

SHIP_DIALOG = "ship-orders"


def _order(row: rx.Var[OrderLineItem], on_look: Any) -> rx.Component:
    return rx.el.span(
        rx.el.a(row.number, href=row.url, class_name=f"{ui.LINK} font-semibold tnum"),
        peek_button(row.number, on_look),
        rx.cond(row.needs_review, admin_badge("Review", "warning"), None),
        class_name="-my-1 inline-flex flex-wrap items-center gap-x-1.5",
    )


def _customer(row: rx.Var[OrderLineItem]) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.customer, class_name="block max-w-56 truncate text-ink"),
        rx.cond(
            row.customer != row.email,
            rx.el.span(row.email, class_name="block max-w-56 truncate text-xs text-ink-3"),
            None,
        ),
        class_name="block min-w-0",
    )


def _total(row: rx.Var[OrderLineItem]) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.total_text, class_name="block font-medium text-ink tnum"),
        rx.cond(
            row.refunded_text,
            rx.el.span("−", row.refunded_text, " refunded", class_name="block text-xs text-ink-3 tnum"),
            None,
        ),
        class_name="block",
    )


_CELLS: Mapping[str, Cell] = {
    "placed": lambda row: rx.el.time(
        row.placed_text,
        title=row.placed_title,
        class_name="whitespace-nowrap",
        custom_attrs={"dateTime": row.placed_iso},
    ),
    "customer": _customer,
    "status": lambda row: admin_badge(row.status_text, row.status_tone),
    "payment": lambda row: admin_badge(row.payment_text, row.payment_tone),
    "items": lambda row: row.items_text,
    "total": _total,
    "country": lambda row: row.country,
}


def order_cells(on_look: Any) -> Mapping[str, Cell]:
    """How each column is drawn; ``on_look`` gets the number of an order to look at beside the list."""
    return {"order": lambda row: _order(row, on_look), **_CELLS}


def news_button(news: rx.Var[str], on_show: Any) -> rx.Component:
    """Says that orders have come, in a place that is kept for it: the list stays where it is until it is pressed."""
    button = rx.el.button(
        rx.el.span(class_name="size-2 rounded-full bg-accent", custom_attrs={"aria-hidden": "true"}),
        news,
        rx.el.span("Show", class_name="text-brand underline underline-offset-4"),
        type="button",
        class_name=f"{ui.BUTTON_SECONDARY} tnum",
        on_click=on_show,
    )
    return rx.el.div(rx.cond(news, button, None), role="status", class_name="min-h-9")


def refusals_note(refusals: rx.Var[Any]) -> rx.Component:
    """Which of the selected orders were not marked, and why."""
    return rx.cond(
        refusals.length() > 0,
        rx.el.div(
            rx.el.p(icon("alert", "size-5"), "These were not marked shipped:", class_name="flex gap-2 font-semibold"),
            rx.el.ul(rx.foreach(refusals, lambda one: rx.el.li(one)), class_name="mt-1 list-disc pl-9"),
            id="ship-refusals",
            role="alert",
            tab_index=-1,
            class_name=f"{ui_classes.NOTE_WARNING} mb-4",
        ),
        None,
    )


def bulk_ship_dialog(
    *,
    count: rx.Var[int],
    shipped: rx.Var[int],
    asks_for_count: rx.Var[bool],
    is_busy: rx.Var[bool],
    error: rx.Var[str],
    on_submit: Any,
) -> rx.Component:
    """Asks for the carrier, and for the count where it is many: every customer gets an e-mail."""
    several = rx.cond(count == 1, "1 order", count.to_string() + " orders")
    typed = admin_field(
        "ship_count",
        "Type the number of orders",
        hint="Their customers get an e-mail, which cannot be taken back.",
        input_mode="numeric",
        attributes={"autocomplete": "off"},
    )
    return Modal.create(
        rx.el.h2("Mark ", several, " shipped", id="ship-title", class_name="text-lg font-semibold tnum"),
        rx.el.p("Each customer gets an e-mail. Orders that may not leave are left out.", class_name="mt-1 text-ink-2"),
        rx.el.form(
            admin_field("carrier", "Carrier", hint="Optional.", max_length=80, attributes={"autocomplete": "off"}),
            rx.cond(asks_for_count, typed, None),
            rx.cond(error, rx.el.p(error, role="alert", class_name="font-medium text-danger"), None),
            rx.el.div(
                rx.cond(is_busy, rx.el.p(shipped, " marked so far", role="status", class_name="mr-auto tnum"), None),
                dialog_button("Cancel", closes=SHIP_DIALOG, class_name=ui.BUTTON_SECONDARY),
                admin_button(rx.cond(is_busy, "Marking…", "Mark shipped"), type="submit", disabled=is_busy),
                class_name="mt-1 flex items-center justify-end gap-2",
            ),
            on_submit=on_submit,
            class_name="mt-4 grid gap-4",
        ),
        id=SHIP_DIALOG,
        labelled_by="ship-title",
        class_name=ui.DIALOG,
    )
