"""``/admin/orders/[number]``"""

import reflex as rx

from shophub.components.admin.basics import admin_empty, admin_link_button
from shophub.components.admin.order_desk import (
    DeskEvents,
    customer_card,
    items_card,
    money_card,
    notes_card,
    order_head,
    order_notices,
    progress_card,
)
from shophub.components.admin.order_dialogs import cancel_dialog, event_dialog, ship_dialog
from shophub.components.admin.order_panel import dispute_notices
from shophub.components.admin.order_refund import RefundEvents, refund_dialog
from shophub.components.admin.packing_slip import packing_slip
from shophub.pages.admin.layout import admin_page
from shophub.state.admin.order import OrderDeskState
from shophub.state.admin.payment_events import PaymentEventState
from shophub.state.admin.refund import RefundState

EVENTS = DeskEvents(
    pack=OrderDeskState.pack,
    deliver=OrderDeskState.deliver,
    clear_review=OrderDeskState.clear_review,
    refund=RefundState.open,
    add_note=OrderDeskState.add_note,
    show_event=PaymentEventState.show,
    handle_again=PaymentEventState.handle,
    handling=PaymentEventState.busy,
    problem=OrderDeskState.problem,
    note_error=OrderDeskState.note_error,
    note_epoch=OrderDeskState.note_epoch,
)
REFUND_EVENTS = RefundEvents(
    set_units=RefundState.set_units,
    set_beside=RefundState.set_beside,
    set_restocks=RefundState.set_restocks,
    take_everything=RefundState.take_everything,
    refund=RefundState.refund,
    close=RefundState.close,
    restocks=RefundState.restocks,
    is_busy=RefundState.is_busy,
    outcome=RefundState.outcome,
    outcome_text=RefundState.outcome_text,
    epoch=RefundState.epoch,
)


def order() -> rx.Component:
    """One order, where it is worked on."""
    view, desk = OrderDeskState.order, OrderDeskState.desk
    missing = admin_empty(
        "receipt",
        "There is no such order",
        "Its number may be mistyped. All orders are in the list.",
        admin_link_button("All orders", href="/admin/orders", kind="primary"),
    )
    content = rx.fragment(
        order_head(view, desk, EVENTS),
        order_notices(desk, EVENTS),
        rx.el.div(dispute_notices(desk.staff), custom_attrs={"data-noprint": ""}),
        rx.el.div(
            rx.el.div(items_card(view), money_card(desk, EVENTS), class_name="grid min-w-0 gap-4"),
            rx.el.div(
                customer_card(view, desk),
                progress_card(view),
                notes_card(desk, EVENTS),
                class_name="grid min-w-0 gap-4",
            ),
            class_name="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]",
            custom_attrs={"data-noprint": ""},
        ),
        packing_slip(view, OrderDeskState.seller),
    )
    return admin_page(
        OrderDeskState.title,
        rx.cond(OrderDeskState.is_missing, missing, content),
        crumbs=(("Orders", "/admin/orders"),),
        heading=False,
        loaded=OrderDeskState.loaded,
        overlays=(
            ship_dialog(view, OrderDeskState.ship, OrderDeskState.tracking_url_error),
            cancel_dialog(view, desk, OrderDeskState.cancel, OrderDeskState.busy),
            event_dialog(PaymentEventState.event_id, PaymentEventState.event_text),
            refund_dialog(view, desk, RefundState.draft, REFUND_EVENTS),
        ),
    )
