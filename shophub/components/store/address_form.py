"""Contact and delivery address."""

from functools import partial
from typing import Any

import reflex as rx

from shophub.components.ui.basics import badge, button, disclosure, note
from shophub.components.ui.fields import check_field, field, select_field
from shophub.components.ui.local import JumpLink
from shophub.lib import ui_classes as ui
from shophub.schemas.checkouts import AddressView, SavedAddressView


def error_summary(
    problems: rx.Var[Any], element_id: str = "checkout-problems", class_name: str = "mb-6"
) -> rx.Component:
    """All that is wrong, each a link to its field; takes the focus when there are two or more."""
    return rx.cond(
        problems.length() > 1,
        rx.el.div(
            rx.el.h2("Please check these details", class_name="font-semibold"),
            rx.el.ul(
                rx.foreach(
                    problems,
                    lambda problem: rx.el.li(
                        JumpLink.create(
                            problem.text, href="#" + problem.field, class_name="underline underline-offset-4"
                        )
                    ),
                ),
                class_name="mt-2 grid gap-1.5",
            ),
            id=element_id,
            tab_index=-1,
            role="alert",
            class_name=f"{ui.NOTE_DANGER} {class_name}".strip(),
        ),
        None,
    )


def contact_fields(*, email: rx.Var[str], error: rx.Var[str], is_signed_in: rx.Var[bool]) -> rx.Component:
    """Where the confirmation goes."""
    return rx.cond(
        is_signed_in,
        rx.el.p("Signed in as ", rx.el.strong(email, class_name="font-semibold text-ink"), class_name="text-ink-2"),
        rx.el.div(
            field(
                "email",
                "E-mail address",
                hint="The confirmation goes there.",
                error=error,
                type="email",
                default_value=email,
                max_length=254,
                attributes={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"},
            ),
            rx.el.p(
                "Have an account? ",
                rx.el.a("Sign in", href="/login?next=/checkout", class_name=ui.LINK),
                class_name="mt-2 text-sm text-ink-2",
            ),
        ),
    )


def _text_field(
    address: rx.Var[AddressView], errors: rx.Var[Any], name: str, label: str, autocomplete: str, **more: Any
) -> rx.Component:
    attributes = {"autocomplete": f"shipping {autocomplete}", **more.pop("attributes", {})}
    return field(
        name,
        label,
        error=getattr(errors, name),
        type="text",
        default_value=getattr(address, name),
        attributes=attributes,
        **more,
    )


def address_fields(
    address: rx.Var[AddressView], errors: rx.Var[Any], countries: rx.Var[tuple[tuple[str, str], ...]]
) -> rx.Component:
    """The address, in the order in which people write it."""
    text = partial(_text_field, address, errors)
    return rx.el.div(
        text("full_name", "Full name", "name", max_length=120),
        select_field(
            "country",
            "Country",
            rx.foreach(countries, lambda country: rx.el.option(country[1], value=country[0])),
            error=errors.country,
            default_value=rx.cond(address.country, address.country, "US"),
            attributes={"autocomplete": "shipping country"},
        ),
        text("address", "Address", "address-line1", max_length=200),
        disclosure(
            rx.el.span("Add a flat, floor or company", class_name="text-sm font-medium text-ink-2"),
            rx.el.div(
                text("address2", "Flat, floor or company", "address-line2", optional=True, max_length=200),
                class_name="pt-1",
            ),
            class_name="-my-2",
        ),
        rx.el.div(
            text("zip_code", "Postal code", "postal-code", max_length=20),
            text("city", "City", "address-level2", max_length=100),
            text("state", "State or region", "address-level1", max_length=100, optional=True),
            class_name="grid gap-5 sm:grid-cols-[9rem_1fr_1fr]",
        ),
        text(
            "phone",
            "Phone",
            "tel",
            optional=True,
            hint="Only if the carrier has a question about the delivery.",
            max_length=32,
            attributes={"inputmode": "tel"},
        ),
        class_name="grid gap-5",
    )


_CHOICE = (
    "flex min-h-11 cursor-pointer items-start gap-3.5 p-4 has-checked:bg-brand-soft has-focus-visible:outline-2 "
    "has-focus-visible:-outline-offset-2 has-focus-visible:outline-brand"
)


def _choice(value: Any, element_id: Any, is_picked: rx.Var[bool], *content: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="saved",
            value=value,
            id=element_id,
            default_checked=is_picked,
            class_name="mt-0.5 size-5 shrink-0 accent-brand cursor-pointer focus-visible:outline-none",
        ),
        rx.el.span(*content, class_name="min-w-0 flex-1"),
        html_for=element_id,
        class_name=_CHOICE,
    )


