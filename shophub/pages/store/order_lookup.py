"""``/order-lookup``"""

import reflex as rx

from shophub.components.store.account_form import email_field, narrow_foot, narrow_page, narrow_skeleton
from shophub.components.ui.basics import button
from shophub.components.ui.fields import field
from shophub.components.ui.local import NativeForm
from shophub.lib import ui_classes as ui
from shophub.pages.store.layout import shop_page
from shophub.state.store.order_lookup import OrderLookupState

TITLE = "Find your order"
SENT = "Look into your mailbox"


def order_lookup() -> rx.Component:
    """Ask for the way back to an order."""
    state = OrderLookupState
    has_error = (state.number_error != "") | (state.email_error != "")
    return shop_page(
        rx.cond(state.is_sent, _sent(), _ask()),
        loaded=state.loaded,
        title=rx.cond(has_error, f"Error: {TITLE}", rx.cond(state.is_sent, SENT, TITLE)),
        fallback=narrow_skeleton(2),
    )


def _ask() -> rx.Component:
    state = OrderLookupState
    return narrow_page(
        TITLE,
        rx.el.p(
            "Enter the order’s number and the e-mail address that you gave. We send you a link that opens it.",
            class_name="mt-3 text-ink-2",
        ),
        NativeForm.create(
            field(
                "number",
                "Order number",
                hint="It is in the e-mail that confirmed your order.",
                error=state.number_error,
                type="text",
                required=True,
                max_length=24,
                default_value=state.number,
                placeholder="SH-1001",
                attributes={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
            ),
            email_field(state.email, error=state.email_error),
            button("Send the link", type="submit", kind="large", class_name="w-full"),
            action="/auth/order-lookup",
            method="post",
            class_name="mt-6 grid gap-5",
        ),
        narrow_foot(
            rx.el.p(
                "Have an account? ",
                rx.el.a("See all your orders", href="/orders", class_name=ui.LINK),
            )
        ),
        error=state.error,
    )


def _sent() -> rx.Component:
    state = OrderLookupState
    strong = "text-ink [overflow-wrap:anywhere]"
    return narrow_page(
        SENT,
        rx.el.p(
            "If the order ",
            rx.cond(state.number, rx.el.strong(state.number, class_name=f"{strong} tnum"), "of that number"),
            " was placed with ",
            rx.cond(state.email, rx.el.strong(state.email, class_name=strong), "that address"),
            ", a link that opens it is on its way.",
            class_name="mt-3 text-ink-2",
        ),
        rx.el.p(
            "Nothing there after a few minutes? Look among the unwanted mail, check number and address, and ",
            rx.el.a("try again", href="/order-lookup", class_name=ui.LINK),
            ", or ",
            rx.el.a("write to us", href="/contact", class_name=ui.LINK),
            ".",
            class_name="mt-3 text-ink-2",
        ),
        narrow_foot(rx.el.a("Continue shopping", href="/products", class_name=ui.LINK)),
    )
