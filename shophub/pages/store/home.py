"""``/``"""

import reflex as rx

from shophub.components.store.home import home
from shophub.components.store.skeletons import home_skeleton
from shophub.lib.ui_texts import HOME_HEADING
from shophub.pages.store.layout import shop_page
from shophub.state.store.home import HomeState


def page() -> rx.Component:
    """The front page."""
    return shop_page(home(HomeState.view), loaded=HomeState.loaded, title=HOME_HEADING, fallback=home_skeleton())
