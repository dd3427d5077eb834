"""Grey shapes with the geometry of what is coming."""

import reflex as rx

from shophub.components.ui.basics import skeleton
from shophub.lib import ui_classes as ui
from shophub.lib import ui_listing


def _busy(*children: rx.Component, class_name: str = "") -> rx.Component:
    return rx.el.div(
        rx.el.p("Loading…", class_name="sr-only"), *children, class_name=class_name, custom_attrs={"aria-busy": "true"}
    )


def card_skeleton() -> rx.Component:
    """A product card to come."""
    return rx.el.div(
        skeleton("aspect-[4/5] rounded-lg"),
        skeleton("mt-3 h-4 w-1/3"),
        skeleton("mt-2 h-5 w-4/5"),
        skeleton("mt-2 h-5 w-1/4"),
    )


def grid_skeleton(count: int = 8, class_name: str = ui.GRID) -> rx.Component:
    """A grid to come."""
    return _busy(*(card_skeleton() for _ in range(count)), class_name=class_name)


def home_skeleton() -> rx.Component:
    """The front page to come."""
    return _busy(skeleton("h-[34rem] lg:h-[26rem] rounded-xl"), rx.el.div(grid_skeleton(4), class_name=ui.SECTION))


def listing_skeleton() -> rx.Component:
    """A listing to come."""
    panel = (skeleton("mb-4 h-5 w-24"), *(skeleton("mb-3 h-7 w-full") for _ in range(9)))
    return _busy(
        skeleton("h-5 w-40 mt-1.5"),
        skeleton("h-10 w-72 mt-4"),
        rx.el.div(
            rx.el.div(*panel, class_name=ui_listing.ASIDE),
            rx.el.div(grid_skeleton(9, ui.GRID_BESIDE), class_name=ui_listing.RESULTS),
            class_name=f"mt-5 {ui_listing.BODY}",
        ),
    )


def product_skeleton() -> rx.Component:
    """A product to come."""
    return _busy(
        skeleton("h-5 w-56 mt-1.5"),
        rx.el.div(
            skeleton("aspect-[4/5] rounded-lg"),
            rx.el.div(
                skeleton("h-5 w-24"),
                skeleton("mt-3 h-10 w-4/5"),
                skeleton("mt-4 h-5 w-40"),
                skeleton("mt-5 h-9 w-32"),
                skeleton("mt-8 h-11 w-64"),
                skeleton("mt-8 h-12 w-full"),
            ),
            class_name=ui.PRODUCT,
        ),
    )


def text_skeleton() -> rx.Component:
    """A text to come."""
    widths = ("h-6 w-full", "h-6 w-3/5", "mt-6 h-7 w-48", "h-5 w-full", "h-5 w-11/12", "h-5 w-2/3")
    return _busy(*(skeleton(width) for width in widths), class_name="mt-6 grid gap-3")


def lines_skeleton(count: int = 3) -> rx.Component:
    """Lines of a cart or an order to come."""
    return _busy(*(skeleton("h-28 mb-5") for _ in range(count)), class_name="mt-6 max-w-3xl")
