"""Form fields: label above, hint and error below, tied together for screen readers."""

from typing import Any

import reflex as rx

from shophub.components.ui.basics import Text
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui


def _described(name: str, hint: Text, error: Text | None) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    ids = f"{name}-hint" if hint else ""
    if error is None:
        if ids:
            attributes["aria-describedby"] = ids
        return attributes
    attributes["aria-invalid"] = rx.cond(error, "true", "false")
    attributes["aria-describedby"] = rx.cond(error, f"{name}-error {ids}".strip(), ids)
    return attributes


def _frame(
    control: rx.Component, name: str, label: Text, hint: Text, error: Text | None, optional: bool
) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            label,
            rx.el.span(" (optional)", class_name="font-normal text-ink-3") if optional else None,
            html_for=name,
            class_name=ui.LABEL,
        ),
        control,
        rx.el.p(hint, id=f"{name}-hint", class_name=ui.HINT) if hint else None,
        None if error is None else rx.cond(error, rx.el.p(error, id=f"{name}-error", class_name=ui.FIELD_ERROR), None),
    )


def field(
    name: str,
    label: Text,
    *,
    hint: Text = "",
    error: rx.Var[str] | None = None,
    optional: bool = False,
    attributes: dict[str, Any] | None = None,
    **props: Any,
) -> rx.Component:
    """A text field. Its id is its name; ``attributes`` are HTML attributes that Reflex does not know."""
    control = rx.el.input(
        id=name,
        name=name,
        class_name=ui.INPUT,
        custom_attrs={**_described(name, hint, error), **(attributes or {})},
        **props,
    )
    return _frame(control, name, label, hint, error, optional)


def select_box(*options: Any, **props: Any) -> rx.Component:
    """A native select with our arrow."""
    return rx.el.div(
        rx.el.select(*options, class_name=ui.SELECT, **props),
        icon("down", ui.CHEVRON_IN_SELECT),
        class_name="relative",
    )


def select_field(
    name: str,
    label: Text,
    *options: Any,
    hint: Text = "",
    error: rx.Var[str] | None = None,
    attributes: dict[str, Any] | None = None,
    **props: Any,
) -> rx.Component:
    """A choice from a list."""
    control = select_box(
        *options, id=name, name=name, custom_attrs={**_described(name, hint, error), **(attributes or {})}, **props
    )
    return _frame(control, name, label, hint, error, optional=False)


def check_field(name: str, label: Text, *, hint: Text = "", **props: Any) -> rx.Component:
    """Something that can be ticked; the label is part of what can be pressed."""
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            id=name,
            name=name,
            class_name="mt-0.5 size-5 shrink-0 accent-brand cursor-pointer",
            custom_attrs=_described(name, hint, None),
            **props,
        ),
        rx.el.span(
            rx.el.span(label, class_name="block text-ink"),
            rx.el.span(hint, id=f"{name}-hint", class_name="block text-sm text-ink-3") if hint else None,
        ),
        html_for=name,
        class_name="flex min-h-11 w-fit cursor-pointer items-start gap-3 py-2",
    )


def _typed(password: rx.Var[str], about: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    """What a handler of ``on_settled`` is given."""
    return password, about


class PasswordInput(rx.Component):
    """A password with a button that shows it; ``on_settled`` runs a moment after the last key.

    It is given what was typed here, and what stands in the fields that ``about_fields`` names.
    """

    library = "$/public/password_input.jsx"
    tag = "PasswordInput"
    name: rx.Var[str]
    auto_complete: rx.Var[str]
    min_length: rx.Var[int]
    input_class: rx.Var[str]
    described_by: rx.Var[str]
    is_invalid: rx.Var[bool]
    about_fields: rx.Var[list[str]]
    on_settled: rx.EventHandler[_typed]


def password_field(
    name: str,
    label: Text,
    *,
    hint: Text = "",
    error: rx.Var[str] | None = None,
    auto_complete: str = "current-password",
    min_length: int = 0,
    **more: Any,
) -> rx.Component:
    """A password field; pasting and password managers work. ``more`` are props of ``PasswordInput``."""
    hinted = f"{name}-hint" if hint else ""
    described = hinted if error is None else rx.cond(error, f"{name}-error {hinted}".strip(), hinted)
    control = PasswordInput.create(
        id=name,
        name=name,
        auto_complete=auto_complete,
        min_length=min_length,
        input_class=ui.INPUT,
        described_by=described,
        is_invalid=False if error is None else error != "",
        **more,
    )
    return _frame(control, name, label, hint, error, optional=False)
