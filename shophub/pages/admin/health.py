"""``/admin/health``"""

import reflex as rx

from shophub.components.admin import health as parts
from shophub.pages.admin.layout import admin_page
from shophub.state.admin.health import HealthState


def health() -> rx.Component:
    """Whether everything works, and what to do about what does not."""
    view = HealthState.view
    return admin_page(
        "Health",
        parts.summary(view, HealthState.refresh),
        parts.parts(view),
        rx.el.div(
            parts.alerts_card(view, HealthState.resolve),
            parts.jobs_card(view, HealthState.retry),
            class_name="mt-4 grid items-start gap-4 lg:grid-cols-2",
        ),
        rx.el.div(parts.rules_card(view), class_name="mt-4"),
        lead="Whether everything works, and what to do about what does not.",
        loaded=HealthState.loaded,
        fallback=parts.health_skeleton(),
    )
