"""Small pieces: buttons, links, prices, stars, badges, notes, empty states, skeletons."""

from typing import Any

import reflex as rx

from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.lib.ui_icons import FIVE_STARS

Text = str | rx.Var[str]


def button(*children: Any, kind: str = "primary", class_name: str = "", **props: Any) -> rx.Component:
    """A button of kind primary, secondary, quiet, large or danger; ``type`` is button unless given."""
    classes = {
        "primary": ui.BUTTON_PRIMARY,
        "secondary": ui.BUTTON_SECONDARY,
        "quiet": ui.BUTTON_QUIET,
        "large": ui.BUTTON_LARGE,
        "danger": ui.BUTTON_DANGER,
    }[kind]
    attributes: dict[str, Any] = {"type": "button", **props}
    return rx.el.button(*children, **attributes, class_name=f"{classes} {class_name}".strip())


def link_button(*children: Any, href: Text, kind: str = "primary", class_name: str = "", **props: Any) -> rx.Component:
    """A link that looks like a button."""
    classes = {"primary": ui.BUTTON_PRIMARY, "secondary": ui.BUTTON_SECONDARY, "large": ui.BUTTON_LARGE}[kind]
    return rx.el.a(*children, href=href, class_name=f"{classes} {class_name}".strip(), **props)


def dialog_button(*children: Any, opens: str = "", closes: str = "", **props: Any) -> rx.Component:
    """A button that opens or closes the dialog with that id, without any script of ours."""
    command: dict[str, Any] = {"commandfor": opens or closes, "command": "show-modal" if opens else "close"}
    return rx.el.button(*children, type="button", custom_attrs=command, **props)


def stars(count: rx.Var[int] | int, class_name: str = ui.STARS) -> rx.Component:
    """Five stars, ``count`` of them filled; what they mean is written beside them or in a label."""
    hidden = rx.Var.create(100 - 20 * count).to_string() if isinstance(count, int) else (100 - count * 20).to_string()
    return rx.el.svg(
        rx.el.path(d=FIVE_STARS, class_name=ui.STARS_OFF),
        rx.el.path(
            d=FIVE_STARS,
            class_name=ui.STARS_ON,
            style={"clip_path": "inset(0 " + hidden + "% 0 0)"},
        ),
        view_box="0 0 120 24",
        fill="currentColor",
        class_name=class_name,
        custom_attrs={"aria-hidden": "true"},
    )


def price(now: Text, was: Text = "", *, now_class: str = ui.PRICE, was_class: str = ui.PRICE_WAS) -> rx.Component:
    """A price, with the old one struck out where there is one."""
    return rx.fragment(
        rx.el.span(rx.cond(was, rx.el.span("Now ", class_name="sr-only"), None), now, class_name=now_class),
        rx.cond(was, rx.el.s(rx.el.span("was ", class_name="sr-only"), was, class_name=was_class), None),
    )


def badge(text: Text, tone: str | rx.Var[str] = "brand") -> rx.Component:
    """A word in a coloured box: brand, success, warning, danger or sale."""
    tones = {
        "success": ui.BADGE_SUCCESS,
        "warning": ui.BADGE_WARNING,
        "danger": ui.BADGE_DANGER,
        "sale": ui.BADGE_SALE,
        "brand": ui.BADGE_BRAND,
    }
    if isinstance(tone, str):
        return rx.el.span(text, class_name=tones[tone])
    return rx.el.span(text, class_name=rx.match(tone, *tones.items(), ui.BADGE_BRAND))


def note(*children: Any, tone: str = "info", alert: bool = False, **props: Any) -> rx.Component:
    """A message in the page; ``alert`` has it read out at once."""
    classes = {"info": ui.NOTE_INFO, "warning": ui.NOTE_WARNING, "danger": ui.NOTE_DANGER}[tone]
    role: dict[str, Any] = {"role": "alert"} if alert else {}
    return rx.el.div(*children, class_name=classes, **role, **props)


def empty_state(icon_name: str, title: str, text: Text, *actions: rx.Component, level: str = "h2") -> rx.Component:
    """What belongs here, why there is nothing, and what to do."""
    heading = rx.el.h1 if level == "h1" else rx.el.h2
    return rx.el.div(
        icon(icon_name, ui.EMPTY_ICON),
        heading(title, class_name=ui.H2 if level == "h1" else ui.H3),
        rx.el.p(text, class_name="max-w-[46ch] text-ink-2"),
        rx.el.div(*actions, class_name="mt-2 flex flex-wrap justify-center gap-3"),
        class_name=ui.EMPTY,
    )


def skeleton(class_name: str) -> rx.Component:
    """A grey shape where content will be; ``class_name`` gives it that content's size."""
    return rx.el.div(class_name=f"skeleton {class_name}")


def disclosure(summary: Any, *children: Any, class_name: str = "", is_open: bool = False) -> rx.Component:
    """Content behind its heading."""
    opened: dict[str, Any] = {"open": True} if is_open else {}
    return rx.el.details(
        rx.el.summary(
            summary,
            icon("down", "size-5 text-ink-3 transition-transform duration-150 group-open:rotate-180"),
            class_name="flex min-h-11 cursor-pointer list-none items-center justify-between gap-3 "
            "[&::-webkit-details-marker]:hidden",
        ),
        *children,
        class_name=f"group {class_name}".strip(),
        **opened,
    )
