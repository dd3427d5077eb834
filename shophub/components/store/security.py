"""The security page: password, address, devices, one's data, and the way out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.store.account_frame import account_card, account_cards, account_heading, bare_card
from shophub.components.ui.basics import badge, button, dialog_button
from shophub.components.ui.fields import field, password_field
from shophub.components.ui.local import Modal, NativeForm
from shophub.lib import ui_classes as ui
from shophub.lib.ui_ids import DELETE_DIALOG
from shophub.schemas.account_area import DeviceView, ProfileView

_FORM = "mt-4 grid max-w-md gap-5"


@dataclass(frozen=True)
class SecurityEvents:
    """What the page's buttons do."""

    judge_password: Any
    ask_email: Any
    withdraw_email: Any
    end_device: Any
    end_others: Any
    download: Any
    ask_deletion: Any
    delete_account: Any


@dataclass(frozen=True)
class SecurityProblems:
    """What is wrong, beside the field that it is wrong with."""

    current_password: rx.Var[str]
    new_password: rx.Var[str]
    new_email: rx.Var[str]
    confirmation: rx.Var[str]
    is_deleting: rx.Var[bool]


def _password(
    view: rx.Var[ProfileView], events: SecurityEvents, problems: SecurityProblems, meter: rx.Component
) -> rx.Component:
    """The browser sends this form itself: so password managers offer to keep the new one, and no state ever has it."""
    return account_card(
        "Password",
        "password-title",
        rx.el.p("Changing it signs all other devices out.", class_name="mt-2 text-ink-2"),
        NativeForm.create(
            rx.el.input(
                type="text",
                name="username",
                value=view.email,
                read_only=True,
                hidden=True,
                custom_attrs={"autocomplete": "username"},
            ),
            rx.el.input(type="hidden", name="full_name", value=view.full_name, read_only=True),
            password_field("current_password", "Present password", error=problems.current_password),
            password_field(
                "new_password",
                "New password",
                error=problems.new_password,
                auto_complete="new-password",
                min_length=8,
                about_fields=["username", "full_name"],
                on_settled=events.judge_password,
            ),
            meter,
            rx.el.div(button("Change password", type="submit")),
            action="/account/password",
            method="post",
            class_name=_FORM,
        ),
    )


def _email(view: rx.Var[ProfileView], events: SecurityEvents, problems: SecurityProblems) -> rx.Component:
    waiting = rx.el.div(
        rx.el.p(
            "We have sent a link to ",
            rx.el.strong(view.pending_email, class_name="break-all"),
            ". Open it to make that address yours; until then nothing changes.",
            id="email-pending",
            tab_index=-1,
            class_name=ui.NOTE_INFO,
        ),
        button("Keep the present address", kind="secondary", class_name="mt-4", on_click=events.withdraw_email),
        class_name="mt-4",
    )
    asking = rx.el.form(
        field(
            "new_email",
            "New e-mail address",
            hint="We send a link there. The present address is told of the change.",
            error=problems.new_email,
            type="email",
            max_length=254,
            attributes={"autocomplete": "off", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
        ),
        rx.el.div(button("Change e-mail address", type="submit")),
        on_submit=events.ask_email,
        no_validate=True,
        class_name=_FORM,
    )
    return account_card(
        "E-mail address",
        "email-title",
        rx.el.p(
            "You sign in with ", rx.el.strong(view.email, class_name="break-all text-ink"), ".",
            class_name="mt-2 text-ink-2",
        ),
        rx.cond(view.pending_email, waiting, asking),
    )  # fmt: skip


def _device(device: rx.Var[DeviceView], events: SecurityEvents) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(device.name, class_name="font-semibold text-ink"),
                rx.cond(device.is_current, badge("This device", "success"), None),
                class_name="flex flex-wrap items-center gap-2.5",
            ),
            rx.el.p(
                rx.el.time(device.seen_text, custom_attrs={"dateTime": device.seen_iso}),
                " · ",
                device.since_text,
                rx.cond(device.network_address, " · from " + device.network_address, ""),
                class_name="mt-0.5 text-sm text-ink-3 break-words tnum",
            ),
            class_name="min-w-0",
        ),
        rx.cond(
            device.is_current,
            None,
            button(
                "Sign out",
                rx.el.span(" ", device.name, class_name="sr-only"),
                kind="secondary",
                class_name="shrink-0",
                on_click=events.end_device(device.id),
            ),
        ),
        class_name="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4 sm:flex-nowrap",
    )


