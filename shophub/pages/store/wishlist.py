"""``/wishlist`` and ``/wishlist/shared/[token]``"""

import reflex as rx

from shophub.components.store.missing import missing
from shophub.components.store.skeletons import listing_skeleton
from shophub.components.store.wishlist import WishlistEvents, shared_wishlist, wishlist
from shophub.pages.store.layout import shop_page
from shophub.state.store.shared_wishlist import SharedWishlistState
from shophub.state.store.shell import ShellState
from shophub.state.store.wishlist import WishlistState

EVENTS = WishlistEvents(
    show_more=WishlistState.show_more,
    remove=WishlistState.remove,
    move_to_cart=WishlistState.move_to_cart,
    share=WishlistState.share,
    unshare=WishlistState.unshare,
)


def own() -> rx.Component:
    """One's own wishlist."""
    return shop_page(
        rx.cond(
            WishlistState.is_missing,
            missing(ShellState.categories),
            wishlist(WishlistState.view, moving=WishlistState.moving, events=EVENTS),
        ),
        loaded=WishlistState.loaded,
        title=rx.cond(WishlistState.is_missing, "Page not found", "Your wishlist"),
        fallback=listing_skeleton(),
    )


def shared() -> rx.Component:
    """Somebody's wishlist."""
    return shop_page(
        rx.cond(
            SharedWishlistState.is_missing,
            missing(ShellState.categories),
            shared_wishlist(SharedWishlistState.view, on_more=SharedWishlistState.show_more),
        ),
        loaded=SharedWishlistState.loaded,
        title=SharedWishlistState.title,
        fallback=listing_skeleton(),
    )
