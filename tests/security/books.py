"""Everything that the database holds, and whose it is."""

import json
from collections import defaultdict
from dataclasses import dataclass

import psycopg
from psycopg import sql

# Not anybody's: the queue, and what counts how often the shop is used.
LEFT_OUT = ("alembic_version", "searches", "visits", "marks", "invariant_checks")
QUEUE = "procrastinate_"
# Sums over everybody, which a shopper's own doing may move.
SUMS = {
    "variants": ("stock", "reserved", "updated_at", "version"),
    "coupons": ("held", "used", "updated_at"),
    "products": ("updated_at", "version"),
}

Rows = dict[str, frozenset[str]]


def snapshot(database_url: str) -> Rows:
    """Return every row of every table as text."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
            ).fetchall()
            if name not in LEFT_OUT and not name.startswith(QUEUE)
        ]
        statement = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, (to_jsonb(t) - {}::text[])::text FROM {} t").format(
                name, list(SUMS.get(name, ())), sql.Identifier(name)
            )
            for name in names
        )
        rows: dict[str, set[str]] = defaultdict(set)
        for name, row in connection.execute(statement).fetchall():
            rows[name].add(row)
    return {name: frozenset(rows[name]) for name in names}


@dataclass(frozen=True)
class Change:
    """A row that is there now and was not, or the other way round."""

    table: str
    row: str


def changes(before: Rows, after: Rows) -> list[Change]:
    """Return what differs."""
    return [Change(name, row) for name in before.keys() | after.keys()
            for row in sorted(before.get(name, frozenset()) ^ after.get(name, frozenset()))]  # fmt: skip


def foreign(found: list[Change], before: Rows, after: Rows, mine: set[str]) -> list[Change]:
    """Return the changes of rows that are not somebody's, whose ids and names are ``mine``.

    A row is somebody's if it names one of these, or a row that is: a cart's lines, a checkout's reservations.
    """
    if not found:
        return []
    rows = [row for kept in (before, after) for name in kept for row in kept[name]]
    ids = {row: str(json.loads(row).get("id")) for row in set(rows)}
    known = set(mine)
    while more := {own for row, own in ids.items() if own not in known and _names(row, known)} - {"None"}:
        known |= more
    return [change for change in found if not _names(change.row, known)]


def _names(row: str, known: set[str]) -> bool:
    return not known.isdisjoint(row.split('"'))
