"""The parts of a listing."""

from typing import Any

import reflex as rx

from shophub.components.store.product_card import product_grid
from shophub.components.ui.basics import dialog_button, empty_state, link_button
from shophub.components.ui.breadcrumb import breadcrumb
from shophub.components.ui.icons import icon
from shophub.components.ui.listing_controls import facet_panel, filter_chips, listing_area, sort_select
from shophub.components.ui.local import LiveLink, Modal
from shophub.lib import ui_classes as ui
from shophub.lib import ui_listing, ui_texts
from shophub.schemas.catalog import CardView, CategoryView, LinkView, ListingView

FILTER_SHEET = "filter-sheet"


def items_of(view: rx.Var[ListingView]) -> rx.Var[tuple[CardView, ...]]:
    """Return the listing's cards: ``view.items`` itself is a method of Reflex's object variables."""
    return view["items"].to(tuple[CardView, ...])


def listing(view: rx.Var[ListingView], *, address: rx.Var[str], on_more: Any) -> rx.Component:
    """Heading, filters, cards and the way to more of them."""
    has_filters = (view.facets.length() > 0) | (view.chips.length() > 0)
    return rx.fragment(
        breadcrumb(view.breadcrumbs),
        rx.el.div(
            _heading(view),
            rx.cond(has_filters | (items_of(view).length() > 0), _tools(view), None),
            rx.cond(view.subcategories.length() > 0, _subcategories(view.subcategories), None),
            rx.el.div(
                rx.cond(has_filters, _aside(view), None),
                listing_area(
                    filter_chips(view.chips, view.clear_url),
                    rx.cond(items_of(view).length() > 0, _cards(view, on_more), _nothing(view)),
                    address=address,
                    said=view.results_text,
                ),
                class_name=rx.cond(has_filters, ui_listing.BODY, ui_listing.BODY_PLAIN),
            ),
            class_name=ui_listing.PAGE,
        ),
        _sheet(view),
    )


def _heading(view: rx.Var[ListingView]) -> rx.Component:
    link = view.did_you_mean
    return rx.el.div(
        rx.el.h1(
            view.heading, " ", rx.el.span("(", view.total_text, ")", class_name=ui.LISTING_TOTAL), class_name=ui.H1
        ),
        rx.cond(view.intro, rx.el.p(view.intro, class_name=ui_listing.INTRO), None),
        rx.cond(
            view.searched_for,
            rx.el.p(
                ui_texts.CORRECTED[0],
                view.query,
                ui_texts.CORRECTED[1],
                view.searched_for,
                ui_texts.CORRECTED[2],
                class_name=ui_listing.NOTE,
            ),
            None,
        ),
        rx.cond(
            link.url,
            rx.el.p(
                "Did you mean ", rx.el.a(link.label, href=link.url, class_name=ui.LINK), "?", class_name=ui_listing.NOTE
            ),
            None,
        ),
        class_name=ui_listing.HEAD,
    )


def _tools(view: rx.Var[ListingView]) -> rx.Component:
    chosen = view.chips.length()
    return rx.el.div(
        dialog_button(
            icon("filter", "size-5"),
            "Filter",
            rx.cond(chosen > 0, " (" + chosen.to_string() + ")", ""),
            opens=FILTER_SHEET,
            id="filter-button",
            class_name=ui_listing.FILTER_BUTTON,
        ),
        sort_select(view.sorts),
        id="listing-tools",
        class_name=ui_listing.TOOLS,
    )


def _subcategories(links: rx.Var[tuple[LinkView, ...]]) -> rx.Component:
    return rx.el.nav(
        rx.el.ul(
            rx.foreach(
                links,
                lambda link: rx.el.li(rx.el.a(link.label, href=link.url, class_name=ui_listing.SUBCATEGORY)),
            ),
            class_name=ui_listing.SUBCATEGORY_ROW,
        ),
        class_name=ui_listing.SUBCATEGORIES,
        custom_attrs={"aria-label": "Categories"},
    )


def _aside(view: rx.Var[ListingView]) -> rx.Component:
    return rx.el.aside(
        rx.el.h2("Filters", class_name="sr-only"),
        rx.el.div(
            facet_panel(view.facets, view.price_form, prefix="facet", keeps_place=True), class_name=ui_listing.PANEL
        ),
        class_name=ui_listing.ASIDE,
        custom_attrs={"aria-label": "Filters"},
    )


