"""A product in a grid or a rail."""

from collections.abc import Sequence

import reflex as rx

from shophub.components.ui.basics import price, stars
from shophub.components.ui.local import Rail, icon_paths
from shophub.components.ui.wishing import WishHeart
from shophub.lib import ui_classes as ui
from shophub.lib import ui_listing
from shophub.lib.ui_icons import ICONS
from shophub.schemas.catalog import CardView


def _picture(card: rx.Var[CardView], eager: bool) -> rx.Component:
    return rx.el.div(
        rx.cond(
            card.image.url,
            rx.el.img(
                src=card.image.url,
                src_set=card.image.srcset,
                sizes=ui.CARD_SIZES,
                alt=card.image.alt,
                class_name=ui.CARD_IMAGE,
                loading="eager" if eager else "lazy",
                custom_attrs={"width": card.image.width, "height": card.image.height, "decoding": "async"},
            ),
            None,
        ),
        rx.cond(
            card.hover_image_url,
            rx.el.img(
                src=card.hover_image_url,
                alt="",
                class_name=ui.CARD_IMAGE_HOVER,
                loading="lazy",
                custom_attrs={"decoding": "async"},
            ),
            None,
        ),
        rx.cond(
            card.badge,
            rx.el.span(rx.el.span(card.badge, class_name=ui.BADGE_SALE), class_name=ui.CARD_BADGE),
            None,
        ),
        class_name=ui.CARD_MEDIA,
        # Not Reflex's `style`: that makes a class of each colour, card by card, in the browser.
        custom_attrs={"style": {"backgroundColor": card.image.colour}},
    )


def _name(card: rx.Var[CardView]) -> rx.Component:
    """The name, with what was searched for marked."""
    return rx.cond(
        card.name_parts.length() > 0,
        rx.foreach(
            card.name_parts,
            lambda part: rx.cond(part.is_match, rx.el.mark(part.text, class_name=ui_listing.MATCH), part.text),
        ),
        card.name,
    )


def _rating(card: rx.Var[CardView]) -> rx.Component:
    return rx.el.p(
        rx.cond(
            card.review_count > 0,
            rx.fragment(
                stars(card.stars),
                rx.el.span("Rated ", class_name="sr-only"),
                rx.el.span(card.rating_text, class_name="tnum"),
                rx.el.span("(", card.review_count, ")", class_name="tnum"),
            ),
            rx.el.span("No reviews yet"),
        ),
        class_name=ui.CARD_RATING,
    )


def product_card(card: rx.Var[CardView], *, eager: bool = False, level: str = "h3", heart: bool = True) -> rx.Component:
    """A card with one link, its title, stretched over it all, and a heart beside."""
    heading = rx.el.h2 if level == "h2" else rx.el.h3
    return rx.el.article(
        _picture(card, eager),
        rx.el.div(
            rx.el.p(card.brand, class_name=ui.CARD_BRAND),
            heading(
                rx.el.a(_name(card), href=card.url, class_name=ui.CARD_LINK, id="card-" + card.slug),
                class_name=ui.CARD_TITLE,
            ),
            rx.cond(card.has_reviews, _rating(card), None),
            rx.el.p(price(card.price_text, card.compare_at_text), class_name=ui.CARD_PRICE),
            rx.cond(card.options_text, rx.el.p(card.options_text, class_name=ui.CARD_NOTE), None),
            rx.cond(
                card.stock_note,
                rx.el.p(card.stock_note, class_name=rx.cond(card.is_available, ui.CARD_NOTE_LOW, ui.CARD_NOTE_OUT)),
                None,
            ),
            class_name=ui.CARD_BODY,
        ),
        WishHeart.create(product=card.id, name=card.name, class_name=ui.CARD_HEART, icon=ICONS["heart"])
        if heart
        else None,
        class_name=ui.CARD,
    )


def product_grid(cards: rx.Var[Sequence[CardView]], class_name: str = ui.GRID, level: str = "h2") -> rx.Component:
    """Cards in rows."""
    return rx.el.ul(
        rx.foreach(cards, lambda card: rx.el.li(product_card(card, level=level), key=card.id)), class_name=class_name
    )


def product_rail(heading: str, cards: rx.Var[tuple[CardView, ...]]) -> rx.Component:
    """Cards in one row that scrolls."""
    return rx.el.section(
        Rail.create(
            rx.foreach(cards, lambda card: rx.el.li(product_card(card), key=card.id, class_name=ui.RAIL_ITEM)),
            heading=rx.el.h2(heading, class_name=ui.H2),
            label=heading,
            classes={"head": ui.SECTION_HEAD, "buttons": ui.RAIL_BUTTONS, "button": RAIL_BUTTON, "rail": ui.RAIL},
            icons=icon_paths("left", "right"),
        ),
        class_name=ui.RAIL_SECTION,
        custom_attrs={"aria-label": heading},
    )


RAIL_BUTTON = (
    "inline-flex size-11 items-center justify-center rounded-full border border-line-strong bg-surface text-ink "
    "hover:bg-hover cursor-pointer disabled:cursor-default disabled:border-line disabled:text-line-strong"
)
