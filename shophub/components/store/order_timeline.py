"""The way of an order, step by step."""

import reflex as rx

from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.schemas.orders import TimelineStep

_MARKS = {
    "done": "inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-brand text-on-brand",
    "pending": "inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-warning-soft text-warning",
    "failed": "inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-danger-soft text-danger",
    "stopped": "inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-danger-soft text-danger",
}
_AHEAD = "inline-flex size-7 shrink-0 rounded-full border-2 border-line-strong bg-surface"


def _mark(step: rx.Var[TimelineStep]) -> rx.Component:
    """A tick for what is done, a clock for what is on its way, a sign for what failed; the label says it in words."""
    return rx.el.span(
        rx.match(
            step.state,
            ("done", icon("check", "size-4")),
            ("pending", icon("clock", "size-4")),
            ("failed", icon("alert", "size-4")),
            ("stopped", icon("close", "size-4")),
            rx.fragment(),
        ),
        class_name=rx.match(step.state, *_MARKS.items(), _AHEAD),
        custom_attrs={"aria-hidden": "true"},
    )


def _parcel(step: rx.Var[TimelineStep]) -> rx.Component:
    """Carrier and number, leading to the carrier's page where there is one."""
    link = rx.el.a(
        step.link_text,
        href=step.link_url,
        target="_blank",
        rel="noopener noreferrer",
        class_name=f"{ui.LINK} inline-flex min-h-11 items-center break-all text-sm",
    )
    plain = rx.cond(step.link_text, rx.el.p(step.link_text, class_name="text-sm text-ink-2 break-all"), None)
    return rx.cond(step.link_url, link, plain)


def _step(step: rx.Var[TimelineStep]) -> rx.Component:
    return rx.el.li(
        _mark(step),
        rx.el.div(
            rx.el.p(step.label, class_name=rx.cond(step.state == "ahead", "text-ink-3", "font-semibold text-ink")),
            rx.cond(
                step.at_text,
                rx.el.p(
                    rx.el.time(step.at_text, custom_attrs={"dateTime": step.at_iso}),
                    rx.cond(step.ago_text, rx.el.span(" · ", step.ago_text, class_name="print:hidden"), None),
                    class_name="text-sm text-ink-3 tnum",
                ),
                None,
            ),
            rx.cond(step.note, rx.el.p(step.note, class_name="mt-0.5 text-sm text-ink-2"), None),
            rx.cond(
                step.lines.length() > 0,
                rx.el.ul(
                    rx.foreach(step.lines, lambda line: rx.el.li(line)),
                    class_name="mt-0.5 grid gap-0.5 text-sm text-ink-2 tnum",
                ),
                None,
            ),
            _parcel(step),
            class_name="min-w-0",
        ),
        key=step.label + step.at_iso,
        class_name="relative flex gap-3.5 pb-5 before:absolute before:bottom-0.5 before:left-[0.8125rem] before:top-8 "
        "before:w-0.5 before:rounded-full before:bg-line last:pb-0 last:before:hidden",
        custom_attrs={"aria-current": rx.cond(step.is_current, "step", "false")},
    )


def timeline(steps: rx.Var[tuple[TimelineStep, ...]]) -> rx.Component:
    """The order's way, with what lies ahead."""
    return rx.el.ol(rx.foreach(steps, _step))
