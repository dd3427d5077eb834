"""What the pages of an account share: the way between them, and the cards that they are made of."""

from typing import Any

import reflex as rx

from shophub.components.ui.basics import skeleton
from shophub.lib import ui_classes as ui
from shophub.lib.ui_links import ACCOUNT_PAGES, WISHLIST_PAGE

_CARD = "rounded-lg border border-line bg-surface p-5 lg:p-6"


def _link(label: str, url: str, current: str, here: str, elsewhere: str) -> rx.Component:
    marked: dict[str, Any] = {"aria-current": "page"} if url == current else {}
    return rx.el.li(
        rx.el.a(label, href=url, class_name=here if url == current else elsewhere, custom_attrs=marked),
        class_name="shrink-0",
    )


def account_frame(current: str, *content: Any, has_wishlist: rx.Var[bool] | bool = False) -> rx.Component:
    """A page of the account, with the way to the others: beside it, and above it on narrow screens."""
    chips, side = (
        [
            *(_link(*page, current, here, elsewhere) for page in ACCOUNT_PAGES),
            rx.cond(has_wishlist, _link(*WISHLIST_PAGE, current, here, elsewhere), None),
        ]
        for here, elsewhere in ((ui.CHIP_CURRENT, ui.CHIP), (ui.LISTING_SIDE_CURRENT, ui.LISTING_SIDE_LINK))
    )
    return rx.el.div(
        rx.el.nav(
            rx.el.ul(*chips, class_name=ui.CHIPS),
            class_name="mb-6 lg:hidden",
            custom_attrs={"aria-label": "Your account"},
        ),
        rx.el.nav(
            rx.el.ul(*side, class_name="grid gap-1 lg:sticky lg:top-24"),
            class_name=f"{ui.LISTING_SIDE} pt-2",
            custom_attrs={"aria-label": "Your account"},
        ),
        rx.el.div(*content, class_name="min-w-0 max-w-3xl"),
        class_name="lg:grid lg:grid-cols-[13rem_1fr] lg:gap-10",
    )


def account_heading(title: Any, lead: str) -> rx.Component:
    """The page's heading."""
    return rx.fragment(
        rx.el.h1(title, class_name=ui.H1, tab_index=-1),
        rx.el.p(lead, class_name="mt-2 mb-6 text-ink-2 lg:mb-8"),
    )


def account_card(title: str, heading_id: str, *content: Any) -> rx.Component:
    """A part of an account page under its own heading."""
    return rx.el.section(
        rx.el.h2(title, id=heading_id, tab_index=-1, class_name=f"{ui.H3} focus:outline-none"),
        *content,
        class_name=_CARD,
        custom_attrs={"aria-labelledby": heading_id},
    )


def account_cards(*cards: rx.Component) -> rx.Component:
    """The parts of an account page."""
    return rx.el.div(*cards, class_name="grid gap-5 lg:gap-6")


def bare_card(content: rx.Component) -> rx.Component:
    """A part that brings its own heading."""
    return rx.el.div(content, class_name=_CARD)


def account_skeleton(current: str, cards: int, **frame: Any) -> rx.Component:
    """The page to come; the way to the others is there already."""
    return account_frame(
        current,
        rx.el.p("Loading…", class_name="sr-only"),
        skeleton("h-10 w-52"),
        skeleton("mt-3 mb-7 h-5 w-72"),
        rx.el.div(*(skeleton("h-48 rounded-lg") for _ in range(cards)), class_name="grid gap-5 lg:gap-6"),
        **frame,
    )
