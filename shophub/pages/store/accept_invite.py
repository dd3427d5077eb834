"""``/admin/accept-invite``: open to everybody, because who is invited has no account yet."""

import reflex as rx

from shophub.components.store.account_form import narrow_foot, narrow_page, narrow_skeleton
from shophub.components.ui.basics import button, link_button, note
from shophub.components.ui.fields import field, password_field
from shophub.components.ui.local import NativeForm
from shophub.components.ui.meter import password_meter
from shophub.lib import ui_classes as ui
from shophub.pages.store.layout import shop_page
from shophub.state.store.accept_invite import OVER, AcceptInviteState
from shophub.state.store.password_meter import PasswordMeterState

ACTION = "/auth/accept-invite"
BACK_HERE = "/admin/accept-invite"
METER = (PasswordMeterState.score, PasswordMeterState.label, PasswordMeterState.advice)


def accept_invite() -> rx.Component:
    """Join the staff."""
    state = AcceptInviteState
    content = rx.match(
        state.welcome,
        ("new", _newcomer()),
        ("ready", _ready()),
        ("sign_in", _sign_in()),
        ("other", _other()),
        ("deactivated", _deactivated()),
        _over(),
    )
    has_field_error = (state.name_error != "") | (state.password_error != "")
    title = rx.cond(state.welcome == OVER, "This invite is over", "Join the store")
    return shop_page(
        content,
        loaded=state.loaded,
        title=rx.cond(has_field_error, "Error: Join the store", title),
        fallback=narrow_skeleton(2),
    )


def _strong(text: rx.Var[str]) -> rx.Component:
    return rx.el.strong(text, class_name="text-ink [overflow-wrap:anywhere]")


def _lead() -> rx.Component:
    return rx.el.p(
        "You are invited so that you can ",
        AcceptInviteState.duties,
        ". The invite is for ",
        _strong(AcceptInviteState.email),
        ".",
        class_name="mt-3 text-ink-2",
    )


def _newcomer() -> rx.Component:
    state = AcceptInviteState
    return narrow_page(
        "Join the store",
        _lead(),
        NativeForm.create(
            field(
                "full_name",
                "Full name",
                type="text",
                required=True,
                min_length=2,
                max_length=120,
                default_value=state.full_name,
                error=state.name_error,
                attributes={"autocomplete": "name"},
            ),
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
                "Password",
                error=state.password_error,
                auto_complete="new-password",
                min_length=8,
                about_fields=["full_name", "email"],
                on_settled=PasswordMeterState.judge,
            ),
            password_meter(*METER),
            button("Accept the invite", type="submit", kind="large", class_name="w-full"),
            action=ACTION,
            method="post",
            class_name="mt-6 grid gap-5",
        ),
        error=state.error,
    )


def _ready() -> rx.Component:
    return narrow_page(
        "Join the store",
        _lead(),
        NativeForm.create(
            button("Accept the invite", type="submit", kind="large", class_name="w-full"),
            action=ACTION,
            method="post",
            class_name="mt-6 grid",
        ),
        narrow_foot(rx.el.p("You are signed in with this address. Name and password stay as they are.")),
        error=AcceptInviteState.error,
    )


def _sign_in() -> rx.Component:
    return narrow_page(
        "Join the store",
        _lead(),
        rx.el.p("This address has an account. Sign in to it, and you come back here.", class_name="mt-3 text-ink-2"),
        rx.el.div(
            link_button("Sign in", href=f"/login?next={BACK_HERE}", kind="large", class_name="w-full"),
            class_name="mt-6 grid",
        ),
        narrow_foot(
            rx.el.p(
                "You do not know the password? ",
                rx.el.a("Choose a new one", href="/forgot-password", class_name=ui.LINK),
                ", then open the link of the invite again.",
            )
        ),
    )


def _other() -> rx.Component:
    return narrow_page(
        "Join the store",
        _lead(),
        rx.el.div(
            note(
                "You are signed in as ",
                _strong(AcceptInviteState.signed_in_as),
                ". Sign out, and sign in with the invited address.",
                tone="warning",
            ),
            class_name="mt-5",
        ),
        NativeForm.create(
            rx.el.input(type="hidden", name="next", value=BACK_HERE, read_only=True),
            button("Sign out", type="submit", kind="large", class_name="w-full"),
            action="/auth/logout",
            method="post",
            class_name="mt-6 grid",
        ),
    )


def _deactivated() -> rx.Component:
    return narrow_page(
        "This account is deactivated",
        rx.el.p(
            "The account of ",
            _strong(AcceptInviteState.email),
            " cannot sign in. Ask whoever invited you to reactivate it.",
            class_name="mt-3 text-ink-2",
        ),
        narrow_foot(rx.el.a("Continue shopping", href="/", class_name=ui.LINK)),
    )


def _over() -> rx.Component:
    return narrow_page(
        "This invite is over",
        rx.el.p(
            "Invites work once, within seven days, and end when another one is sent. Ask whoever invited you for a new "
            "one, or open the link of the invite again if this page was open for long.",
            class_name="mt-3 text-ink-2",
        ),
        narrow_foot(rx.el.a("Continue shopping", href="/", class_name=ui.LINK)),
    )
