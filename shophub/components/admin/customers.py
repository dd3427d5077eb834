"""The rows of the list of customers, and the parts of one customer's page."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_badge, admin_card, admin_empty, admin_link_button
from shophub.components.admin.table import Cell
from shophub.components.ui.basics import stars
from shophub.components.ui.icons import icon
from shophub.lib import ui_admin as ui
from shophub.schemas.customers import CustomerFact, CustomerNote, CustomerReview, CustomerView
from shophub.schemas.order_list import OrderLineItem
from shophub.schemas.people_lists import CustomerLine


def _name(line: rx.Var[CustomerLine]) -> rx.Component:
    return rx.el.span(
        rx.el.a(line.name, href=line.url, class_name=f"{ui.LINK} font-semibold [overflow-wrap:anywhere]"),
        rx.cond(line.name != line.email, rx.el.span(line.email, class_name="block text-xs text-ink-3 break-all"), None),
        rx.cond(line.is_active, None, rx.el.span(admin_badge("Deactivated", "warning"), class_name="mt-1 block")),
        class_name="block min-w-0 lg:max-w-72",
    )


CELLS: Mapping[str, Cell] = {
    "name": _name,
    "orders": lambda line: rx.el.span(line.orders_text, class_name="tnum"),
    "spent": lambda line: rx.el.span(line.spent_text, class_name="font-medium tnum"),
    "last": lambda line: rx.cond(
        line.last_text,
        rx.el.span(line.last_text, class_name="whitespace-nowrap"),
        rx.el.span("None yet", class_name="text-ink-3"),
    ),
    "joined": lambda line: rx.el.time(
        line.joined_text, date_time=line.joined_iso, class_name="whitespace-nowrap text-ink-2"
    ),
}


def customers_empty(clear_url: rx.Var[str]) -> rx.Component:
    """Nobody was found."""
    return admin_empty(
        "users",
        "Nobody here",
        "Who makes an account appears here. Guests have none: their orders are found by their e-mail address.",
        admin_link_button("Show all customers", href=clear_url),
        admin_link_button("Orders", href="/admin/orders"),
    )


def customer_missing() -> rx.Component:
    """The address names nobody."""
    return rx.fragment(
        rx.el.h1("Customer not found", class_name="sr-only", tab_index=-1),
        admin_empty(
            "users",
            "There is no such customer",
            "The account may have been deleted by its owner. Orders stay in the list of orders.",
            admin_link_button("All customers", href="/admin/customers", kind="primary"),
        ),
    )


def customer_head(view: rx.Var[CustomerView], sees_people: rx.Var[bool]) -> rx.Component:
    """Who it is, and what leads on from here."""
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.h1(view.name, class_name=f"{ui.H1} [overflow-wrap:anywhere]", tab_index=-1),
                rx.cond(view.is_active, None, admin_badge("Deactivated", "warning")),
                class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
            ),
            rx.el.p(
                rx.el.a(view.email, href=view.mail_url, class_name=f"{ui.LINK} break-all"),
                rx.cond(
                    view.is_verified,
                    admin_badge("Confirmed", "success"),
                    admin_badge("Not confirmed yet", "neutral"),
                ),
                class_name="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1",
            ),
            class_name="min-w-0",
        ),
        rx.el.div(
            rx.cond(
                sees_people,
                admin_link_button(icon("lock", "size-4"), "Account", href=view.people_url, kind="quiet"),
                None,
            ),
            admin_link_button(icon("mail", "size-4"), "Write", href=view.mail_url),
            class_name="flex flex-wrap gap-2",
        ),
        class_name=ui.HEAD,
    )


def customer_figures(view: rx.Var[CustomerView]) -> rx.Component:
    """What they spent, how often, and when last."""

    def figure(one: rx.Var[CustomerFact]) -> rx.Component:
        return rx.el.div(
            rx.el.dt(one.label, class_name="font-medium text-ink-2"),
            rx.el.dd(one.text, class_name="mt-1 text-lg font-semibold text-ink tnum lg:text-xl"),
            class_name=f"{ui.CARD} p-4",
        )

    return rx.el.dl(rx.foreach(view.figures, figure), class_name="grid grid-cols-2 gap-3 lg:grid-cols-4 lg:gap-4")


def orders_card(view: rx.Var[CustomerView]) -> rx.Component:
    """The latest orders."""

    def order(row: rx.Var[OrderLineItem]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.a(row.number, href=row.url, class_name=f"{ui.LINK} font-semibold tnum"),
                rx.el.span(
                    rx.el.time(row.placed_text, title=row.placed_title, custom_attrs={"dateTime": row.placed_iso}),
                    class_name="block text-xs text-ink-3",
                ),
                class_name="min-w-24",
            ),
            rx.el.div(
                admin_badge(row.status_text, row.status_tone),
                admin_badge(row.payment_text, row.payment_tone),
                rx.cond(row.needs_review, admin_badge("Review", "warning"), None),
                class_name="flex min-w-0 flex-1 flex-wrap gap-1.5",
            ),
            rx.el.div(
                rx.el.span(row.total_text, class_name="block font-medium tnum"),
                rx.cond(
                    row.refunded_text,
                    rx.el.span("−", row.refunded_text, class_name="block text-xs text-ink-3 tnum"),
                    None,
                ),
                class_name="text-right",
            ),
            key=row.id,
            class_name="flex items-center gap-3 px-4 py-2.5 lg:px-5",
        )

    return admin_card(
        "Orders",
        "customer-orders",
        rx.cond(
            view.orders.length() > 0,
            rx.el.ul(rx.foreach(view.orders, order), class_name="divide-y divide-line"),
            rx.el.p("Nothing bought so far.", class_name="px-4 py-6 text-ink-2 lg:px-5"),
        ),
        rx.cond(
            view.more_orders_text,
            rx.el.p(
                rx.el.a(view.more_orders_text, href=view.orders_url, class_name=ui.LINK),
                class_name="border-t border-line px-4 py-2.5 lg:px-5",
            ),
            None,
        ),
        padded=False,
    )


def notes_card(view: rx.Var[CustomerView]) -> rx.Component:
    """What the staff wrote beside the orders."""

    def note(one: rx.Var[CustomerNote]) -> rx.Component:
        return rx.el.li(
            rx.el.p(one.body, class_name="whitespace-pre-line [overflow-wrap:anywhere]"),
            rx.el.p(
                one.author,
                " · ",
                rx.el.time(one.at_text, custom_attrs={"dateTime": one.at_iso}),
                " · ",
                rx.el.a(one.order, href=one.order_url, class_name=f"{ui.LINK} tnum"),
                class_name=f"{ui.QUIET} mt-0.5",
            ),
            class_name="py-2.5 first:pt-0 last:pb-0",
        )

    return admin_card(
        "Notes of the staff",
        "customer-notes",
        rx.cond(
            view.notes.length() > 0,
            rx.el.ul(rx.foreach(view.notes, note), class_name="divide-y divide-line"),
            rx.el.p("None so far. Notes are written on the page of an order; customers never see them.",
                    class_name="text-ink-2"),
        ),
    )  # fmt: skip


def reviews_card(view: rx.Var[CustomerView]) -> rx.Component:
    """What they say about what they bought."""

    def review(one: rx.Var[CustomerReview]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.a(one.product, href=one.product_url, class_name=f"{ui.LINK} min-w-0"),
                rx.el.span(stars(one.stars), rx.el.span(one.stars_text, class_name="sr-only"), class_name="flex"),
                rx.cond(one.is_hidden, admin_badge("Hidden", "danger"), None),
                rx.el.time(
                    one.at_text, class_name="text-xs text-ink-3 sm:ml-auto", custom_attrs={"dateTime": one.at_iso}
                ),
                class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
            ),
            rx.el.p(one.comment, class_name="mt-1 max-w-[68ch] whitespace-pre-line [overflow-wrap:anywhere]"),
            key=one.id,
            class_name="py-3 first:pt-0 last:pb-0",
        )

    return admin_card(
        "Reviews",
        "customer-reviews",
        rx.cond(
            view.reviews.length() > 0,
            rx.el.ul(rx.foreach(view.reviews, review), class_name="divide-y divide-line"),
            rx.el.p("None so far.", class_name="text-ink-2"),
        ),
        actions=(rx.el.span(view.reviews_text, class_name="text-ink-3 tnum"),),
    )


def facts_card(view: rx.Var[CustomerView]) -> rx.Component:
    """What else is known; nothing that only the customer should see."""

    def fact(one: Any) -> rx.Component:
        return rx.el.div(
            rx.el.dt(one.label, class_name="text-ink-3"),
            rx.el.dd(one.text, class_name="text-right text-ink tnum"),
            class_name="flex items-baseline justify-between gap-4",
        )

    return admin_card(
        "Account",
        "customer-account",
        rx.el.dl(rx.foreach(view.facts, fact), class_name="grid gap-2"),
        rx.el.p(
            "Name, addresses and deletion are the customer's own affair, on their account's pages.",
            class_name=f"{ui.HINT} mt-3",
        ),
    )
