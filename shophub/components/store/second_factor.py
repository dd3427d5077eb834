"""Two-factor sign-in in the account's security page: set up, recovery codes, switch off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.ui.basics import badge, button, dialog_button, note
from shophub.components.ui.fields import field
from shophub.components.ui.icons import icon
from shophub.components.ui.local import FileLink, Modal
from shophub.lib import ui_classes as ui
from shophub.schemas.accounts import SecondFactorView

SWITCH_OFF_DIALOG = "switch-off-second-factor"
_LIST = "mt-3 grid max-w-prose list-decimal gap-6 pl-5 text-ink-2 marker:font-semibold marker:text-ink"


@dataclass(frozen=True)
class SecondFactorEvents:
    """What the section does."""

    begin: Any
    confirm: Any
    renew: Any
    switch_off: Any
    leave: Any


@dataclass(frozen=True)
class SecondFactorShown:
    """What the section shows while something is under way."""

    secret: rx.Var[str]
    qr_svg: rx.Var[str]
    codes: rx.Var[Sequence[str]]
    codes_text: rx.Var[str]
    codes_file: rx.Var[str]
    error: rx.Var[str]


def second_factor_section(
    view: rx.Var[SecondFactorView], shown: SecondFactorShown, events: SecondFactorEvents
) -> rx.Component:
    """The section, with what is under way; it tells the state when its page is left."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Two-factor sign-in", id="second-factor-title", tab_index=-1, class_name=ui.H3),
            rx.cond(view.is_on, badge("On", "success"), rx.cond(view.is_required, badge("Required", "warning"), None)),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.cond(
            shown.codes.length() > 0,
            _new_codes(shown, events),
            rx.cond(
                shown.secret != "", _set_up(shown, events), rx.cond(view.is_on, _on(view, events), _off(view, events))
            ),
        ),
        _switch_off_dialog(view, events),
        custom_attrs={"aria-labelledby": "second-factor-title"},
        on_unmount=events.leave,
    )


def _standing(view: rx.Var[SecondFactorView], events: SecondFactorEvents) -> rx.Component:
    return rx.cond(view.is_on, _on(view, events), _off(view, events))


def _off(view: rx.Var[SecondFactorView], events: SecondFactorEvents) -> rx.Component:
    return rx.el.div(
        rx.cond(
            view.is_required,
            note(
                "This store requires it of its staff. Until it is on, you can do nothing that only staff can.",
                tone="warning",
            ),
            None,
        ),
        rx.el.p(
            "With it, signing in takes your password and a code from an app on your phone. Somebody who finds out the "
            "password cannot get in.",
            class_name="max-w-prose text-ink-2",
        ),
        button("Set up two-factor sign-in", on_click=events.begin, kind="secondary", class_name="w-fit"),
        class_name="mt-3 grid gap-4",
    )


def _on(view: rx.Var[SecondFactorView], events: SecondFactorEvents) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Signing in takes your password and a code from your authenticator app.",
            class_name="max-w-prose text-ink-2",
        ),
        rx.cond(
            view.codes_left > 2,
            rx.el.p(view.codes_left, " of 10 recovery codes are left.", class_name="tnum text-ink-2"),
            note(
                rx.cond(
                    view.codes_left == 0,
                    "You have no recovery codes left: without your phone you could not sign in. Get new ones.",
                    "You have hardly any recovery codes left. Get new ones, to be able to sign in without your phone.",
                ),
                tone="warning",
            ),
        ),
        rx.el.div(
            button("Get new recovery codes", on_click=events.renew, kind="secondary"),
            dialog_button("Switch off", opens=SWITCH_OFF_DIALOG, class_name=ui.BUTTON_QUIET_DANGER),
            class_name="flex flex-wrap gap-3",
        ),
        class_name="mt-3 grid gap-4",
    )


