"""What narrows and orders a listing (``assets/listing_controls.jsx``), as Reflex sees it."""

from typing import Any

import reflex as rx

from shophub.components.ui.local import icon_paths
from shophub.lib import ui_classes as ui
from shophub.lib import ui_listing
from shophub.schemas.catalog import LinkView
from shophub.schemas.search import FacetView, PriceFormView

LIBRARY = "$/public/listing_controls.jsx"
FACET_CLASSES = {
    "facet": ui_listing.FACET,
    "title": ui_listing.FACET_TITLE,
    "value": ui_listing.FACET_VALUE,
    "valueOn": ui_listing.FACET_VALUE_ON,
    "valueOff": ui_listing.FACET_VALUE_OFF,
    "box": ui_listing.FACET_BOX,
    "boxOn": ui_listing.FACET_BOX_ON,
    "boxOff": ui_listing.FACET_BOX_OFF,
    "dot": ui_listing.FACET_DOT,
    "dotOn": ui_listing.FACET_DOT_ON,
    "dotOff": ui_listing.FACET_DOT_OFF,
    "check": ui_listing.FACET_CHECK,
    "valueLabel": ui_listing.FACET_LABEL,
    "stars": ui_listing.FACET_STARS,
    "starOn": ui.STAR_ON,
    "starOff": ui.STAR_OFF,
    "count": ui_listing.FACET_COUNT,
    "more": ui_listing.FACET_MORE,
    "moreSummary": ui_listing.FACET_MORE_SUMMARY,
    "moreClosed": ui_listing.FACET_MORE_CLOSED,
    "moreOpen": ui_listing.FACET_MORE_OPEN,
    "moreIcon": ui_listing.FACET_MORE_ICON,
    "priceForm": ui_listing.PRICE_FORM,
    "priceLabel": ui_listing.PRICE_LABEL,
    "priceInput": ui_listing.PRICE_INPUT,
    "priceButton": ui_listing.PRICE_BUTTON,
}


class ListingArea(rx.Component):
    """Its children are what ``address`` shows; faded while another address is in the bar. ``said`` is read out then."""

    library = LIBRARY
    tag = "ListingArea"
    address: rx.Var[str]
    said: rx.Var[str]
    classes: rx.Var[dict[str, str]]


class SortSelect(rx.Component):
    """A native select; each choice is an address."""

    library = LIBRARY
    tag = "SortSelect"
    sorts: rx.Var[tuple[LinkView, ...]]
    label: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]


class FilterChips(rx.Component):
    """The filters in force, each with the address without it."""

    library = LIBRARY
    tag = "FilterChips"
    chips: rx.Var[tuple[LinkView, ...]]
    clear_url: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]


class Facets(rx.Component):
    """The filters; ``prefix`` begins the ids of a second set of them."""

    library = LIBRARY
    tag = "Facets"
    facets: rx.Var[tuple[FacetView, ...]]
    price_form: rx.Var[PriceFormView]
    prefix: rx.Var[str]
    keeps_place: rx.Var[bool]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]


def listing_area(*children: Any, address: rx.Var[str], said: rx.Var[str]) -> rx.Component:
    """Results that say when they are being replaced."""
    classes = {
        "results": ui_listing.RESULTS,
        "calm": ui_listing.ITEMS,
        "busy": ui_listing.ITEMS_BUSY,
        "slow": f"mb-5 flex flex-wrap items-center justify-between gap-3 {ui.NOTE_WARNING}",
        "retry": ui.BUTTON_SECONDARY,
    }
    return ListingArea.create(*children, address=address, said=said, classes=classes)


def sort_select(sorts: rx.Var[tuple[LinkView, ...]]) -> rx.Component:
    """How the listing is ordered."""
    classes = {
        "form": ui_listing.SORT_FORM,
        "label": ui_listing.SORT_LABEL,
        "wrap": ui_listing.SORT_WRAP,
        "select": ui.SELECT,
        "chevron": ui.CHEVRON_IN_SELECT,
    }
    return SortSelect.create(sorts=sorts, id="sort", label="Sort by", classes=classes, icons=icon_paths("down"))


def filter_chips(chips: rx.Var[tuple[LinkView, ...]], clear_url: rx.Var[str]) -> rx.Component:
    """What is chosen, to be taken back."""
    classes = {
        "chips": ui_listing.FILTER_CHIPS,
        "chip": ui_listing.FILTER_CHIP,
        "clear": ui_listing.FILTER_CLEAR,
    }
    return FilterChips.create(chips=chips, clear_url=clear_url, classes=classes, icons=icon_paths("close"))


def facet_panel(
    facets: rx.Var[tuple[FacetView, ...]], price_form: rx.Var[PriceFormView], *, prefix: str, keeps_place: bool
) -> rx.Component:
    """All filters of a listing, one below the other."""
    return Facets.create(
        facets=facets,
        price_form=price_form,
        prefix=prefix,
        keeps_place=keeps_place,
        classes=FACET_CLASSES,
        icons=icon_paths("check", "down", "star"),
    )
