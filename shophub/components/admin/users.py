"""The list of people, the dialog about one of them, and invites."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_badge, admin_button, admin_card, admin_empty, admin_link_button
from shophub.components.admin.order_fields import admin_field
from shophub.components.admin.table import Cell
from shophub.components.ui.basics import dialog_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import Modal
from shophub.lib import ui_admin as ui
from shophub.lib.ui_ids import INVITE_DIALOG, USER_DIALOG
from shophub.schemas.people_lists import InviteLine, UserLine

ROLE_TEXTS = (
    ("ADMIN", "Admin", "Products, orders, refunds, coupons, reviews and figures."),
    ("SUPER_ADMIN", "Owner", "All of that, and people, settings and the audit log."),
)


@dataclass(frozen=True)
class UserEvents:
    """What the page's controls do, and what was wrong."""

    choose: Any
    set_role: Any
    set_active: Any
    invite: Any
    send_again: Any
    revoke: Any
    forget_link: Any
    error: rx.Var[str]
    invite_error: rx.Var[str]
    link: rx.Var[str]
    link_for: rx.Var[str]


def user_cells(events: UserEvents) -> Mapping[str, Cell]:
    """Draw a person's row."""
    return {
        "name": lambda line: rx.el.div(
            rx.el.p(
                line.name,
                rx.cond(line.is_own, rx.el.span(" (you)", class_name="font-normal text-ink-3"), None),
                class_name="font-semibold text-ink break-words",
            ),
            rx.el.p(line.email, class_name="text-xs text-ink-3 break-all"),
        ),
        "role": lambda line: admin_badge(line.role_text, line.role_tone),
        "state": lambda line: rx.cond(
            ~line.is_active,
            admin_badge("Deactivated", "danger"),
            rx.cond(line.is_verified, admin_badge("Active", "success"), admin_badge("Address unconfirmed", "warning")),
        ),
        "seen": lambda line: rx.el.span(line.seen_text, class_name="text-ink-2"),
        "joined": lambda line: rx.el.time(line.joined_text, date_time=line.joined_iso, class_name="text-ink-2"),
        "change": lambda line: admin_button(
            icon("edit", "size-4"),
            "Change",
            rx.el.span(" ", line.name, class_name="sr-only"),
            kind="quiet",
            on_click=events.choose(line.id),
        ),
    }


def users_empty(clear_url: rx.Var[str]) -> rx.Component:
    """Nobody was found."""
    return admin_empty(
        "users",
        "Nobody matches",
        "Names and e-mail addresses are searched, within the tab and the filters that are chosen.",
        admin_link_button("Show everybody", href=clear_url),
    )


def invites_card(lines: rx.Var[Any], events: UserEvents) -> rx.Component:
    """The invites that nobody has accepted yet."""
    return rx.cond(
        lines.length() > 0,
        admin_card(
            "Open invites",
            "invites-title",
            rx.el.ul(rx.foreach(lines, lambda line: _invite(line, events)), class_name="divide-y divide-line"),
            padded=False,
        ),
        None,
    )


def _invite(line: rx.Var[InviteLine], events: UserEvents) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(line.email, class_name="font-semibold break-all"),
            rx.el.p(line.by_text, " as ", line.role_text, " · ", line.until_text, class_name=ui.QUIET),
            class_name="min-w-0 flex-1 basis-64",
        ),
        rx.cond(line.is_over, admin_badge("Ran out", "warning"), admin_badge("Waiting", "brand")),
        rx.el.div(
            admin_button(
                icon("refresh", "size-4"),
                "New link",
                rx.el.span(" for ", line.email, class_name="sr-only"),
                kind="quiet",
                on_click=events.send_again(line.id),
            ),
            admin_button(
                "Revoke",
                rx.el.span(" the invite for ", line.email, class_name="sr-only"),
                kind="quiet-danger",
                on_click=events.revoke(line.id),
            ),
            class_name="flex gap-1",
        ),
        class_name="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 lg:px-5",
    )


def user_dialog(chosen: rx.Var[UserLine], events: UserEvents) -> rx.Component:
    """Role and activity of one person. What cannot be done is not offered, but for what the server alone knows."""
    customer = rx.el.p(
        "A customer becomes an admin by an invite: send one to this address.", class_name="mt-4 text-ink-2"
    )
    return Modal.create(
        rx.el.h2(chosen.name, id="user-title", class_name="text-lg font-semibold break-words"),
        rx.el.p(chosen.email, class_name="text-ink-2 break-all"),
        rx.cond(events.error, rx.el.p(events.error, class_name=f"{ui.FIELD_ERROR} mt-3", role="alert"), None),
        rx.cond(
            chosen.is_own,
            rx.el.p(
                "This is your own account. Another owner can change its role or deactivate it.",
                class_name="mt-4 text-ink-2",
            ),
            rx.fragment(
                rx.cond(chosen.role == "CUSTOMER", customer, _roles(chosen, events)),
                rx.el.div(_activity(chosen, events), class_name="mt-4 border-t border-line pt-4"),
            ),
        ),
        rx.el.div(
            dialog_button("Close", closes=USER_DIALOG, class_name=ui.BUTTON_SECONDARY),
            class_name="mt-5 flex justify-end",
        ),
        id=USER_DIALOG,
        labelled_by="user-title",
        class_name=ui.DIALOG,
    )


