"""Asking to hear when something sold out is back; ``back_in_stock`` writes the e-mails."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import ProductNotFoundError
from shophub.repositories import stock_alerts
from shophub.schemas.accounts import Visitor


async def ask(session: AsyncSession, variant_id: UUID, email: str, visitor: Visitor) -> None:
    """Note that an address wants one e-mail when a variant can be had again; asking twice is asking once.

    The answer never tells whether somebody asked before. It belongs to the account only where the address is its own.

    Raises:
        ProductNotFoundError: No such variant of a product on sale.
    """
    user = visitor.user
    own = user.id if user is not None and user.email.casefold() == email.casefold() else None
    if not await stock_alerts.ask(session, variant_id, email, own):
        raise ProductNotFoundError("We do not have that product.")
