"""Hearts, reviews and stock alerts as their handlers meet odd and foreign input."""

from collections.abc import Callable

import pytest

from shophub.db import transaction
from shophub.domain.statuses import OrderStatus
from shophub.models.accounts import User
from shophub.services import sessions
from shophub.services.live import Notice
from shophub.state.store.product import ProductState
from shophub.state.store.reviews import ReviewsState
from shophub.state.store.stock_alert import StockAlertState
from shophub.state.store.wishes import WishState
from shophub.state.store.wishlist import WishlistState
from tests.factories import make_order, make_product, make_user, variants_of
from tests.rows import rows
from tests.state.conftest import Tab, run, scripts


async def signed_in(open_tab: Callable[..., Tab]) -> tuple[Tab, User]:
    """Return a tab of somebody who is signed in."""
    async with transaction() as session:
        user = await make_user(session)
        token = await sessions.start(session, user.id)
    return open_tab(f"{sessions.SESSION_COOKIE}={token}"), user


async def test_guests_heart_is_kept_and_told_to_sign_in_once(open_tab: Callable[..., Tab]) -> None:
    async with transaction() as session:
        products = [await make_product(session, slug=f"vase-{number}") for number in range(2)]
    tab = open_tab()
    tab.go("/products/vase-0")
    hearts = tab.state(WishState)

    first = await run(WishState.toggle.fn(hearts, str(products[0].id), True))
    second = await run(WishState.toggle.fn(hearts, str(products[1].id), True))
    await run(WishState.toggle.fn(hearts, str(products[1].id), False))

    assert "/login?next=/products/vase-0" in scripts(first)
    assert "Sign in" not in scripts(second)
    assert hearts.ids == (str(products[0].id),)
    assert await rows("SELECT product_id FROM guest_wishes") == [(products[0].id,)]
    assert await rows("SELECT 1 FROM wishlist_items") == []


async def test_heart_without_cookie_asks_to_sign_in(open_tab: Callable[..., Tab]) -> None:
    async with transaction() as session:
        product = await make_product(session, slug="vase")
    tab = open_tab("")
    tab.go("/products/vase")

    events = await run(WishState.toggle.fn(tab.state(WishState), str(product.id), True))

    assert "/login?next=/products/vase" in scripts(events)
    assert await rows("SELECT 1 FROM guest_wishes") == []


@pytest.mark.parametrize("product_id", ["", "nonsense", "' OR 1=1 --", "0197b2f4-7c11-7c11-8c11-9c11ac11bc11"])
async def test_heart_of_no_product_is_answered_and_changes_nothing(
    product_id: str, open_tab: Callable[..., Tab]
) -> None:
    tab, _ = await signed_in(open_tab)
    hearts = tab.state(WishState)

    await run(WishState.toggle.fn(hearts, product_id, True))

    assert (hearts.ids, hearts.answered, hearts.epoch) == ((), product_id, 1)


async def test_review_needs_stars_and_is_kept_where_it_is_written(open_tab: Callable[..., Tab]) -> None:
    tab, user = await signed_in(open_tab)
    async with transaction() as session:
        product = await make_product(session, slug="vase")
        await make_order(session, user=user, variants=await variants_of(session, product), status=OrderStatus.DELIVERED)
    tab.go("/products/vase")
    await run(ProductState.load.fn(tab.state(ProductState)))
    reviews = tab.state(ReviewsState)
    assert reviews.view.writing == "can_write"

    for form in ({}, {"rating": "0"}, {"rating": "6"}, {"rating": "four"}, {"comment": "No stars."}):
        await run(ReviewsState.save.fn(reviews, form))
        assert reviews.rating_error
    await run(ReviewsState.save.fn(reviews, {"rating": "4", "comment": "x" * 2_001}))
    assert (reviews.rating_error, reviews.comment_error) == ("", "Shorten your review to 2,000 characters.")
    assert await rows("SELECT 1 FROM reviews") == []

    await run(ReviewsState.save.fn(reviews, {"rating": "4", "comment": " Good.\x00 "}))
    assert (reviews.view.own.rating, reviews.view.own.comment, reviews.is_writing) == (4, "Good.", False)


async def test_review_that_is_being_written_stays_when_another_tab_publishes_one(open_tab: Callable[..., Tab]) -> None:
    tab, user = await signed_in(open_tab)
    other = open_tab(tab.root.router.headers.cookie)
    async with transaction() as session:
        product = await make_product(session, slug="vase")
        await make_order(session, user=user, variants=await variants_of(session, product), status=OrderStatus.DELIVERED)
    for one in (tab, other):
        one.go("/products/vase")
        await run(ProductState.load.fn(one.state(ProductState)))
        await run(ReviewsState.write.fn(one.state(ReviewsState)))
    await run(ReviewsState.save.fn(other.state(ReviewsState), {"rating": "2", "comment": "Broken."}))
    reviews = tab.state(ReviewsState)

    await reviews._refresh(Notice("product", str(product.id)))
    assert (reviews.is_writing, reviews.view.own.comment) == (True, "")
    await run(ReviewsState.save.fn(reviews, {"rating": "5", "comment": "Lovely."}))
    assert (reviews.is_writing, "another window" in reviews.comment_error) == (True, True)
    assert await rows("SELECT rating, comment FROM reviews") == [(2, "Broken.")]

    await run(ReviewsState.save.fn(reviews, {"rating": "5", "comment": "Lovely."}))
    assert (reviews.is_writing, reviews.view.own.comment) == (False, "Lovely.")
    assert await rows("SELECT rating, comment FROM reviews") == [(5, "Lovely.")]


@pytest.mark.parametrize("stars", [-1, 6, 10**9])
async def test_stars_that_cannot_be_show_all_reviews(stars: int, open_tab: Callable[..., Tab]) -> None:
    async with transaction() as session:
        await make_product(session, slug="vase")
    tab = open_tab()
    tab.go("/products/vase")
    await run(ProductState.load.fn(tab.state(ProductState)))
    reviews = tab.state(ReviewsState)

    await run(ReviewsState.choose_stars.fn(reviews, stars))

    assert reviews.view.chosen_stars == 0


@pytest.mark.parametrize("variant", ["", "nonsense", "0197b2f4-7c11-7c11-8c11-9c11ac11bc11"])
async def test_alert_for_nothing_is_refused_in_words(variant: str, open_tab: Callable[..., Tab]) -> None:
    alert = open_tab().state(StockAlertState)

    await run(StockAlertState.ask.fn(alert, {"variant": variant, "alert-email": "ada@example.com"}))

    assert (alert.error, alert.asked_for) == ("We do not have that product.", "")


async def test_only_what_stands_on_ones_own_list_is_moved_to_the_cart(open_tab: Callable[..., Tab]) -> None:
    tab, _ = await signed_in(open_tab)
    async with transaction() as session:
        product = await make_product(session)
    tab.go("/wishlist")
    wishlist = tab.state(WishlistState)
    await run(WishlistState.load.fn(wishlist))

    events = await run(WishlistState.move_to_cart.fn(wishlist, str(product.id)))

    assert "not on your wishlist any more" in scripts(events)
    assert await rows("SELECT 1 FROM cart_lines") == []
