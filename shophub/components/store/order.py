"""Orders: as a card in the list, and in full."""

import reflex as rx

from shophub.components.store.cart_line import plain_line, thumbnail
from shophub.components.store.summary import sums
from shophub.components.ui.basics import badge, link_button
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.schemas.orders import OrderView, TimelineStep

PANEL = "rounded-lg border border-line bg-surface p-5 lg:p-6"


def order_card(order: rx.Var[OrderView]) -> rx.Component:
    """An order in the list; the whole card leads to it."""
    return rx.el.li(
        rx.el.article(
            rx.el.div(
                rx.el.h2(
                    rx.el.a("Order ", order.number, href=order.url, class_name=ui.CARD_LINK),
                    class_name="text-lg font-semibold text-ink tnum",
                ),
                badge(order.status_label, order.status_tone),
                rx.el.p(order.quote.total_text, class_name="ml-auto font-semibold text-ink tnum"),
                class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
            ),
            rx.el.p(
                rx.el.time(order.placed_text, custom_attrs={"dateTime": order.placed_iso}),
                " · ",
                order.item_count,
                rx.cond(order.item_count == 1, " item", " items"),
                class_name="mt-1 text-sm text-ink-3 tnum",
            ),
            rx.el.div(
                rx.foreach(order.lines, lambda line: thumbnail(line, "w-14")),
                class_name="mt-4 flex gap-2.5 overflow-hidden",
            ),
            class_name=f"group relative {PANEL} hover:border-line-strong transition-colors",
        ),
        key=order.number,
    )


def _step(step: rx.Var[TimelineStep]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.cond(step.is_done, icon("check", "size-4"), None),
            class_name=rx.cond(
                step.is_done,
                "inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-brand text-on-brand",
                "inline-flex size-7 shrink-0 rounded-full border-2 border-line-strong bg-surface",
            ),
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.div(
            rx.el.p(step.label, class_name=rx.cond(step.is_done, "font-semibold text-ink", "text-ink-3")),
            rx.cond(
                step.at_text,
                rx.el.time(step.at_text, class_name="text-sm text-ink-3", custom_attrs={"dateTime": step.at_iso}),
                None,
            ),
        ),
        key=step.label,
        class_name="flex gap-3.5 pb-5 last:pb-0",
        custom_attrs={"aria-current": rx.cond(step.is_current, "step", "false")},
    )


def timeline(steps: rx.Var[tuple[TimelineStep, ...]]) -> rx.Component:
    """The order's way, with what lies ahead."""
    return rx.el.ol(rx.foreach(steps, _step))


def address_lines(order: rx.Var[OrderView]) -> rx.Component:
    """Where it goes."""
    return rx.el.address(
        rx.foreach(order.address.lines, lambda line: rx.el.span(line, class_name="block")),
        class_name="not-italic text-ink-2",
    )


def _panel(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name=f"{ui.H3} mb-4"), *content, class_name=PANEL)


def _head(order: rx.Var[OrderView]) -> rx.Component:
    return rx.fragment(
        rx.el.a("All orders", href="/orders", class_name=f"{ui.QUIET_LINK} inline-flex min-h-11 items-center text-sm"),
        rx.el.h1("Order ", order.number, class_name=f"{ui.H1} tnum"),
        rx.el.div(
            badge(order.status_label, order.status_tone),
            rx.cond(order.payment_label, badge(order.payment_label, "brand"), None),
            rx.el.p(
                "Placed ",
                rx.el.time(order.placed_text, custom_attrs={"dateTime": order.placed_iso}),
                class_name="text-ink-3",
            ),
            class_name="mt-2.5 flex flex-wrap items-center gap-x-3 gap-y-1.5",
        ),
    )


def _progress(order: rx.Var[OrderView]) -> rx.Component:
    return _panel(
        "Progress",
        timeline(order.timeline),
        rx.cond(order.delivery_text, rx.el.p(order.delivery_text, class_name="mt-4 text-ink-2"), None),
        rx.cond(
            order.tracking_url,
            link_button(order.tracking_text, href=order.tracking_url, kind="secondary", class_name="mt-4 w-full"),
            rx.cond(order.tracking_text, rx.el.p(order.tracking_text, class_name="mt-4 text-ink-2"), None),
        ),
    )


def _payment(order: rx.Var[OrderView]) -> rx.Component:
    return _panel(
        "Payment",
        sums(order.quote),
        rx.cond(
            order.refunded_text,
            rx.el.p("Refunded ", order.refunded_text, class_name="mt-3 font-medium text-ink tnum"),
            None,
        ),
    )


def order_detail(order: rx.Var[OrderView]) -> rx.Component:
    """An order in full."""
    note = _panel("Your note", rx.el.p(order.note, class_name="whitespace-pre-line text-ink-2"))
    return rx.fragment(
        _head(order),
        rx.el.div(
            rx.el.div(
                _panel("Items", rx.el.ul(rx.foreach(order.lines, plain_line), class_name="divide-y divide-line -my-3")),
                rx.cond(order.note, note, None),
                class_name="grid min-w-0 content-start gap-6",
            ),
            rx.el.div(
                _progress(order),
                _payment(order),
                _panel(
                    "Delivery address",
                    address_lines(order),
                    rx.el.p(order.email, class_name="mt-3 text-ink-2 break-words"),
                ),
                class_name="grid content-start gap-6",
            ),
            class_name="mt-6 grid gap-6 lg:mt-8 lg:grid-cols-[1fr_24rem]",
        ),
    )
