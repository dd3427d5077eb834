"""Small pieces of the back office: buttons of 36 px, badges of a word with an icon, cards, headings, empty states."""

from typing import Any

import reflex as rx

from shophub.components.ui.icons import icon
from shophub.lib import ui_admin as ui

Text = str | rx.Var[str]

_KINDS = {
    "primary": ui.BUTTON_PRIMARY,
    "secondary": ui.BUTTON_SECONDARY,
    "quiet": ui.BUTTON_QUIET,
    "danger": ui.BUTTON_DANGER,
    "quiet-danger": ui.BUTTON_QUIET_DANGER,
    "icon": ui.ICON_BUTTON,
}
_TONES = {
    "neutral": ui.BADGE_NEUTRAL,
    "brand": ui.BADGE_BRAND,
    "success": ui.BADGE_SUCCESS,
    "warning": ui.BADGE_WARNING,
    "danger": ui.BADGE_DANGER,
}
_TONE_ICONS = {"neutral": "minus", "brand": "clock", "success": "check", "warning": "alert", "danger": "close"}


def admin_button(*children: Any, kind: str = "primary", class_name: str = "", **props: Any) -> rx.Component:
    """A button of kind primary, secondary, quiet, danger, quiet-danger or icon; ``type`` is button unless given."""
    attributes: dict[str, Any] = {"type": "button", **props}
    return rx.el.button(*children, **attributes, class_name=f"{_KINDS[kind]} {class_name}".strip())


def admin_link_button(*children: Any, href: Text, kind: str = "secondary", **props: Any) -> rx.Component:
    """A link that looks like a button."""
    return rx.el.a(*children, href=href, class_name=_KINDS[kind], **props)


def admin_badge(text: Text, tone: str | rx.Var[str] = "neutral") -> rx.Component:
    """A word with an icon, in the colour of neutral, brand (under way), success, warning or danger."""
    if isinstance(tone, str):
        return rx.el.span(icon(_TONE_ICONS[tone], "size-3"), text, class_name=_TONES[tone])
    drawn = rx.match(tone, *((name, icon(_TONE_ICONS[name], "size-3")) for name in _TONES), rx.fragment())
    return rx.el.span(drawn, text, class_name=rx.match(tone, *_TONES.items(), ui.BADGE_NEUTRAL))


def admin_heading(title: Text, *actions: rx.Component, lead: Text = "") -> rx.Component:
    """The page's heading with what can be done on the page at its right."""
    return rx.el.div(
        rx.el.div(
            rx.el.h1(title, class_name=ui.H1, tab_index=-1),
            rx.cond(lead, rx.el.p(lead, class_name=ui.LEAD), None),
            class_name="min-w-0",
        ),
        rx.el.div(*actions, class_name="flex flex-wrap items-center gap-2") if actions else rx.fragment(),
        class_name=ui.HEAD,
    )


def admin_card(
    title: Text, heading_id: str, *content: Any, actions: tuple[Any, ...] = (), padded: bool = True
) -> rx.Component:
    """A part of a page under its own heading; without ``padded`` what is in it reaches its edges, as tables do."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title, id=heading_id, class_name=ui.H2, tab_index=-1),
            *actions,
            class_name=ui.CARD_HEAD,
        ),
        rx.el.div(*content, class_name=ui.CARD_BODY if padded else "min-w-0"),
        class_name=ui.CARD,
        custom_attrs={"aria-labelledby": heading_id},
    )


def admin_empty(icon_name: str, title: Text, text: Text, *actions: rx.Component) -> rx.Component:
    """What belongs here, why there is nothing, and what to do."""
    return rx.el.div(
        icon(icon_name, "size-9 text-line-strong"),
        rx.el.p(title, class_name="text-base font-semibold text-ink"),
        rx.el.p(text, class_name="max-w-[46ch] text-ink-2"),
        rx.el.div(*actions, class_name="mt-2 flex flex-wrap justify-center gap-2") if actions else rx.fragment(),
        class_name=ui.EMPTY,
    )
