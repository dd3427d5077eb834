"""The parts of the page about the shop's health: each a word with an icon, what was found, what to do."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_badge, admin_button, admin_card
from shophub.components.ui.basics import skeleton
from shophub.components.ui.icons import icon
from shophub.lib import ui_admin as ui
from shophub.schemas.health import FailedJob, HealthAlert, HealthPart, HealthRule, HealthView

PART_ICONS = ("archive", "panel", "receipt", "list", "mail", "download", "refresh", "check")
ROW = "flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3 lg:px-5"


def summary(view: rx.Var[HealthView], on_refresh: Any) -> rx.Component:
    """The whole in a word, when it was looked at, and looking again."""
    return rx.el.div(
        rx.el.p(
            admin_badge(view.word, view.tone),
            rx.el.span(
                "Looked at ",
                rx.el.time(view.at_text, custom_attrs={"dateTime": view.at_iso}),
                class_name="text-ink-2 tnum",
            ),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        admin_button(icon("refresh", "size-4"), "Refresh", kind="secondary", on_click=on_refresh),
        class_name="mb-4 flex flex-wrap items-center justify-between gap-3",
    )


def parts(view: rx.Var[HealthView]) -> rx.Component:
    """The parts, what is wrong in front."""

    def part(one: rx.Var[HealthPart]) -> rx.Component:
        drawn = rx.match(one.icon, *((name, icon(name, "size-4")) for name in PART_ICONS), rx.fragment())
        return rx.el.li(
            rx.el.div(
                rx.el.h2(
                    rx.el.span(drawn, class_name="text-ink-3"), one.name, class_name=f"{ui.H2} flex items-center gap-2"
                ),
                admin_badge(one.word, one.tone),
                class_name="flex flex-wrap items-center justify-between gap-2",
            ),
            rx.el.p(one.text, class_name="mt-2 text-ink-2 tnum"),
            rx.cond(
                one.advice,
                rx.el.p(
                    icon("info", "mt-0.5 size-4 shrink-0 text-ink-3"),
                    rx.el.span(one.advice, class_name="min-w-0 [overflow-wrap:anywhere]"),
                    class_name="mt-2 flex items-start gap-2 text-ink",
                ),
                None,
            ),
            key=one.name,
            class_name=f"{ui.CARD} p-4",
        )

    return rx.el.ul(rx.foreach(view.parts, part), class_name="grid gap-3 sm:grid-cols-2 xl:grid-cols-4 lg:gap-4")


def alerts_card(view: rx.Var[HealthView], on_resolve: Any) -> rx.Component:
    """What somebody has to look at."""

    def alert(one: rx.Var[HealthAlert]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(
                    admin_badge(one.kind, "warning"),
                    rx.el.time(one.since_text, class_name=ui.QUIET, custom_attrs={"dateTime": one.since_iso}),
                    class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
                ),
                rx.el.p(one.message, class_name="mt-1.5 max-w-[80ch] [overflow-wrap:anywhere]"),
                rx.cond(one.url, rx.el.a("To the order", href=one.url, class_name=ui.LINK), None),
                class_name="min-w-0 flex-1 basis-64",
            ),
            admin_button(
                icon("check", "size-4"),
                "Seen to",
                rx.el.span(": ", one.message, class_name="sr-only"),
                kind="secondary",
                on_click=on_resolve(one.id),
            ),
            key=one.id,
            class_name=ROW,
        )

    return admin_card(
        "Alerts",
        "alerts-title",
        rx.cond(
            view.alerts.length() > 0,
            rx.el.ul(rx.foreach(view.alerts, alert), class_name="divide-y divide-line"),
            _nothing("Nothing has to be looked at."),
        ),
        padded=False,
    )


def jobs_card(view: rx.Var[HealthView], on_retry: Any) -> rx.Component:
    """What was given up."""

    def job(one: rx.Var[FailedJob]) -> rx.Component:
        again = admin_button(
            icon("refresh", "size-4"),
            "Try again",
            rx.el.span(": ", one.name, class_name="sr-only"),
            kind="secondary",
            on_click=on_retry(one.id),
        )
        return rx.el.li(
            rx.el.div(
                rx.el.p(one.name, class_name="font-semibold"),
                rx.el.p(one.text, class_name="text-ink-2 tnum"),
                class_name="min-w-0 flex-1 basis-56",
            ),
            rx.cond(one.may_retry, again, None),
            key=one.id,
            class_name=ROW,
        )

    return admin_card(
        "Failed jobs",
        "jobs-title",
        rx.cond(
            view.jobs.length() > 0,
            rx.el.ul(rx.foreach(view.jobs, job), class_name="divide-y divide-line"),
            _nothing("None within the last month."),
        ),
        padded=False,
    )


def rules_card(view: rx.Var[HealthView]) -> rx.Component:
    """The rules of the books with their last check; what is broken comes first."""

    def rule(one: rx.Var[HealthRule]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(one.name, class_name="[overflow-wrap:anywhere]"),
                rx.cond(
                    one.offenders,
                    rx.el.p(
                        "Not so for ", one.offenders, class_name="mt-0.5 text-xs text-danger [overflow-wrap:anywhere]"
                    ),
                    None,
                ),
                class_name="min-w-0 flex-1 basis-64",
            ),
            rx.el.p(
                rx.el.span(one.checked_text, class_name="text-xs text-ink-3 tnum"),
                admin_badge(one.word, one.tone),
                class_name="flex items-center gap-3",
            ),
            key=one.name,
            class_name="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-2 lg:px-5",
        )

    return admin_card(
        "Rules of the books",
        "rules-title",
        rx.el.ul(rx.foreach(view.rules, rule), class_name="divide-y divide-line"),
        actions=(rx.el.span(view.rules_text, class_name="text-ink-3 tnum"),),
        padded=False,
    )


def health_skeleton() -> rx.Component:
    """What stands there while everything is looked over."""
    return rx.el.div(
        skeleton("h-7 w-40 rounded-md"),
        rx.el.div(
            *(skeleton("h-32 rounded-lg") for _ in range(8)),
            class_name="mt-5 grid gap-3 sm:grid-cols-2 xl:grid-cols-4 lg:gap-4",
        ),
        role="group",
        custom_attrs={"aria-busy": "true", "aria-label": "Loading"},
    )


def _nothing(said: str) -> rx.Component:
    return rx.el.p(
        icon("check", "size-4 text-success"), said, class_name="flex items-center gap-2 px-4 py-5 text-ink-2 lg:px-5"
    )