def _devices(devices: rx.Var[Sequence[DeviceView]], events: SecurityEvents) -> rx.Component:
    return account_card(
        "Your devices",
        "devices-title",
        rx.el.p(
            "Where you are signed in. A device that you do not know: sign it out, then change your password.",
            class_name="mt-2 text-ink-2",
        ),
        rx.el.ul(
            rx.foreach(devices, lambda device: _device(device, events)),
            id="devices",
            class_name="mt-2 divide-y divide-line",
        ),
        rx.cond(
            devices.length() > 1,
            rx.el.div(
                button("Sign out all other devices", kind="secondary", on_click=events.end_others),
                class_name="border-t border-line pt-5",
            ),
            None,
        ),
    )


def _data(events: SecurityEvents) -> rx.Component:
    return account_card(
        "Your data",
        "data-title",
        rx.el.p(
            "Everything that we keep about you, as a file: account, addresses, orders, reviews, wishlist, devices.",
            class_name="mt-2 mb-4 text-ink-2",
        ),
        button("Download my data", kind="secondary", on_click=events.download),
    )


def _deletion(events: SecurityEvents) -> rx.Component:
    return account_card(
        "Delete the account",
        "delete-title",
        rx.el.p(
            "You leave, and we forget who you are. Orders that are on their way still arrive.",
            class_name="mt-2 mb-4 text-ink-2",
        ),
        rx.el.button(
            "Delete my account",
            type="button",
            on_click=events.ask_deletion,
            class_name=f"{ui.BUTTON_QUIET_DANGER} -ml-3",
        ),
    )


def deletion_dialog(view: rx.Var[ProfileView], events: SecurityEvents, problems: SecurityProblems) -> rx.Component:
    """Says what goes and what stays before anything is done; the safe button comes first."""
    return Modal.create(
        rx.el.h2("Delete your account?", id="deletion-title", class_name=ui.H3),
        rx.el.ul(
            rx.el.li("Your addresses, wishlist, cart and devices are deleted at once."),
            rx.el.li("Your reviews stay, without your name."),
            rx.el.li("Of your orders we keep goods and amounts for the books; your name and address go."),
            rx.el.li("This cannot be undone."),
            class_name="mt-3 grid list-disc gap-1.5 pl-5 text-ink-2",
        ),
        rx.el.p("The account is ", rx.el.strong(view.email, class_name="break-all"), ".", class_name="mt-4 text-ink"),
        rx.el.form(
            field(
                "confirmation",
                "Type the account's e-mail address to confirm",
                error=problems.confirmation,
                type="text",
                max_length=254,
                attributes={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
            ),
            rx.el.div(
                dialog_button("Keep the account", closes=DELETE_DIALOG, class_name=ui.BUTTON_SECONDARY),
                button(
                    rx.cond(problems.is_deleting, "Deleting…", "Delete account"),
                    type="submit",
                    kind="danger",
                    custom_attrs={"aria-busy": rx.cond(problems.is_deleting, "true", "false")},
                ),
                class_name="flex flex-wrap justify-end gap-3",
            ),
            on_submit=events.delete_account,
            no_validate=True,
            class_name="mt-5 grid gap-5",
        ),
        id=DELETE_DIALOG,
        labelled_by="deletion-title",
        class_name="w-[min(92vw,30rem)] rounded-xl border border-line bg-surface p-6 text-ink shadow-modal "
        "backdrop:bg-black/45",
    )


def security(
    view: rx.Var[ProfileView],
    devices: rx.Var[Sequence[DeviceView]],
    events: SecurityEvents,
    problems: SecurityProblems,
    *,
    meter: rx.Component,
    second_factor: rx.Component,
) -> rx.Component:
    """The whole page."""
    return rx.fragment(
        account_heading("Security", "Who can get into your account, and what we know about you."),
        account_cards(
            _password(view, events, problems, meter),
            bare_card(second_factor),
            _email(view, events, problems),
            _devices(devices, events),
            _data(events),
            _deletion(events),
        ),
        deletion_dialog(view, events, problems),
    )
