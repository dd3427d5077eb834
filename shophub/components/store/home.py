"""The parts of the front page."""

import reflex as rx

from shophub.components.store.product_card import product_rail
from shophub.components.ui.basics import link_button
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.lib.ui_texts import HERO_BUTTON, HERO_LEAD, HERO_TITLE, SERVICES
from shophub.schemas.catalog import CategoryView, HomeView


def hero(view: rx.Var[HomeView]) -> rx.Component:
    """One picture, one promise, one button."""
    return rx.el.section(
        rx.el.div(
            rx.el.h1(HERO_TITLE, class_name=ui.HERO_TITLE),
            rx.el.p(HERO_LEAD, class_name=ui.LEAD),
            rx.el.div(link_button(HERO_BUTTON, href="/products", kind="large")),
            class_name=ui.HERO_TEXT,
        ),
        rx.el.div(
            rx.cond(
                view.hero.url,
                rx.el.img(
                    src=view.hero.url,
                    src_set=view.hero.srcset,
                    sizes="(min-width:64rem) 600px, 100vw",
                    alt=view.hero.alt,
                    class_name=ui.HERO_IMAGE,
                    custom_attrs={
                        "width": view.hero.width,
                        "height": view.hero.height,
                        "fetchPriority": "high",
                    },
                ),
                None,
            ),
            class_name=ui.HERO_MEDIA,
            style={"background_color": view.hero.colour},
        ),
        class_name=ui.HERO,
    )


def _tile(category: rx.Var[CategoryView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.cond(
                category.image.url,
                rx.el.img(
                    src=category.image.url,
                    src_set=category.image.srcset,
                    sizes=ui.TILE_SIZES,
                    alt="",
                    loading="lazy",
                    class_name=ui.CARD_IMAGE,
                    custom_attrs={"width": category.image.width, "height": category.image.height, "decoding": "async"},
                ),
                None,
            ),
            class_name=ui.TILE_MEDIA,
            style={"background_color": category.image.colour},
        ),
        rx.el.h3(
            rx.el.a(category.name, href=category.url, class_name=ui.CARD_LINK),
            rx.el.span(category.product_count, class_name="text-sm font-normal text-ink-3 tnum"),
            class_name=ui.TILE_LABEL,
        ),
        key=category.slug,
        class_name=ui.TILE,
    )


def _services() -> rx.Component:
    return rx.el.ul(
        *(
            rx.el.li(
                icon(name, ui.SERVICE_ICON),
                rx.el.div(
                    rx.el.p(rx.el.a(title, href=url, class_name=ui.CARD_LINK), class_name="font-semibold text-ink"),
                    rx.el.p(text, class_name="text-sm text-ink-2"),
                ),
                class_name=ui.SERVICE,
            )
            for name, title, text, url in SERVICES
        ),
        class_name=ui.SERVICES,
        custom_attrs={"aria-label": "Our service"},
    )


def _rail(heading: str, cards: rx.Var) -> rx.Component:
    return rx.cond(cards.length() > 0, product_rail(heading, cards), None)


def _categories(view: rx.Var[HomeView]) -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2("Shop by category", class_name=ui.H2), class_name=ui.SECTION_HEAD),
        rx.el.ul(rx.foreach(view.categories, _tile), class_name=ui.TILES),
        class_name=ui.SECTION,
        custom_attrs={"aria-label": "Categories"},
    )


def home(view: rx.Var[HomeView], *, recent: rx.Component) -> rx.Component:
    """The front page's content; ``recent`` is the row of what was looked at lately."""
    return rx.fragment(
        hero(view),
        rx.cond(view.categories.length() > 0, _categories(view), None),
        _rail("New arrivals", view.new_arrivals),
        _rail("Offers", view.offers),
        _rail("Best sellers", view.best_sellers),
        recent,
        _services(),
    )
