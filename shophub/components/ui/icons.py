"""Icons from our own set."""

import reflex as rx

from shophub.lib.ui_icons import FILLED, ICONS


def icon(name: str, class_name: str = "size-5") -> rx.Component:
    """Draw an icon that means nothing by itself: the text or label beside it says what it is for."""
    filled = name in FILLED
    return rx.el.svg(
        rx.el.path(d=ICONS[name]),
        view_box="0 0 24 24",
        fill="currentColor" if filled else "none",
        stroke="none" if filled else "currentColor",
        stroke_width="1.75",
        stroke_linecap="round",
        stroke_linejoin="round",
        class_name=class_name,
        custom_attrs={"aria-hidden": "true"},
    )
