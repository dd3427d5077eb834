"""What the staff write about an order for each other."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id

NOTES_SHOWN = 200


@dataclass(frozen=True)
class NoteRow:
    """A note with who wrote it."""

    body: str
    author: str | None
    created_at: datetime


async def insert(session: AsyncSession, order_id: UUID, body: str, *, author_id: UUID | None) -> None:
    """Add a note to an order."""
    await session.execute(
        text("""
            INSERT INTO order_notes (id, order_id, author_id, body, created_at)
            VALUES (:id, :order_id, CAST(:author_id AS uuid), :body, clock_timestamp())
        """),
        {"id": new_id(), "order_id": order_id, "author_id": author_id, "body": body},
    )


async def list_newest(session: AsyncSession, order_id: UUID) -> list[NoteRow]:
    """Return an order's notes, the newest first."""
    statement = text("""
        SELECT n.body, u.full_name AS author, n.created_at
        FROM order_notes n LEFT JOIN users u ON u.id = n.author_id
        WHERE n.order_id = :order_id ORDER BY n.created_at DESC, n.id DESC LIMIT :limit
    """)
    rows = await session.execute(statement, {"order_id": order_id, "limit": NOTES_SHOWN})
    return [NoteRow(**row) for row in rows.mappings()]
