"""The parts of the checkout around the forms."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from shophub.components.store.cart_line import plain_line
from shophub.components.store.summary import sums
from shophub.components.ui.basics import button, dialog_button, link_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import Modal
from shophub.lib import ui_classes as ui
from shophub.lib.ui_ids import CHANGES_DIALOG
from shophub.schemas.checkouts import AddressView, CheckoutPageView

STEP = "rounded-lg border border-line bg-surface p-5 lg:p-6"


def _lines(view: rx.Var[CheckoutPageView]) -> rx.Component:
    return rx.fragment(
        rx.el.ul(rx.foreach(view.lines, plain_line), class_name="divide-y divide-line"),
        rx.el.div(sums(view.quote), class_name="mt-4 border-t border-line pt-4"),
        rx.cond(view.delivery_text, rx.el.p(view.delivery_text, class_name="mt-4 text-sm text-ink-2"), None),
    )


def summary_aside(view: rx.Var[CheckoutPageView]) -> rx.Component:
    """The summary beside the forms, on wide screens."""
    return rx.el.section(
        rx.el.h2("Summary", class_name=f"{ui.H3} mb-2"),
        _lines(view),
        class_name=f"{STEP} hidden lg:sticky lg:top-24 lg:block lg:self-start",
        custom_attrs={"aria-label": "Summary"},
    )


def summary_fold(view: rx.Var[CheckoutPageView]) -> rx.Component:
    """The summary above the forms, on narrow screens: folded, with the total in sight."""
    return rx.el.details(
        rx.el.summary(
            icon("bag", "size-5 text-ink-3"),
            rx.el.span("Show summary", class_name="font-medium text-ink group-open:hidden"),
            rx.el.span("Hide summary", class_name="hidden font-medium text-ink group-open:inline"),
            icon("down", "size-4 text-ink-3 transition-transform duration-150 group-open:rotate-180"),
            rx.el.span(view.quote.total_text, class_name="ml-auto text-lg font-extrabold text-ink tnum"),
            class_name="flex min-h-14 cursor-pointer list-none items-center gap-2.5 [&::-webkit-details-marker]:hidden",
        ),
        rx.el.div(_lines(view), class_name="pb-5"),
        class_name="group mb-6 rounded-lg border border-line bg-surface px-4 lg:hidden",
    )


def delivery_done(email: rx.Var[str], address: rx.Var[AddressView], on_edit: Any) -> rx.Component:
    """What was entered, once the payment is open."""
    part = rx.cond(address.address2, ", " + address.address2, "")
    region = rx.cond(address.state, ", " + address.state, "")
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Contact and delivery", class_name="font-semibold text-ink"),
            button(
                "Edit",
                rx.el.span(" contact and delivery", class_name="sr-only"),
                kind="quiet",
                class_name="-my-2 -mr-3",
                on_click=on_edit,
            ),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.p(email, class_name="mt-2 text-ink-2 break-words"),
        rx.el.p(
            address.full_name,
            ", ",
            address.address,
            part,
            ", ",
            address.zip_code,
            " ",
            address.city,
            region,
            class_name="text-ink-2",
        ),
        class_name=f"{STEP} mb-6",
        custom_attrs={"aria-label": "Contact and delivery"},
    )


def changes_dialog(changes: rx.Var[Sequence[str]], on_accept: Any) -> rx.Component:
    """Asks whether to go on although something changed."""
    return Modal.create(
        rx.el.h2("Something changed", id="changes-title", class_name=ui.H3),
        rx.el.p("While you were checking out, this is no longer as you saw it:", class_name="mt-2 text-ink-2"),
        rx.el.ul(rx.foreach(changes, rx.el.li), class_name="mt-3 grid list-disc gap-1.5 pl-5 text-ink"),
        rx.el.p("Nothing has been charged.", class_name="mt-3 text-sm text-ink-3"),
        rx.el.div(
            link_button("Back to cart", href="/cart", kind="secondary"),
            dialog_button(
                "Go on with this",
                closes=CHANGES_DIALOG,
                on_click=on_accept,
                class_name=ui.BUTTON_PRIMARY,
            ),
            class_name="mt-6 flex flex-wrap justify-end gap-3",
        ),
        id=CHANGES_DIALOG,
        labelled_by="changes-title",
        class_name="w-[min(92vw,30rem)] rounded-xl border border-line bg-surface p-6 text-ink shadow-modal "
        "backdrop:bg-black/45",
    )
