"""Which variant a program means: by its own id, or by a product's alone, which is its default variant."""

from collections.abc import Sequence
from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import ProductNotFoundError
from shophub.repositories import variants

UNKNOWN = "We do not know this product."


async def meant(session: AsyncSession, product_id: UUID | None, variant_id: UUID | None) -> UUID:
    """Return the variant that is meant, whether it can be bought or not.

    Raises:
        ProductNotFoundError: There is none, or it is not one of the product that is named with it.
    """
    return (await all_meant(session, [(product_id, variant_id)]))[0]


async def all_meant(session: AsyncSession, wanted: Sequence[tuple[UUID | None, UUID | None]]) -> list[UUID]:
    """Return the variant that each pair of product and variant means. One statement.

    Raises:
        ProductNotFoundError: One of them means none.
    """
    found = await variants.list_meant(session, wanted)
    if len(found) < len(wanted):
        raise ProductNotFoundError(UNKNOWN)
    return [found[place] for place in range(len(wanted))]
