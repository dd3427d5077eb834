"""Ways to look at a table that people of the staff keep under a name; each sees their own."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import InvalidInputError
from shophub.lib.tables import TableQuery, TableSpec
from shophub.repositories import saved_views
from shophub.services.views.tables import parameters_text

MAX_NAME = 60
MAX_VIEWS = 30

View = tuple[UUID, str, str]


async def list_views(session: AsyncSession, user_id: UUID | None, spec: TableSpec) -> list[View]:
    """Return somebody's views of a table as id, name and the parameters of its address. One statement."""
    return [] if user_id is None else await saved_views.list_views(session, user_id, spec.name)


async def save(session: AsyncSession, user_id: UUID, spec: TableSpec, name: str, query: TableQuery) -> list[View]:
    """Keep what is asked of a table under a name, in the place of what had that name; returns all views of the table.

    Raises:
        InvalidInputError: No name, one of more than 60 characters, or 30 views already.
    """
    tidy = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    if not 1 <= len(tidy) <= MAX_NAME:
        raise InvalidInputError(f"Give the view a name of up to {MAX_NAME} characters.")
    if not await saved_views.save(session, user_id, spec.name, tidy, parameters_text(spec, query), limit=MAX_VIEWS):
        raise InvalidInputError(f"You have {MAX_VIEWS} views of this table. Remove one first.")
    return await saved_views.list_views(session, user_id, spec.name)


async def remove(session: AsyncSession, user_id: UUID, view_id: UUID) -> str:
    """Remove a view of one's own; returns its name, nothing where there is none."""
    removed = await saved_views.remove(session, user_id, view_id)
    return removed[1] if removed else ""
