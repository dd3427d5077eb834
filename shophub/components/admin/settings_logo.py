"""The field of the shop's logo (``assets/admin_logo.jsx``), as Reflex sees it."""

import reflex as rx

from shophub.lib import ui_admin as ui


class LogoField(rx.Component):
    """A picture that is stored as soon as it is chosen, and kept with the form that it stands in."""

    library = "$/public/admin_logo.jsx"
    tag = "LogoField"
    public_id: rx.Var[str]
    url: rx.Var[str]
    error: rx.Var[str]
    classes: rx.Var[dict[str, str]]


def logo_field(public_id: rx.Var[str], url: rx.Var[str], error: rx.Var[str]) -> rx.Component:
    """Choose, replace or remove the logo."""
    classes = {
        "label": ui.LABEL,
        "hint": ui.HINT,
        "error": ui.FIELD_ERROR,
        "secondary": ui.BUTTON_SECONDARY,
        "quiet": ui.BUTTON_QUIET,
    }
    return LogoField.create(public_id=public_id, url=url, error=error, classes=classes)
