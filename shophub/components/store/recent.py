"""What the visitor looked at lately."""

import reflex as rx

from shophub.components.store.product_card import product_rail
from shophub.schemas.catalog import CardView


def recently_viewed(cards: rx.Var[tuple[CardView, ...]]) -> rx.Component:
    """A row of products looked at lately; nothing where there are none."""
    return rx.cond(cards.length() > 0, product_rail("Recently viewed", cards), None)
