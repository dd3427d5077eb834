"""Reading the shop's database in a test."""

from sqlalchemy import text

from shophub.db import AsyncSession, transaction


async def rows(sql: str, **values: object) -> list[tuple[object, ...]]:
    """Return the rows of a statement, run in a transaction of its own."""
    async with transaction() as session:
        return [tuple(row) for row in await session.execute(text(sql), values)]


async def execute(session: AsyncSession, sql: str, **values: object) -> None:
    """Run a statement in a test's own session."""
    await session.execute(text(sql), values)
