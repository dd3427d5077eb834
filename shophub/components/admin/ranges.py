"""Choosing the days that figures are of; shared by dashboard and analytics."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import LiveLink, NativeForm
from shophub.lib import ui_admin as ui
from shophub.schemas.analytics import Field
from shophub.schemas.dashboard import RangeChoice

_SEGMENT = "inline-flex min-h-9 shrink-0 items-center px-3 text-ink-2 hover:bg-hover hover:text-ink"
_SEGMENT_CURRENT = "inline-flex min-h-9 shrink-0 items-center bg-brand-soft px-3 font-semibold text-brand"


def range_picker(
    choices: rx.Var[tuple[RangeChoice, ...]],
    start: rx.Var[str],
    end: rx.Var[str],
    on_choose: Any,
    *,
    path: str,
    kept: rx.Var[tuple[Field, ...]] | None = None,
) -> rx.Component:
    """The ranges that one press chooses, and two days of one's own. The address says which; ``kept`` stays in it."""
    fields = rx.foreach(kept, _kept) if kept is not None else rx.fragment()
    return rx.el.div(
        segments("Range", choices, on_choose),
        rx.el.details(
            rx.el.summary(
                "Other days",
                icon("down", "size-4 transition-transform duration-150 group-open:rotate-180"),
                class_name=f"{ui.BUTTON_SECONDARY} list-none [&::-webkit-details-marker]:hidden",
            ),
            NativeForm.create(
                _day("from", "From", start),
                _day("to", "To", end),
                fields,
                admin_button("Show", type="submit"),
                action=path,
                method="get",
                class_name="absolute right-0 z-20 mt-2 grid w-56 gap-3 rounded-lg border border-line bg-surface p-4 "
                "shadow-pop",
            ),
            class_name="group relative",
        ),
        class_name="flex max-w-full flex-wrap items-center gap-2",
    )


def segments(label: str, choices: rx.Var[tuple[RangeChoice, ...]], on_choose: Any) -> rx.Component:
    """One of a few, each an address."""
    return rx.el.nav(
        rx.foreach(choices, lambda choice: _choice(choice, on_choose)),
        class_name="flex max-w-full overflow-x-auto rounded-md border border-line-strong bg-surface",
        custom_attrs={"aria-label": label},
    )


def _kept(field: rx.Var[Field]) -> rx.Component:
    return rx.el.input(type="hidden", name=field.name, default_value=field.value)


def _choice(choice: rx.Var[RangeChoice], on_choose: Any) -> rx.Component:
    return LiveLink.create(
        choice.label,
        href=choice.url,
        on_press=on_choose,
        key=choice.url,
        class_name=rx.cond(choice.is_current, _SEGMENT_CURRENT, _SEGMENT),
        custom_attrs={"aria-current": rx.cond(choice.is_current, "true", "false")},
    )


def _day(name: str, label: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"range-{name}", class_name=ui.LABEL),
        rx.el.input(
            id=f"range-{name}", name=name, type="date", default_value=value, required=True, class_name=ui.INPUT
        ),
    )
