"""Word that an address is still to be confirmed."""

from typing import Any

import reflex as rx

from shophub.components.ui.basics import button, note


def verification_banner(email: rx.Var[str], *, on_resend: Any) -> rx.Component:
    """Asks to confirm ``email``, with a button that has the link mailed again; nothing where it is empty."""
    return rx.cond(
        email,
        rx.el.div(
            note(
                rx.el.p(
                    rx.el.strong("Please confirm your e-mail address. "),
                    "We sent a link to ",
                    rx.el.span(email, class_name="font-semibold [overflow-wrap:anywhere]"),
                    ". Orders that you placed as a guest then join your account.",
                ),
                rx.el.div(button("Send the link again", kind="secondary", on_click=on_resend), class_name="mt-3"),
                tone="info",
            ),
            class_name="mb-6",
        ),
        None,
    )
