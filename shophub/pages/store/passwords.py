"""``/forgot-password``, ``/reset-password``"""

import reflex as rx

from shophub.components.store.account_form import email_field, narrow_foot, narrow_page, narrow_skeleton
from shophub.components.ui.basics import button, link_button
from shophub.components.ui.fields import password_field
from shophub.components.ui.local import NativeForm
from shophub.components.ui.meter import password_meter
from shophub.lib import ui_classes as ui
from shophub.pages.store.layout import shop_page
from shophub.state.store.password_meter import PasswordMeterState
from shophub.state.store.password_reset import ForgotPasswordState, ResetPasswordState

METER = (PasswordMeterState.score, PasswordMeterState.label, PasswordMeterState.advice)


def forgot_password() -> rx.Component:
    """Ask for a link."""
    state = ForgotPasswordState
    title = rx.cond(state.is_sent, "Look into your mailbox", "Forgot your password?")
    return shop_page(
        rx.cond(state.is_sent, _sent(), _ask()),
        loaded=state.loaded,
        title=rx.cond(state.email_error, "Error: Forgot your password?", title),
        fallback=narrow_skeleton(1),
    )


def _ask() -> rx.Component:
    state = ForgotPasswordState
    return narrow_page(
        "Forgot your password?",
        rx.el.p("Enter your e-mail address. We send you a link to choose a new one.", class_name="mt-3 text-ink-2"),
        NativeForm.create(
            email_field(state.email, error=state.email_error, auto_complete="username"),
            button("Send the link", type="submit", kind="large", class_name="w-full"),
            action="/auth/forgot-password",
            method="post",
            class_name="mt-6 grid gap-5",
        ),
        narrow_foot(rx.el.p("It came back to you? ", rx.el.a("Sign in", href="/login", class_name=ui.LINK))),
        error=state.error,
    )


def _sent() -> rx.Component:
    state = ForgotPasswordState
    address = rx.cond(
        state.email, rx.el.strong(state.email, class_name="text-ink [overflow-wrap:anywhere]"), "that address"
    )
    return narrow_page(
        "Look into your mailbox",
        rx.el.p(
            "If there is an account with ",
            address,
            ", a link to choose a new password is on its way. It works once, within one hour.",
            class_name="mt-3 text-ink-2",
        ),
        rx.el.p(
            "Nothing there after a few minutes? Look among the unwanted mail, or ask for ",
            rx.el.a("another link", href="/forgot-password", class_name=ui.LINK),
            ".",
            class_name="mt-3 text-ink-2",
        ),
        narrow_foot(rx.el.a("Back to sign in", href="/login", class_name=ui.LINK)),
    )


def reset_password() -> rx.Component:
    """Choose a new password."""
    state = ResetPasswordState
    title = rx.cond(state.is_open, "Choose a new password", "This link is over")
    return shop_page(
        rx.cond(state.is_open, _choose(), _over()),
        loaded=state.loaded,
        title=rx.cond(state.password_error, "Error: Choose a new password", title),
        fallback=narrow_skeleton(1),
    )


def _choose() -> rx.Component:
    state = ResetPasswordState
    return narrow_page(
        "Choose a new password",
        rx.el.p(
            "For ",
            rx.el.strong(state.email, class_name="text-ink [overflow-wrap:anywhere]"),
            ". You will be signed out on all devices.",
            class_name="mt-3 text-ink-2",
        ),
        NativeForm.create(
            # Tells password managers whose password it is.
            rx.el.input(
                type="text",
                id="email",
                name="email",
                value=state.email,
                read_only=True,
                class_name="hidden",
                custom_attrs={"autocomplete": "username"},
            ),
            password_field(
                "password",
                "New password",
                error=rx.cond(PasswordMeterState.label, "", state.password_error),
                auto_complete="new-password",
                min_length=8,
                about_fields=["email"],
                on_settled=PasswordMeterState.judge,
            ),
            password_meter(*METER),
            button("Save the new password", type="submit", kind="large", class_name="w-full"),
            action="/auth/reset-password",
            method="post",
            class_name="mt-6 grid gap-5",
        ),
        error=state.error,
    )


def _over() -> rx.Component:
    return narrow_page(
        "This link is over",
        rx.el.p(
            "Links for a new password work once, within one hour, and only the browser that opened them can use them.",
            class_name="mt-3 text-ink-2",
        ),
        rx.el.div(
            link_button("Ask for a new link", href="/forgot-password", kind="large", class_name="w-full"),
            class_name="mt-6 grid",
        ),
        narrow_foot(rx.el.a("Back to sign in", href="/login", class_name=ui.LINK)),
    )
