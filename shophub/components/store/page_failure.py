"""What shoppers see when a page's own script fails: an apology and a way on, not a trace of our program."""

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from shophub.components.ui.local import PageFailure
from shophub.lib import ui_classes as ui
from shophub.lib.ui_texts import FAILURE_LEAD, FAILURE_TITLE


def error_boundary(stateful: bool) -> rx.Component:
    """Stand around every page. What failed is logged by the app's own handler, where there is a connection."""
    failure = PageFailure.create(
        title=FAILURE_TITLE,
        lead=FAILURE_LEAD,
        retry="Try again",
        home="Go to the front page",
        classes={
            "page": "mx-auto max-w-xl px-5 py-24",
            "title": ui.H1,
            "lead": f"{ui.LEAD} mt-4",
            "actions": "mt-8 flex flex-wrap items-center gap-x-6 gap-y-3",
            "retry": ui.BUTTON_PRIMARY,
            "home": ui.LINK,
        },
    )
    shown = rx.Var.create(failure)
    if not stateful:
        return ErrorBoundary.create(fallback_render=shown, on_error=rx.noop())
    return ErrorBoundary.create(fallback_render=shown)
