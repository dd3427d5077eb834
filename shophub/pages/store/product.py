"""``/products/[slug]``"""

import reflex as rx

from shophub.components.store.missing import missing
from shophub.components.store.product import product
from shophub.components.store.skeletons import product_skeleton
from shophub.pages.store.layout import shop_page
from shophub.state.store.product import ProductState
from shophub.state.store.shell import ShellState


def page() -> rx.Component:
    """A product."""
    return shop_page(
        rx.cond(
            ProductState.is_missing,
            missing(ShellState.categories),
            product(
                ProductState.view,
                on_choose=ProductState.choose,
                quantity=ProductState.quantity,
                epoch=ProductState.epoch,
                is_adding=ProductState.is_adding,
                error=ProductState.add_error,
                on_quantity=ProductState.set_quantity,
                on_add=ProductState.add_to_cart,
            ),
        ),
        loaded=ProductState.loaded,
        title=ProductState.title,
        fallback=product_skeleton(),
    )
