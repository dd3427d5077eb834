"""Sums: of a cart, a checkout, an order."""

from typing import Any

import reflex as rx

from shophub.components.ui.basics import Text, button, disclosure
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui


def _row(label: Any, value: Text, class_name: str = "text-ink-2") -> rx.Component:
    return rx.el.div(
        rx.el.dt(label), rx.el.dd(value, class_name="tnum"), class_name=f"flex justify-between gap-4 {class_name}"
    )


def sums(quote: rx.Var[Any], *, total_label: Text = "Total") -> rx.Component:
    """Subtotal to total; rows that do not apply are left out. Takes a cart or a quote view."""
    return rx.el.dl(
        _row("Subtotal", quote.subtotal_text),
        rx.cond(
            quote.discount_text,
            _row(
                rx.fragment("Discount", rx.cond(quote.coupon_code, " (" + quote.coupon_code + ")", "")),
                quote.discount_text,
                "text-success font-medium",
            ),
            None,
        ),
        _row(
            rx.fragment(
                "Delivery",
                rx.cond(
                    quote.shipping_reason,
                    rx.el.span(quote.shipping_reason, class_name="block text-sm text-ink-3"),
                    None,
                ),
            ),
            rx.cond(quote.shipping_text, quote.shipping_text, "Free"),
        ),
        rx.cond(quote.tax_text, _row(quote.tax_label, quote.tax_text), None),
        _row(total_label, quote.total_text, "border-t border-line pt-3 mt-1 text-lg font-extrabold text-ink"),
        class_name="grid gap-2.5",
    )


def free_shipping_bar(text: rx.Var[str], percent: rx.Var[int]) -> rx.Component:
    """How far the cart is from free delivery."""
    return rx.cond(
        text,
        rx.el.div(
            rx.el.p(icon("truck", "size-5 shrink-0"), text, class_name="flex items-center gap-2.5 text-sm text-ink-2"),
            rx.el.progress(
                value=percent,
                max=100,
                class_name=f"{ui.PROGRESS} mt-2 w-full",
                custom_attrs={"aria-label": "Progress to free delivery"},
            ),
        ),
        None,
    )


def coupon_box(
    *, code: rx.Var[str], text: rx.Var[str], error: rx.Var[str], on_apply: Any, on_remove: Any
) -> rx.Component:
    """The coupon: a quiet line until somebody has one."""
    applied = rx.el.div(
        rx.el.p(
            icon("tag", "size-5 shrink-0 text-success"),
            rx.el.span(rx.el.strong(code, class_name="font-semibold text-ink"), " ", text),
            class_name="flex items-center gap-2.5 text-sm text-ink-2",
        ),
        button(
            "Remove", rx.el.span(" coupon", class_name="sr-only"), kind="quiet", class_name="-mr-3", on_click=on_remove
        ),
        class_name="flex items-center justify-between gap-2 rounded-md bg-success-soft pl-3.5 pr-3",
    )
    form = disclosure(
        rx.el.span("Add a coupon code", class_name="font-medium text-ink"),
        rx.el.form(
            rx.el.label("Coupon code", html_for="coupon-code", class_name="sr-only"),
            rx.el.div(
                rx.el.input(
                    id="coupon-code",
                    name="code",
                    class_name=f"{ui.INPUT} uppercase",
                    custom_attrs={
                        "autocomplete": "off",
                        "autocapitalize": "characters",
                        "maxlength": "40",
                        "aria-invalid": rx.cond(error, "true", "false"),
                        "aria-describedby": "coupon-error",
                    },
                ),
                button("Apply", kind="secondary", type="submit"),
                class_name="flex gap-2",
            ),
            rx.el.p(error, id="coupon-error", class_name=ui.FIELD_ERROR, role="alert"),
            on_submit=on_apply,
            class_name="pb-3 pt-1",
        ),
    )
    return rx.cond(code, applied, form)
