"""An order where it is worked on: what was bought, what can be done next, the money, who bought."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_badge, admin_button, admin_card
from shophub.components.admin.order_fields import admin_field
from shophub.components.admin.order_panel import facts_list, log_entry, refund_entry
from shophub.components.store.cart_line import thumbnail
from shophub.components.store.order_timeline import timeline
from shophub.components.ui.basics import dialog_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import FileLink
from shophub.lib import ui_admin as ui
from shophub.lib import ui_classes
from shophub.schemas.orders import OrderLineView, OrderView
from shophub.schemas.staff_orders import OrderDesk, StaffNote, StaffProviderEvent

SHIP_DIALOG, CANCEL_DIALOG = "ship-order", "cancel-order"


@dataclass(frozen=True)
class DeskEvents:
    """What the controls do; ``handling`` is the event that is handled again, ``problem`` what a step could not do."""

    pack: Any
    deliver: Any
    clear_review: Any
    refund: Any
    add_note: Any
    show_event: Any
    handle_again: Any
    handling: rx.Var[str]
    problem: rx.Var[str]
    note_error: rx.Var[str]
    note_epoch: rx.Var[int]


def order_head(order: rx.Var[OrderView], desk: rx.Var[OrderDesk], events: DeskEvents) -> rx.Component:
    """Number, standing, and the steps that can be taken now."""
    return rx.el.div(
        rx.el.div(
            rx.el.h1("Order ", order.number, id="order-title", tab_index=-1, class_name=f"{ui.H1} tnum"),
            rx.el.div(
                admin_badge(order.status_label, order.status_tone),
                admin_badge(order.payment_label, order.payment_tone),
                rx.cond(desk.staff.needs_review, admin_badge("Needs a review", "warning"), None),
                rx.el.time(order.placed_text, class_name="text-ink-3", custom_attrs={"dateTime": order.placed_iso}),
                class_name="mt-2 flex flex-wrap items-center gap-2",
                role="status",
            ),
            class_name="min-w-0",
        ),
        _steps(order, desk, events),
        class_name=ui.HEAD,
        custom_attrs={"data-noprint": ""},
    )


def _steps(order: rx.Var[OrderView], desk: rx.Var[OrderDesk], events: DeskEvents) -> rx.Component:
    can = desk.actions
    ship = rx.el.span(icon("truck", "size-4"), "Mark shipped", class_name="contents")
    return rx.el.div(
        FileLink.create(icon("receipt", "size-4"), "Invoice", href=order.invoice_url, class_name=ui.BUTTON_QUIET),
        admin_button(icon("print", "size-4"), "Packing slip", kind="quiet", on_click=rx.call_script("window.print()")),
        rx.cond(
            can.cancel,
            dialog_button("Cancel order", opens=CANCEL_DIALOG, class_name=ui.BUTTON_QUIET_DANGER),
            None,
        ),
        rx.cond(can.refund, admin_button("Refund…", kind="secondary", on_click=events.refund), None),
        rx.cond(can.pack, admin_button("Mark packed", kind="secondary", on_click=events.pack), None),
        rx.cond(can.ship, dialog_button(ship, opens=SHIP_DIALOG, class_name=ui.BUTTON_PRIMARY), None),
        rx.cond(can.deliver, admin_button("Mark delivered", on_click=events.deliver), None),
        class_name="flex flex-wrap items-center gap-2",
    )


def order_notices(desk: rx.Var[OrderDesk], events: DeskEvents) -> rx.Component:
    """What somebody must know first: a step that was refused, an open question, a dispute."""
    problem = rx.el.div(
        icon("alert", "size-5 shrink-0"),
        events.problem,
        id="order-problem",
        role="alert",
        tab_index=-1,
        class_name=f"{ui_classes.NOTE_DANGER} mb-4 flex items-center gap-2.5",
    )
    review = rx.el.form(
        rx.el.div(
            rx.el.p("Look at this before it ships", class_name="font-semibold"),
            rx.cond(desk.staff.review_reason, rx.el.p(desk.staff.review_reason), None),
            class_name="min-w-0 flex-1 basis-64",
        ),
        rx.el.div(
            rx.el.label("What you found", html_for="review_note", class_name="sr-only"),
            rx.el.input(
                id="review_note",
                name="review_note",
                placeholder="What you found (optional)",
                max_length=500,
                class_name=f"{ui.INPUT} lg:w-64",
            ),
            admin_button("Let it ship", kind="secondary", type="submit"),
            class_name="flex flex-wrap gap-2",
        ),
        on_submit=events.clear_review,
        class_name=f"{ui_classes.NOTE_WARNING} mb-4 flex flex-wrap items-center gap-3",
    )
    return rx.el.div(
        rx.cond(events.problem, problem, None),
        rx.cond(desk.actions.review, review, None),
        custom_attrs={"data-noprint": ""},
    )


def _line(line: rx.Var[OrderLineView]) -> rx.Component:
    name = rx.cond(
        line.url,
        rx.el.a(line.name, href=line.url, class_name="font-medium text-ink hover:underline underline-offset-4"),
        rx.el.span(line.name, class_name="font-medium text-ink"),
    )
    return rx.el.li(
        thumbnail(line, "w-10"),
        rx.el.div(
            name,
            rx.el.p(
                rx.cond(line.options_text, rx.fragment(line.options_text, " · "), None),
                rx.el.span(line.sku, class_name="font-mono text-xs break-all"),
                class_name="text-ink-3",
            ),
            rx.cond(line.refunded_text, admin_badge(line.refunded_text, "neutral"), None),
            class_name="min-w-0 flex-1",
        ),
        rx.el.p(line.quantity, " × ", line.price_text, class_name="shrink-0 text-ink-2 tnum"),
        rx.el.p(line.total_text, class_name="w-20 shrink-0 text-right font-semibold tnum"),
        key=line.sku,
        class_name="flex gap-3 py-3 first:pt-0",
    )


def _sum(label: Any, value: Any, class_name: str = "text-ink-2") -> rx.Component:
    return rx.el.div(
        rx.el.dt(label), rx.el.dd(value, class_name="tnum"), class_name=f"flex justify-between {class_name}"
    )


def items_card(order: rx.Var[OrderView]) -> rx.Component:
    """What was bought, and what it came to."""
    quote = order.quote
    sums = rx.el.dl(
        _sum("Subtotal", quote.subtotal_text),
        rx.cond(
            quote.discount_text,
            _sum(rx.fragment("Discount ", quote.coupon_code), quote.discount_text),
            None,
        ),
        _sum("Delivery", quote.shipping_text),
        rx.cond(quote.tax_text, _sum(quote.tax_label, quote.tax_text), None),
        _sum("Total", quote.total_text, "border-t border-line pt-2 font-semibold text-ink"),
        rx.cond(order.refund_pending_text, _sum("Refund on its way", order.refund_pending_text), None),
        rx.cond(
            order.refunded_text,
            rx.fragment(
                _sum("Refunded", rx.fragment("−", order.refunded_text)),
                _sum("Kept", order.kept_text, "font-semibold text-ink"),
            ),
            None,
        ),
        class_name="grid gap-1.5 border-t border-line pt-3",
    )
    return admin_card(
        "Items", "items-title", rx.el.ul(rx.foreach(order.lines, _line), class_name="divide-y divide-line"), sums
    )


def progress_card(order: rx.Var[OrderView]) -> rx.Component:
    """The way of the order, as its customer sees it."""
    return admin_card("Progress", "progress-title", timeline(order.timeline))


def money_card(desk: rx.Var[OrderDesk], events: DeskEvents) -> rx.Component:
    """The payment's books, refunds, and what the provider said."""

    refunds = desk.staff.refunds
    payment = desk.staff.payment
    return admin_card(
        "Payment",
        "payment-title",
        rx.cond(
            payment.length() > 0,
            facts_list(payment, "grid gap-x-6 gap-y-3 sm:grid-cols-2"),
            rx.el.p("Nothing was to be paid.", class_name="text-ink-3"),
        ),
        rx.cond(
            refunds.length() > 0,
            rx.fragment(
                rx.el.h3("Refunds", class_name="mt-5 mb-1 font-semibold"),
                rx.el.ul(rx.foreach(refunds, refund_entry), class_name="divide-y divide-line"),
            ),
            None,
        ),
        rx.cond(
            desk.staff.events.length() > 0,
            rx.el.details(
                rx.el.summary(
                    "Events from Stripe (",
                    desk.staff.events.length(),
                    ")",
                    class_name="min-h-9 cursor-pointer py-2 tnum",
                ),
                rx.el.ul(
                    rx.foreach(desk.staff.events, lambda event: _said(event, events)), class_name="divide-y divide-line"
                ),
                class_name="mt-4 border-t border-line pt-1",
            ),
            None,
        ),
    )


