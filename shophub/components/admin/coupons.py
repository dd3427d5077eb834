"""The list of coupons, and the form of one beside what its terms come to."""

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
from shophub.lib.ui_ids import DELETE_COUPON_DIALOG
from shophub.schemas.coupon_pages import CouponErrors, CouponFields, CouponPreview

KINDS = (
    ("PERCENTAGE", "Percentage", "10% off"),
    ("FIXED", "Amount", "A sum off"),
    ("FREE_SHIPPING", "Free delivery", "No delivery fee"),
)


@dataclass(frozen=True)
class CouponEvents:
    """What the form's controls do, and what it shows."""

    note: Any
    tick: Any
    choose_category: Any
    make_up: Any
    save: Any
    download: Any
    delete: Any
    fields: rx.Var[CouponFields]
    preview: rx.Var[CouponPreview]
    categories: rx.Var[Any]
    kind: rx.Var[str]
    errors: rx.Var[CouponErrors]
    currency: rx.Var[str]
    is_new: rx.Var[bool]
    uses_text: rx.Var[str]
    epoch: rx.Var[int]
    codes: Any


def coupon_cells(switch: Any) -> Mapping[str, Cell]:
    """Draw a coupon's row."""
    return {
        "code": lambda line: rx.el.div(
            rx.el.a(line.code, href=line.url, class_name=f"{ui.LINK} font-mono font-semibold break-all"),
            rx.el.p(line.summary, class_name="max-w-[52ch] text-xs text-ink-3"),
        ),
        "standing": lambda line: admin_badge(line.standing_text, line.standing_tone),
        "used": lambda line: rx.el.span(line.uses_text, class_name="tnum"),
        "revenue": lambda line: rx.el.span(line.revenue_text, class_name="tnum"),
        "given": lambda line: rx.el.span(line.given_text, class_name="text-ink-2 tnum"),
        "ends": lambda line: rx.el.time(line.until_text, date_time=line.until_iso, class_name="text-ink-2"),
        "created": lambda line: rx.el.time(line.made_text, date_time=line.made_iso, class_name="text-ink-2"),
        "switch": lambda line: admin_button(
            rx.cond(line.is_active, "Switch off", "Switch on"),
            rx.el.span(" ", line.code, class_name="sr-only"),
            kind="quiet",
            on_click=switch(line.id, ~line.is_active),
        ),
    }


def coupons_empty(is_narrowed: rx.Var[bool], clear_url: rx.Var[str]) -> rx.Component:
    """Nothing was found, or nothing was made yet."""
    return rx.cond(
        is_narrowed,
        admin_empty(
            "ticket",
            "No coupon matches",
            "Codes and descriptions are searched, within the tab and the filters that are chosen.",
            admin_link_button("Show all coupons", href=clear_url),
        ),
        admin_empty(
            "ticket",
            "No coupons here",
            "A coupon takes a percentage or a sum off an order, or makes its delivery free.",
            admin_link_button("New coupon", href="/admin/coupons/new", kind="primary"),
        ),
    )


def coupon_form(events: CouponEvents) -> rx.Component:
    """The form at the left, at the right what its terms come to."""
    left = rx.el.div(
        admin_card("The code", "coupon-code-title", _code(events)),
        admin_card("What it takes off", "coupon-value-title", _value(events)),
        admin_card("For what", "coupon-scope-title", _scope(events)),
        admin_card("When and how often", "coupon-limits-title", _limits(events)),
        class_name="grid min-w-0 gap-5",
    )
    right = rx.el.div(
        _preview(events),
        rx.el.div(
            admin_link_button("Back to the list", href="/admin/coupons"),
            admin_button(rx.cond(events.is_new, "Create coupon", "Save"), type="submit"),
            class_name="flex flex-wrap justify-end gap-2",
        ),
        rx.cond(
            events.is_new,
            None,
            dialog_button(
                icon("trash", "size-4"),
                "Delete this coupon",
                opens=DELETE_COUPON_DIALOG,
                class_name=f"{ui.BUTTON_QUIET_DANGER} justify-self-end",
            ),
        ),
        class_name="grid min-w-0 content-start gap-4 lg:sticky lg:top-20",
    )
    return rx.el.form(
        left,
        right,
        on_submit=events.save,
        key=events.epoch.to_string(),
        no_validate=True,
        class_name="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]",
    )


