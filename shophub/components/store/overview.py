"""The first page of an account: the newest order, and the way to everything else."""

from typing import Any

import reflex as rx

from shophub.components.store.account_frame import account_heading
from shophub.components.store.order import order_card
from shophub.components.store.order_actions import ListedOrderEvents
from shophub.components.ui.basics import link_button
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.schemas.account_area import AccountOverview

_TILE = (
    "group relative flex min-w-0 gap-4 rounded-lg border border-line bg-surface p-5 hover:border-line-strong "
    "transition-colors duration-150"
)


def _tile(icon_name: str, title: str, url: str, *content: Any) -> rx.Component:
    return rx.el.li(
        icon(icon_name, "mt-0.5 size-6 shrink-0 text-brand"),
        rx.el.div(
            rx.el.h2(rx.el.a(title, href=url, class_name=ui.CARD_LINK), class_name="font-semibold text-ink"),
            rx.el.p(*content, class_name="mt-0.5 text-sm text-ink-2 [overflow-wrap:anywhere]"),
            class_name="min-w-0",
        ),
        class_name=_TILE,
    )


def _newest(view: rx.Var[AccountOverview], events: ListedOrderEvents) -> rx.Component:
    head = rx.el.div(
        rx.el.h2("Your newest order", class_name=ui.H3),
        rx.cond(
            view.order_count > 1,
            rx.el.a("All ", view.order_count, " orders", href="/orders", class_name=f"{ui.LINK} tnum"),
            None,
        ),
        class_name="mb-4 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1",
    )
    none = rx.el.div(
        rx.el.p("You have not ordered anything yet.", class_name="text-ink-2"),
        link_button("Start shopping", href="/products"),
        class_name="flex flex-wrap items-center justify-between gap-4 rounded-lg bg-sunken p-5 lg:p-6",
    )
    return rx.el.section(
        rx.cond(
            view.order_count > 0,
            rx.fragment(head, rx.el.ul(order_card(view.newest, events, level="h3"), class_name="grid")),
            none,
        ),
        custom_attrs={"aria-label": "Your newest order"},
    )


def overview(view: rx.Var[AccountOverview], events: ListedOrderEvents, *, has_wishlist: rx.Var[bool]) -> rx.Component:
    """The whole page."""
    wishes = rx.cond(
        view.wish_count > 0,
        rx.cond(view.wish_count == 1, "1 thing you like", view.wish_count.to_string() + " things you like"),
        "Nothing on it yet",
    )
    return rx.fragment(
        account_heading(rx.fragment("Hello, ", view.full_name), "Your orders, and everything we know about you."),
        _newest(view, events),
        rx.el.ul(
            _tile(
                "home",
                "Addresses",
                "/account/addresses",
                rx.cond(view.address_count > 0, view.address.text, "Save where your orders go"),
            ),
            rx.cond(has_wishlist, _tile("heart", "Wishlist", "/wishlist", wishes), None),
            _tile("user", "Profile", "/account/profile", view.email),
            _tile(
                "lock",
                "Security",
                "/account/security",
                rx.cond(view.has_second_factor, "Password and code at sign-in", "Password, devices, your data"),
            ),
            class_name="mt-8 grid gap-4 sm:grid-cols-2 lg:gap-5",
        ),
    )
