"""Reading the shop's database in a test."""

from sqlalchemy import text

from shophub.db import transaction


async def rows(sql: str, **values: object) -> list[tuple[object, ...]]:
    """Return the rows of a statement, run in a transaction of its own."""
    async with transaction() as session:
        return [tuple(row) for row in await session.execute(text(sql), values)]
