"""What the account that is asking wishes for."""

from uuid import UUID

from fastapi import APIRouter

from shophub.api.dependencies import PageDep, SameOrigin, SessionDep
from shophub.api.description.refusals import refuses
from shophub.api.permissions import CustomerDep
from shophub.errors import FeatureOffError, ProductNotFoundError, WishlistFullError
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.wishlist import WishForm, WishOut
from shophub.services import wishlists
from shophub.services.rest import wishlist

router = APIRouter(prefix="/api/wishlist", tags=["wishlist"], dependencies=[SameOrigin])


@router.get("", openapi_extra=refuses(FeatureOffError))
async def get_wishlist(session: SessionDep, user: CustomerDep, page: PageDep) -> PageOut[WishOut]:
    """List what the caller wishes for, the newest wish first. What is not on sale now is left out."""
    return await wishlist.list_wishes(session, user.id, page)


@router.post("", status_code=201, openapi_extra=refuses(FeatureOffError, ProductNotFoundError, WishlistFullError))
async def post_wish(body: WishForm, session: SessionDep, user: CustomerDep) -> WishOut:
    """Wish for a product at its price of now. Again changes nothing, and answers the same."""
    return await wishlist.wish(session, user.id, body.product_id)


@router.delete("/{product_id}", status_code=204, openapi_extra=refuses(FeatureOffError))
async def delete_wish(product_id: UUID, session: SessionDep, user: CustomerDep) -> None:
    """Wish for a product no more. Again changes nothing."""
    await wishlists.remove(session, user.id, product_id)
