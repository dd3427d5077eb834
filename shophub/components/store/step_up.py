"""The dialog that asks for the password or a code once more."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.ui.basics import button, dialog_button
from shophub.components.ui.fields import field, password_field
from shophub.components.ui.local import Modal
from shophub.lib import ui_classes as ui
from shophub.lib.ui_ids import STEP_UP_DIALOG


@dataclass(frozen=True)
class StepUpEvents:
    """What the dialog does, and what it shows."""

    confirm: Any
    use_other: Any
    forget: Any
    with_code: rx.Var[bool]
    has_second_factor: rx.Var[bool]
    error: rx.Var[str]


def step_up_dialog(user_email: rx.Var[str], events: StepUpEvents) -> rx.Component:
    """Closed until a handler or a button opens it; afterwards the focus is back where it was."""
    return Modal.create(
        rx.el.h2("Is it you?", id="step-up-title", class_name=ui.H3),
        rx.el.p(
            rx.cond(
                events.with_code,
                "Type the code that your authenticator app shows, or a recovery code.",
                "This takes your password once more. You are asked again after ten minutes.",
            ),
            class_name="mt-2 text-ink-2",
        ),
        rx.el.form(
            # Tells a password manager whose password belongs here.
            rx.el.input(
                type="text",
                name="username",
                value=user_email,
                read_only=True,
                hidden=True,
                custom_attrs={"autocomplete": "username"},
            ),
            _asked(events),
            rx.el.div(
                dialog_button("Cancel", closes=STEP_UP_DIALOG, class_name=ui.BUTTON_SECONDARY),
                button("Confirm", type="submit"),
                class_name="flex flex-wrap justify-end gap-3",
            ),
            on_submit=events.confirm,
            reset_on_submit=True,
            class_name="mt-5 grid gap-5",
        ),
        id=STEP_UP_DIALOG,
        labelled_by="step-up-title",
        on_closed=events.forget,
        class_name="w-[min(92vw,28rem)] rounded-xl border border-line bg-surface p-6 text-ink shadow-modal "
        "backdrop:bg-black/45",
    )


def _asked(events: StepUpEvents) -> rx.Component:
    """The field, and where there is a second factor the way to the other one."""
    return rx.el.div(
        rx.cond(
            events.with_code,
            field(
                "step_up_code",
                "Code",
                error=events.error,
                type="text",
                max_length=20,
                attributes={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
            ),
            password_field("step_up_password", "Password", error=events.error),
        ),
        rx.cond(
            events.has_second_factor,
            button(
                rx.cond(events.with_code, "Use my password instead", "Use a code instead"),
                kind="quiet",
                class_name="-ml-3 mt-1",
                on_click=events.use_other,
            ),
            None,
        ),
    )
