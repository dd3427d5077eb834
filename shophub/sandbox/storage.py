"""The sandboxes' memory: tables of their own in the PostgreSQL schema ``sandbox``.

It outlives the process, as the real services outlive the shop, and several processes may use it at once.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, LiteralString

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

Connection = AsyncConnection[DictRow]

# One lock for creating tables, whoever starts first; the number is arbitrary and belongs to the sandbox.
_SCHEMA_LOCK = 7_215_300_419


class Storage:
    """A pool of connections to the sandbox's tables, opened by ``start``."""

    def __init__(self, database_url: str, *, max_connections: int = 12) -> None:
        """Prepare a pool for ``database_url``; nothing is opened yet."""
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            database_url,
            connection_class=AsyncConnection[DictRow],
            kwargs={"row_factory": dict_row, "application_name": "shophub-sandbox"},
            min_size=1,
            max_size=max_connections,
            max_idle=30,
            timeout=30,
            open=False,
        )

    async def start(self) -> None:
        """Open the pool and wait until the database answers."""
        await self._pool.open(wait=True, timeout=30)

    async def stop(self) -> None:
        """Close all connections."""
        await self._pool.close()

    async def create_tables(self, statements: Sequence[LiteralString]) -> None:
        """Run idempotent DDL in the schema ``sandbox``.

        Safe when several processes start at the same instant: ``CREATE … IF NOT EXISTS`` alone can still collide on
        the catalog's unique indexes, so a lock goes first.
        """
        async with self.transaction() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
            await connection.execute("CREATE SCHEMA IF NOT EXISTS sandbox")
            for statement in statements:
                await connection.execute(statement)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Yield a connection inside a transaction, committed unless an exception leaves the block."""
        async with self._pool.connection() as connection:
            yield connection


def one(row: dict[str, Any] | None) -> dict[str, Any]:
    """Return a row that a statement such as ``INSERT … RETURNING`` always gives.

    Raises:
        LookupError: It gave none after all.
    """
    if row is None:
        raise LookupError("The statement returned no row.")
    return row
