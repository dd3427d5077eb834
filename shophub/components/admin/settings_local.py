"""What the settings' page answers with before the server does (``assets/admin_settings.jsx``), as Reflex sees it."""

from typing import Any

import reflex as rx

from shophub.lib import ui_admin as ui
from shophub.lib.ui_icons import ICONS
from shophub.schemas.store_settings import Choice

LIBRARY = "$/public/admin_settings.jsx"
SWITCH = (
    "relative inline-flex h-6 w-11 shrink-0 cursor-pointer items-center rounded-full border border-line-strong "
    "bg-sunken transition-colors duration-150 aria-checked:border-brand aria-checked:bg-brand "
    "before:absolute before:-inset-2 before:content-['']"
)
KNOB_ON = "inline-block size-4 translate-x-6 rounded-full bg-on-brand transition-transform duration-150"
KNOB_OFF = "inline-block size-4 translate-x-1 rounded-full bg-line-strong transition-transform duration-150"
PICKER = {
    "label": ui.LABEL,
    "error": ui.FIELD_ERROR,
    "quiet": ui.BUTTON_QUIET,
    "search": f"{ui.INPUT} pl-8",
    "check": ui.CHECKBOX,
    "box": "overflow-hidden rounded-md border border-line-strong",
    "bar": "flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface p-2",
    "list": "relative max-h-72 overflow-y-auto px-2 pb-2",
    "group": "sticky top-0 z-10 bg-surface px-1.5 pt-2 pb-1 text-xs font-semibold text-ink-3",
    "columns": "grid gap-x-3 sm:grid-cols-2 xl:grid-cols-3",
    "row": "flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-1.5 py-1 hover:bg-hover",
}


class SettingSwitch(rx.Component):
    """A switch that shows what was pressed at once."""

    library = LIBRARY
    tag = "SettingSwitch"
    on: rx.Var[bool]
    labelled_by: rx.Var[str]
    described_by: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    on_switch: rx.EventHandler[rx.event.passthrough_event_spec(bool)]


class CountryPicker(rx.Component):
    """Countries to tick, with a search; what is ticked goes with the form as ``country-<code>``."""

    library = LIBRARY
    tag = "CountryPicker"
    countries: rx.Var[tuple[Choice, ...]]
    error: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    icon: rx.Var[str]


def setting_switch(name: str, is_on: Any, on_switch: Any) -> rx.Component:
    """A setting's switch, labelled by what stands beside it."""
    return SettingSwitch.create(
        id=name,
        on=is_on,
        labelled_by=f"{name}-label",
        described_by=f"{name}-hint",
        classes={"switch": SWITCH, "on": KNOB_ON, "off": KNOB_OFF},
        on_switch=on_switch,
    )


def country_picker(countries: rx.Var[tuple[Choice, ...]], error: rx.Var[str]) -> rx.Component:
    """The countries shipped to."""
    return CountryPicker.create(countries=countries, error=error, classes=PICKER, icon=ICONS["search"])
