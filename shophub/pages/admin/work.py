"""``/admin/jobs``, and long work on other pages."""

import reflex as rx

from shophub.components.admin.work import work_list
from shophub.components.admin.work import work_progress as draw_progress
from shophub.pages.admin.layout import admin_page
from shophub.state.admin.work import LongWorkState


def work_progress() -> rx.Component:
    """The piece of work that the page follows (``LongWorkState._follow``); nothing where it follows none."""
    return rx.cond(LongWorkState.job.id, draw_progress(LongWorkState.job, LongWorkState.cancel), None)


def work() -> rx.Component:
    """What one has had done, how far it is, and what came of it."""
    return admin_page(
        "Work",
        work_list(LongWorkState.jobs, LongWorkState.cancel),
        lead="What takes a while goes on here while you do something else. Results are kept for a week.",
        loaded=LongWorkState.loaded,
    )
