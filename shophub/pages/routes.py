"""Every page of the shop: address, content, title, what it loads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from shophub.lib.ui_texts import HOME_TITLE
from shophub.pages.store import cart, home, listing, not_found, product
from shophub.state.store.home import HomeState
from shophub.state.store.listing import ListingState
from shophub.state.store.product import ProductState
from shophub.state.store.shell import ShellState


@dataclass(frozen=True)
class Page:
    """One page; ``loads`` are the events that run when it is opened."""

    route: str
    content: Callable[[], rx.Component]
    title: str
    loads: tuple[Any, ...] = field(default=(ShellState.load,))


PAGES: tuple[Page, ...] = (
    Page("/", home.page, HOME_TITLE, (ShellState.load, HomeState.load)),
    Page("/products", listing.page, "Products · ShopHub", (ShellState.load, ListingState.load)),
    Page("/categories/[slug]", listing.page, "ShopHub", (ShellState.load, ListingState.load)),
    Page("/search", listing.page, "Search · ShopHub", (ShellState.load, ListingState.load)),
    Page("/products/[slug]", product.page, "ShopHub", (ShellState.load, ProductState.load)),
    Page("/cart", cart.page, "Cart · ShopHub"),
)
NOT_FOUND = Page("404", not_found.page, "Page not found · ShopHub")


def add_pages(app: rx.App) -> None:
    """Add every page to ``app``."""
    for page in (*PAGES, NOT_FOUND):
        app.add_page(page.content, route=page.route, title=page.title, on_load=list(page.loads), image="/favicon.svg")