def _set_up(shown: SecondFactorShown, events: SecondFactorEvents) -> rx.Component:
    return rx.el.div(
        rx.el.ol(
            rx.el.li(
                rx.el.p("Scan this picture with an authenticator app on your phone."),
                # Dark on light in both themes: many cameras read nothing else.
                rx.html(
                    shown.qr_svg,
                    role="img",
                    custom_attrs={"aria-label": "QR code for an authenticator app; the same as the key below"},
                    class_name="mt-3 size-52 rounded-lg border border-line bg-white p-2 [&_svg]:size-full",
                ),
                rx.el.p("No camera at hand? Type this key into the app instead:", class_name="mt-3 text-sm"),
                rx.el.code(
                    shown.secret,
                    class_name="mt-1 block w-fit rounded-md bg-sunken px-3 py-2 font-mono text-sm text-ink select-all",
                ),
            ),
            rx.el.li(
                rx.el.p("Type the six digits that the app shows now."),
                rx.el.form(
                    field(
                        "second_factor_code",
                        "Code",
                        error=shown.error,
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
                    rx.el.div(
                        button("Switch on", type="submit"),
                        button("Cancel", kind="quiet", on_click=events.leave),
                        class_name="flex flex-wrap gap-3",
                    ),
                    on_submit=events.confirm,
                    class_name="mt-3 grid max-w-xs gap-4",
                ),
            ),
            class_name=_LIST,
        )
    )


def _new_codes(shown: SecondFactorShown, events: SecondFactorEvents) -> rx.Component:
    return rx.el.div(
        rx.el.h3("Your recovery codes", id="recovery-codes-title", tab_index=-1, class_name="font-semibold text-ink"),
        rx.el.p(
            "Each signs you in once when your phone is not at hand. They are shown now and never again, so keep them "
            "in a safe place, such as your password manager.",
            class_name="max-w-prose text-ink-2",
        ),
        rx.el.ul(
            rx.foreach(shown.codes, lambda code: rx.el.li(code)),
            class_name="grid w-fit grid-cols-1 gap-x-8 gap-y-2 rounded-lg border border-line bg-sunken px-5 py-4 "
            "font-mono text-ink select-all sm:grid-cols-2",
        ),
        rx.el.div(
            button(
                "Copy",
                kind="secondary",
                on_click=[rx.set_clipboard(shown.codes_text), rx.toast("Copied.", id="second-factor")],
            ),
            FileLink.create(
                icon("receipt", "size-5"),
                "Save as text",
                href=shown.codes_file,
                custom_attrs={"download": "recovery-codes.txt"},
                class_name=ui.BUTTON_SECONDARY,
            ),
            button("I have kept them", on_click=events.leave),
            class_name="flex flex-wrap gap-3",
        ),
        class_name="mt-3 grid gap-4",
    )


def _switch_off_dialog(view: rx.Var[SecondFactorView], events: SecondFactorEvents) -> rx.Component:
    """Says what is lost; the safe button comes first and has the focus."""
    return Modal.create(
        rx.el.h2("Switch off two-factor sign-in?", id="switch-off-title", class_name=ui.H3),
        rx.el.p(
            "From then on your password alone opens your account, and your recovery codes stop working. ",
            rx.cond(
                view.is_required, "This store requires it of its staff: you could do nothing that only staff can.", ""
            ),
            class_name="mt-3 text-ink-2",
        ),
        rx.el.div(
            dialog_button("Keep it on", closes=SWITCH_OFF_DIALOG, class_name=ui.BUTTON_SECONDARY),
            dialog_button(
                "Switch off", closes=SWITCH_OFF_DIALOG, on_click=events.switch_off, class_name=ui.BUTTON_DANGER
            ),
            class_name="mt-6 flex flex-wrap justify-end gap-3",
        ),
        id=SWITCH_OFF_DIALOG,
        labelled_by="switch-off-title",
        class_name="w-[min(92vw,30rem)] rounded-xl border border-line bg-surface p-6 text-ink shadow-modal "
        "backdrop:bg-black/45",
    )
