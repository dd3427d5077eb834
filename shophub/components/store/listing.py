"""The parts of a listing."""

from typing import Any

import reflex as rx

from shophub.components.store.product_card import product_grid
from shophub.components.ui.basics import empty_state, link_button
from shophub.components.ui.breadcrumb import breadcrumb
from shophub.components.ui.icons import icon
from shophub.components.ui.local import LiveLink
from shophub.lib import ui_classes as ui
from shophub.schemas.catalog import CardView, LinkView, ListingView


def items_of(view: rx.Var[ListingView]) -> rx.Var[tuple[CardView, ...]]:
    """Return the listing's cards: ``view.items`` itself is a method of Reflex's object variables."""
    return view["items"].to(tuple[CardView, ...])


def _current(link: rx.Var[LinkView]) -> dict[str, Any]:
    return {"aria-current": rx.cond(link.is_current, "page", "false")}


def _side_link(link: rx.Var[LinkView]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            link.label,
            href=link.url,
            class_name=rx.cond(link.is_current, ui.LISTING_SIDE_CURRENT, ui.LISTING_SIDE_LINK),
            custom_attrs=_current(link),
        )
    )


def _chip(link: rx.Var[LinkView]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            link.label,
            href=link.url,
            class_name=rx.cond(link.is_current, ui.CHIP_CURRENT, ui.CHIP),
            custom_attrs=_current(link),
        ),
        class_name="shrink-0",
    )


def sort_box(sorts: rx.Var[tuple[LinkView, ...]], sort_url: rx.Var[str]) -> rx.Component:
    """How the listing is ordered; choosing goes to that address."""
    return rx.el.div(
        rx.el.label("Sort by", html_for="sort", class_name=ui.SORT_LABEL),
        rx.el.div(
            rx.el.select(
                rx.foreach(sorts, lambda sort: rx.el.option(sort.label, value=sort.url)),
                id="sort",
                value=sort_url,
                on_change=lambda url: rx.redirect(url),
                class_name=ui.SELECT,
            ),
            icon("down", ui.CHEVRON_IN_SELECT),
            class_name=ui.SORT_WRAP,
        ),
        class_name=ui.SORT_FORM,
    )


def listing(view: rx.Var[ListingView], *, sort_url: rx.Var[str], is_busy: rx.Var[bool], on_more: Any) -> rx.Component:
    """Heading, categories, cards and the way to more of them."""
    return rx.fragment(
        breadcrumb(view.breadcrumbs),
        rx.el.div(
            rx.el.div(
                rx.el.h1(
                    view.heading,
                    " ",
                    rx.el.span("(", view.total_text, ")", class_name=ui.LISTING_TOTAL),
                    class_name=ui.H1,
                ),
                rx.cond(view.intro, rx.el.p(view.intro, class_name="mt-2 max-w-[60ch] text-ink-2"), None),
            ),
            rx.cond(items_of(view).length() > 0, sort_box(view.sorts, sort_url), None),
            class_name=ui.LISTING_HEAD,
        ),
        rx.el.div(
            rx.el.nav(
                rx.el.ul(rx.foreach(view.categories, _side_link), class_name=ui.LISTING_SIDE),
                rx.el.ul(rx.foreach(view.categories, _chip), class_name=ui.CHIPS),
                custom_attrs={"aria-label": "Categories"},
            ),
            rx.el.div(
                rx.cond(items_of(view).length() > 0, _cards(view, is_busy, on_more), _nothing(view)),
                class_name="mt-5 min-w-0 lg:mt-0",
            ),
            class_name=ui.LISTING_BODY,
        ),
    )


def _cards(view: rx.Var[ListingView], is_busy: rx.Var[bool], on_more: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(
            view.previous_url,
            rx.el.p(rx.el.a("Show earlier products", href=view.previous_url, class_name=ui.LINK), class_name="mb-6"),
            None,
        ),
        rx.el.div(
            product_grid(items_of(view), ui.GRID_BESIDE),
            id="listing-items",
            class_name=rx.cond(is_busy, "opacity-60 transition-opacity", "transition-opacity"),
            custom_attrs={"aria-busy": rx.cond(is_busy, "true", "false")},
        ),
        rx.el.div(
            rx.el.p(view.shown_text, class_name="text-sm text-ink-3 tnum"),
            rx.el.progress(
                value=view.progress_percent,
                max=100,
                class_name=ui.PROGRESS,
                custom_attrs={"aria-label": "Part of the products shown"},
            ),
            rx.cond(
                view.next_url,
                LiveLink.create("Show 24 more", href=view.next_url, on_press=on_more, class_name=ui.BUTTON_SECONDARY),
                None,
            ),
            class_name=ui.LISTING_FOOT,
        ),
    )


def _nothing(view: rx.Var[ListingView]) -> rx.Component:
    return rx.cond(
        view.query,
        empty_state(
            "search",
            "No match for that",
            "We found nothing for “"
            + view.query
            + "”. Check the spelling, try fewer words, or look through a category.",
            link_button("All products", href="/products", kind="secondary"),
        ),
        empty_state(
            "tag",
            "Nothing here yet",
            "This part of the shop has no products at the moment.",
            link_button("All products", href="/products", kind="secondary"),
        ),
    )
