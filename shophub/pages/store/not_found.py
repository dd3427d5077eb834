"""Any other address."""

import reflex as rx

from shophub.components.store.missing import missing
from shophub.pages.store.layout import shop_page
from shophub.state.store.shell import ShellState


def page() -> rx.Component:
    """Nothing is here."""
    return shop_page(missing(ShellState.categories), title="Page not found")
