"""Views that people of the staff saved. Whose a view is, is part of each question."""

from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id

# One statement, so that two tabs at the limit cannot both pass it.
SAVE = text("""
INSERT INTO saved_views (id, user_id, table_name, name, parameters)
SELECT :id, :user_id, :table_name, :name, :parameters
WHERE (SELECT count(*) FROM saved_views WHERE user_id = :user_id AND table_name = :table_name AND name <> :name)
  < :limit
ON CONFLICT (user_id, table_name, name) DO UPDATE SET parameters = excluded.parameters
RETURNING id
""")


async def list_views(session: AsyncSession, user_id: UUID, table_name: str) -> list[tuple[UUID, str, str]]:
    """Return somebody's views of a table as id, name and parameters, in the order of their names."""
    statement = text("""
        SELECT id, name, parameters FROM saved_views WHERE user_id = :user_id AND table_name = :table_name
        ORDER BY lower(name), id
    """)
    rows = await session.execute(statement, {"user_id": user_id, "table_name": table_name})
    return [(row.id, row.name, row.parameters) for row in rows]


async def save(
    session: AsyncSession, user_id: UUID, table_name: str, name: str, parameters: str, *, limit: int
) -> bool:
    """Keep a view, in the place of the one with that name; False where there are ``limit`` others."""
    values = {
        "id": new_id(),
        "user_id": user_id,
        "table_name": table_name,
        "name": name,
        "parameters": parameters,
        "limit": limit,
    }
    return (await session.execute(SAVE, values)).scalar_one_or_none() is not None


async def remove(session: AsyncSession, user_id: UUID, view_id: UUID) -> tuple[str, str, str] | None:
    """Remove a view of somebody's; returns its table, name and parameters."""
    statement = text(
        "DELETE FROM saved_views WHERE id = :id AND user_id = :user_id RETURNING table_name, name, parameters"
    )
    row = (await session.execute(statement, {"id": view_id, "user_id": user_id})).one_or_none()
    return (row.table_name, row.name, row.parameters) if row else None
