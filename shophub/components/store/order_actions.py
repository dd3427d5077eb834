"""What the customer can do with an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.ui.basics import button, dialog_button, link_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import FileLink, Modal
from shophub.lib import ui_classes as ui
from shophub.lib.ui_ids import CANCEL_DIALOG
from shophub.schemas.orders import OrderView


@dataclass(frozen=True)
class OrderEvents:
    """What the buttons do, what is under way, and what came of it in words."""

    cancel: Any
    buy_again: Any
    is_cancelling: rx.Var[bool]
    is_buying: rx.Var[bool]
    problems: rx.Var[Sequence[str]]


@dataclass(frozen=True)
class ListedOrderEvents:
    """What can be done with an order without opening it; ``buying`` is the number that is just being bought again."""

    buy_again: Any
    buying: rx.Var[str]


def listed_actions(order: rx.Var[OrderView], events: ListedOrderEvents) -> rx.Component:
    """Track and buy again, above the link that covers the card."""
    number = rx.el.span(" ", order.number, class_name="sr-only")
    return rx.el.div(
        rx.cond(
            (order.status == "PROCESSING") | (order.status == "SHIPPED"),
            link_button("Track", number, href=order.url + "#progress", kind="secondary"),
            None,
        ),
        button(
            rx.cond(events.buying == order.number, "Adding…", "Buy again"),
            number,
            kind="secondary",
            on_click=events.buy_again(order.number),
            custom_attrs={"aria-busy": events.buying == order.number},
        ),
        class_name="relative z-10 flex flex-wrap gap-2.5",
    )


def order_actions(order: rx.Var[OrderView], events: OrderEvents) -> rx.Component:
    """Buy again, invoice, and, while it can be cancelled, that."""
    return rx.el.div(
        rx.el.div(
            rx.cond(
                order.is_own,
                button(
                    rx.cond(events.is_buying, "Adding…", "Buy again"),
                    on_click=events.buy_again,
                    custom_attrs={"aria-busy": events.is_buying},
                ),
                None,
            ),
            FileLink.create(
                icon("receipt", "size-5"),
                "Invoice (PDF)",
                href=order.invoice_url,
                class_name=ui.BUTTON_SECONDARY,
            ),
            button(icon("print", "size-5"), "Print", kind="secondary", on_click=rx.call_script("window.print()")),
            rx.cond(
                order.can_cancel,
                dialog_button(
                    rx.cond(events.is_cancelling, "Cancelling…", "Cancel order"),
                    opens=CANCEL_DIALOG,
                    class_name=ui.BUTTON_QUIET_DANGER,
                ),
                None,
            ),
            class_name="flex flex-wrap gap-3",
        ),
        rx.el.div(
            rx.cond(
                events.problems.length() > 0,
                rx.el.ul(
                    rx.foreach(events.problems, lambda text: rx.el.li(text)),
                    class_name=f"{ui.NOTE_WARNING} mt-4 grid max-w-prose gap-1",
                ),
                None,
            ),
            role="status",
            id="order-problems",
        ),
        class_name="mt-6",
        custom_attrs={"data-noprint": ""},
    )


def cancel_dialog(order: rx.Var[OrderView], events: OrderEvents) -> rx.Component:
    """Says what cancelling does before it is done; the safe button comes first and has the focus."""
    refund = rx.cond(
        order.payment_status == "PENDING",
        rx.el.li("Nothing has been charged."),
        rx.cond(
            order.quote.total_minor > 0,
            rx.el.li("You get ", rx.el.strong(order.kept_text, class_name="tnum"), " back, the way you paid."),
            rx.el.li("Nothing was to be paid, so there is nothing to give back."),
        ),
    )
    return Modal.create(
        rx.el.h2("Cancel order ", order.number, "?", id="cancel-title", class_name=f"{ui.H3} tnum"),
        rx.el.ul(
            rx.el.li("We stop preparing it, and nothing is sent."),
            refund,
            rx.el.li("A coupon that you used can be used again."),
            rx.el.li("You get an e-mail about it. This cannot be undone."),
            class_name="mt-3 grid list-disc gap-1.5 pl-5 text-ink-2",
        ),
        rx.el.div(
            dialog_button("Keep the order", closes=CANCEL_DIALOG, class_name=ui.BUTTON_SECONDARY),
            dialog_button("Cancel order", closes=CANCEL_DIALOG, on_click=events.cancel, class_name=ui.BUTTON_DANGER),
            class_name="mt-6 flex flex-wrap justify-end gap-3",
        ),
        id=CANCEL_DIALOG,
        labelled_by="cancel-title",
        class_name="w-[min(92vw,30rem)] rounded-xl border border-line bg-surface p-6 text-ink shadow-modal "
        "backdrop:bg-black/45",
    )
