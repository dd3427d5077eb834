"""``/verify-email``"""

import reflex as rx

from shophub.components.store.account_form import narrow_foot, narrow_page, narrow_skeleton
from shophub.components.store.verification import verification_banner
from shophub.components.ui.basics import button, link_button, note
from shophub.components.ui.local import NativeForm
from shophub.lib import ui_classes as ui
from shophub.pages.store.layout import shop_page
from shophub.state.store.verification import VerificationState

TITLE = "Confirm your address"


def verify_email() -> rx.Component:
    """What became of a link, and another one."""
    state = VerificationState
    over = rx.cond(
        state.is_link_over,
        rx.el.div(note("This link is not valid any more.", tone="warning", alert=True), class_name="mt-5"),
        None,
    )
    own = rx.cond(state.unconfirmed, _waiting(), rx.cond(state.confirmed, _confirmed(), _signed_out()))
    asked = rx.cond(state.is_own, _own(), _asked())
    return shop_page(
        narrow_page(TITLE, rx.cond(state.confirmed | state.asked, None, over), rx.cond(state.asked, asked, own)),
        loaded=state.loaded,
        title=TITLE,
        fallback=narrow_skeleton(1),
    )


def confirm_banner() -> rx.Component:
    """Asks to confirm the address, on the pages of an account; they load ``VerificationState`` first."""
    return verification_banner(VerificationState.unconfirmed, on_resend=VerificationState.resend)


def _address(email: rx.Var[str]) -> rx.Component:
    return rx.el.strong(email, class_name="text-ink [overflow-wrap:anywhere]")


def _asked() -> rx.Component:
    """For who is not signed in to the account: whoever made it beforehand would stay in it if this confirmed it."""
    sign_out = NativeForm.create(
        note("You are signed in to another account. Sign out, and sign in to this one.", tone="warning"),
        rx.el.input(type="hidden", name="next", value="/verify-email", read_only=True),
        button("Sign out", type="submit", kind="large", class_name="mt-6 w-full"),
        action="/auth/logout",
        method="post",
    )
    return rx.fragment(
        rx.el.p(
            "Somebody made an account with ",
            _address(VerificationState.asked),
            ". If it was you, sign in to confirm it: orders that you placed with this address as a guest then join it.",
            class_name="mt-3 text-ink-2",
        ),
        rx.el.div(
            rx.cond(
                VerificationState.is_another,
                sign_out,
                link_button("Sign in to confirm", href="/login?next=/verify-email", kind="large", class_name="w-full"),
            ),
            class_name="mt-6 grid",
        ),
        narrow_foot(
            rx.el.p(
                "If you do not know its password, choose a new one. That ends everybody else's sessions, too, and "
                "confirms the address."
            ),
            rx.el.p(rx.el.a("Choose a new password", href="/forgot-password", class_name=ui.LINK), class_name="mt-3"),
            rx.el.p("If you want no account, leave this page: the address stays unconfirmed.", class_name="mt-3"),
        ),
    )


def _own() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            "Your account has the address ",
            _address(VerificationState.asked),
            ". Confirm it, and orders that you placed with it as a guest join your account.",
            class_name="mt-3 text-ink-2",
        ),
        NativeForm.create(
            button("Yes, confirm my address", type="submit", kind="large", class_name="w-full"),
            action="/auth/confirm-address",
            method="post",
            class_name="mt-6 grid",
        ),
    )


def _waiting() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            "We sent a link to ",
            _address(VerificationState.unconfirmed),
            ". It works once, within seven days. Orders that you placed as a guest then join your account.",
            class_name="mt-3 text-ink-2",
        ),
        button("Send the link again", kind="large", class_name="mt-6 w-full", on_click=VerificationState.resend),
        narrow_foot(rx.el.a("Continue shopping", href="/", class_name=ui.LINK)),
    )


def _confirmed() -> rx.Component:
    return rx.fragment(
        rx.el.p(_address(VerificationState.confirmed), " is confirmed. Thank you.", class_name="mt-3 text-ink-2"),
        rx.el.div(
            link_button("Your orders", href="/orders", kind="large", class_name="w-full"), class_name="mt-6 grid"
        ),
        narrow_foot(rx.el.a("Continue shopping", href="/", class_name=ui.LINK)),
    )


def _signed_out() -> rx.Component:
    return rx.fragment(
        rx.el.p("Sign in, and we send you a new link.", class_name="mt-3 text-ink-2"),
        rx.el.div(
            link_button("Sign in", href="/login?next=/verify-email", kind="large", class_name="w-full"),
            class_name="mt-6 grid",
        ),
    )
