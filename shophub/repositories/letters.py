"""What only letters ask of the tables."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.models.accounts import Invite


@dataclass(frozen=True)
class ReturnedRow:
    """What was paid for an order and what of it goes or went back, in minor units of ``currency``."""

    currency: str
    paid_minor: int
    refunded_minor: int
    pending_minor: int


async def find_returned(session: AsyncSession, order_id: UUID) -> ReturnedRow | None:
    """Return what became of an order's payment; None where nothing was paid."""
    statement = text("""
        SELECT currency, amount_minor, refunded_minor, pending_minor FROM payments WHERE order_id = :id
    """)
    row = (await session.execute(statement, {"id": order_id})).one_or_none()
    return ReturnedRow(*row) if row else None


async def find_invite(session: AsyncSession, invite_id: UUID) -> Invite | None:
    """Return an invite whatever its state, or ``None``."""
    return await session.get(Invite, invite_id)
