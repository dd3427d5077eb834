"""The address book: its cards, and the form of one of them."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.store.address_form import address_fields, error_summary, form_message
from shophub.components.ui.basics import badge, button, empty_state, note
from shophub.components.ui.fields import check_field, field
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.schemas.checkouts import SavedAddressView

LEAD = "Where your orders go. At the checkout you pick one of them."
_CARD = "flex min-w-0 flex-col rounded-lg border border-line bg-surface p-5"


@dataclass(frozen=True)
class AddressBookEvents:
    """What can be done on the page."""

    begin: Any
    leave: Any
    save: Any
    remove: Any
    make_default: Any


@dataclass(frozen=True)
class AddressEntry:
    """What the form shows: an address, what is wrong with it, and where the store ships to."""

    view: rx.Var[SavedAddressView]
    errors: rx.Var[Any]
    problems: rx.Var[Any]
    message: rx.Var[str]
    countries: rx.Var[tuple[tuple[str, str], ...]]
    form_key: rx.Var[int]
    is_new: rx.Var[bool]
    is_busy: rx.Var[bool]


def _act(*children: Any, name: rx.Var[str], **props: Any) -> rx.Component:
    """A quiet button; which address it is about is said to those who cannot see where it stands."""
    return button(*children, rx.el.span(" ", name, class_name="sr-only"), kind="quiet", class_name="-ml-3", **props)


def _card(entry: rx.Var[SavedAddressView], events: AddressBookEvents) -> rx.Component:
    address = entry.address
    return rx.el.li(
        rx.el.div(
            rx.el.h2(entry.title, class_name="min-w-0 font-semibold text-ink [overflow-wrap:anywhere]"),
            rx.cond(entry.is_default, badge("Default", "brand"), None),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.address(
            rx.foreach(address.lines, lambda line: rx.el.span(line, class_name="block [overflow-wrap:anywhere]")),
            rx.cond(address.phone, rx.el.span(address.phone, class_name="mt-1.5 block tnum"), None),
            class_name="mt-2 mb-4 not-italic text-ink-2",
        ),
        rx.el.div(
            _act("Edit", name=entry.title, id="edit-" + entry.id, on_click=events.begin(entry.id)),
            rx.cond(
                entry.is_default,
                None,
                _act("Make default", name=entry.title, on_click=events.make_default(entry.id)),
            ),
            rx.el.button(
                icon("trash"),
                type="button",
                on_click=events.remove(entry.id),
                class_name=f"{ui.ICON_BUTTON} -mr-2.5 ml-auto",
                custom_attrs={"aria-label": "Delete " + entry.title},
            ),
            class_name="mt-auto flex items-center gap-4 border-t border-line pt-2",
        ),
        key=entry.id,
        class_name=_CARD,
    )


def _add(events: AddressBookEvents) -> rx.Component:
    return button(
        icon("plus", "size-5"), "Add an address", id="add-address", class_name="shrink-0", on_click=events.begin("")
    )


def address_cards(
    entries: rx.Var[tuple[SavedAddressView, ...]], events: AddressBookEvents, *, most: int
) -> rx.Component:
    """All addresses, the default one first."""
    full = note(f"{most} addresses are as many as the book holds. Delete one to make room.", tone="info")
    return rx.cond(
        entries.length() > 0,
        rx.fragment(
            rx.el.div(
                rx.el.div(
                    rx.el.h1("Addresses", id="addresses-title", tab_index=-1, class_name=ui.H1),
                    rx.el.p(LEAD, class_name="mt-2 text-ink-2"),
                ),
                rx.cond(entries.length() < most, _add(events), None),
                class_name="mb-6 flex flex-wrap items-end justify-between gap-4 lg:mb-8",
            ),
            rx.cond(entries.length() < most, None, rx.el.div(full, class_name="mb-5")),
            rx.el.ul(
                rx.foreach(entries, lambda entry: _card(entry, events)),
                id="addresses",
                class_name="grid gap-4 sm:grid-cols-2 lg:gap-5",
            ),
        ),
        rx.el.div(
            empty_state(
                "home",
                "No addresses yet",
                "Save where your orders go, and you will never have to type it again.",
                _add(events),
                level="h1",
            ),
            id="addresses-title",
            tab_index=-1,
            class_name="focus:outline-none",
        ),
    )


def address_entry(entry: AddressEntry, events: AddressBookEvents) -> rx.Component:
    """The form of one address."""
    return rx.fragment(
        rx.el.h1(
            rx.cond(entry.is_new, "New address", "Edit address"),
            id="address-form-title",
            tab_index=-1,
            class_name=f"{ui.H1} mb-6 lg:mb-8",
        ),
        rx.el.form(
            error_summary(entry.problems),
            form_message(entry.message),
            rx.el.div(
                field(
                    "label",
                    "Label",
                    hint="What you call it, such as Home or Office.",
                    error=entry.errors.label,
                    optional=True,
                    type="text",
                    max_length=40,
                    default_value=entry.view.label,
                    attributes={"autocomplete": "off"},
                ),
                address_fields(entry.view.address, entry.errors, entry.countries),
                rx.cond(
                    entry.view.is_default,
                    None,
                    check_field("is_default", "Use it as my default address"),
                ),
                rx.el.div(
                    button(
                        rx.cond(entry.is_busy, "Saving…", "Save address"),
                        type="submit",
                        custom_attrs={"aria-busy": rx.cond(entry.is_busy, "true", "false")},
                    ),
                    button("Cancel", kind="quiet", on_click=events.leave),
                    class_name="mt-2 flex flex-wrap gap-3",
                ),
                class_name="grid max-w-xl gap-5",
            ),
            key="address-" + entry.form_key.to_string(),
            no_validate=True,
            on_submit=events.save,
        ),
    )
