"""``/admin/customers`` and the page of one customer."""

import reflex as rx

from shophub.components.admin import customers as parts
from shophub.domain.admin_sections import CUSTOMERS_PATH
from shophub.pages.admin.layout import admin_page
from shophub.pages.admin.tables import admin_table
from shophub.services.people_lists import CUSTOMERS
from shophub.state.admin.customers import CustomersState, CustomerState
from shophub.state.admin.table import TableState


def customers() -> rx.Component:
    """Who has an account here, with what they bought."""
    return admin_page(
        "Customers",
        admin_table(
            CUSTOMERS,
            CustomersState.lines,
            parts.CELLS,
            label="Customers",
            empty=parts.customers_empty(TableState.view.clear_url),
            row_name=lambda line: line.name,
        ),
        lead="Who has an account, and what they bought with it.",
        loaded=CustomersState.loaded,
    )


def customer() -> rx.Component:
    """One customer."""
    view = CustomerState.view
    content = rx.fragment(
        parts.customer_head(view, CustomerState.sees_people),
        parts.customer_figures(view),
        rx.el.div(
            rx.el.div(parts.orders_card(view), parts.reviews_card(view), class_name="grid min-w-0 gap-4"),
            rx.el.div(parts.facts_card(view), parts.notes_card(view), class_name="grid min-w-0 gap-4"),
            class_name="mt-4 grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]",
        ),
    )
    return admin_page(
        CustomerState.title,
        rx.cond(CustomerState.is_missing, parts.customer_missing(), content),
        crumbs=(("Customers", CUSTOMERS_PATH),),
        heading=False,
        loaded=CustomerState.loaded,
    )
