"""What stands on the page after paying."""

import reflex as rx

from shophub.components.ui.basics import empty_state, link_button
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.schemas.checkouts import CheckoutStatusView


def _confirming(is_slow: rx.Var[bool]) -> rx.Component:
    return rx.el.div(
        rx.el.h1("Confirming your order", class_name=ui.H1),
        rx.cond(
            is_slow,
            rx.el.p(
                "Your payment is being processed and takes longer than usual. You can close this page: the "
                "confirmation comes by e-mail.",
                class_name=f"{ui.LEAD} mt-3",
            ),
            rx.el.p(
                "Your payment went through. This page shows your order number in a moment.",
                class_name=f"{ui.LEAD} mt-3",
            ),
        ),
        rx.el.div(class_name="skeleton mt-8 h-2 w-56 rounded-full"),
        custom_attrs={"aria-busy": "true"},
    )


def _done(status: rx.Var[CheckoutStatusView], is_signed_in: rx.Var[bool]) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            icon("check", "size-7"),
            class_name="inline-flex size-14 items-center justify-center rounded-full bg-success-soft text-success",
        ),
        rx.el.h1("Thank you for your order", class_name=f"{ui.H1} mt-5"),
        rx.el.p(
            "Your order number is ",
            rx.el.strong(status.order_number, id="order-number", class_name="font-extrabold text-ink tnum"),
            ". We have sent the confirmation to ",
            rx.el.span(status.email, class_name="font-medium text-ink break-words"),
            ".",
            class_name=f"{ui.LEAD} mt-3",
        ),
        rx.el.p("Paid: ", status.amount_text, class_name="mt-2 text-ink-2 tnum"),
        rx.el.div(
            rx.cond(
                is_signed_in,
                link_button("View the order", href="/orders/" + status.order_number),
                link_button("Create an account to follow it", href="/register", kind="secondary"),
            ),
            link_button("Continue shopping", href="/products", kind="secondary"),
            class_name="mt-8 flex flex-wrap gap-3",
        ),
    )


def confirmation(
    status: rx.Var[CheckoutStatusView],
    *,
    is_missing: rx.Var[bool],
    is_slow: rx.Var[bool],
    has_failed: rx.Var[bool],
    is_signed_in: rx.Var[bool],
) -> rx.Component:
    """The state of a payment, in words."""
    again = link_button("Back to checkout", href="/checkout")
    return rx.cond(
        is_missing,
        empty_state(
            "receipt",
            "We do not know this checkout",
            "It may belong to another browser. Your orders are under Orders once you are signed in.",
            link_button("Your orders", href="/orders"),
            level="h1",
        ),
        rx.el.div(
            rx.cond(
                status.order_number,
                _done(status, is_signed_in),
                rx.cond(
                    has_failed,
                    empty_state(
                        "alert",
                        "The payment did not go through",
                        "Nothing was charged. Your cart is as it was.",
                        again,
                        level="h1",
                    ),
                    rx.cond(
                        status.status == "expired",
                        empty_state(
                            "clock",
                            "This checkout has ended",
                            "Nothing was charged. Your cart is as it was.",
                            again,
                            level="h1",
                        ),
                        _confirming(is_slow),
                    ),
                ),
            ),
            class_name="max-w-2xl py-6 lg:py-12",
            custom_attrs={"aria-live": "polite"},
        ),
    )
