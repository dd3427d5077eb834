"""``/products/[slug]``"""

import reflex as rx

from shophub.components.store.missing import gone, missing
from shophub.components.store.product import product
from shophub.components.store.recent import recently_viewed
from shophub.components.store.reviews import ReviewEvents, Writing, reviews
from shophub.components.store.skeletons import product_skeleton
from shophub.components.store.stock_alert import stock_alert
from shophub.pages.store.layout import shop_page
from shophub.state.store.product import ProductState
from shophub.state.store.recent import RecentState
from shophub.state.store.reviews import ReviewsState
from shophub.state.store.shell import ShellState
from shophub.state.store.stock_alert import StockAlertState

REVIEW_EVENTS = ReviewEvents(
    choose_stars=ReviewsState.choose_stars,
    sort=ReviewsState.sort,
    show_more=ReviewsState.show_more,
    write=ReviewsState.write,
    stop_writing=ReviewsState.stop_writing,
    save=ReviewsState.save,
    delete=ReviewsState.delete,
    vote=ReviewsState.vote,
)


def _reviews() -> rx.Component:
    return reviews(
        ReviewsState.view,
        page_url=ProductState.view.url,
        epoch=ReviewsState.epoch,
        writing=Writing(
            is_open=ReviewsState.is_writing,
            rating_error=ReviewsState.rating_error,
            comment_error=ReviewsState.comment_error,
        ),
        events=REVIEW_EVENTS,
    )


def _alert() -> rx.Component:
    return stock_alert(
        ProductState.view.variant_id,
        email=ShellState.user_email,
        asked_for=StockAlertState.asked_for,
        error=StockAlertState.error,
        on_ask=StockAlertState.ask,
    )


def page() -> rx.Component:
    """A product."""
    return shop_page(
        rx.cond(
            ProductState.is_missing,
            rx.cond(
                ProductState.shelf.url,
                gone(ProductState.title, ProductState.shelf, ShellState.categories),
                missing(ShellState.categories),
            ),
            product(
                ProductState.view,
                on_choose=ProductState.choose,
                alert=_alert(),
                reviews=_reviews(),
                recent=recently_viewed(RecentState.cards),
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
