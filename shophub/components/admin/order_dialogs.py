"""The dialogs of an order's page in the back office: a parcel leaves, an order is cancelled, what Stripe sent."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_button
from shophub.components.admin.order_desk import CANCEL_DIALOG, SHIP_DIALOG
from shophub.components.admin.order_fields import admin_field
from shophub.components.ui.basics import dialog_button
from shophub.components.ui.local import Modal
from shophub.lib import ui_admin as ui
from shophub.schemas.orders import OrderView
from shophub.schemas.staff_orders import OrderDesk

EVENT_DIALOG = "payment-event"


def ship_dialog(order: rx.Var[OrderView], on_submit: Any, url_error: rx.Var[str]) -> rx.Component:
    """Carrier, number and link of a parcel; all may be left out."""
    return Modal.create(
        rx.el.h2("Mark ", order.number, " shipped", id="ship-title", class_name="text-lg font-semibold tnum"),
        rx.el.p("The customer gets an e-mail with what you enter here.", class_name="mt-1 text-ink-2"),
        rx.el.form(
            parcel_fields(url_error),
            rx.el.div(
                dialog_button("Cancel", closes=SHIP_DIALOG, class_name=ui.BUTTON_SECONDARY),
                admin_button("Mark shipped", type="submit"),
                class_name="mt-1 flex justify-end gap-2",
            ),
            on_submit=on_submit,
            class_name="mt-4 grid gap-4",
        ),
        id=SHIP_DIALOG,
        labelled_by="ship-title",
        class_name=ui.DIALOG,
    )


def parcel_fields(url_error: rx.Var[str]) -> rx.Component:
    """What there is to say of a parcel."""
    return rx.fragment(
        admin_field("carrier", "Carrier", max_length=80, attributes={"autocomplete": "off"}),
        admin_field("tracking_number", "Tracking number", max_length=80, attributes={"autocomplete": "off"}),
        admin_field(
            "tracking_url",
            "Tracking link",
            hint="Where the customer can follow the parcel. Begins with https://.",
            error=url_error,
            max_length=500,
            input_mode="url",
            attributes={"autocomplete": "off"},
        ),
    )


def cancel_dialog(order: rx.Var[OrderView], desk: rx.Var[OrderDesk], on_submit: Any, busy: rx.Var[str]) -> rx.Component:
    """Says what cancelling does; the safe button comes first and has the focus."""
    return Modal.create(
        rx.el.h2("Cancel order ", order.number, "?", id="cancel-title", class_name="text-lg font-semibold tnum"),
        rx.el.ul(
            rx.cond(
                desk.actions.refund,
                rx.el.li(rx.el.strong(desk.left_text, class_name="tnum"), " goes back to the customer."),
                rx.el.li("There is nothing to give back."),
            ),
            rx.el.li("The items go back into stock, and a coupon can be used again."),
            rx.el.li("The customer gets an e-mail. This cannot be undone."),
            class_name="mt-3 grid list-disc gap-1 pl-5 text-ink-2",
        ),
        rx.el.form(
            rx.el.div(
                dialog_button("Keep the order", closes=CANCEL_DIALOG, class_name=ui.BUTTON_SECONDARY, auto_focus=True),
                admin_button(
                    rx.cond(busy == "cancel", "Cancelling…", "Cancel order"),
                    kind="danger",
                    type="submit",
                    disabled=busy != "",
                ),
                class_name="order-last flex flex-wrap justify-end gap-2",
            ),
            admin_field(
                "cancel_reason",
                "Reason",
                hint="Optional. The customer reads it in the order's progress.",
                max_length=300,
            ),
            on_submit=on_submit,
            class_name="mt-4 grid gap-4",
        ),
        id=CANCEL_DIALOG,
        labelled_by="cancel-title",
        class_name=ui.DIALOG,
    )


def event_dialog(event_id: rx.Var[str], text: rx.Var[str]) -> rx.Component:
    """What the payment provider sent, as it was kept."""
    return Modal.create(
        rx.el.div(
            rx.el.h2("Raw data", id="event-title", class_name="text-lg font-semibold"),
            dialog_button("Close", closes=EVENT_DIALOG, class_name=ui.BUTTON_SECONDARY),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.p(event_id, class_name="mt-1 font-mono text-xs text-ink-3 break-all"),
        rx.el.pre(
            text,
            tab_index=0,
            class_name="mt-3 max-h-[60dvh] overflow-auto rounded-md bg-sunken p-3 font-mono text-xs",
            custom_attrs={"aria-label": "Raw data", "role": "region"},
        ),
        rx.el.p("Names, addresses and secrets are not kept.", class_name=f"{ui.QUIET} mt-2"),
        id=EVENT_DIALOG,
        labelled_by="event-title",
        class_name=f"{ui.DIALOG} lg:w-[min(94vw,48rem)]",
    )
