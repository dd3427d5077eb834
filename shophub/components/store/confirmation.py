"""What stands on the page after paying."""

import reflex as rx

from shophub.components.store.cart_line import plain_line
from shophub.components.store.summary import sums
from shophub.components.ui.basics import button, empty_state, link_button
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.schemas.checkouts import CheckoutStatusView

FACT = "flex items-center gap-2.5 font-medium text-ink"


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


def _told(icon_name: str, tone: str, title: str, *content: rx.Component) -> rx.Component:
    """A state with its sign and heading; ``tone`` colours the sign."""
    return rx.el.div(
        rx.el.span(
            icon(icon_name, "size-7"), class_name=f"inline-flex size-14 items-center justify-center rounded-full {tone}"
        ),
        rx.el.h1(title, class_name=f"{ui.H1} mt-5"),
        *content,
    )


def _settling(status: rx.Var[CheckoutStatusView]) -> rx.Component:
    """A payment that a bank settles in its own time."""
    return _told(
        "clock",
        "bg-brand-soft text-brand",
        "Your bank is confirming the payment",
        rx.el.p(
            "This can take some days. We keep your items and write to ",
            rx.el.span(status.email, class_name="font-medium text-ink break-words"),
            ".",
            class_name=f"{ui.LEAD} mt-3",
        ),
        rx.el.p(
            "You can close this page. If you leave it open, it shows your order number as soon as there is one.",
            class_name="mt-3 text-ink-2",
        ),
        rx.el.div(link_button("Continue shopping", href="/products", kind="secondary"), class_name="mt-8"),
    )


def _not_paid(icon_name: str, tone: str, title: str) -> rx.Component:
    """A payment that came to nothing, with the ways on."""
    return _told(
        icon_name,
        tone,
        title,
        rx.el.p("Nothing was charged. Your cart is as it was.", class_name=f"{ui.LEAD} mt-3"),
        rx.el.div(
            link_button("Try again", href="/checkout"),
            link_button("Back to cart", href="/cart", kind="secondary"),
            class_name="mt-8 flex flex-wrap gap-3",
        ),
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
        rx.cond(
            status.delivery_text,
            rx.el.p(icon("truck", "size-5 text-brand"), status.delivery_text, class_name=f"{FACT} mt-5"),
            None,
        ),
        rx.el.div(
            rx.cond(
                is_signed_in & ~status.is_guest,
                link_button("View the order", href="/orders/" + status.order_number),
                link_button("Create an account", href="/register"),
            ),
            link_button("Continue shopping", href="/products", kind="secondary"),
            button("Print", kind="quiet", on_click=rx.call_script("window.print()")),
            class_name="mt-8 flex flex-wrap gap-3",
            custom_attrs={"data-noprint": ""},
        ),
        rx.cond(
            status.is_guest,
            rx.el.p(
                "The link in the e-mail opens your order, also without an account.",
                class_name="mt-3 text-sm text-ink-3",
            ),
            None,
        ),
    )


def _bought(status: rx.Var[CheckoutStatusView]) -> rx.Component:
    """What was bought, what it cost and where it goes."""
    return rx.el.section(
        rx.el.h2(rx.cond(status.order_number, "What you bought", "What we keep for you"), class_name=f"{ui.H3} mb-2"),
        rx.el.ul(rx.foreach(status.lines, plain_line), class_name="divide-y divide-line"),
        rx.el.div(
            sums(status.quote, total_label=rx.cond(status.order_number, "Paid", "Total")),
            class_name="mt-4 border-t border-line pt-4",
        ),
        rx.el.h3("Delivery address", class_name="mt-6 font-semibold text-ink"),
        rx.el.address(
            rx.foreach(status.address.lines, lambda line: rx.el.span(line, class_name="block")),
            class_name="mt-1 text-ink-2 not-italic",
        ),
        class_name="rounded-lg border border-line bg-surface p-5 lg:p-6",
        custom_attrs={"aria-label": rx.cond(status.order_number, "What you bought", "What we keep for you")},
    )


def _undone(status: rx.Var[CheckoutStatusView], *, is_slow: rx.Var[bool], has_failed: rx.Var[bool]) -> rx.Component:
    """A payment that has not become an order: it failed, its time is over, a bank is at it, or it came just now."""
    return rx.cond(
        has_failed,
        _not_paid("alert", "bg-danger-soft text-danger", "The payment did not go through"),
        rx.match(
            status.status,
            ("expired", _not_paid("clock", "bg-warning-soft text-warning", "This checkout has ended")),
            ("processing", _settling(status)),
            _confirming(is_slow),
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
                _undone(status, is_slow=is_slow, has_failed=has_failed),
            ),
            class_name="max-w-2xl py-6 lg:py-12",
            custom_attrs={"aria-live": "polite"},
        ),
    )


def confirmation_page(status: rx.Var[CheckoutStatusView], message: rx.Component) -> rx.Component:
    """The message, and beside it the order once there is one."""
    return rx.el.div(
        message,
        rx.cond(
            (status.order_number != "") | (status.status == "processing"),
            rx.el.div(_bought(status), class_name="py-2 lg:py-12"),
            None,
        ),
        class_name="grid gap-6 lg:grid-cols-[1fr_24rem] lg:gap-14",
    )
