"""Binds the frame of the shop's pages to the state."""

from typing import Any

import reflex as rx

from shophub.components.store.cart_drawer import cart_drawer
from shophub.components.store.cart_line import CartEvents
from shophub.components.store.footer import footer
from shophub.components.store.frame import frame
from shophub.components.store.header import checkout_header, header
from shophub.components.store.menu import MENU_DRAWER, menu_content
from shophub.components.store.step_up import StepUpEvents, step_up_dialog
from shophub.components.ui.local import Modal
from shophub.components.ui.wishing import WishHearts
from shophub.state.store.cart import CartState
from shophub.state.store.shell import ShellState
from shophub.state.store.step_up import StepUpState
from shophub.state.store.wishes import WishState

CART_EVENTS = CartEvents(
    set_quantity=CartState.set_quantity,
    remove=CartState.remove,
    save=CartState.save_for_later,
    restore=CartState.move_to_cart,
)
STEP_UP_EVENTS = StepUpEvents(
    confirm=StepUpState.confirm,
    use_other=StepUpState.use_other,
    forget=StepUpState.forget,
    with_code=StepUpState.with_code,
    has_second_factor=ShellState.has_second_factor,
    error=StepUpState.error,
)


def shop_page(*content: Any, drawer: bool = True, **gate: Any) -> rx.Component:
    """A page with the full header and footer; ``drawer`` is off where the page itself is the cart."""
    overlays: list[rx.Component] = [
        Modal.create(
            menu_content(ShellState.categories, ShellState.user_name, WishState.is_on, ShellState.is_staff),
            id=MENU_DRAWER,
            labelled_by="menu-title",
            class_name="drawer drawer-left shadow-modal",
        ),
        step_up_dialog(ShellState.user_email, STEP_UP_EVENTS),
        WishHearts.create(
            ids=WishState.ids,
            is_on=WishState.is_on,
            can_wish=WishState.can_wish,
            answered=WishState.answered,
            epoch=WishState.epoch,
            on_toggle=WishState.toggle,
        ),
    ]
    if drawer:
        overlays.append(cart_drawer(CartState.cart, epoch=CartState.epoch, events=CART_EVENTS))
    return frame(
        *content,
        header=header(
            categories=ShellState.categories,
            user_name=ShellState.user_name,
            cart_count=CartState.cart.count,
            store_name=ShellState.store_name,
            logo_url=ShellState.logo_url,
            has_wishlist=WishState.is_on,
            is_staff=ShellState.is_staff,
            drawer=drawer,
        ),
        footer=footer(ShellState.store_name, ShellState.logo_url),
        overlays=tuple(overlays),
        store_name=ShellState.store_name,
        **gate,
    )


def focused_page(*content: Any, **gate: Any) -> rx.Component:
    """A page with the reduced header: the checkout."""
    name = ShellState.store_name
    url = ShellState.logo_url
    return frame(*content, header=checkout_header(name, url), footer=footer(name, url), store_name=name, **gate)
