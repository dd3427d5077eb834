"""``/``"""

import reflex as rx

from shophub.components.store.home import home
from shophub.components.store.recent import recently_viewed
from shophub.components.store.skeletons import home_skeleton
from shophub.lib.ui_texts import HOME_HEADING
from shophub.pages.store.layout import shop_page
from shophub.state.store.home import HomeState
from shophub.state.store.recent import RecentState


def page() -> rx.Component:
    """The front page."""
    return shop_page(
        home(HomeState.view, recent=recently_viewed(RecentState.cards)),
        loaded=HomeState.loaded,
        title=HOME_HEADING,
        fallback=home_skeleton(),
    )
