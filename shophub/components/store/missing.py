"""What stands where nothing is."""

import reflex as rx

from shophub.components.store.header import search_form
from shophub.components.ui.basics import link_button
from shophub.lib import ui_classes as ui
from shophub.lib.ui_texts import GONE_LEAD, GONE_TITLE, MISSING_LEAD, MISSING_TITLE
from shophub.schemas.catalog import CategoryView, LinkView


def missing(categories: rx.Var[tuple[CategoryView, ...]]) -> rx.Component:
    """The page is not here: search, or a category."""
    home = link_button("Go to the front page", href="/", kind="secondary")
    return _nothing_here(categories, "404", MISSING_TITLE, MISSING_LEAD, after=home)


def gone(sentence: rx.Var[str], shelf: rx.Var[LinkView], categories: rx.Var[tuple[CategoryView, ...]]) -> rx.Component:
    """What was here is not sold any more: search, or the shelf it stood on."""
    more = link_button("More in ", shelf.label, href=shelf.url)
    return _nothing_here(categories, GONE_TITLE, sentence, GONE_LEAD, before=more)


def _nothing_here(
    categories: rx.Var[tuple[CategoryView, ...]],
    code: str,
    title: str | rx.Var[str],
    lead: str,
    before: rx.Component | None = None,
    after: rx.Component | None = None,
) -> rx.Component:
    return rx.el.div(
        rx.el.p(code, class_name=ui.MISSING_CODE),
        rx.el.h1(title, class_name=ui.H1),
        rx.el.p(lead, class_name=f"{ui.LEAD} mt-3"),
        rx.el.div(before, class_name="mt-8") if before else None,
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
        rx.el.div(after, class_name="mt-8") if after else None,
        class_name=ui.MISSING,
    )