def _said(event: rx.Var[StaffProviderEvent], events: DeskEvents) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(event.type, class_name="font-mono text-xs text-ink break-all"),
            rx.el.time(event.at_text, class_name="text-xs text-ink-3 tnum", custom_attrs={"dateTime": event.at_iso}),
            class_name="flex flex-wrap items-baseline justify-between gap-x-3",
        ),
        rx.el.div(
            admin_badge(event.outcome, event.tone),
            rx.cond(event.is_kept, _event_buttons(event, events), None),
            class_name="mt-1 flex flex-wrap items-center justify-between gap-2",
        ),
        key=event.id,
        class_name="py-2",
    )


def _event_buttons(event: rx.Var[StaffProviderEvent], events: DeskEvents) -> rx.Component:
    about = rx.el.span(" ", event.id, class_name="sr-only")
    return rx.el.div(
        admin_button("Raw data", about, kind="quiet", on_click=events.show_event(event.id)),
        admin_button(
            rx.cond(events.handling == event.id, "Handling…", "Handle again"),
            about,
            kind="quiet",
            on_click=events.handle_again(event.id),
        ),
        class_name="flex gap-1",
    )


def customer_card(order: rx.Var[OrderView], desk: rx.Var[OrderDesk]) -> rx.Component:
    """Who bought, where it goes, and what they wrote."""
    who = desk.customer
    return admin_card(
        "Customer",
        "customer-title",
        rx.cond(
            who.user_id,
            rx.el.p(
                rx.el.a(
                    who.name,
                    href="/admin/customers/" + who.user_id,
                    class_name=f"{ui.LINK} inline-block leading-6 font-semibold",
                )
            ),
            rx.el.p(who.name, class_name="font-semibold"),
        ),
        rx.el.p(
            rx.el.a(who.email, href="mailto:" + who.email, class_name=f"{ui.LINK} inline-block leading-6 break-all")
        ),
        rx.el.p(
            rx.el.a(
                who.order_count,
                rx.cond(who.order_count == 1, " order", " orders"),
                href="/admin/orders?q=" + who.email,
                class_name=ui.LINK,
            ),
            ", ",
            who.spent_text,
            " since ",
            who.since_text,
            rx.cond(who.user_id, "", " · guest"),
            class_name="mt-1 text-ink-2 tnum",
        ),
        rx.el.h3("Ships to", class_name="mt-4 mb-1 font-semibold"),
        rx.el.address(
            rx.foreach(order.address.lines, lambda line: rx.el.span(line, class_name="block")),
            rx.cond(order.address.phone, rx.el.span(order.address.phone, class_name="block tnum"), None),
            class_name="not-italic text-ink-2",
        ),
        rx.cond(
            order.note,
            rx.fragment(
                rx.el.h3("The customer's note", class_name="mt-4 mb-1 font-semibold"),
                rx.el.p(order.note, class_name="whitespace-pre-line break-words text-ink-2"),
            ),
            None,
        ),
    )


