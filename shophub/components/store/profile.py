"""The profile: name, address, and which e-mails are welcome."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.store.account_frame import account_card, account_cards, account_heading
from shophub.components.ui.basics import badge, button
from shophub.components.ui.fields import field
from shophub.lib import ui_classes as ui
from shophub.schemas.account_area import ProfileView

_SWITCH = (
    "relative mt-0.5 h-6 w-11 shrink-0 cursor-pointer appearance-none rounded-full bg-line-strong transition-colors "
    "duration-150 checked:bg-brand before:absolute before:left-0.5 before:top-0.5 before:size-5 before:rounded-full "
    "before:bg-surface before:transition-transform before:duration-150 checked:before:translate-x-5"
)


@dataclass(frozen=True)
class ProfileEvents:
    """What the page does, and what came of it."""

    save_name: Any
    set_marketing: Any
    set_stock_mails: Any
    name_error: rx.Var[str]
    name_note: rx.Var[str]


def _switch(name: str, label: str, hint: str, *, is_on: rx.Var[bool], on_change: Any) -> rx.Component:
    """A wish that takes effect at once. The browser moves the switch; the key has it follow what was stored."""
    return rx.el.label(
        rx.el.span(
            rx.el.span(label, id=f"{name}-label", class_name="block font-medium text-ink"),
            rx.el.span(hint, id=f"{name}-hint", class_name="block text-sm text-ink-3"),
        ),
        rx.el.input(
            type="checkbox",
            role="switch",
            id=name,
            key=f"{name}-" + is_on.to_string(),
            default_checked=is_on,
            on_change=on_change,
            class_name=_SWITCH,
            custom_attrs={"aria-labelledby": f"{name}-label", "aria-describedby": f"{name}-hint"},
        ),
        html_for=name,
        class_name="flex min-h-11 cursor-pointer items-start justify-between gap-6 py-3",
    )


def _name(view: rx.Var[ProfileView], events: ProfileEvents) -> rx.Component:
    return account_card(
        "Name",
        "name-title",
        rx.el.form(
            field(
                "full_name",
                "Full name",
                hint="As we greet you. Orders keep the name that they were placed under.",
                error=events.name_error,
                type="text",
                max_length=120,
                default_value=view.full_name,
                key="name-" + view.full_name,
                attributes={"autocomplete": "name"},
            ),
            rx.el.div(
                button("Save name", type="submit"),
                rx.cond(events.name_note, rx.el.p(events.name_note, class_name="font-medium text-success"), None),
                class_name="flex flex-wrap items-center gap-4",
            ),
            on_submit=events.save_name,
            no_validate=True,
            class_name="mt-4 grid max-w-md gap-5",
        ),
    )


def _address(view: rx.Var[ProfileView]) -> rx.Component:
    return account_card(
        "E-mail address",
        "address-title",
        rx.el.p(
            rx.el.span(view.email, class_name="break-all text-ink"),
            rx.cond(view.is_email_verified, badge("Confirmed", "success"), badge("Not confirmed yet", "warning")),
            class_name="mt-3 flex flex-wrap items-center gap-3",
        ),
        rx.el.p(
            rx.el.a("Change it on the security page", href="/account/security", class_name=ui.LINK), class_name="mt-3"
        ),
    )


def _wishes(view: rx.Var[ProfileView], events: ProfileEvents) -> rx.Component:
    return account_card(
        "E-mails from us",
        "wishes-title",
        rx.el.p("We always write to you about your orders. The rest is your choice.", class_name="mt-2 text-ink-2"),
        rx.el.div(
            _switch(
                "accepts_marketing",
                "Reminders and offers",
                "Such as a word about what you left in your cart.",
                is_on=view.accepts_marketing,
                on_change=events.set_marketing,
            ),
            _switch(
                "accepts_stock_mails",
                "Back in stock",
                "When something on your wishlist that was sold out can be had again.",
                is_on=view.accepts_stock_mails,
                on_change=events.set_stock_mails,
            ),
            class_name="mt-2 divide-y divide-line",
        ),
    )


def profile(view: rx.Var[ProfileView], events: ProfileEvents) -> rx.Component:
    """The whole page."""
    return rx.fragment(
        account_heading("Your profile", "Who you are to us, and what we write to you about."),
        account_cards(_name(view, events), _address(view), _wishes(view, events)),
    )
