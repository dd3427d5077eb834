"""A line of the cart, in the drawer and on the cart page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.ui.local import QuantityStepper, icon_paths
from shophub.lib import ui_classes as ui
from shophub.lib.ui_texts import QUANTITY_OFFLINE
from shophub.schemas.carts import CartLineView

STEPPER_CLASSES = {
    "group": ui.STEPPER_SMALL,
    "button": ui.STEPPER_BUTTON,
    "input": ui.STEPPER_INPUT,
    "message": "order-last basis-full text-sm font-medium text-warning",
}
LINE_ACTION = (
    "inline-flex min-h-11 items-center rounded-sm px-1 -mx-1 text-sm text-ink-2 underline underline-offset-4 "
    "decoration-line-strong hover:text-ink hover:decoration-ink cursor-pointer"
)


@dataclass(frozen=True)
class CartEvents:
    """What the shopper can do to a line; each takes the line's id."""

    set_quantity: Callable[..., Any]
    remove: Callable[..., Any]
    save: Callable[..., Any]
    restore: Callable[..., Any]


def thumbnail(line: rx.Var[Any], class_name: str = "w-20") -> rx.Component:
    """A line's small picture."""
    return rx.el.div(
        rx.cond(
            line.image.url,
            rx.el.img(
                src=line.image.url,
                src_set=line.image.srcset,
                sizes="96px",
                alt="",
                loading="lazy",
                class_name="absolute inset-0 size-full object-cover",
                custom_attrs={"width": 96, "height": 120},
            ),
            None,
        ),
        class_name=f"relative aspect-[4/5] shrink-0 self-start overflow-hidden rounded-md bg-sunken {class_name}",
    )


def _line_actions(line: rx.Var[CartLineView], events: CartEvents) -> rx.Component:
    return rx.el.div(
        rx.el.button(
            "Save for later",
            rx.el.span(": ", line.name, class_name="sr-only"),
            type="button",
            class_name=LINE_ACTION,
            on_click=events.save(line.id),
        ),
        rx.el.button(
            "Remove",
            rx.el.span(" ", line.name, class_name="sr-only"),
            type="button",
            id="remove-" + line.id,
            class_name=LINE_ACTION,
            on_click=events.remove(line.id),
        ),
        class_name="flex flex-wrap gap-x-4",
    )


def coupon_effect(line: rx.Var[CartLineView]) -> rx.Component:
    """What a coupon does to a line, where there is one."""
    return rx.cond(line.coupon_effect, rx.el.p(line.coupon_effect, class_name="text-sm text-ink-3 tnum"), None)


def cart_line(line: rx.Var[CartLineView], epoch: rx.Var[int], events: CartEvents) -> rx.Component:
    """A line that can be changed."""
    return rx.el.li(
        thumbnail(line, "w-20 sm:w-24"),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.a(line.name, href=line.url, class_name="font-semibold text-ink hover:underline"),
                    rx.cond(line.options_text, rx.el.p(line.options_text, class_name=ui.MUTED), None),
                    rx.el.p(
                        line.price_text,
                        rx.el.span(" each"),
                        class_name="text-sm text-ink-3 tnum",
                    ),
                    coupon_effect(line),
                    class_name="min-w-0",
                ),
                rx.el.p(line.total_text, class_name="font-semibold text-ink tnum"),
                class_name="flex justify-between gap-3",
            ),
            # There from the start, so that a screen reader hears what comes into it.
            rx.el.div(
                rx.cond(line.notice, rx.el.p(line.notice, class_name=f"{ui.NOTE_WARNING} mt-2"), None), role="status"
            ),
            rx.el.div(
                QuantityStepper.create(
                    value=line.quantity,
                    min=1,
                    max=line.max_quantity,
                    label="Quantity of " + line.name,
                    epoch=epoch,
                    offline=QUANTITY_OFFLINE,
                    classes=STEPPER_CLASSES,
                    icons=icon_paths("plus", "minus"),
                    on_commit=lambda quantity: events.set_quantity(line.id, quantity),
                ),
                _line_actions(line, events),
                class_name="mt-2 flex flex-wrap items-center justify-between gap-x-3 gap-y-1",
            ),
            class_name="min-w-0 flex-1",
        ),
        key=line.id,
        class_name="flex gap-4 border-b border-line py-5 first:pt-0 last:border-0",
    )


def saved_line(line: rx.Var[CartLineView], events: CartEvents) -> rx.Component:
    """A line that was put aside."""
    return rx.el.li(
        thumbnail(line, "w-16"),
        rx.el.div(
            rx.el.a(line.name, href=line.url, class_name="font-semibold text-ink hover:underline"),
            rx.cond(line.options_text, rx.el.p(line.options_text, class_name=ui.MUTED), None),
            rx.el.p(line.price_text, class_name="text-sm text-ink-2 tnum"),
            rx.cond(line.notice, rx.el.p(line.notice, class_name="text-sm text-warning"), None),
            rx.el.div(
                rx.cond(
                    line.is_available,
                    rx.el.button(
                        "Move to cart",
                        rx.el.span(": ", line.name, class_name="sr-only"),
                        type="button",
                        class_name=LINE_ACTION,
                        on_click=events.restore(line.id),
                    ),
                    None,
                ),
                rx.el.button(
                    "Remove",
                    rx.el.span(" ", line.name, class_name="sr-only"),
                    type="button",
                    class_name=LINE_ACTION,
                    on_click=events.remove(line.id),
                ),
                class_name="flex gap-x-4",
            ),
            class_name="min-w-0 flex-1",
        ),
        key=line.id,
        class_name="flex gap-4 border-b border-line py-4 last:border-0",
    )


def plain_line(line: rx.Var[Any]) -> rx.Component:
    """A line that is only shown: checkout summary, order."""
    return rx.el.li(
        thumbnail(line, "w-14"),
        rx.el.div(
            rx.el.p(line.name, class_name="font-semibold leading-snug text-ink"),
            rx.cond(line.options_text, rx.el.p(line.options_text, class_name=ui.MUTED), None),
            rx.el.p("Quantity ", line.quantity, class_name="text-sm text-ink-3 tnum"),
            coupon_effect(line),
            class_name="min-w-0 flex-1",
        ),
        rx.el.p(line.total_text, class_name="font-medium text-ink tnum"),
        class_name="flex gap-3.5 py-3",
    )
