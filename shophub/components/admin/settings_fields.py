"""Pieces of the settings' page: forms that are saved as a whole, switches that take effect when they are pressed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_button, admin_card
from shophub.components.admin.settings_local import setting_switch
from shophub.components.ui.icons import icon
from shophub.lib import ui_admin as ui
from shophub.schemas.store_settings import CurrencyPlan, SettingsErrors, SettingsView

Text = str | rx.Var[str]
ROW = "flex items-start justify-between gap-6 py-3 first:pt-0 last:pb-0"


@dataclass(frozen=True)
class SettingsBinding:
    """What the page shows, and the events behind its buttons."""

    view: rx.Var[SettingsView]
    errors: rx.Var[SettingsErrors]
    conflict_part: rx.Var[str]
    conflict_text: rx.Var[str]
    plan: rx.Var[CurrencyPlan]
    currencies: rx.Var[Sequence[tuple[str, str]]]
    epoch: rx.Var[int]
    load: Any
    save: Any
    switch: Callable[..., Any]
    plan_currency: Any
    change_currency: Any


def error_of(page: SettingsBinding, name: str) -> rx.Var[str]:
    """Return what is wrong with a field, empty where nothing is."""
    found: rx.Var[str] = getattr(page.errors, name)
    return found


def switch_row(page: SettingsBinding, name: str, label: str, hint: str) -> rx.Component:
    """A switch with its label and what it does. It takes effect when it is pressed."""
    is_on = getattr(page.view, name)
    return rx.el.div(
        rx.el.div(
            rx.el.p(label, id=f"{name}-label", class_name="font-semibold text-ink"),
            rx.el.p(hint, id=f"{name}-hint", class_name="mt-0.5 max-w-[60ch] text-ink-2"),
            class_name="min-w-0",
        ),
        setting_switch(name, is_on, lambda wanted: page.switch(name, wanted)),
        class_name=ROW,
    )


def settings_form(page: SettingsBinding, part: str, version: rx.Var[str], *fields: Any) -> rx.Component:
    """A part that is saved as a whole. Its fields begin anew when the part was saved or read again."""
    conflict = rx.el.div(
        icon("alert", "mt-0.5 size-4 shrink-0"),
        rx.el.p(page.conflict_text, " Nothing of yours was saved.", class_name="min-w-0 flex-1"),
        admin_button("Load them again", kind="secondary", on_click=page.load),
        role="alert",
        class_name="flex flex-wrap items-start gap-3 rounded-md bg-warning-soft px-3 py-2.5 text-warning",
    )
    return rx.el.form(
        rx.el.input(type="hidden", name="part", value=part, read_only=True),
        rx.cond(page.conflict_part == part, conflict, None),
        *fields,
        rx.el.div(admin_button("Save", type="submit"), class_name="flex justify-end"),
        key=f"{part}-" + version + "-" + page.epoch.to(str),
        on_submit=page.save,
        class_name="grid gap-4",
        custom_attrs={"noValidate": True, "aria-label": part.capitalize()},
    )


def settings_card(title: str, anchor: str, *content: Any, lead: Text = "") -> rx.Component:
    """A part of the page with its heading; ``anchor`` is where the page's own menu leads."""
    said = rx.el.p(lead, class_name="mb-4 max-w-[68ch] text-ink-2") if lead else rx.fragment()
    return rx.el.div(admin_card(title, f"{anchor}-title", said, *content), id=anchor, class_name="scroll-mt-20")


def choice_box(name: str, label: str, *options: Any, **props: Any) -> rx.Component:
    """A native choice of 36 px with our arrow."""
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name=ui.LABEL),
        rx.el.div(
            rx.el.select(*options, id=name, name=name, class_name=ui.SELECT, **props),
            icon("down", "pointer-events-none absolute right-2 top-1/2 size-4 -translate-y-1/2 text-ink-3"),
            class_name="relative",
        ),
        class_name="min-w-0",
    )
