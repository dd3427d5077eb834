"""The devices on which an account is signed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession


@dataclass(frozen=True)
class DeviceRow:
    """A session that has not ended."""

    id: UUID
    user_agent: str
    network_address: str
    last_seen_at: datetime
    created_at: datetime


async def list_devices(session: AsyncSession, user_id: UUID, now: datetime, limit: int = 100) -> list[DeviceRow]:
    """Return the account's live sessions, last seen first."""
    statement = text("""
        SELECT id, user_agent, network_address, last_seen_at, created_at FROM sessions
        WHERE user_id = :user_id AND revoked_at IS NULL AND expires_at > :now
        ORDER BY last_seen_at DESC, id DESC LIMIT :limit
    """)
    rows = await session.execute(statement, {"user_id": user_id, "now": now, "limit": limit})
    return [DeviceRow(*row) for row in rows]


async def end_device(session: AsyncSession, user_id: UUID, session_id: UUID, now: datetime) -> bool:
    """End a session if it is the account's own; False where there is none to end."""
    statement = text("""
        UPDATE sessions SET revoked_at = :now
        WHERE id = :id AND user_id = :user_id AND revoked_at IS NULL RETURNING id
    """)
    values = {"id": session_id, "user_id": user_id, "now": now}
    return (await session.execute(statement, values)).scalar_one_or_none() is not None


async def end_others(session: AsyncSession, user_id: UUID, kept_id: UUID | None, now: datetime) -> int:
    """End all sessions of the account but the one given; returns how many."""
    statement = text("""
        UPDATE sessions SET revoked_at = :now
        WHERE user_id = :user_id AND revoked_at IS NULL AND id IS DISTINCT FROM CAST(:kept AS uuid) RETURNING id
    """)
    values = {"user_id": user_id, "kept": kept_id, "now": now}
    return len((await session.execute(statement, values)).all())
