"""The narrow page in which one thing about an account is done."""

from typing import Any

import reflex as rx

from shophub.components.ui.basics import note, skeleton
from shophub.components.ui.fields import field
from shophub.lib import ui_classes as ui

_NARROW = "mx-auto max-w-md py-6 lg:py-12"


def narrow_page(title: str, *content: Any, error: rx.Var[str] | None = None) -> rx.Component:
    """A heading, what went wrong, and the content."""
    wrong = None
    if error is not None:
        wrong = rx.cond(error, rx.el.div(note(error, tone="danger", alert=True), class_name="mt-5"), None)
    return rx.el.div(rx.el.h1(title, class_name=ui.H1), wrong, *content, class_name=_NARROW)


def narrow_foot(*content: Any) -> rx.Component:
    """What else can be done, below a line."""
    return rx.el.div(*content, class_name="mt-8 border-t border-line pt-6 text-ink-2")


def narrow_skeleton(fields: int) -> rx.Component:
    """The shape of a form with that many fields."""
    return rx.el.div(
        skeleton("h-10 w-56"),
        *(skeleton("mt-6 h-17") for _ in range(fields)),
        skeleton("mt-6 h-12"),
        class_name=_NARROW,
        custom_attrs={"aria-busy": "true"},
    )


def email_field(value: rx.Var[str], *, error: rx.Var[str] | None = None, auto_complete: str = "email") -> rx.Component:
    """The address of an account."""
    return field(
        "email",
        "E-mail address",
        type="email",
        required=True,
        max_length=254,
        default_value=value,
        error=error,
        attributes={
            "autocomplete": auto_complete,
            "inputmode": "email",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