def codes_made(events: CouponEvents) -> rx.Component:
    """The codes that were made at once, to be copied or taken along."""
    text = events.codes.join("\n")
    return admin_card(
        events.codes.length().to_string() + " codes were made",
        "codes-title",
        rx.el.p("Each works once. They are in the list of coupons too.", class_name="text-ink-2"),
        rx.el.textarea(
            value=text,
            read_only=True,
            rows="12",
            class_name=f"{ui.TEXTAREA} mt-3 font-mono",
            custom_attrs={"aria-label": "Codes"},
        ),
        rx.el.div(
            admin_button(
                icon("copy", "size-4"),
                "Copy all",
                kind="secondary",
                on_click=[rx.set_clipboard(text), rx.toast("Codes copied.", id="coupon")],
            ),
            admin_button(icon("download", "size-4"), "Download CSV", kind="secondary", on_click=events.download),
            admin_link_button("To the coupons", href="/admin/coupons", kind="primary"),
            class_name="mt-3 flex flex-wrap gap-2",
        ),
    )


def delete_coupon_dialog(events: CouponEvents) -> rx.Component:
    """Names the coupon; the safe button comes first and has the focus."""
    return Modal.create(
        rx.el.h2("Delete ", events.fields.code, "?", id="delete-coupon-title", class_name="text-lg font-semibold"),
        rx.el.p(
            "It leaves every cart. Orders that used it keep their price, and checkouts under way can finish. This "
            "cannot be undone: to stop it for a while, switch it off instead.",
            class_name="mt-2 text-ink-2",
        ),
        rx.el.div(
            dialog_button("Keep it", closes=DELETE_COUPON_DIALOG, class_name=ui.BUTTON_SECONDARY, auto_focus=True),
            admin_button("Delete coupon", kind="danger", on_click=events.delete),
            class_name="mt-5 flex justify-end gap-2",
        ),
        id=DELETE_COUPON_DIALOG,
        labelled_by="delete-coupon-title",
        class_name=ui.DIALOG,
    )


def _text(events: CouponEvents, name: str, label: str, value: Any, **props: Any) -> rx.Component:
    return admin_field(
        name,
        label,
        error=getattr(events.errors, name),
        default_value=value,
        on_change=lambda typed: events.note(name, typed),
        attributes={"autocomplete": "off", **props.pop("attributes", {})},
        **props,
    )


def _tick(label: str, is_on: Any, on_change: Any, hint: str = "") -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", default_checked=is_on, on_change=on_change, class_name=f"{ui.CHECKBOX} mt-0.5"),
        rx.el.span(label, rx.el.span(hint, class_name="block text-xs text-ink-3") if hint else rx.fragment()),
        class_name="flex min-h-6 cursor-pointer items-start gap-2.5",
    )


def _code(events: CouponEvents) -> rx.Component:
    many = _text(
        events,
        "count",
        "How many codes",
        "1",
        hint="More than one makes single-use codes that begin with the code above, such as SPRING-7KQ2MNXA.",
        input_mode="numeric",
        max_length=4,
    )
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                _text(
                    events,
                    "code",
                    "Code",
                    events.fields.code,
                    max_length=40,
                    attributes={"autocapitalize": "characters"},
                ),
                class_name="min-w-48 flex-1",
            ),
            rx.el.div(admin_button("Make one up", kind="secondary", on_click=events.make_up), class_name="pt-[1.5rem]"),
            class_name="flex flex-wrap items-start gap-2",
        ),
        _text(
            events,
            "description",
            "Note",
            events.fields.description,
            hint="Only the staff sees it.",
            max_length=500,
        ),
        rx.cond(events.is_new, many, None),
        _tick("Can be used", events.fields.is_active, lambda on: events.tick("is_active", on)),
        class_name="grid gap-4",
    )


