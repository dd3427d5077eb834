"""A quick look at an order: what is in it, who it is for, and the way to its page."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_badge, admin_link_button
from shophub.components.store.cart_line import thumbnail
from shophub.components.ui.basics import dialog_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import FileLink, Modal
from shophub.lib import ui_admin as ui
from shophub.lib import ui_classes
from shophub.schemas.orders import OrderLineView, OrderView
from shophub.schemas.staff_orders import OrderDesk, OrderPeek

PEEK_DIALOG = "order-peek"


def peek_button(number: rx.Var[str], on_look: Any) -> rx.Component:
    """Opens the panel for a row of the list."""
    return rx.el.button(
        icon("eye", "size-4"),
        type="button",
        class_name="inline-flex size-7 cursor-pointer items-center justify-center rounded-md text-ink-3 hover:bg-hover "
        "hover:text-ink",
        title="Quick look",
        on_click=on_look(number),
        aria_label="Quick look at " + number,
    )


def _line(line: rx.Var[OrderLineView]) -> rx.Component:
    return rx.el.li(
        thumbnail(line, "w-10"),
        rx.el.div(
            rx.el.p(line.name, class_name="font-medium text-ink"),
            rx.el.p(
                rx.cond(line.options_text, rx.fragment(line.options_text, " · "), None),
                rx.el.span(line.sku, class_name="font-mono text-xs break-all"),
                class_name="text-ink-3",
            ),
            rx.cond(line.refunded_text, admin_badge(line.refunded_text, "neutral"), None),
            class_name="min-w-0 flex-1",
        ),
        rx.el.p(line.quantity, " × ", line.price_text, class_name="shrink-0 text-ink-2 tnum"),
        key=line.sku,
        class_name="flex gap-3 py-2.5 first:pt-0 last:pb-0",
    )


def _part(title: str, *children: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name="mb-2 font-semibold text-ink"),
        *children,
        class_name="border-t border-line px-5 py-4",
    )


def _sum(label: Any, value: Any, class_name: str = "text-ink-2") -> rx.Component:
    return rx.el.div(
        rx.el.dt(label), rx.el.dd(value, class_name="tnum"), class_name=f"flex justify-between gap-4 {class_name}"
    )


def _step(label: str, icon_name: str, number: Any, on_look: Any) -> rx.Component:
    return rx.el.button(
        icon(icon_name),
        type="button",
        class_name=ui.ICON_BUTTON,
        disabled=number == "",
        on_click=on_look(number),
        aria_label=label,
    )


def _standing(order: rx.Var[OrderView], desk: rx.Var[OrderDesk]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            admin_badge(order.status_label, order.status_tone),
            admin_badge(order.payment_label, order.payment_tone),
            rx.cond(desk.staff.needs_review, admin_badge("Needs a review", "warning"), None),
            class_name="flex flex-wrap gap-1.5",
        ),
        rx.el.time(order.placed_text, class_name="mt-2 block text-ink-3", custom_attrs={"dateTime": order.placed_iso}),
        rx.cond(
            desk.staff.needs_review & (desk.staff.review_reason != ""),
            rx.el.p(desk.staff.review_reason, class_name=f"{ui_classes.NOTE_WARNING} mt-3"),
            None,
        ),
        class_name="px-5 py-4",
    )


def _items(order: rx.Var[OrderView]) -> rx.Component:
    quote = order.quote
    discount = _sum(rx.fragment("Discount ", quote.coupon_code), quote.discount_text)
    return _part(
        "Items",
        rx.el.ul(rx.foreach(order.lines, _line), class_name="divide-y divide-line"),
        rx.el.dl(
            rx.cond(quote.discount_text, discount, None),
            _sum("Delivery", quote.shipping_text),
            _sum("Total", quote.total_text, "font-semibold text-ink"),
            rx.cond(order.refunded_text, _sum("Refunded", rx.fragment("−", order.refunded_text)), None),
            class_name="mt-3 grid gap-1 border-t border-line pt-3",
        ),
    )


def _customer(order: rx.Var[OrderView], desk: rx.Var[OrderDesk]) -> rx.Component:
    return _part(
        "Customer",
        rx.cond(
            desk.customer.name != order.address.full_name,
            rx.el.p(desk.customer.name, class_name="font-medium text-ink"),
            None,
        ),
        rx.el.p(desk.customer.email, class_name="text-ink-2 break-all"),
        rx.el.address(
            rx.foreach(order.address.lines, lambda line: rx.el.span(line, class_name="block")),
            class_name="mt-2 not-italic text-ink-2",
        ),
        rx.cond(
            order.note,
            rx.el.p("“", order.note, "”", class_name="mt-2 whitespace-pre-line break-words text-ink-2"),
            None,
        ),
    )


def peek_panel(view: rx.Var[OrderPeek], on_look: Any) -> rx.Component:
    """The panel beside the list; its arrows go on to the order above and below."""
    order, desk = view.order, view.desk
    head = rx.el.div(
        rx.el.h2("Order ", order.number, id="peek-title", class_name="min-w-0 flex-1 text-base font-semibold tnum"),
        _step("The order above", "up", view.previous, on_look),
        _step("The order below", "down", view.following, on_look),
        dialog_button(icon("close"), closes=PEEK_DIALOG, class_name=ui.ICON_BUTTON, aria_label="Close"),
        class_name="flex h-14 shrink-0 items-center gap-0.5 border-b border-line pr-3 pl-5",
    )
    parcel = rx.cond(order.tracking_text, _part("Parcel", rx.el.p(order.tracking_text, class_name="text-ink-2")), None)
    foot = rx.el.div(
        FileLink.create(icon("receipt", "size-4"), "Invoice", href=order.invoice_url, class_name=ui.BUTTON_SECONDARY),
        admin_link_button("Open the order", href=view.url, kind="primary"),
        class_name="flex shrink-0 justify-end gap-2 border-t border-line px-5 py-3",
    )
    body = rx.el.div(
        _standing(order, desk),
        _items(order),
        _customer(order, desk),
        parcel,
        class_name="min-h-0 flex-1 overflow-y-auto",
        tab_index=0,
    )
    return Modal.create(
        rx.el.div(head, body, foot, class_name="flex h-full flex-col"),
        id=PEEK_DIALOG,
        labelled_by="peek-title",
        class_name="drawer text-sm shadow-modal",
    )
