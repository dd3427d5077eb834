"""Long work: how far it is, what came of it, and the list of all of it."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_badge, admin_button, admin_empty
from shophub.components.ui.icons import icon
from shophub.components.ui.local import FileLink
from shophub.lib import ui_admin as ui

PROGRESS = (
    "h-2 w-full appearance-none overflow-hidden rounded-full bg-hover [&::-webkit-progress-bar]:bg-hover "
    "[&::-webkit-progress-value]:bg-brand [&::-moz-progress-bar]:bg-brand"
)


def work_progress(job: Any, cancel: Any) -> rx.Component:
    """A piece of work: while it runs how far it is and a way to stop it, afterwards what came of it and its file.

    ``job`` is a ``WorkView``, ``cancel`` the handler that is given its id.
    """
    return rx.el.div(
        rx.el.div(
            rx.el.span(admin_badge(job.state_text, job.tone), role="status"),
            rx.cond(job.progress_text, rx.el.span(job.progress_text, class_name="tnum text-ink-2"), None),
            rx.cond(job.problems_text, rx.el.span(job.problems_text, class_name="text-danger"), None),
            rx.cond(
                job.is_open & ~job.is_stopping,
                admin_button(
                    "Cancel",
                    rx.el.span(" ", job.title, class_name="sr-only"),
                    kind="quiet-danger",
                    class_name="ml-auto",
                    on_click=cancel(job.id),
                ),
                None,
            ),
            class_name="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1",
        ),
        rx.cond(
            job.is_open,
            rx.el.progress(value=job.done, max=job.total, class_name=PROGRESS, custom_attrs={"aria-label": job.title}),
            None,
        ),
        rx.cond(job.error, rx.el.p(job.error, class_name="text-danger"), None),
        rx.cond(job.is_open, None, _counts(job)),
        rx.cond(job.result_url, _file(job), None),
        class_name="grid gap-2",
    )


def work_problems(job: Any, *, place: str = "Column") -> rx.Component:
    """The first of what went wrong, row by row."""
    return rx.el.div(
        rx.el.table(
            rx.el.caption("Problems", class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(
                    *(rx.el.th(name, class_name=ui.TH, scope="col") for name in ("Row", place, "What to do about it"))
                ),
                class_name=ui.TABLE_HEAD,
            ),
            rx.el.tbody(
                rx.foreach(
                    job.samples,
                    lambda one: rx.el.tr(
                        rx.el.td(one.row, class_name=f"{ui.TD} tnum w-16"),
                        rx.el.td(one.place, class_name=f"{ui.TD} whitespace-nowrap"),
                        rx.el.td(one.reason, class_name=f"{ui.TD} [overflow-wrap:anywhere]"),
                        class_name=ui.TR,
                    ),
                )
            ),
            class_name=ui.TABLE,
        ),
        rx.cond(
            job.more_problems > 0,
            rx.el.p(
                "And ", job.more_problems, " more: all of them are in the file.", class_name=f"{ui.QUIET} px-4 py-2"
            ),
            None,
        ),
        class_name="overflow-x-auto",
    )


def work_list(jobs: Any, cancel: Any) -> rx.Component:
    """All of one's own work, the newest first."""
    return rx.cond(
        jobs.length() > 0,
        rx.el.ul(
            rx.foreach(
                jobs,
                lambda job: rx.el.li(
                    rx.el.div(
                        rx.el.h2(job.title, class_name="min-w-0 font-semibold [overflow-wrap:anywhere]"),
                        rx.el.time(job.when_text, date_time=job.when_iso, class_name=f"{ui.QUIET} shrink-0"),
                        class_name="flex items-baseline justify-between gap-4",
                    ),
                    work_progress(job, cancel),
                    class_name="border-t border-line p-4 first:border-t-0 lg:px-5",
                    key=job.id,
                ),
            ),
            class_name=ui.CARD,
        ),
        admin_empty(
            "clock",
            "Nothing has run yet",
            "Imports and other work that takes a while runs here. You can leave the page meanwhile; what comes of it "
            "waits for a week.",
        ),
    )


def _counts(job: Any) -> rx.Component:
    return rx.cond(
        job.counts.length() > 0,
        rx.el.dl(
            rx.foreach(
                job.counts,
                lambda one: rx.el.div(
                    rx.el.dt(one.label, class_name=ui.QUIET),
                    rx.el.dd(one.text, class_name="text-base font-semibold tnum"),
                ),
            ),
            class_name="flex flex-wrap gap-x-6 gap-y-2",
        ),
        None,
    )


def _file(job: Any) -> rx.Component:
    return rx.el.p(
        FileLink.create(
            icon("download", "size-4"),
            job.result_name,
            href=job.result_url,
            custom_attrs={"download": ""},
            class_name=f"{ui.LINK} inline-flex min-h-9 items-center gap-1.5",
        )
    )