def _value(events: CouponEvents) -> rx.Component:
    def kind(value: str, label: str, text: str) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio",
                name="discount_type",
                value=value,
                default_checked=events.fields.discount_type == value,
                on_change=events.note("discount_type", value),
                class_name=f"{ui.CHECKBOX} mt-0.5",
            ),
            rx.el.span(
                rx.el.span(label, class_name="block font-semibold"),
                rx.el.span(text, class_name="block text-xs text-ink-3"),
            ),
            class_name="flex cursor-pointer items-start gap-2.5 rounded-md border border-line p-2.5 hover:bg-hover",
        )

    return rx.el.div(
        rx.el.fieldset(
            rx.el.legend("Kind", class_name=ui.LABEL),
            rx.el.div(*(kind(*one) for one in KINDS), class_name="grid gap-2 sm:grid-cols-3"),
        ),
        rx.match(
            events.kind,
            ("PERCENTAGE", _text(events, "percent", "Percent", events.fields.percent, input_mode="decimal")),
            ("FIXED", _text(events, "amount", _in("Amount", events), events.fields.amount, input_mode="decimal")),
            rx.fragment(),
        ),
        rx.cond(
            events.kind == "PERCENTAGE",
            _text(
                events,
                "maximum",
                _in("At most", events),
                events.fields.maximum,
                hint="Leave it empty for no limit.",
                input_mode="decimal",
            ),
            None,
        ),
        class_name="grid gap-4",
    )


def _scope(events: CouponEvents) -> rx.Component:
    return rx.el.div(
        _text(
            events,
            "minimum",
            _in("Orders of at least", events),
            events.fields.minimum,
            hint="Leave it empty for orders of any size.",
            input_mode="decimal",
        ),
        rx.el.fieldset(
            rx.el.legend("Only for items in", class_name=ui.LABEL),
            rx.el.div(
                rx.foreach(
                    events.categories,
                    lambda one: _tick(one.name, one.is_on, lambda on: events.choose_category(one.slug, on)),
                ),
                class_name="grid gap-2 sm:grid-cols-2",
            ),
            rx.el.p("Nothing ticked means everything.", class_name=ui.HINT),
        ),
        _tick(
            "First orders only",
            events.fields.first_order_only,
            lambda on: events.tick("first_order_only", on),
            "For customers who have not ordered before.",
        ),
        class_name="grid gap-4",
    )


def _limits(events: CouponEvents) -> rx.Component:
    return rx.el.div(
        _text(events, "starts", "First day", events.fields.starts, type="date"),
        _text(events, "ends", "Last day", events.fields.ends, type="date", hint="It ends with this day, in UTC."),
        _text(events, "max_uses", "Uses in all", events.fields.max_uses, hint="Empty: no limit.", input_mode="numeric"),
        _text(
            events,
            "per_customer",
            "Uses per customer",
            events.fields.per_customer,
            hint="Empty: no limit.",
            input_mode="numeric",
        ),
        class_name="grid gap-4 sm:grid-cols-2",
    )


def _preview(events: CouponEvents) -> rx.Component:
    view = events.preview
    example = rx.foreach(
        view.examples,
        lambda one: rx.el.li(
            rx.el.span(one.before, class_name="tnum text-ink-2"),
            icon("right", "size-3.5 text-ink-3"),
            rx.el.span(one.after, class_name="tnum font-semibold"),
            rx.el.span(one.note, class_name="ml-auto text-right text-xs text-ink-3"),
            class_name="flex items-center gap-2 py-1.5",
        ),
    )
    told = rx.fragment(
        rx.el.p(view.summary, class_name="font-semibold"),
        rx.el.p(view.limits, class_name="mt-1 text-ink-2"),
        rx.el.p(view.dates, class_name="text-ink-2"),
        rx.el.p("What an order's items come to", class_name="mt-4 text-xs font-semibold text-ink-3"),
        rx.el.ul(example, class_name="divide-y divide-line"),
    )
    return admin_card(
        "In plain words",
        "coupon-preview-title",
        rx.cond(view.code, rx.el.p(view.code, class_name="mb-2 font-mono text-base font-bold break-all"), None),
        rx.cond(
            view.problem,
            rx.el.p(icon("alert", "size-4 shrink-0"), view.problem, class_name="flex items-start gap-2 text-warning"),
            told,
        ),
        rx.cond(events.uses_text, rx.el.p(events.uses_text, class_name=f"{ui.QUIET} mt-3"), None),
    )


def _in(label: str, events: CouponEvents) -> Any:
    return rx.Var.create(label + " (") + events.currency + ")"
