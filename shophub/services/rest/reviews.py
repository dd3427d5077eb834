"""A customer's own reviews, as programs write them."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import ProductNotFoundError
from shophub.lib.slugs import is_slug
from shophub.repositories import catalog
from shophub.repositories import reviews as repository
from shophub.schemas.accounts import UserView
from shophub.schemas.api.catalogue import ReviewOut
from shophub.schemas.api.reviews import ReviewBody
from shophub.schemas.community import ReviewForm
from shophub.services import reviews


async def write(session: AsyncSession, user: UserView, key: str, body: ReviewBody) -> ReviewOut:
    """Write a review of the product with that id or slug.

    Raises:
        ProductNotFoundError: No such product, or it is not on sale.
        FeatureOffError, NotReceivedError, ReviewExistsError: See ``reviews.write``.
    """
    product_id = await _find_product(session, key)
    if product_id is None:
        raise ProductNotFoundError("We do not have that product.")
    return await _written(session, user, await reviews.write(session, user, product_id, _form(body)))


async def change(session: AsyncSession, user: UserView, review_id: UUID, body: ReviewBody) -> ReviewOut:
    """Put another text and other stars in the place of what was written; without a comment there is none any more.

    Raises:
        FeatureOffError, ReviewNotFoundError: See ``reviews.change``.
    """
    await reviews.change(session, user, review_id, _form(body))
    return await _written(session, user, review_id)


async def _find_product(session: AsyncSession, key: str) -> UUID | None:
    try:
        found = await catalog.find_visible_id(session, UUID(key))
    except ValueError:
        found = None
    return await catalog.find_visible_id(session, key) if found is None and is_slug(key) else found


async def _written(session: AsyncSession, user: UserView, review_id: UUID) -> ReviewOut:
    return ReviewOut.model_validate(await repository.get_written(session, review_id, user.id))


def _form(body: ReviewBody) -> ReviewForm:
    return ReviewForm(rating=body.rating, comment=body.comment or "")
