"""The dialog of a refund: what of the order, how much beside it, and what that comes to."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_button
from shophub.components.admin.order_fields import admin_field
from shophub.components.ui.basics import dialog_button
from shophub.components.ui.local import Modal
from shophub.lib import ui_admin as ui
from shophub.lib import ui_classes
from shophub.schemas.orders import OrderView
from shophub.schemas.staff_orders import OrderDesk, RefundChoice, RefundDraft

REFUND_DIALOG = "refund-order"


@dataclass(frozen=True)
class RefundEvents:
    """What the dialog's controls do, and where the refund stands."""

    set_units: Any
    set_beside: Any
    set_restocks: Any
    take_everything: Any
    refund: Any
    close: Any
    restocks: rx.Var[bool]
    is_busy: rx.Var[bool]
    outcome: rx.Var[str]
    outcome_text: rx.Var[str]
    epoch: rx.Var[int]


def refund_dialog(
    order: rx.Var[OrderView], desk: rx.Var[OrderDesk], draft: rx.Var[RefundDraft], events: RefundEvents
) -> rx.Component:
    """Closed until its button is pressed."""
    return Modal.create(
        rx.el.h2("Refund ", order.number, id="refund-title", class_name="text-lg font-semibold tnum"),
        rx.el.p("Of the payment ", desk.left_text, " is left.", class_name="mt-1 text-ink-2 tnum"),
        _outcome(events),
        rx.el.form(
            _items(draft, events),
            _restock(draft, events),
            _beside(desk, draft, events),
            admin_field("refund_reason", "Reason", hint="For the staff. Customers do not see it.", max_length=300),
            _buttons(draft, events),
            on_submit=events.refund,
            class_name="mt-4 grid gap-4",
        ),
        id=REFUND_DIALOG,
        labelled_by="refund-title",
        on_closed=events.close,
        class_name=f"{ui.DIALOG} lg:w-[min(94vw,36rem)]",
    )


def _items(draft: rx.Var[RefundDraft], events: RefundEvents) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h3("Items", id="refund-items", class_name="font-semibold"),
            admin_button("Everything", kind="quiet", on_click=events.take_everything),
            class_name="flex items-center justify-between",
        ),
        rx.el.ul(
            rx.foreach(draft.choices, lambda choice: _choice(choice, events)),
            class_name="divide-y divide-line border-y border-line",
        ),
        class_name="min-w-0",
        role="group",
        custom_attrs={"aria-labelledby": "refund-items"},
    )


def _restock(draft: rx.Var[RefundDraft], events: RefundEvents) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name="restock",
            checked=events.restocks & draft.has_units,
            disabled=~draft.has_units,
            on_change=events.set_restocks,
            class_name=ui.CHECKBOX,
        ),
        "Put these items back into stock",
        class_name="flex min-h-9 w-fit cursor-pointer items-center gap-2.5",
    )


def _beside(desk: rx.Var[OrderDesk], draft: rx.Var[RefundDraft], events: RefundEvents) -> rx.Component:
    return admin_field(
        "refund_beside",
        "Amount beside the items",
        hint=rx.cond(
            desk.delivery_text,
            "For delivery (" + desk.delivery_text + " was paid for it) or as a kindness.",
            "As a kindness, say. Delivery was free.",
        ),
        default_value=draft.beside,
        on_change=events.set_beside,
        key=events.epoch,
        max_length=20,
        input_mode="decimal",
        attributes={"autocomplete": "off"},
    )


def _outcome(events: RefundEvents) -> rx.Component:
    return rx.cond(
        events.outcome,
        rx.el.div(
            events.outcome_text,
            id="refund-outcome",
            role="alert",
            tab_index=-1,
            class_name=rx.cond(
                events.outcome == "pending",
                f"{ui_classes.NOTE_INFO} mt-3",
                f"{ui_classes.NOTE_DANGER} mt-3",
            ),
        ),
        None,
    )


def _choice(choice: rx.Var[RefundChoice], events: RefundEvents) -> rx.Component:
    line = choice.line
    field_id = "refund-units-" + line.sku
    return rx.el.li(
        rx.el.label(
            rx.el.span(line.name, class_name="block font-medium text-ink"),
            rx.el.span(
                rx.cond(line.options_text, rx.fragment(line.options_text, " · "), None),
                rx.cond(line.left > 0, rx.fragment(line.unit_text, " each"), "all refunded"),
                class_name="block text-ink-3 tnum",
            ),
            html_for=field_id,
            class_name="min-w-0 flex-1",
        ),
        rx.el.div(
            rx.el.input(
                id=field_id,
                default_value=choice.units.to_string(),
                disabled=line.left == 0,
                on_change=events.set_units(line.sku),
                key=line.sku + events.epoch.to_string(),
                class_name=f"{ui.INPUT} text-right tnum",
                # As a prop, the type would have the handler called with a float.
                custom_attrs={"type": "number", "min": 0, "max": line.left, "step": 1, "inputMode": "numeric"},
            ),
            class_name="w-20 shrink-0",
        ),
        rx.el.span("of ", line.left, class_name="w-12 shrink-0 text-ink-3 tnum"),
        key=line.sku,
        class_name="flex items-center gap-3 py-2.5",
    )


def _buttons(draft: rx.Var[RefundDraft], events: RefundEvents) -> rx.Component:
    return rx.el.div(
        rx.cond(
            draft.problem,
            rx.el.p(
                draft.problem,
                id="refund-problem",
                tab_index=-1,
                role="alert",
                class_name="min-w-0 flex-1 basis-full font-medium text-danger sm:basis-48",
            ),
            rx.el.p(
                "In all ",
                rx.el.strong(rx.cond(draft.amount_text, draft.amount_text, "nothing yet"), class_name="text-ink tnum"),
                class_name="min-w-0 flex-1 basis-full text-ink-2 sm:basis-48",
                role="status",
            ),
        ),
        dialog_button("Close", closes=REFUND_DIALOG, class_name=ui.BUTTON_SECONDARY),
        admin_button(
            rx.cond(
                events.is_busy,
                "Refunding…",
                rx.cond(draft.amount_text, "Refund " + draft.amount_text, "Refund"),
            ),
            type="submit",
            kind="danger",
            disabled=events.is_busy,
            class_name="tnum",
        ),
        class_name="flex flex-wrap items-center justify-end gap-2 border-t border-line pt-4",
    )