def saved_choice(entries: rx.Var[tuple[SavedAddressView, ...]], saved: rx.Var[str]) -> rx.Component:
    """The address book's entries to pick from, and a new address; the browser itself shows that one's fields."""
    return rx.el.fieldset(
        rx.el.legend("Deliver to", class_name="sr-only"),
        rx.foreach(
            entries,
            lambda entry: _choice(
                entry.id,
                "saved-" + entry.id,
                saved == entry.id,
                rx.el.span(entry.title, class_name="mr-2.5 font-semibold text-ink"),
                rx.cond(entry.is_default, badge("Default", "brand"), None),
                rx.el.span(entry.text, class_name="block text-sm text-ink-2 [overflow-wrap:anywhere]"),
            ),
        ),
        _choice("new", "saved-new", saved == "new", rx.el.span("Another address", class_name="font-semibold text-ink")),
        class_name="divide-y divide-line overflow-hidden rounded-lg border border-line-strong bg-surface",
    )


def _delivery_fields(
    address: rx.Var[AddressView],
    errors: rx.Var[Any],
    countries: rx.Var[tuple[tuple[str, str], ...]],
    book: tuple[rx.Var[tuple[SavedAddressView, ...]], rx.Var[str]],
    is_signed_in: rx.Var[bool],
) -> rx.Component:
    """Where to: an entry of the book, or the fields of an address."""
    entries, saved = book
    return rx.el.div(
        rx.cond(entries.length() > 0, saved_choice(entries, saved), None),
        rx.el.div(
            address_fields(address, errors, countries),
            rx.cond(
                is_signed_in, rx.el.div(check_field("keep_address", "Keep it in my address book"), class_name="mt-3")
            ),
            class_name=rx.cond(
                entries.length() > 0, "hidden pt-6 group-has-[#saved-new:checked]/delivery:block", "block"
            ),
        ),
        class_name="group/delivery",
    )


def form_message(message: rx.Var[str]) -> rx.Component:
    """What is wrong with no field; takes the focus."""
    return rx.el.div(
        rx.cond(message, rx.el.div(note(message, tone="danger", alert=True), class_name="mb-6"), None),
        id="checkout-message",
        tab_index=-1,
    )


def note_field(text: rx.Var[str]) -> rx.Component:
    """A word to the shop."""
    return disclosure(
        rx.el.span("Add a note to your order", class_name="text-sm font-medium text-ink-2"),
        rx.el.div(
            rx.el.label("Note", html_for="note", class_name=ui.LABEL),
            rx.el.textarea(
                id="note",
                name="note",
                default_value=text,
                max_length=500,
                rows="3",
                class_name="block w-full rounded-md border border-line-strong bg-surface px-3.5 py-2.5 text-ink",
            ),
            class_name="pt-1",
        ),
    )


def delivery_form(
    *,
    email: rx.Var[str],
    address: rx.Var[AddressView],
    errors: rx.Var[Any],
    problems: rx.Var[Any],
    message: rx.Var[str],
    countries: rx.Var[tuple[tuple[str, str], ...]],
    book: tuple[rx.Var[tuple[SavedAddressView, ...]], rx.Var[str]],
    order_note: rx.Var[str],
    is_signed_in: rx.Var[bool],
    is_busy: rx.Var[bool],
    form_key: rx.Var[int],
    on_submit: Any,
) -> rx.Component:
    """Everything before the payment. ``book`` is the account's addresses, and which of them is picked."""
    return rx.el.form(
        error_summary(problems),
        form_message(message),
        rx.el.section(
            rx.el.h2("Contact", class_name=f"{ui.H3} mb-4"),
            contact_fields(email=email, error=errors.email, is_signed_in=is_signed_in),
        ),
        rx.el.section(
            rx.el.h2("Delivery", id="delivery-title", tab_index=-1, class_name=f"{ui.H3} mb-4 mt-10"),
            _delivery_fields(address, errors, countries, book, is_signed_in),
            rx.el.div(note_field(order_note), class_name="mt-3"),
        ),
        button(
            rx.cond(is_busy, "One moment…", "Continue to payment"),
            type="submit",
            kind="large",
            class_name="mt-8 w-full",
            custom_attrs={"aria-busy": rx.cond(is_busy, "true", "false")},
        ),
        key="delivery-" + form_key.to_string(),
        no_validate=True,
        on_submit=on_submit,
    )
