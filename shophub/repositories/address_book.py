"""Customers' address books."""

from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession


async def list_addresses(session: AsyncSession, user_id: UUID) -> list[dict[str, str]]:
    """Return the account's addresses, the default one first."""
    rows = (
        await session.execute(
            text("""
            SELECT full_name, address, address2, city, state, zip_code, country, phone FROM addresses
            WHERE user_id = :user_id ORDER BY is_default DESC, created_at DESC LIMIT 20
            """),
            {"user_id": user_id},
        )
    ).mappings()
    return [dict(row) for row in rows]


async def clear(session: AsyncSession, user_id: UUID) -> None:
    """Take all of the account's addresses away."""
    await session.execute(text("DELETE FROM addresses WHERE user_id = :user_id"), {"user_id": user_id})
