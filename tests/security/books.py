"""Everything that the database holds, and whose it is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import sql

# Not anybody's: the queue, what counts how often the shop is used, what a job makes anew.
LEFT_OUT = (
    "alembic_version",
    "searches",
    "visits",
    "visit_days",
    "sales_days",
    "sales_products",
    "sales_coupons",
    "sales_changes",
    "marks",
    "invariant_checks",
    "search_words",
    "stock_turns",
    "listing_counts",
)
QUEUE = "procrastinate_"
# Sums over everybody, which a shopper's own doing may move.
SUMS = {
    "variants": ("stock", "reserved", "updated_at", "version"),
    "coupons": ("held", "used", "updated_at"),
    "products": ("in_stock", "updated_at", "version"),
}

Rows = dict[str, frozenset[str]]
# What a table's rows looked like when they were last read, by database and table.
_kept: dict[tuple[str, str], tuple[tuple[int, ...], frozenset[str]]] = {}
# Kept open: a new one would learn of every table anew.
_connections: "dict[str, psycopg.Connection[Any]]" = {}


def snapshot(database_url: str) -> Rows:
    """Return every row of every table as text.

    Only a table that was written to is read again: a row that is inserted or changed has an ``xmin`` above all earlier
    ones, and one that is deleted is counted no more.
    """
    connection = _connections.get(database_url) or psycopg.connect(database_url, autocommit=True)
    _connections[database_url] = connection
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with connection.transaction():
        names = [
            name
            for (name,) in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
            ).fetchall()
            if name not in LEFT_OUT and not name.startswith(QUEUE)
        ]
        written = "SELECT xmin::text::bigint AS x FROM {}"
        mark = f"SELECT {{}}, count(*), coalesce(sum(x), 0)::bigint, coalesce(max(x), 0) FROM ({written})"
        marks = {
            name: tuple(mark)
            for name, *mark in _of_each(connection, names, lambda name: (name, sql.Identifier(name)), mark)
        }
        read: dict[str, set[str]] = {
            name: set() for name in names if _kept.get((database_url, name), (None,))[0] != marks[name]
        }
        row = "SELECT {}, (to_jsonb(t) - {}::text[])::text FROM {} t"
        for name, text in _of_each(
            connection, list(read), lambda name: (name, list(SUMS.get(name, ())), sql.Identifier(name)), row
        ):
            read[name].add(text)
    _kept.update({(database_url, name): (marks[name], frozenset(rows)) for name, rows in read.items()})
    return {name: _kept[database_url, name][1] for name in names}


def close() -> None:
    """Forget what was read, and close the connections."""
    for connection in _connections.values():
        connection.close()
    _connections.clear()
    _kept.clear()


def _of_each(
    connection: "psycopg.Connection[Any]", names: list[str], values: Callable[[str], tuple[Any, ...]], statement: str
) -> list[tuple[Any, ...]]:
    """Return the rows of one statement, asked of each table."""
    if not names:
        return []
    each = [sql.SQL(statement).format(*values(name)) for name in names]
    return connection.execute(sql.SQL(" UNION ALL ").join(each)).fetchall()


@dataclass(frozen=True)
class Change:
    """A row that is there now and was not, or the other way round."""

    table: str
    row: str


def changes(before: Rows, after: Rows) -> list[Change]:
    """Return what differs."""
    return [
        Change(name, row)
        for name in before.keys() | after.keys()
        if before.get(name) is not after.get(name)
        for row in sorted(before.get(name, frozenset()) ^ after.get(name, frozenset()))
    ]


def foreign(found: list[Change], before: Rows, after: Rows, mine: set[str]) -> list[Change]:
    """Return the changes of rows that are not somebody's, whose ids and names are ``mine``.

    A row is somebody's if it names one of these, or a row that is: a cart's lines, a checkout's reservations.
    """
    if not found:
        return []
    ids = {row: _id(row) for kept in (before, after) for rows in kept.values() for row in rows}
    known = set(mine)
    while more := {own for row, own in ids.items() if own not in known and _names(row, known)} - {"None"}:
        known |= more
    return [change for change in found if not _names(change.row, known)]


def _names(row: str, known: set[str]) -> bool:
    return not known.isdisjoint(_words(row))


@lru_cache(maxsize=50_000)
def _words(row: str) -> frozenset[str]:
    return frozenset(row.split('"'))


@lru_cache(maxsize=50_000)
def _id(row: str) -> str:
    return str(json.loads(row).get("id"))
