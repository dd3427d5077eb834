"""``/admin``"""

import reflex as rx

from shophub.components.admin.basics import admin_heading, admin_link_button
from shophub.components.admin.dashboard import (
    dashboard_skeleton,
    figures,
    latest_orders,
    low_stock,
    revenue,
    statuses,
    to_do,
    top_products,
)
from shophub.components.admin.ranges import range_picker
from shophub.components.ui.icons import icon
from shophub.pages.admin.layout import admin_page
from shophub.state.admin.dashboard import DashboardState

STACK = "grid min-w-0 gap-4 lg:gap-5"


def dashboard() -> rx.Component:
    """How the shop is doing."""
    view, feed = DashboardState.view, DashboardState.feed
    return admin_page(
        "Dashboard",
        admin_heading(
            "Dashboard",
            range_picker(DashboardState.choices, view.start, view.end, DashboardState.load, path="/admin"),
            rx.cond(
                view.analytics_url,
                admin_link_button(icon("chart", "size-4"), "Analytics", href=view.analytics_url),
                None,
            ),
            lead=view.range_text + ", days of UTC, against " + view.before_text,
        ),
        figures(view),
        rx.el.div(
            revenue(view),
            rx.el.div(to_do(feed), statuses(view), class_name=STACK),
            latest_orders(feed, DashboardState.heard),
            rx.el.div(top_products(view), low_stock(view), class_name=STACK),
            class_name="mt-4 grid items-start gap-4 xl:grid-cols-[2fr_1fr] lg:mt-5 lg:gap-5",
        ),
        heading=False,
        loaded=DashboardState.loaded,
        fallback=dashboard_skeleton(),
    )
