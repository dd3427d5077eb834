"""Orders: as a card in the list, and in full."""

from typing import Any

import reflex as rx

from shophub.components.store.cart_line import thumbnail
from shophub.components.store.order_actions import (
    ListedOrderEvents,
    OrderEvents,
    cancel_dialog,
    listed_actions,
    order_actions,
)
from shophub.components.store.order_timeline import timeline
from shophub.components.store.summary import sums
from shophub.components.ui.basics import badge
from shophub.lib import ui_classes as ui
from shophub.schemas.orders import OrderLineView, OrderView

PANEL = "rounded-lg border border-line bg-surface p-5 lg:p-6 print:break-inside-avoid"


def order_card(order: rx.Var[OrderView], events: ListedOrderEvents, level: str = "h2") -> rx.Component:
    """An order in a list; the whole card leads to it."""
    heading = rx.el.h3 if level == "h3" else rx.el.h2
    return rx.el.li(
        rx.el.article(
            rx.el.div(
                heading(
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
                rx.cond(order.delivery_text, rx.fragment(" · ", order.delivery_text), None),
                class_name="mt-1 text-sm text-ink-3 tnum",
            ),
            rx.el.div(
                rx.el.div(
                    rx.foreach(order.lines, lambda line: thumbnail(line, "w-14")),
                    class_name="flex min-w-0 flex-1 basis-40 gap-2.5 overflow-hidden",
                ),
                listed_actions(order, events),
                class_name="mt-4 flex flex-wrap items-end justify-between gap-4",
            ),
            class_name=f"group relative {PANEL} hover:border-line-strong transition-colors",
        ),
        key=order.number,
    )


def address_lines(order: rx.Var[OrderView]) -> rx.Component:
    """Where it goes."""
    return rx.el.address(
        rx.foreach(order.address.lines, lambda line: rx.el.span(line, class_name="block")),
        class_name="not-italic text-ink-2",
    )


def _panel(title: str, *content: rx.Component, element_id: str = "") -> rx.Component:
    marked: dict[str, Any] = {"id": element_id, "tab_index": -1} if element_id else {}
    return rx.el.section(
        rx.el.h2(title, class_name=f"{ui.H3} mb-4 focus:outline-none", **marked),
        *content,
        class_name=PANEL,
        custom_attrs={"aria-label": title},
    )


def letterhead(seller: rx.Var[tuple[str, ...]]) -> rx.Component:
    """Who sold it, on paper only: there the shop's header is left out."""
    return rx.el.div(
        rx.foreach(seller, lambda line: rx.el.p(line)),
        class_name="mb-6 hidden border-b border-line pb-4 text-sm text-ink-2 print:block "
        "[&>:first-child]:text-xl [&>:first-child]:font-extrabold [&>:first-child]:text-ink",
    )


def _head(order: rx.Var[OrderView], events: OrderEvents) -> rx.Component:
    return rx.fragment(
        rx.el.a(
            "All orders",
            href="/orders",
            class_name=f"{ui.QUIET_LINK} inline-flex min-h-11 items-center text-sm print:hidden",
        ),
        rx.el.h1("Order ", order.number, tab_index=-1, id="order-title", class_name=f"{ui.H1} tnum"),
        rx.el.div(
            badge(order.status_label, order.status_tone),
            badge(order.payment_label, order.payment_tone),
            rx.el.p(
                "Placed ",
                rx.el.time(order.placed_text, custom_attrs={"dateTime": order.placed_iso}),
                class_name="text-ink-3",
            ),
            class_name="mt-2.5 flex flex-wrap items-center gap-x-3 gap-y-1.5",
            role="status",
        ),
        order_actions(order, events),
    )


def _progress(order: rx.Var[OrderView]) -> rx.Component:
    return _panel(
        "Progress",
        timeline(order.timeline),
        rx.cond(order.delivery_text, rx.el.p(order.delivery_text, class_name="mt-4 text-ink-2"), None),
        element_id="progress",
    )


def _payment(order: rx.Var[OrderView]) -> rx.Component:
    row = "flex justify-between gap-4 text-ink-2"
    after = rx.el.dl(
        rx.cond(
            order.refund_pending_text,
            rx.el.div(
                rx.el.dt("Refund on its way"), rx.el.dd(order.refund_pending_text, class_name="tnum"), class_name=row
            ),
            None,
        ),
        rx.cond(
            order.refunded_text,
            rx.fragment(
                rx.el.div(rx.el.dt("Refunded"), rx.el.dd("−", order.refunded_text, class_name="tnum"), class_name=row),
                rx.el.div(
                    rx.el.dt("Paid in the end"),
                    rx.el.dd(order.kept_text, class_name="tnum"),
                    class_name="mt-1 flex justify-between gap-4 border-t border-line pt-3 text-lg font-extrabold "
                    "text-ink",
                ),
            ),
            None,
        ),
        class_name="mt-3 grid gap-2.5",
    )
    return _panel("Payment", sums(order.quote), rx.cond(order.refund_pending_text + order.refunded_text, after, None))


def _line(line: rx.Var[OrderLineView]) -> rx.Component:
    """A bought line; what was refunded of it is said beside it."""
    return rx.el.li(
        thumbnail(line, "w-14"),
        rx.el.div(
            rx.cond(
                line.url,
                rx.el.a(line.name, href=line.url, class_name="font-semibold leading-snug text-ink hover:underline"),
                rx.el.p(line.name, class_name="font-semibold leading-snug text-ink"),
            ),
            rx.cond(line.options_text, rx.el.p(line.options_text, class_name=ui.MUTED), None),
            rx.el.p("Quantity ", line.quantity, " · ", line.price_text, " each", class_name="text-sm text-ink-3 tnum"),
            rx.cond(line.refunded_text, rx.el.p(badge(line.refunded_text, "warning"), class_name="mt-1.5 tnum"), None),
            class_name="min-w-0 flex-1",
        ),
        rx.el.p(line.total_text, class_name="font-medium text-ink tnum"),
        key=line.sku,
        class_name="flex gap-3.5 py-3",
    )


def order_detail(
    order: rx.Var[OrderView],
    events: OrderEvents,
    *,
    seller: rx.Var[tuple[str, ...]],
    alerts: rx.Component,
    staff: rx.Component,
) -> rx.Component:
    """An order in full; ``alerts`` and ``staff`` are there for those who work here, and empty for everybody else."""
    note = _panel("Your note", rx.el.p(order.note, class_name="whitespace-pre-line text-ink-2"))
    return rx.fragment(
        letterhead(seller),
        _head(order, events),
        alerts,
        rx.el.div(
            rx.el.div(
                _panel("Items", rx.el.ul(rx.foreach(order.lines, _line), class_name="divide-y divide-line -my-3")),
                _panel(
                    "Delivery address",
                    address_lines(order),
                    rx.el.p(order.email, class_name="mt-3 text-ink-2 break-words"),
                ),
                rx.cond(order.note, note, None),
                class_name="grid min-w-0 content-start gap-6",
            ),
            rx.el.div(_progress(order), _payment(order), class_name="grid content-start gap-6"),
            class_name="mt-6 grid gap-6 lg:mt-8 lg:grid-cols-[1fr_24rem]",
        ),
        staff,
        cancel_dialog(order, events),
    )
