"""What stands where nothing is."""

import reflex as rx

from shophub.components.store.header import search_form
from shophub.components.ui.basics import link_button
from shophub.lib import ui_classes as ui
from shophub.lib.ui_texts import MISSING_LEAD, MISSING_TITLE
from shophub.schemas.catalog import CategoryView


def missing(categories: rx.Var[tuple[CategoryView, ...]]) -> rx.Component:
    """The page is not here: search, or a category."""
    return rx.el.div(
        rx.el.p("404", class_name=ui.MISSING_CODE),
        rx.el.h1(MISSING_TITLE, class_name=ui.H1),
        rx.el.p(MISSING_LEAD, class_name=f"{ui.LEAD} mt-3"),
        rx.el.div(search_form("q-missing", "From here"), class_name="mt-8 max-w-md"),
        rx.cond(
            categories.length() > 0,
            rx.el.ul(
                rx.foreach(
                    categories,
                    lambda category: rx.el.li(rx.el.a(category.name, href=category.url, class_name=ui.CHIP)),
                ),
                class_name="mt-6 flex flex-wrap gap-2.5",
            ),
            None,
        ),
        rx.el.div(link_button("Go to the front page", href="/", kind="secondary"), class_name="mt-8"),
        class_name=ui.MISSING,
    )
