"""``/cart``"""

import reflex as rx

from shophub.components.store.cart_drawer import notices
from shophub.components.store.cart_line import cart_line, saved_line
from shophub.components.store.skeletons import lines_skeleton
from shophub.components.store.sticky import STICKY_CLASSES
from shophub.components.store.summary import coupon_box, free_shipping_bar, sums
from shophub.components.ui.basics import empty_state, link_button
from shophub.components.ui.local import StickyBuy
from shophub.lib import ui_classes as ui
from shophub.pages.store.layout import CART_EVENTS, shop_page
from shophub.state.store.cart import CartState

CHECK_OUT_ID = "check-out"


def _lines() -> rx.Component:
    return rx.el.div(
        notices(CartState.cart.notices),
        rx.el.ul(
            rx.foreach(CartState.cart.lines, lambda line: cart_line(line, CartState.epoch, CART_EVENTS)),
            class_name="mt-5 first:mt-0",
        ),
        class_name="min-w-0",
    )


def _summary() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Summary", class_name=f"{ui.H3} mb-4"),
        rx.el.div(
            free_shipping_bar(CartState.cart.free_shipping_text, CartState.cart.free_shipping_percent),
            coupon_box(
                code=CartState.cart.coupon_code,
                text=CartState.cart.coupon_text,
                error=CartState.coupon_error,
                on_apply=CartState.apply_coupon,
                on_remove=CartState.remove_coupon,
            ),
            sums(CartState.cart),
            rx.cond(
                CartState.cart.can_check_out,
                link_button("Check out", href="/checkout", kind="large", class_name="w-full", id=CHECK_OUT_ID),
                rx.el.p("Remove what is not available to check out.", class_name=ui.NOTE_WARNING),
            ),
            class_name="grid gap-5",
        ),
        class_name="rounded-lg border border-line bg-surface p-5 lg:sticky lg:top-24 lg:self-start lg:p-6",
        custom_attrs={"aria-label": "Summary"},
    )


def _saved() -> rx.Component:
    return rx.cond(
        CartState.cart.saved.length() > 0,
        rx.el.section(
            rx.el.h2("Saved for later", class_name=f"{ui.H3} mb-2"),
            rx.el.ul(rx.foreach(CartState.cart.saved, lambda line: saved_line(line, CART_EVENTS))),
            class_name="mt-12 max-w-3xl",
            custom_attrs={"aria-label": "Saved for later"},
        ),
        None,
    )


def page() -> rx.Component:
    """The cart."""
    filled = rx.fragment(
        rx.el.h1(
            "Cart ",
            rx.el.span("(", CartState.cart.count, ")", class_name=ui.LISTING_TOTAL),
            id="cart-title",
            tab_index=-1,
            class_name=f"{ui.H1} mb-6 lg:mb-8",
        ),
        rx.el.div(_lines(), _summary(), class_name="grid gap-8 lg:grid-cols-[1fr_24rem] lg:gap-14"),
        StickyBuy.create(
            target=CHECK_OUT_ID,
            name="Total",
            price=CartState.cart.total_text,
            label="Check out",
            early=True,
            classes=STICKY_CLASSES,
        ),
    )
    empty = empty_state(
        "bag",
        "Your cart is empty",
        "What you add from the shop waits here for you, also on your other devices once you are signed in.",
        link_button("Continue shopping", href="/products"),
        level="h1",
    )
    return shop_page(
        rx.cond(
            CartState.is_loaded,
            rx.fragment(rx.cond(CartState.cart.lines.length() > 0, filled, empty), _saved()),
            rx.fragment(rx.el.h1("Cart", class_name=ui.H1), lines_skeleton()),
        ),
        drawer=False,
        title="Cart",
    )
