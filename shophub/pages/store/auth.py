"""``/login``"""

from typing import Any

import reflex as rx

from shophub.components.ui.basics import button, note, skeleton
from shophub.components.ui.fields import field, password_field
from shophub.components.ui.local import NativeForm
from shophub.lib import ui_classes as ui
from shophub.pages.store.layout import shop_page
from shophub.state.store.auth import AuthState


def _card(title: str, action: str, *content: Any, other: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.h1(title, class_name=ui.H1),
        rx.cond(AuthState.error, rx.el.div(note(AuthState.error, tone="danger", alert=True), class_name="mt-5"), None),
        NativeForm.create(
            rx.el.input(type="hidden", name="next", value=AuthState.next_path, read_only=True),
            *content,
            action=action,
            method="post",
            class_name="mt-6 grid gap-5",
        ),
        rx.el.div(other, class_name="mt-8 border-t border-line pt-6 text-ink-2"),
        class_name="mx-auto max-w-md py-6 lg:py-12",
    )


def _waiting() -> rx.Component:
    return rx.el.div(
        skeleton("h-10 w-40"),
        skeleton("mt-8 h-17"),
        skeleton("mt-5 h-17"),
        skeleton("mt-5 h-12"),
        class_name="mx-auto max-w-md py-6 lg:py-12",
        custom_attrs={"aria-busy": "true"},
    )


def _email() -> rx.Component:
    return field(
        "email",
        "E-mail address",
        type="email",
        required=True,
        max_length=254,
        default_value=AuthState.email,
        attributes={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    )


def login() -> rx.Component:
    """Sign in."""
    return shop_page(
        _card(
            "Sign in",
            "/auth/login",
            _email(),
            password_field("password", "Password"),
            button("Sign in", type="submit", kind="large", class_name="w-full"),
            other=rx.el.p("New here? ", rx.el.a("Create an account", href=AuthState.register_url, class_name=ui.LINK)),
        ),
        loaded=AuthState.loaded,
        title="Sign in",
        fallback=_waiting(),
    )
