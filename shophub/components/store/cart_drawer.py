"""The cart beside the page."""

from typing import Any

import reflex as rx

from shophub.components.store.cart_line import CartEvents, cart_line
from shophub.components.store.summary import free_shipping_bar
from shophub.components.ui.basics import dialog_button, empty_state, link_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import Modal
from shophub.lib import ui_classes as ui
from shophub.lib.ui_ids import CART_DRAWER
from shophub.schemas.carts import CartView


def cart_drawer(cart: rx.Var[CartView], *, epoch: rx.Var[int], events: CartEvents) -> rx.Component:
    """The drawer."""
    return Modal.create(
        rx.el.div(
            rx.el.div(
                rx.el.h2(
                    "Cart",
                    rx.cond(cart.count > 0, rx.el.span(" (", cart.count, ")", class_name="text-ink-3 tnum"), None),
                    id="cart-title",
                    class_name=ui.H3,
                ),
                dialog_button(
                    icon("close"), closes=CART_DRAWER, class_name=ui.ICON_BUTTON, aria_label="Close the cart"
                ),
                class_name="flex h-16 shrink-0 items-center justify-between border-b border-line px-5",
            ),
            rx.cond(cart.lines.length() > 0, _filled(cart, epoch, events), _empty()),
            class_name="flex h-full flex-col",
        ),
        id=CART_DRAWER,
        labelled_by="cart-title",
        class_name="drawer shadow-modal",
    )


def notices(texts: Any) -> rx.Component:
    """What changed since the shopper last looked."""
    return rx.cond(
        texts.length() > 0,
        rx.el.div(
            rx.el.ul(rx.foreach(texts, rx.el.li), class_name="grid gap-1"), class_name=ui.NOTE_WARNING, role="status"
        ),
        None,
    )


def _filled(cart: rx.Var[CartView], epoch: rx.Var[int], events: CartEvents) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.div(
                free_shipping_bar(cart.free_shipping_text, cart.free_shipping_percent),
                notices(cart.notices),
                class_name="grid gap-4 pb-5 empty:hidden",
            ),
            rx.el.ul(rx.foreach(cart.lines, lambda line: cart_line(line, epoch, events))),
            class_name="flex-1 overflow-y-auto overscroll-contain px-5 pt-5",
        ),
        rx.el.div(
            rx.el.p(
                rx.el.span("Subtotal"),
                rx.el.span(cart.subtotal_text, class_name="tnum"),
                class_name="flex justify-between text-lg font-extrabold text-ink",
            ),
            rx.el.p("Delivery and tax are worked out at checkout.", class_name=ui.MUTED),
            rx.cond(
                cart.can_check_out,
                link_button("Check out", href="/checkout", class_name="mt-2 w-full"),
                rx.el.p("Remove what is not available to check out.", class_name=f"{ui.NOTE_WARNING} mt-2"),
            ),
            link_button("View cart", href="/cart", kind="secondary", class_name="w-full"),
            class_name="grid shrink-0 gap-2 border-t border-line px-5 pb-5 pt-4",
        ),
    )


def _empty() -> rx.Component:
    return rx.el.div(
        empty_state(
            "bag",
            "Your cart is empty",
            "What you add from the shop waits here for you.",
            link_button("Look around", href="/products"),
        ),
        class_name="flex flex-1 items-center justify-center px-5",
    )
