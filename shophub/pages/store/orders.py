"""``/orders``, ``/orders/[number]``"""

import reflex as rx

from shophub.components.admin.order_panel import staff_alerts, staff_panel
from shophub.components.store.missing import missing
from shophub.components.store.order import order_card, order_detail
from shophub.components.store.order_actions import ListedOrderEvents, OrderEvents
from shophub.components.store.skeletons import lines_skeleton
from shophub.components.ui.basics import empty_state, link_button
from shophub.lib import ui_classes as ui
from shophub.pages.store.account_layout import account_page
from shophub.pages.store.layout import shop_page
from shophub.schemas.orders import OrderView
from shophub.state.admin.order_panel import StaffOrderState
from shophub.state.store.orders import OrdersState, OrderState
from shophub.state.store.shell import ShellState

EVENTS = OrderEvents(
    cancel=OrderState.cancel,
    buy_again=OrderState.buy_again,
    is_cancelling=OrderState.is_cancelling,
    is_buying=OrderState.is_buying,
    problems=OrderState.problems,
)


def _pages() -> rx.Component:
    view = OrdersState.view
    return rx.cond(
        view.page_count > 1,
        rx.el.nav(
            rx.cond(
                view.page > 1,
                link_button("Newer", href="/orders?page=" + (view.page - 1).to_string(), kind="secondary"),
                rx.el.span(),
            ),
            rx.el.p("Page ", view.page, " of ", view.page_count, class_name="text-sm text-ink-3 tnum"),
            rx.cond(
                view.page < view.page_count,
                link_button("Older", href="/orders?page=" + (view.page + 1).to_string(), kind="secondary"),
                rx.el.span(),
            ),
            class_name="mt-8 flex items-center justify-between",
            custom_attrs={"aria-label": "Pages of orders"},
        ),
        None,
    )


def orders() -> rx.Component:
    """All orders of a customer."""
    # ``view.items`` itself is a method of Reflex's object variables.
    cards = OrdersState.view["items"].to(list[OrderView])
    events = ListedOrderEvents(buy_again=OrdersState.buy_again, buying=OrdersState.buying)
    return account_page(
        "/orders",
        rx.cond(
            cards.length() > 0,
            rx.el.div(
                rx.el.h1("Your orders", class_name=f"{ui.H1} mb-6 lg:mb-8"),
                rx.el.ul(rx.foreach(cards, lambda order: order_card(order, events)), class_name="grid gap-4"),
                _pages(),
            ),
            empty_state(
                "receipt",
                "No orders yet",
                "Once you have bought something, you can follow it here.",
                link_button("Start shopping", href="/products"),
                level="h1",
            ),
        ),
        loaded=OrdersState.loaded,
        title="Your orders",
        fallback=(rx.el.h1("Your orders", class_name=ui.H1), lines_skeleton()),
    )


def order() -> rx.Component:
    """One order."""
    return shop_page(
        rx.cond(
            OrderState.is_missing,
            missing(ShellState.categories),
            order_detail(
                OrderState.view,
                EVENTS,
                seller=OrderState.seller,
                alerts=staff_alerts(StaffOrderState.view),
                staff=staff_panel(StaffOrderState.view),
            ),
        ),
        loaded=OrderState.loaded,
        title=OrderState.title,
        fallback=lines_skeleton(),
    )
