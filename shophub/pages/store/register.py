"""``/register``"""

import reflex as rx

from shophub.components.store.account_form import email_field, narrow_foot, narrow_page, narrow_skeleton
from shophub.components.store.address_form import error_summary
from shophub.components.ui.basics import button
from shophub.components.ui.fields import field, password_field
from shophub.components.ui.local import NativeForm
from shophub.components.ui.meter import password_meter
from shophub.lib import ui_classes as ui
from shophub.pages.store.layout import shop_page
from shophub.state.store.auth import PROBLEMS, AuthState
from shophub.state.store.password_meter import PasswordMeterState

TITLE = "Create an account"
METER = (PasswordMeterState.score, PasswordMeterState.label, PasswordMeterState.advice)


def register() -> rx.Component:
    """Create an account."""
    form = NativeForm.create(
        error_summary(AuthState.problems, PROBLEMS, class_name=""),
        rx.el.input(type="hidden", name="next", value=AuthState.next_path, read_only=True),
        field(
            "full_name",
            "Full name",
            type="text",
            required=True,
            min_length=2,
            max_length=120,
            default_value=AuthState.full_name,
            error=AuthState.name_error,
            attributes={"autocomplete": "name"},
        ),
        email_field(AuthState.email, error=AuthState.email_error),
        password_field(
            "password",
            "Password",
            # What was wrong with the former one goes once another is typed.
            error=rx.cond(PasswordMeterState.label, "", AuthState.password_error),
            auto_complete="new-password",
            min_length=8,
            about_fields=["full_name", "email"],
            on_settled=PasswordMeterState.judge,
        ),
        password_meter(*METER),
        rx.cond(AuthState.is_setup, _setup_token(), None),
        button("Create account", type="submit", kind="large", class_name="w-full"),
        no_validate=True,  # what is missing is said by the page, all at once
        action="/auth/register",
        method="post",
        class_name="mt-6 grid gap-5",
    )
    return shop_page(
        narrow_page(
            TITLE,
            form,
            narrow_foot(
                rx.el.p("Have an account? ", rx.el.a("Sign in", href=AuthState.login_url, class_name=ui.LINK)),
            ),
            error=AuthState.error,
        ),
        loaded=AuthState.loaded,
        title=rx.cond(AuthState.has_error, f"Error: {TITLE}", TITLE),
        fallback=narrow_skeleton(3),
    )


def _setup_token() -> rx.Component:
    """What shows that a new shop's owner is who set it up. Never prefilled: it is worth the shop."""
    return rx.fragment(
        rx.el.input(type="hidden", name="setup", value="1", read_only=True),
        field(
            "setup_token",
            "Setup token",
            type="password",
            hint="From the shop's configuration. It makes the first account the owner's.",
            max_length=200,
            attributes={"autocomplete": "off"},
        ),
    )
