"""Putting something into a cart when its last units are only held by checkouts whose time is over."""

from uuid import UUID

from shophub.db import transaction
from shophub.errors import InsufficientStockError
from shophub.schemas.carts import CartOwner, CartView
from shophub.services import carts
from shophub.services.flows.expire import free_expired_holds


async def add_to_cart(owner: CartOwner, variant_id: UUID, quantity: int) -> CartView:
    """Add to the owner's cart; where too few are free, end the checkouts that outlived their time and try once more.

    Raises:
        InvalidInputError, ProductNotFoundError, InsufficientStockError: See ``services.carts.add_item``.
    """
    try:
        async with transaction() as session:
            return await carts.add_item(session, owner, variant_id, quantity)
    except InsufficientStockError:
        if not await free_expired_holds([variant_id]):
            raise
    async with transaction() as session:
        return await carts.add_item(session, owner, variant_id, quantity)
