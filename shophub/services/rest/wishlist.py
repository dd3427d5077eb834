"""An account's wishlist, as programs see and change it."""

from uuid import UUID

from pydantic_core import from_json

from shophub.db import AsyncSession
from shophub.errors import ProductNotFoundError
from shophub.lib.pagination import PageRequest
from shophub.repositories import wish_records
from shophub.repositories.wish_records import WishRecord
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.catalogue import ProductOut
from shophub.schemas.api.wishlist import WishOut
from shophub.services import wishlists
from shophub.services.rest.catalogue import address_pictures


async def list_wishes(session: AsyncSession, user_id: UUID, request: PageRequest) -> PageOut[WishOut]:
    """Return a page of what an account wishes for, the newest wish first; what is not on sale is left out.

    Raises:
        FeatureOffError: The store keeps no wishlists.
    """
    await wishlists.require_on(session)
    total = await wish_records.count_wishes(session, user_id)
    rows = await wish_records.list_wishes(session, user_id, limit=request.page_size, offset=request.offset)
    return PageOut(items=[_wish(row) for row in rows], total=total, page=request.page, page_size=request.page_size)


async def wish(session: AsyncSession, user_id: UUID, product_id: UUID) -> WishOut:
    """Wish for a product; again changes nothing, and answers the same.

    Raises:
        ProductNotFoundError: No such product, or it is not on sale.
        FeatureOffError, WishlistFullError: See ``wishlists.add``.
    """
    await wishlists.add(session, user_id, product_id)
    found = await wish_records.find_wish(session, user_id, product_id)
    if found is None:
        raise ProductNotFoundError("We do not have that product.")
    return _wish(found)


def _wish(row: WishRecord) -> WishOut:
    product = from_json(row.product)
    address_pictures(product)
    return WishOut(
        product_id=row.product_id,
        added_at=row.added_at,
        added_price=row.added_price_minor,
        product=ProductOut.model_validate(product),
    )
