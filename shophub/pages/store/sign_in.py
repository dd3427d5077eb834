"""``/login``"""

import reflex as rx

from shophub.components.store.account_form import email_field, narrow_foot, narrow_page, narrow_skeleton
from shophub.components.ui.basics import button, disclosure
from shophub.components.ui.fields import field, password_field
from shophub.components.ui.local import NativeForm
from shophub.lib import ui_classes as ui
from shophub.pages.store.layout import shop_page
from shophub.state.store.sign_in import SignInState

TITLE = "Sign in"
CODE_TITLE = "Enter your code"


def login() -> rx.Component:
    """The password, or where it was right and the account asks for one, a code."""
    title = rx.cond(SignInState.asks_code, CODE_TITLE, TITLE)
    return shop_page(
        rx.cond(SignInState.asks_code, _code_step(), _password_step()),
        loaded=SignInState.loaded,
        title=rx.cond(SignInState.has_error, f"Error: {title}", title),
        fallback=narrow_skeleton(2),
    )


def _next() -> rx.Component:
    return rx.el.input(type="hidden", name="next", value=SignInState.next_path, read_only=True)


def _password_step() -> rx.Component:
    form = NativeForm.create(
        _next(),
        email_field(SignInState.email, auto_complete="username"),
        rx.el.div(
            password_field("password", "Password"),
            rx.el.a(
                "Forgotten your password?",
                href="/forgot-password",
                class_name=f"{ui.LINK} mt-1 inline-flex min-h-11 items-center text-sm",
            ),
        ),
        button(TITLE, type="submit", kind="large", class_name="w-full"),
        action="/auth/login",
        method="post",
        class_name="mt-6 grid gap-5",
    )
    return narrow_page(
        TITLE,
        form,
        narrow_foot(
            rx.el.p("New here? ", rx.el.a("Create an account", href=SignInState.register_url, class_name=ui.LINK))
        ),
        error=SignInState.error,
    )


def _code_step() -> rx.Component:
    return narrow_page(
        CODE_TITLE,
        rx.el.p("Your authenticator app shows six digits for this shop. Type them here.", class_name="mt-3 text-ink-2"),
        NativeForm.create(
            _next(),
            field(
                "code",
                "Code",
                error=SignInState.code_error,
                type="text",
                required=True,
                max_length=10,
                attributes={
                    "autocomplete": "one-time-code",
                    "inputmode": "numeric",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                },
            ),
            button(TITLE, type="submit", kind="large", class_name="w-full"),
            action="/auth/code",
            method="post",
            class_name="mt-6 grid gap-5",
        ),
        _recovery(),
        NativeForm.create(
            _next(),
            button("Sign in with another account", type="submit", kind="quiet", class_name="w-full"),
            action="/auth/restart",
            method="post",
            class_name="mt-6",
        ),
        error=SignInState.error,
    )


def _recovery() -> rx.Component:
    """The way in without the phone."""
    return disclosure(
        rx.el.span("I do not have my phone", class_name="font-semibold"),
        NativeForm.create(
            _next(),
            field(
                "recovery_code",
                "Recovery code",
                hint="One of the ten that you were shown when you set this up. Each works once.",
                type="text",
                required=True,
                max_length=20,
                attributes={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
            ),
            button("Sign in with a recovery code", type="submit", kind="secondary", class_name="w-full"),
            action="/auth/code",
            method="post",
            class_name="mt-2 grid gap-5 pb-2",
        ),
        class_name="mt-6 border-y border-line py-2",
    )
