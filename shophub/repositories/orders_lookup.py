"""Small questions about orders that pricing and checkout ask."""

from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession


async def has_ordered(session: AsyncSession, user_id: UUID | None, email_key: str) -> bool:
    """Return whether the account, or a guest with that address, has an order that was not cancelled."""
    statement = text("""
        SELECT EXISTS (SELECT 1 FROM orders WHERE status <> 'CANCELLED'
          AND (user_id = CAST(:user_id AS uuid) OR (:email_key <> '' AND email_key = :email_key)))
    """)
    return bool((await session.execute(statement, {"user_id": user_id, "email_key": email_key})).scalar_one())
