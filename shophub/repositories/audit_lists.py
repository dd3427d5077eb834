"""The audit log as it is read: in pages that begin behind a row, the newest first."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.pagination import COUNTED_TO
from shophub.lib.tables import TableQuery
from shophub.repositories.days import within_days
from shophub.repositories.keyset import keyset, page

# Rows are told apart by their number alone; pages want an id beside it.
NO_ID = UUID(int=0)
_ROW_ID = "CAST('00000000-0000-0000-0000-000000000000' AS uuid)"
# Counting stops there: nobody reads further, and what is left is said as "more than".
MOST_COUNTED = COUNTED_TO
DAYS = {"1": "Last 24 hours", "7": "Last 7 days", "30": "Last 30 days", "365": "Last 12 months"}
_ENTRY = """
SELECT a.id AS number, a.created_at, a.actor_id, coalesce(nullif(u.full_name, ''), u.email) AS actor_name,
  a.action, a.target_type, a.target_id, a.before, a.after, a.network_address
FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id AND u.erased_at IS NULL
"""

# One look into the index for each, instead of reading the whole log.
_ACTIONS = text("""
WITH RECURSIVE found(action) AS (
  (SELECT action FROM audit_log ORDER BY action LIMIT 1)
  UNION ALL
  SELECT (SELECT a.action FROM audit_log a WHERE a.action > found.action ORDER BY a.action LIMIT 1) FROM found
  WHERE found.action IS NOT NULL)
SELECT action FROM found WHERE action IS NOT NULL
""")


@dataclass(frozen=True)
class ListedEntry:
    """A row of the log, with the name that its actor goes by now (None: the shop, a guest, or somebody erased)."""

    number: int
    created_at: datetime
    actor_id: UUID | None
    actor_name: str | None
    action: str
    target_type: str
    target_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    network_address: str


@dataclass(frozen=True)
class AuditFilter:
    """Which rows a program asks for. Days are UTC, both included."""

    actor_id: UUID | None = None
    action: str | None = None
    target_type: str | None = None
    target_id: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class EntryPage:
    """A page's rows in their order, with whether there are others before and behind."""

    rows: list[ListedEntry]
    has_previous: bool
    has_next: bool


async def count_entries(session: AsyncSession, query: TableQuery, actions: Sequence[str]) -> int:
    """Return how many rows a query finds, at most ``MOST_COUNTED`` and one; ``actions`` are all. One statement."""
    condition, values = _narrowed(query, actions)
    statement = f"SELECT count(*) FROM (SELECT 1 FROM audit_log a WHERE {condition} LIMIT :most) found"  # noqa: S608 - constants of ours
    return int((await session.execute(text(statement), {**values, "most": MOST_COUNTED + 1})).scalar_one())


async def list_entries(session: AsyncSession, query: TableQuery, actions: Sequence[str]) -> EntryPage:
    """Return a page of the log; ``actions`` are all there are. One statement, however many rows it has."""
    keys = keyset("a.id", "number", query, row_id=_ROW_ID)
    condition, values = _narrowed(query, actions)
    statement = f"{_ENTRY} WHERE {condition} AND {keys.condition} ORDER BY {keys.order} LIMIT :page_limit"
    found = (await session.execute(text(statement), {**values, **keys.values})).mappings()
    return EntryPage(*page(keys, [ListedEntry(**row) for row in found]))


async def stream_entries(
    session: AsyncSession, query: TableQuery, actions: Sequence[str], batch: int = 1_000
) -> AsyncIterator[list[ListedEntry]]:
    """Return all that a query finds, the newest first, so many at a time; ``actions`` are all there are."""
    condition, values = _narrowed(query, actions)
    statement = text(f"{_ENTRY} WHERE {condition} AND a.id < :below ORDER BY a.id DESC LIMIT :batch")
    below = 2**62
    while True:
        found = await session.execute(statement, {**values, "below": below, "batch": batch})
        rows = [ListedEntry(**row) for row in found.mappings()]
        if rows:
            yield rows
            below = rows[-1].number
        if len(rows) < batch:
            return


async def list_numbered(
    session: AsyncSession, wanted: AuditFilter, *, limit: int, offset: int
) -> tuple[list[ListedEntry], int]:
    """Return a numbered page, the newest first, and how many rows there are, at most ``MOST_COUNTED`` and one."""
    conditions, values = ["true"], dict[str, Any]()
    for column in ("actor_id", "action", "target_type", "target_id"):
        if (value := getattr(wanted, column)) is not None:
            conditions.append(f"a.{column} = :{column}")
            values[column] = value
    since = within_days("a.created_at", wanted.first, wanted.last)
    conditions, values = [*conditions, *since.conditions], values | since.values
    condition = " AND ".join(conditions)
    page = text(f"{_ENTRY} WHERE {condition} ORDER BY a.id DESC LIMIT :limit OFFSET :offset")
    count = text(f"SELECT count(*) FROM (SELECT 1 FROM audit_log a WHERE {condition} LIMIT :most) found")  # noqa: S608
    rows = (await session.execute(page, {**values, "limit": limit, "offset": offset})).mappings()
    total = await session.execute(count, {**values, "most": MOST_COUNTED + 1})
    return [ListedEntry(**row) for row in rows], int(total.scalar_one())


async def list_actions(session: AsyncSession) -> list[str]:
    """Return what was ever done, each once. One statement."""
    return list((await session.execute(_ACTIONS)).scalars())


async def list_actors(session: AsyncSession) -> list[tuple[str, str]]:
    """Return everybody who works or worked here and can be asked for, as id and name. One statement."""
    statement = text("""
        SELECT u.id, coalesce(nullif(u.full_name, ''), u.email) AS name FROM users u
        WHERE u.role <> 'CUSTOMER' AND u.erased_at IS NULL ORDER BY lower(u.full_name), u.id LIMIT 200
    """)
    return [(str(row.id), row.name) for row in await session.execute(statement)]


def _narrowed(query: TableQuery, actions: Sequence[str]) -> tuple[str, dict[str, Any]]:
    conditions, values = ["true"], dict[str, Any]()
    actor = query.of("actor")
    if actor == "shop":
        conditions.append("a.actor_id IS NULL")
    elif actor:
        conditions.append("a.actor_id = :actor")
        values["actor"] = _uuid(actor)
    if query.of("target"):
        conditions.append("a.target_type = :target")
        values["target"] = query.of("target")
    if query.of("action"):
        conditions.append("a.action = :action_name")
        values["action_name"] = query.of("action")
    if query.of("days") in DAYS:
        conditions.append("a.created_at > now() - make_interval(days => :days)")
        values["days"] = int(query.of("days"))
    if query.q:
        conditions.append("(a.target_id = :q OR a.action = ANY(CAST(:actions AS text[])))")
        values |= {"q": query.q, "actions": [one for one in actions if query.q.lower() in one]}
    return " AND ".join(conditions), values


def _uuid(text_: str) -> UUID:
    try:
        return UUID(text_)
    except ValueError:
        return NO_ID
