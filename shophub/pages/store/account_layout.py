"""Binds the frame of the account's pages to the state."""

from typing import Any

import reflex as rx

from shophub.components.store.account_frame import account_frame, account_skeleton
from shophub.pages.store.layout import shop_page
from shophub.pages.store.verify_email import confirm_banner
from shophub.state.store.wishes import WishState


def account_page(
    current: str, *content: Any, loaded: rx.Var[str], title: rx.Var[str] | str, fallback: Any = 3
) -> rx.Component:
    """A page of the account; ``fallback`` is what shows until it is there, or of how many cards its shape is."""
    if isinstance(fallback, int):
        waiting = account_skeleton(current, fallback, has_wishlist=WishState.is_on)
    else:
        waiting = account_frame(current, *fallback, has_wishlist=WishState.is_on)
    return shop_page(
        account_frame(current, confirm_banner(), *content, has_wishlist=WishState.is_on),
        loaded=loaded,
        title=title,
        fallback=waiting,
    )