def _sheet(view: rx.Var[ListingView]) -> rx.Component:
    """The same filters for narrow screens."""
    return Modal.create(
        rx.el.div(
            rx.el.div(
                rx.el.h2("Filter", id="filter-title", class_name=ui.H3),
                dialog_button(
                    icon("close"), closes=FILTER_SHEET, class_name=ui.ICON_BUTTON, aria_label="Close the filters"
                ),
                class_name=ui_listing.FILTER_SHEET_HEAD,
            ),
            rx.el.div(
                facet_panel(view.facets, view.price_form, prefix="sheet", keeps_place=False),
                class_name=ui_listing.FILTER_SHEET_BODY,
            ),
            rx.el.div(
                rx.cond(
                    view.chips.length() > 0,
                    rx.el.a("Clear all", href=view.clear_url, class_name=ui_listing.FILTER_CLEAR),
                    None,
                ),
                dialog_button(
                    rx.cond(items_of(view).length() > 0, "Show " + view.results_text, "No results"),
                    closes=FILTER_SHEET,
                    class_name=f"{ui.BUTTON_PRIMARY} flex-1 tnum",
                ),
                class_name=ui_listing.FILTER_SHEET_FOOT,
            ),
            class_name="flex h-full flex-col",
        ),
        id=FILTER_SHEET,
        labelled_by="filter-title",
        class_name="drawer drawer-left shadow-modal",
    )


def _cards(view: rx.Var[ListingView], on_more: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(
            view.previous_url,
            rx.el.p(rx.el.a("Show earlier products", href=view.previous_url, class_name=ui.LINK), class_name="mb-6"),
            None,
        ),
        rx.el.div(product_grid(items_of(view), ui.GRID_BESIDE), id="listing-items"),
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
                LiveLink.create(view.more_text, href=view.next_url, on_press=on_more, class_name=ui.BUTTON_SECONDARY),
                None,
            ),
            class_name=ui.LISTING_FOOT,
        ),
    )


def _nothing(view: rx.Var[ListingView]) -> rx.Component:
    """Why there is nothing, and what leads on; never only one of the two."""
    all_products = link_button("All products", href="/products", kind="secondary")
    return rx.cond(
        view.chips.length() > 0,
        _filtered_out(view),
        rx.cond(
            view.query,
            rx.fragment(
                empty_state(
                    "search",
                    ui_texts.NO_MATCH_TITLE,
                    ui_texts.NO_MATCH[0] + view.query + ui_texts.NO_MATCH[1],
                    all_products,
                ),
                rx.cond(view.popular.length() > 0, _popular(view.popular), None),
            ),
            rx.cond(
                view.previous_url,
                empty_state(
                    "tag",
                    ui_texts.PAST_END_TITLE,
                    ui_texts.PAST_END,
                    link_button("Show earlier products", href=view.previous_url, kind="secondary"),
                ),
                empty_state(
                    "tag",
                    ui_texts.NOTHING_TITLE,
                    rx.cond(view.canonical_path == "/products", ui_texts.NO_PRODUCTS, ui_texts.NOTHING),
                    # A way that leads on, also from the list of everything.
                    rx.cond(
                        view.canonical_path == "/products",
                        link_button("Home page", href="/", kind="secondary"),
                        all_products,
                    ),
                ),
            ),
        ),
    )


def _filtered_out(view: rx.Var[ListingView]) -> rx.Component:
    return empty_state(
        "filter",
        ui_texts.FILTERED_OUT_TITLE,
        ui_texts.FILTERED_OUT[0] + view.filters_text + ui_texts.FILTERED_OUT[1],
        rx.foreach(
            view.chips,
            lambda chip: rx.el.a("Without “" + chip.label + "”", href=chip.url, class_name=ui.BUTTON_SECONDARY),
        ),
        link_button("Clear all filters", href=view.clear_url),
    )


def _popular(categories: rx.Var[tuple[CategoryView, ...]]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(ui_texts.POPULAR_TITLE, class_name=f"{ui.H3} mb-5"),
        rx.el.ul(
            rx.foreach(
                categories,
                lambda category: rx.el.li(
                    rx.el.a(
                        category.name,
                        rx.el.span(category.product_count, class_name=ui_listing.POPULAR_COUNT),
                        href=category.url,
                        class_name=ui_listing.SUBCATEGORY,
                    )
                ),
            ),
            class_name=ui_listing.POPULAR_ROW,
        ),
        class_name=ui_listing.POPULAR,
        custom_attrs={"aria-label": ui_texts.POPULAR_TITLE},
    )
