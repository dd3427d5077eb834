"""Keys of requests, who is answering them, and the answers given."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id


@dataclass(frozen=True)
class Key:
    """What names a request: who asks what for, and under which key. All are hashes."""

    scope: str
    key: str
    request_hash: str


@dataclass(frozen=True)
class Standing:
    """How a key stands: for which request it was used, and the sealed answer where there is one."""

    request_hash: str
    answer: str | None


_STILL = "created_at > :forgotten AND (answer IS NOT NULL OR request_hash <> :request_hash OR leased_until > :now)"
_FIND = f"SELECT request_hash, answer FROM idempotency_keys WHERE scope = :scope AND key = :key AND {_STILL}"  # noqa: S608 - constants
_LEASE = """
INSERT INTO idempotency_keys AS k (id, scope, key, request_hash, leased_by, leased_until, created_at)
VALUES (:id, :scope, :key, :request_hash, :lease, :leased_until, :now)
ON CONFLICT (scope, key) DO UPDATE SET request_hash = excluded.request_hash, leased_by = excluded.leased_by,
  leased_until = excluded.leased_until, created_at = excluded.created_at, answer = NULL, completed_at = NULL
WHERE k.created_at <= :forgotten
  OR (k.answer IS NULL AND k.leased_until <= :now AND k.request_hash = excluded.request_hash)
RETURNING k.id
"""
_COMPLETE = """
UPDATE idempotency_keys SET answer = :answer, completed_at = :now
WHERE scope = :scope AND key = :key AND leased_by = :lease AND answer IS NULL
"""
_COPY = """
INSERT INTO idempotency_keys
  (id, scope, key, request_hash, leased_by, leased_until, answer, completed_at, created_at)
VALUES (:id, :scope, :key, :request_hash, :lease, :now, :answer, :now, :now)
ON CONFLICT (scope, key) DO NOTHING
"""
_RELEASE = """
DELETE FROM idempotency_keys WHERE scope = :scope AND key = :key AND leased_by = :lease AND answer IS NULL
"""


async def find_standing(session: AsyncSession, key: Key, *, now: datetime, forgotten: datetime) -> Standing | None:
    """Return how a key stands; None where it is free: never used, forgotten, or leased by somebody who is gone."""
    row = (await session.execute(text(_FIND), {**vars(key), "now": now, "forgotten": forgotten})).one_or_none()
    return Standing(row[0], row[1]) if row is not None else None


async def lease(
    session: AsyncSession, key: Key, lease_id: UUID, *, now: datetime, until: datetime, forgotten: datetime
) -> bool:
    """Take a free key; False where somebody was faster."""
    values = {**vars(key), "id": new_id(), "lease": lease_id, "now": now, "leased_until": until}
    return (await session.execute(text(_LEASE), {**values, "forgotten": forgotten})).first() is not None


async def complete(session: AsyncSession, key: Key, lease_id: UUID, answer: str, now: datetime) -> None:
    """Keep the answer, unless the lease has passed to somebody else."""
    await session.execute(text(_COMPLETE), {**vars(key), "lease": lease_id, "answer": answer, "now": now})


async def copy(session: AsyncSession, key: Key, lease_id: UUID, answer: str, now: datetime) -> None:
    """Keep an answer under one more name of its caller."""
    values = {**vars(key), "id": new_id(), "lease": lease_id, "answer": answer, "now": now}
    await session.execute(text(_COPY), values)


async def release(session: AsyncSession, key: Key, lease_id: UUID) -> None:
    """Give a key back unused."""
    await session.execute(text(_RELEASE), {**vars(key), "lease": lease_id})
