"""How far something that is read bit by bit has come."""

from datetime import datetime

from sqlalchemy import text

from shophub.db import AsyncSession


async def find(session: AsyncSession, name: str) -> datetime | None:
    """Return how far ``name`` has come, None where it never began."""
    statement = text("SELECT reached_at FROM marks WHERE name = :name")
    return (await session.execute(statement, {"name": name})).scalar_one_or_none()


async def move(session: AsyncSession, name: str, reached_at: datetime) -> None:
    """Note that ``name`` has come as far as a moment; it never goes back."""
    await session.execute(
        text("""
        INSERT INTO marks (name, reached_at) VALUES (:name, :at)
        ON CONFLICT (name) DO UPDATE SET updated_at = now(),
          reached_at = greatest(marks.reached_at, excluded.reached_at)
        """),
        {"name": name, "at": reached_at},
    )
