"""``/products``, ``/categories/[slug]``, ``/search``"""

import reflex as rx

from shophub.components.store.listing import listing
from shophub.components.store.missing import missing
from shophub.components.store.skeletons import listing_skeleton
from shophub.pages.store.layout import shop_page
from shophub.state.store.listing import ListingState
from shophub.state.store.shell import ShellState


def page() -> rx.Component:
    """A listing."""
    return shop_page(
        rx.cond(
            ListingState.is_missing,
            missing(ShellState.categories),
            listing(
                ListingState.view,
                address=ListingState.address,
                on_more=ListingState.show_more,
            ),
        ),
        loaded=ListingState.loaded,
        address=ListingState.address,
        title=ListingState.title,
        fallback=listing_skeleton(),
    )
