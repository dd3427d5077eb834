"""Reviews: read a page at a time, written by who received the product, one each."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import (
    FeatureOffError,
    NotReceivedError,
    OwnReviewError,
    ReviewExistsError,
    ReviewNotFoundError,
)
from shophub.lib.clock import utc_now
from shophub.repositories import reviews
from shophub.repositories.reviews import OwnReviewRow, Standing
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.community import OwnReviewView, ReviewForm, ReviewQuery, ReviewsView, WritingState
from shophub.schemas.stores import StoreView
from shophub.services import stores
from shophub.services.views.cards import rating_text, whole_stars
from shophub.services.views.products import histogram_view, review_day, review_view

PAGE_SIZE = 10
MAX_PAGES = 50


async def list_reviews(
    session: AsyncSession, product_id: UUID, query: ReviewQuery, visitor: Visitor, store: StoreView
) -> ReviewsView:
    """Return a product's reviews as a visitor sees them: their own apart, the rest from the first page on.

    At most three statements; none where the store shows no reviews.
    """
    if not store.reviews_enabled:
        return ReviewsView(is_on=False)
    user_id = visitor.user.id if visitor.user else None
    limit = PAGE_SIZE * max(1, min(query.pages, MAX_PAGES))
    counts = await reviews.count_by_stars(session, product_id)
    rows = await reviews.list_reviews(
        session, product_id, user_id, stars=query.stars, sort=query.sort.value, limit=limit
    )
    standing = await reviews.get_standing(session, product_id, user_id) if user_id else Standing()
    total = _others(counts, query.stars, standing.own)
    rating_sum, count = sum(stars * n for stars, n in counts.items()), sum(counts.values())
    return ReviewsView(
        count=count,
        rating_text=rating_text(rating_sum, count),
        stars=whole_stars(rating_sum, count),
        histogram=histogram_view(counts),
        items=tuple(review_view(row) for row in rows),
        own=_own_view(standing.own) if standing.own else OwnReviewView(),
        writing=_writing(visitor, standing).value,
        chosen_stars=query.stars,
        sort=query.sort.value,
        shown_text=_shown(len(rows), total, query.stars),
        more=min(PAGE_SIZE, total - len(rows)) if limit < PAGE_SIZE * MAX_PAGES else 0,
    )


async def write(session: AsyncSession, user: UserView, product_id: UUID, form: ReviewForm) -> UUID:
    """Write a customer's review of what they have received; it is shown at once. Returns its id.

    Raises:
        FeatureOffError: The store shows no reviews.
        NotReceivedError: No delivered order of theirs contains the product.
        ReviewExistsError: They reviewed it before, perhaps in another tab.
    """
    await _require_on(session)
    standing = await reviews.get_standing(session, product_id, user.id)
    if standing.order_id is None:
        raise NotReceivedError("You can review this once it has been delivered to you.")
    written = await reviews.insert(
        session,
        product_id=product_id,
        user_id=user.id,
        order_id=standing.order_id,
        author_name=author_name(user.full_name),
        rating=form.rating,
        comment=form.comment,
        now=utc_now(),
    )
    if written is None:
        raise ReviewExistsError("You have reviewed this already. You can change what you wrote.")
    return written


async def change(session: AsyncSession, user: UserView, review_id: UUID, form: ReviewForm) -> UUID:
    """Change one's own review and return its product; one that the store hides stays hidden.

    Raises:
        FeatureOffError: The store shows no reviews.
        ReviewNotFoundError: It is not theirs, or gone.
    """
    await _require_on(session)
    changed = await reviews.update(session, review_id, user.id, rating=form.rating, comment=form.comment, now=utc_now())
    return _product(changed)


async def delete(session: AsyncSession, user: UserView, review_id: UUID) -> UUID:
    """Delete one's own review with the votes on it and return its product.

    Raises:
        FeatureOffError: The store shows no reviews.
        ReviewNotFoundError: It is not theirs, or gone.
    """
    await _require_on(session)
    return _product(await reviews.delete(session, review_id, user.id))


async def vote(session: AsyncSession, user: UserView, review_id: UUID, *, is_helpful: bool) -> UUID:
    """Say that a review helps, or take that back; saying so twice counts once. Returns the review's product.

    Raises:
        FeatureOffError: The store shows no reviews.
        ReviewNotFoundError: No such review, or the store hides it.
        OwnReviewError: It is the customer's own.
    """
    await _require_on(session)
    found = await reviews.find_author(session, review_id)
    if found is None:
        raise ReviewNotFoundError("That review is not here any more.")
    product_id, author_id = found
    if author_id == user.id:
        raise OwnReviewError("That is your own review.")
    await reviews.set_vote(session, review_id, user.id, is_helpful=is_helpful, now=utc_now())
    return product_id


def author_name(full_name: str) -> str:
    """Return the name that stands beside a review, ``Mara L.``: nobody's full name is published."""
    first, *rest = full_name.split() or ["Customer"]
    return f"{first} {rest[-1][0]}." if rest else first


async def _require_on(session: AsyncSession) -> None:
    if not (await stores.get_store(session)).reviews_enabled:
        raise FeatureOffError("This store does not take reviews.")


def _product(product_id: UUID | None) -> UUID:
    if product_id is None:
        raise ReviewNotFoundError("That review is not here any more.")
    return product_id


def _writing(visitor: Visitor, standing: Standing) -> WritingState:
    if visitor.user is None:
        return WritingState.SIGN_IN
    if standing.own is not None:
        return WritingState.WRITTEN
    return WritingState.CAN_WRITE if standing.order_id else WritingState.NOT_RECEIVED


def _others(counts: dict[int, int], stars: int, own: OwnReviewRow | None) -> int:
    """Return how many visible reviews of others have the chosen stars."""
    counted = own is not None and not own.is_hidden and stars in (0, own.rating)
    return (counts.get(stars, 0) if stars else sum(counts.values())) - counted


def _shown(shown: int, total: int, stars: int) -> str:
    kind = f"{stars}-star " if stars else ""
    word = "review" if total == 1 else "reviews"
    return f"Showing {shown} of {total} {kind}{word}" if shown < total else f"{total} {kind}{word}"


def _own_view(row: OwnReviewRow) -> OwnReviewView:
    return OwnReviewView(
        id=str(row.id),
        rating=row.rating,
        comment=row.comment,
        is_hidden=row.is_hidden,
        hidden_reason=row.hidden_reason or "",
        helpful=row.helpful_count,
        created_text=review_day(row.created_at),
        created_iso=row.created_at.isoformat(),
        is_edited=row.is_edited,
    )
