"""Alerts: one open row per kind and subject."""

from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import AlertKind
from shophub.lib.ids import new_id
from shophub.schemas.operations import AlertView

_OPEN_ALERTS = 200


async def upsert(session: AsyncSession, kind: AlertKind, subject: str, message: str) -> None:
    """Open an alert, or count one more sighting of the one that is open."""
    statement = text("""
        INSERT INTO alerts (id, kind, subject, message, seen, raised_at, last_seen_at)
        VALUES (:id, :kind, :subject, :message, 1, now(), now())
        ON CONFLICT (kind, subject) WHERE resolved_at IS NULL
        DO UPDATE SET seen = alerts.seen + 1, last_seen_at = now(), message = excluded.message
    """)
    await session.execute(statement, {"id": new_id(), "kind": kind.value, "subject": subject, "message": message})


async def list_open(session: AsyncSession) -> tuple[AlertView, ...]:
    """Return the open alerts, the newest first, at most 200."""
    statement = text("""
        SELECT id, kind, subject, message, seen, raised_at, last_seen_at FROM alerts
        WHERE resolved_at IS NULL ORDER BY raised_at DESC, id DESC LIMIT :limit
    """)
    return tuple(AlertView(*row) for row in await session.execute(statement, {"limit": _OPEN_ALERTS}))


async def resolve(session: AsyncSession, alert_id: UUID, user_id: UUID | None) -> bool:
    """Close an open alert; False where it is not open."""
    statement = text("""
        UPDATE alerts SET resolved_at = now(), resolved_by_id = :user_id
        WHERE id = :id AND resolved_at IS NULL RETURNING id
    """)
    return (await session.execute(statement, {"id": alert_id, "user_id": user_id})).scalar_one_or_none() is not None


async def resolve_subject(session: AsyncSession, kind: AlertKind, subject: str) -> bool:
    """Close the open alert about a subject, by nobody in particular; False where none is open."""
    statement = text("""
        UPDATE alerts SET resolved_at = now() WHERE kind = :kind AND subject = :subject AND resolved_at IS NULL
        RETURNING id
    """)
    found = (await session.execute(statement, {"kind": kind.value, "subject": subject})).scalar_one_or_none()
    return found is not None


async def was_resolved(session: AsyncSession, kind: AlertKind, subject: str) -> bool:
    """Return whether an alert about the subject has been closed."""
    statement = text("""
        SELECT EXISTS (SELECT 1 FROM alerts WHERE kind = :kind AND subject = :subject AND resolved_at IS NOT NULL)
    """)
    return bool((await session.execute(statement, {"kind": kind.value, "subject": subject})).scalar_one())
