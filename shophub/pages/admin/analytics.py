"""``/admin/analytics``"""

import reflex as rx

from shophub.components.admin.analytics import analytics_skeleton, funnel, over_time, report_cards
from shophub.components.admin.basics import admin_heading
from shophub.components.admin.dashboard import figures
from shophub.components.admin.ranges import range_picker, segments
from shophub.components.ui.icons import icon
from shophub.components.ui.local import LiveLink
from shophub.domain.admin_sections import ANALYTICS_PATH
from shophub.lib import ui_admin as ui
from shophub.pages.admin.layout import admin_page
from shophub.state.admin.analytics import AnalyticsState


def analytics() -> rx.Component:
    """What was sold to whom and how."""
    view = AnalyticsState.view
    compare = LiveLink.create(
        rx.cond(view.is_compared, icon("check", "size-4"), icon("plus", "size-4")),
        "Compare",
        href=view.compare_url,
        on_press=AnalyticsState.load,
        class_name=ui.BUTTON_SECONDARY,
        custom_attrs={"aria-current": rx.cond(view.is_compared, "true", "false")},
    )
    lead = view.range_text + ", days of UTC" + rx.cond(view.before_text, ", against " + view.before_text, "")
    return admin_page(
        "Analytics",
        admin_heading(
            "Analytics",
            range_picker(view.choices, view.start, view.end, AnalyticsState.load, path=ANALYTICS_PATH, kept=view.kept),
            compare,
            lead=lead,
        ),
        rx.cond(
            view.currencies.length() > 0,
            rx.el.div(segments("Currency", view.currencies, AnalyticsState.load), class_name="mb-4 w-fit"),
            None,
        ),
        figures(view),
        rx.el.div(
            over_time(view),
            funnel(view),
            class_name="mt-4 grid items-start gap-4 xl:grid-cols-[2fr_1fr] lg:mt-5 lg:gap-5",
        ),
        rx.el.div(report_cards(view), class_name="mt-4 lg:mt-5"),
        heading=False,
        loaded=AnalyticsState.loaded,
        fallback=analytics_skeleton(),
    )
