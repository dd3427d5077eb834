"""The form below what is sold out."""

from typing import Any

import reflex as rx

from shophub.components.ui.basics import button
from shophub.components.ui.fields import field
from shophub.lib import ui_classes as ui
from shophub.lib.ui_texts import ALERT_LEAD, ALERT_TITLE


def stock_alert(
    variant_id: rx.Var[str], *, email: rx.Var[str], asked_for: rx.Var[str], error: rx.Var[str], on_ask: Any
) -> rx.Component:
    """Ask for an address to write to when a variant is back; ``email`` is the account's own, if there is one."""
    return rx.el.div(
        rx.el.h2(ALERT_TITLE, class_name="font-semibold text-ink"),
        rx.cond(
            asked_for == variant_id,
            rx.el.p(
                "Thank you. We will write to you once, when this is back.",
                id="alert-done",
                role="status",
                tab_index=-1,
                class_name="mt-1 text-ink-2 focus:outline-none",
            ),
            rx.fragment(
                rx.el.p(ALERT_LEAD, class_name="mt-1 text-sm text-ink-2"),
                rx.el.form(
                    rx.el.input(type="hidden", name="variant", value=variant_id, read_only=True),
                    rx.el.div(
                        field(
                            "alert-email",
                            "E-mail address",
                            error=error,
                            type="email",
                            default_value=email,
                            key=email,
                            attributes={"autocomplete": "email", "inputmode": "email"},
                        ),
                        class_name="min-w-48 flex-1",
                    ),
                    button("Email me", type="submit", kind="secondary", class_name="mt-[1.625rem] self-start"),
                    on_submit=on_ask,
                    no_validate=True,
                    class_name=ui.ALERT_ROW,
                ),
            ),
        ),
        class_name=ui.ALERT,
    )
