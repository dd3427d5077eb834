"""The pages about the shop itself: the way between them, what they say, how the store can be reached."""

from typing import Any

import reflex as rx

from shophub.components.store.skeletons import text_skeleton
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.lib.ui_links import HELP_LINKS
from shophub.schemas.information import ContactFact, InformationView


def _link(label: str, url: str, current: str, here: str, elsewhere: str) -> rx.Component:
    marked: dict[str, Any] = {"aria-current": "page"} if url == current else {}
    return rx.el.li(
        rx.el.a(label, href=url, class_name=here if url == current else elsewhere, custom_attrs=marked),
        class_name="shrink-0",
    )


def information_frame(current: str, *content: Any) -> rx.Component:
    """A page with the way to the others: beside it, and above it on narrow screens."""
    chips = (_link(*page, current, ui.CHIP_CURRENT, ui.CHIP) for page in HELP_LINKS)
    side = (_link(*page, current, ui.LISTING_SIDE_CURRENT, ui.LISTING_SIDE_LINK) for page in HELP_LINKS)
    return rx.el.div(
        rx.el.nav(
            rx.el.ul(*chips, class_name=ui.CHIPS),
            class_name=ui.INFORMATION_ABOVE,
            custom_attrs={"aria-label": "Help pages"},
        ),
        rx.el.nav(
            rx.el.ul(*side, class_name=ui.INFORMATION_LINKS),
            class_name=ui.INFORMATION_BESIDE,
            custom_attrs={"aria-label": "Help pages"},
        ),
        rx.el.div(*content, class_name=ui.INFORMATION_MAIN),
        class_name=ui.INFORMATION,
    )


def _fact(fact: rx.Var[ContactFact]) -> rx.Component:
    drawn = rx.match(fact.icon, ("mail", icon("mail")), ("phone", icon("phone")), icon("home"))
    return rx.el.div(
        rx.el.dt(
            rx.el.span(drawn, class_name=ui.FACT_ICON),
            rx.el.span(fact.label),
            class_name=ui.FACT_LABEL,
        ),
        rx.el.dd(
            rx.cond(fact.url, rx.el.a(fact.text, href=fact.url, class_name=ui.FACT_LINK), rx.el.span(fact.text)),
            class_name=ui.FACT_TEXT,
        ),
        key=fact.label,
        class_name=ui.FACT,
    )


def information(view: rx.Var[InformationView]) -> rx.Component:
    """A page's heading, ways to reach the store where it has any, and its text."""
    return rx.el.article(
        rx.el.h1(view.title, class_name=ui.H1, tab_index=-1),
        rx.cond(view.facts.length() > 0, rx.el.dl(rx.foreach(view.facts, _fact), class_name=ui.FACTS), None),
        rx.el.div(rx.html(view.html), class_name=ui.INFORMATION_TEXT),
    )


def information_skeleton(current: str, title: str) -> rx.Component:
    """The page to come; its heading and the way to the others are there already."""
    return information_frame(current, rx.el.h1(title, class_name=ui.H1), text_skeleton())