def _roles(chosen: rx.Var[UserLine], events: UserEvents) -> rx.Component:
    return rx.el.form(
        rx.el.fieldset(
            rx.el.legend("Role", class_name=ui.LABEL),
            *(_role("role", *one, is_on=chosen.role == one[0]) for one in ROLE_TEXTS),
            _role("role", "CUSTOMER", "Customer", "No way into the back office.", is_on=False),
            class_name="grid gap-2",
        ),
        rx.el.div(admin_button("Save role", type="submit"), class_name="mt-3 flex justify-end"),
        on_submit=events.set_role,
        key=chosen.id + chosen.role,
        class_name="mt-4",
    )


def _activity(chosen: rx.Var[UserLine], events: UserEvents) -> rx.Component:
    return rx.cond(
        chosen.is_active,
        rx.el.div(
            rx.el.p("Deactivating signs the account out everywhere and keeps it out.", class_name="text-ink-2"),
            admin_button("Deactivate", kind="danger", on_click=events.set_active(False)),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        rx.el.div(
            rx.el.p("The account is deactivated: nobody can sign in to it.", class_name="text-ink-2"),
            admin_button("Reactivate", kind="secondary", on_click=events.set_active(True)),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
    )


def _role(name: str, value: str, label: str, text: str, *, is_on: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name=name, value=value, default_checked=is_on, class_name=f"{ui.CHECKBOX} mt-0.5"),
        rx.el.span(
            rx.el.span(label, class_name="block font-semibold"), rx.el.span(text, class_name="block text-xs text-ink-3")
        ),
        class_name="flex cursor-pointer items-start gap-2.5 rounded-md border border-line p-2.5 hover:bg-hover",
    )


def invite_dialog(events: UserEvents) -> rx.Component:
    """Whom to invite; then the link, once."""
    return Modal.create(
        rx.el.h2(
            rx.cond(events.link, "The invite was sent", "Invite somebody"),
            id="invite-title",
            class_name="text-lg font-semibold",
        ),
        rx.cond(events.link, _invited(events), _invitation(events)),
        id=INVITE_DIALOG,
        labelled_by="invite-title",
        class_name=ui.DIALOG,
        on_closed=events.forget_link,
    )


def _invitation(events: UserEvents) -> rx.Component:
    return rx.el.form(
        admin_field(
            "email",
            "E-mail address",
            error=events.invite_error,
            type="text",
            input_mode="email",
            max_length=254,
            attributes={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
        ),
        rx.el.fieldset(
            rx.el.legend("Role", class_name=ui.LABEL),
            *(_role("invite_role", *one, is_on=one[0] == "ADMIN") for one in ROLE_TEXTS),
            class_name="grid gap-2",
        ),
        rx.el.div(
            dialog_button("Cancel", closes=INVITE_DIALOG, class_name=ui.BUTTON_SECONDARY),
            admin_button("Send invite", type="submit"),
            class_name="flex justify-end gap-2",
        ),
        on_submit=events.invite,
        class_name="mt-4 grid gap-4",
        no_validate=True,
    )


def _invited(events: UserEvents) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.strong(events.link_for, class_name="break-all"),
            " gets this link by e-mail. It works once, for seven days, and is shown here only now.",
            class_name="text-ink-2",
        ),
        rx.el.label("Link", html_for="invite-link", class_name=f"{ui.LABEL} mt-4"),
        rx.el.div(
            rx.el.input(id="invite-link", value=events.link, read_only=True, class_name=f"{ui.INPUT} font-mono"),
            admin_button(
                icon("copy", "size-4"),
                "Copy",
                kind="secondary",
                on_click=[rx.set_clipboard(events.link), rx.toast("Link copied.", id="invite")],
            ),
            class_name="flex gap-2",
        ),
        rx.el.div(
            dialog_button("Done", closes=INVITE_DIALOG, class_name=ui.BUTTON_PRIMARY),
            class_name="mt-5 flex justify-end",
        ),
        class_name="mt-3",
    )
