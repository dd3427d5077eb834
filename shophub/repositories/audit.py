"""The audit log's rows and the chain of hashes over them.

A row's hash covers the hash before it and everything in the row. Rows are chained in the order in which they are sealed
(``position``), not in that of their numbers: a transaction may commit late.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession

SEALING_LOCK = 7_305_020
GENESIS = "0" * 64

INSERT = text("""
INSERT INTO audit_log (actor_id, action, target_type, target_id, before, after, network_address)
VALUES (CAST(:actor_id AS uuid), :action, :target_type, :target_id, CAST(:before AS jsonb), CAST(:after AS jsonb),
  :network_address)
""")

INSERT_MANY = text("""
INSERT INTO audit_log (actor_id, action, target_type, target_id, before, after, network_address)
SELECT CAST(:actor_id AS uuid), :action, :target_type, target_id, CAST(before AS jsonb), CAST(after AS jsonb),
  :network_address
FROM unnest(CAST(:targets AS text[]), CAST(:before AS text[]), CAST(:after AS text[])) AS c(target_id, before, after)
""")

# The database writes the row down, so that no driver's idea of a time or a number enters the hash.
CONTENT = """
jsonb_build_object('id', a.id, 'actor_id', a.actor_id, 'action', a.action, 'target_type', a.target_type,
  'target_id', a.target_id, 'before', a.before, 'after', a.after, 'network_address', a.network_address,
  'created_at', extract(epoch FROM a.created_at)::text)::text
"""


async def insert(
    session: AsyncSession,
    *,
    actor_id: UUID | None,
    action: str,
    target_type: str,
    target_id: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    network_address: str,
) -> None:
    """Append a row."""
    values = {
        "actor_id": actor_id,
        "action": action,
        "target_type": target_type,
        "target_id": target_id,
        "before": None if before is None else json.dumps(before),
        "after": None if after is None else json.dumps(after),
        "network_address": network_address,
    }
    await session.execute(INSERT, values)


async def insert_many(
    session: AsyncSession,
    *,
    actor_id: UUID | None,
    action: str,
    target_type: str,
    changes: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]],
    network_address: str,
) -> None:
    """Append a row per target; ``changes`` maps target ids to what was before and after. One statement."""
    values = {
        "actor_id": actor_id,
        "action": action,
        "target_type": target_type,
        "targets": list(changes),
        "before": [json.dumps(before) for before, _ in changes.values()],
        "after": [json.dumps(after) for _, after in changes.values()],
        "network_address": network_address,
    }
    await session.execute(INSERT_MANY, values)


async def lock_sealing(session: AsyncSession) -> bool:
    """Become the one who seals, until the transaction ends; False where somebody else is."""
    statement = text("SELECT pg_try_advisory_xact_lock(:key)")
    return bool((await session.execute(statement, {"key": SEALING_LOCK})).scalar_one())


@dataclass(frozen=True)
class Head:
    """The end of the chain."""

    position: int
    hash: str


async def find_head(session: AsyncSession) -> Head:
    """Return the end of the chain."""
    statement = text("SELECT position, hash FROM audit_log WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1")
    row = (await session.execute(statement)).one_or_none()
    return Head(row.position, row.hash) if row else Head(0, GENESIS)


async def list_unsealed(session: AsyncSession, limit: int) -> list[tuple[int, str]]:
    """Return the rows that are not sealed yet as number and content, in their order."""
    statement = text(f"SELECT a.id, {CONTENT} FROM audit_log a WHERE a.hash IS NULL ORDER BY a.id LIMIT :limit")  # noqa: S608 - a constant
    return [(row[0], row[1]) for row in await session.execute(statement, {"limit": limit})]


def chained(previous: str, content: str) -> str:
    """Return the hash of a row whose predecessor has the hash ``previous``."""
    return hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()


async def append(session: AsyncSession, row: tuple[int, str], head: Head) -> Head:
    """Seal a row behind the head; returns the new head."""
    number, content = row
    new = Head(head.position + 1, chained(head.hash, content))
    await session.execute(
        text("UPDATE audit_log SET position = :position, previous_hash = :previous, hash = :hash WHERE id = :id"),
        {"position": new.position, "previous": head.hash, "hash": new.hash, "id": number},
    )
    return new


async def find_breaks(session: AsyncSession, limit: int = 20) -> tuple[str, ...]:
    """Return what is wrong with the chain, at most ``limit`` sentences."""
    columns = f"a.id, a.position, a.previous_hash, a.hash, {CONTENT}"
    statement = text(f"SELECT {columns} FROM audit_log a WHERE a.hash IS NOT NULL ORDER BY a.position")  # noqa: S608 - a constant
    breaks: list[str] = []
    head = Head(0, GENESIS)
    for number, position, previous, value, content in await session.execute(statement):
        if position != head.position + 1 or previous != head.hash:
            breaks.append(f"Something is missing before row {number}.")
        if chained(previous or "", content) != value:
            breaks.append(f"Row {number} was changed after it had been sealed.")
        head = Head(position or 0, value)
        if len(breaks) >= limit:
            break
    return tuple(breaks)