def notes_card(desk: rx.Var[OrderDesk], events: DeskEvents) -> rx.Component:
    """What the staff wrote for each other, and what everybody did."""

    def note(one: rx.Var[StaffNote]) -> rx.Component:
        return rx.el.li(
            rx.el.p(one.body, class_name="whitespace-pre-line break-words text-ink"),
            rx.el.p(
                one.author, " · ", rx.el.time(one.at_text, custom_attrs={"dateTime": one.at_iso}), class_name=ui.QUIET
            ),
            class_name="py-2.5",
        )

    return admin_card(
        "Notes",
        "notes-title",
        rx.el.form(
            admin_field(
                "note",
                "Note for the staff",
                hint="Customers never see notes.",
                error=events.note_error,
                area=True,
                rows="2",
                max_length=2000,
                key=events.note_epoch,
            ),
            admin_button("Add note", kind="secondary", type="submit", class_name="mt-2"),
            on_submit=events.add_note,
        ),
        rx.el.ul(rx.foreach(desk.notes, note), class_name="mt-3 divide-y divide-line empty:hidden"),
        rx.el.details(
            rx.el.summary("Log (", desk.staff.log.length(), ")", class_name="min-h-9 cursor-pointer py-2 tnum"),
            rx.el.ul(rx.foreach(desk.staff.log, log_entry), class_name="divide-y divide-line"),
            class_name="mt-3 border-t border-line pt-1",
        ),
    )
