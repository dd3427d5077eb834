"""Counting SQL: pages have budgets of statements, and a loop of queries must not creep in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from shophub.db import AsyncSession, get_database

TRANSACTION_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def counted_statements(session: AsyncSession) -> Iterator[list[str]]:
    """Give a list that fills with the SQL statements that the session runs inside the block."""
    with _counted(session.sync_session.get_bind()) as statements:
        yield statements


@contextmanager
def all_statements() -> Iterator[list[str]]:
    """Give a list that fills with the SQL statements that the shop runs inside the block, in whatever transaction."""
    with _counted(get_database().engine.sync_engine) as statements:
        yield statements


@contextmanager
def _counted(connection: Any) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(TRANSACTION_CONTROL):
            statements.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(connection, "before_cursor_execute", note)
