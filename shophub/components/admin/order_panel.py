"""What the staff see of an order, on its page: quiet, complete, and only to read."""

from typing import Any

import reflex as rx

from shophub.components.ui.basics import badge, disclosure
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.schemas.staff_orders import (
    Fact,
    StaffDispute,
    StaffEntry,
    StaffOrderView,
    StaffProviderEvent,
    StaffRefund,
)

_BOX = "min-w-0 rounded-lg border border-line bg-surface p-5"
_CODE = "font-mono text-xs text-ink-2 break-all select-all"


def staff_alerts(view: rx.Var[StaffOrderView]) -> rx.Component:
    """What somebody must know before touching the order: an open question, a dispute."""
    review = rx.el.div(
        icon("alert", "mt-0.5 size-5 shrink-0"),
        rx.el.div(
            rx.el.p("Needs a review before it ships", class_name="font-semibold"),
            rx.cond(view.review_reason, rx.el.p(view.review_reason), None),
        ),
        class_name=f"{ui.NOTE_WARNING} mt-6 flex gap-3",
        role="status",
    )
    return rx.fragment(rx.cond(view.needs_review, review, None), dispute_notices(view))


def dispute_notices(view: rx.Var[StaffOrderView]) -> rx.Component:
    """The disputes of the order's payment."""
    return rx.fragment(rx.foreach(view.disputes, _dispute))


def _dispute(dispute: rx.Var[StaffDispute]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            icon("alert", "size-5 shrink-0 text-ink-3"),
            rx.el.h2(dispute.title, class_name="font-semibold text-ink tnum"),
            badge(dispute.state, dispute.tone),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1.5",
        ),
        rx.cond(
            dispute.is_open,
            rx.el.p("No refund while it is open: the bank decides who gets the money.", class_name="mt-2 text-ink-2"),
            None,
        ),
        facts_list(dispute.facts, "mt-4 grid gap-x-8 gap-y-3 sm:grid-cols-2 lg:grid-cols-4"),
        class_name=f"{_BOX} mt-6",
        custom_attrs={"aria-label": "Dispute"},
    )


def facts_list(facts: Any, class_name: str) -> rx.Component:
    """Names and what they are."""

    def row(fact: rx.Var[Fact]) -> rx.Component:
        return rx.el.div(
            rx.el.dt(fact.name, class_name="text-sm text-ink-3"),
            rx.el.dd(fact.text, class_name=rx.cond(fact.is_code, _CODE, "text-ink tnum")),
            key=fact.name,
            class_name="min-w-0",
        )

    return rx.el.dl(rx.foreach(facts, row), class_name=class_name)


def _time(iso: Any, text: Any) -> rx.Component:
    return rx.el.time(text, class_name="text-sm text-ink-3 tnum", custom_attrs={"dateTime": iso})


def refund_entry(refund: rx.Var[StaffRefund]) -> rx.Component:
    """A refund in a list."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(refund.amount_text, class_name="font-semibold text-ink tnum"),
            badge(refund.state, refund.tone),
            class_name="flex flex-wrap items-center gap-x-3",
        ),
        rx.cond(refund.failure, rx.el.p(refund.failure, class_name="mt-1 text-sm font-medium text-danger"), None),
        rx.el.p(refund.text, class_name="mt-1 text-sm text-ink-2"),
        rx.el.ul(
            rx.foreach(refund.lines, lambda line: rx.el.li(line)),
            class_name="mt-1 text-sm text-ink-2 tnum empty:hidden",
        ),
        class_name="py-3 first:pt-0 last:pb-0",
    )


def log_entry(entry: rx.Var[StaffEntry]) -> rx.Component:
    """A step in a list, with who took it."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(entry.label, class_name="font-medium text-ink"),
            rx.cond(entry.is_public, None, badge("Staff only", "brand")),
            _time(entry.at_iso, entry.at_text),
            class_name="flex flex-wrap items-center gap-x-3",
        ),
        rx.cond(
            entry.actor + entry.note,
            rx.el.p(
                entry.actor,
                rx.cond((entry.actor != "") & (entry.note != ""), ": ", ""),
                entry.note,
                class_name="text-sm text-ink-2 break-words",
            ),
            None,
        ),
        class_name="py-2.5 first:pt-0 last:pb-0",
    )


def _provider_event(event: rx.Var[StaffProviderEvent]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(event.type, class_name="font-mono text-sm text-ink break-all"),
            _time(event.at_iso, event.at_text),
            class_name="flex flex-wrap items-baseline justify-between gap-x-3",
        ),
        rx.el.div(
            badge(event.outcome, event.tone),
            rx.el.span(event.id, class_name=_CODE),
            class_name="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        class_name="py-2.5 first:pt-0 last:pb-0",
    )


def _list(title: str, rows: Any, row: Any, empty: str) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name="mb-3 font-semibold text-ink"),
        rx.cond(
            rows.length() > 0,
            rx.el.ul(rx.foreach(rows, row), class_name="divide-y divide-line"),
            rx.el.p(empty, class_name=ui.MUTED),
        ),
        class_name=_BOX,
        custom_attrs={"aria-label": title},
    )


def staff_panel(view: rx.Var[StaffOrderView]) -> rx.Component:
    """Payment, refunds, everybody's steps, and what Stripe said; there only for the staff."""
    payment = rx.el.section(
        rx.el.h3("Money", class_name="mb-3 font-semibold text-ink"),
        rx.cond(
            view.payment.length() > 0,
            facts_list(view.payment, "grid gap-x-8 gap-y-3 sm:grid-cols-2"),
            rx.el.p("Nothing was to be paid.", class_name=ui.MUTED),
        ),
        class_name=_BOX,
        custom_attrs={"aria-label": "Money"},
    )
    panel = rx.el.section(
        rx.el.div(
            rx.el.h2("For the staff", class_name=ui.H3),
            rx.el.p("Customers do not see this.", class_name=ui.MUTED),
            class_name="flex flex-wrap items-baseline gap-x-3",
        ),
        rx.el.div(
            payment,
            _list("Refunds", view.refunds, refund_entry, "None."),
            _list("Log", view.log, log_entry, "Nothing yet."),
            rx.el.section(
                disclosure(
                    rx.el.h3("Provider events (", view.events.length(), ")", class_name="font-semibold text-ink tnum"),
                    rx.cond(
                        view.events.length() > 0,
                        rx.el.ul(rx.foreach(view.events, _provider_event), class_name="mt-2 divide-y divide-line"),
                        rx.el.p("Stripe has said nothing about this payment.", class_name=ui.MUTED),
                    ),
                ),
                class_name=f"{_BOX} py-2.5",
                custom_attrs={"aria-label": "Provider events"},
            ),
            class_name="mt-4 grid gap-4 lg:grid-cols-2 lg:items-start",
        ),
        class_name="mt-10 rounded-xl bg-sunken p-4 lg:p-6",
        custom_attrs={"aria-label": "For the staff", "data-noprint": ""},
    )
    return rx.cond(view.is_staff, panel, None)
