"""What customers say about products, written by programs in their name. Everybody reads it: ``catalogue.py``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from shophub.api.dependencies import SameOrigin, SessionDep
from shophub.api.description.refusals import refuses
from shophub.api.permissions import CustomerDep
from shophub.errors import (
    FeatureOffError,
    NotReceivedError,
    ProductNotFoundError,
    ReviewExistsError,
    ReviewNotFoundError,
)
from shophub.lib.slugs import MAX_SLUG
from shophub.schemas.api.catalogue import ReviewOut
from shophub.schemas.api.reviews import ReviewBody
from shophub.services import reviews
from shophub.services.rest import reviews as rest_reviews

router = APIRouter(prefix="/api", tags=["reviews"], dependencies=[SameOrigin])

Key = Annotated[str, Path(max_length=MAX_SLUG, description="Id or slug.")]


@router.post(
    "/products/{key}/reviews",
    status_code=201,
    openapi_extra=refuses(FeatureOffError, ProductNotFoundError, NotReceivedError, ReviewExistsError),
)
async def post_product_review(key: Key, body: ReviewBody, session: SessionDep, user: CustomerDep) -> ReviewOut:
    """Review a product that was delivered to the caller; it is shown at once. One review each."""
    return await rest_reviews.write(session, user, key, body)


@router.put("/reviews/{review_id}", openapi_extra=refuses(FeatureOffError, ReviewNotFoundError))
async def put_review(review_id: UUID, body: ReviewBody, session: SessionDep, user: CustomerDep) -> ReviewOut:
    """Change the caller's own review. One that the store hides stays hidden."""
    return await rest_reviews.change(session, user, review_id, body)


@router.delete("/reviews/{review_id}", status_code=204, openapi_extra=refuses(FeatureOffError, ReviewNotFoundError))
async def delete_review(review_id: UUID, session: SessionDep, user: CustomerDep) -> None:
    """Delete the caller's own review, with what others found of it."""
    await reviews.delete(session, user, review_id)
