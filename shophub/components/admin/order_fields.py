"""Fields of the dialogs in the back office: label above, hint and error below, tied together."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import Text
from shophub.lib import ui_admin as ui


def admin_field(
    name: str, label: Text, *, hint: Text = "", error: rx.Var[str] | None = None, area: bool = False, **props: Any
) -> rx.Component:
    """A text field whose id is its name; ``area`` makes it one of several lines."""
    has_hint = not isinstance(hint, str) or hint != ""
    described = f"{name}-hint" if has_hint else ""
    attributes: dict[str, Any] = {"aria-describedby": described} if described else {}
    if error is not None:
        attributes["aria-invalid"] = rx.cond(error, "true", "false")
        attributes["aria-describedby"] = rx.cond(error, f"{name}-error {described}".strip(), described)
    control = rx.el.textarea if area else rx.el.input
    attributes |= props.pop("attributes", {})
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name=ui.LABEL),
        control(
            id=name,
            name=name,
            class_name=ui.TEXTAREA if area else ui.INPUT,
            custom_attrs=attributes,
            **props,
        ),
        rx.el.p(hint, id=f"{name}-hint", class_name=ui.HINT) if has_hint else rx.fragment(),
        rx.fragment()
        if error is None
        else rx.cond(error, rx.el.p(error, id=f"{name}-error", class_name=ui.FIELD_ERROR), None),
    )
