"""Long work: its rows, its files, and its jobs in the queue. Whose it is, is part of each question of a page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession

MAX_SAMPLES = 50


@dataclass(frozen=True)
class LongJobRow:
    """A piece of work as it stands."""

    id: UUID
    kind: str
    permission: str
    owner_id: UUID
    title: str
    result_name: str
    state: str
    done: int
    total: int
    problems: int
    parameters: dict[str, Any]
    counts: dict[str, int]
    samples: list[list[str]]
    error: str
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    has_result: bool


@dataclass(frozen=True)
class Claimed:
    """What a run needs to know; ``run`` is its number."""

    id: UUID
    kind: str
    permission: str
    owner_id: UUID
    network_address: str
    parameters: dict[str, Any]
    done: int
    total: int
    problems: int
    counts: dict[str, int]
    run: int
    fruitless: int


@dataclass(frozen=True)
class Standing:
    """What a run hears when it says how far it is: whether to stop, and what its owner's account is by now."""

    cancel_requested: bool
    owner_role: str
    owner_is_active: bool


OWN = text("""
SELECT j.id, j.kind, j.permission, j.owner_id, j.title, j.result_name, j.state, j.done, j.total, j.problems,
  j.parameters, j.counts, j.samples, j.error, j.cancel_requested, j.created_at, j.started_at, j.finished_at,
  EXISTS (SELECT 1 FROM long_job_parts p WHERE p.job_id = j.id AND p.role = 'result') AS has_result
FROM long_jobs j WHERE j.owner_id = :owner_id AND (CAST(:id AS uuid) IS NULL OR j.id = :id)
ORDER BY j.created_at DESC, j.id DESC LIMIT :limit
""")
INSERT = text("""
INSERT INTO long_jobs (id, kind, permission, owner_id, network_address, title, result_name, parameters, total,
  counts, samples)
VALUES (:id, :kind, :permission, :owner_id, :network_address, :title, :result_name, CAST(:parameters AS jsonb), :total,
  '{}', '[]')
""")
CLAIM = text("""
UPDATE long_jobs SET state = 'running', run = run + 1, fruitless = fruitless + 1,
  started_at = coalesce(started_at, now())
WHERE id = :id AND state IN ('queued', 'running')
RETURNING id, kind, permission, owner_id, network_address, parameters, done, total, problems, counts, run, fruitless
""")
# The owner is looked at each time: who may not do it any more does not have it done either.
REPORT = text("""
UPDATE long_jobs j SET done = :done, problems = :problems, fruitless = 0,
  total = coalesce(CAST(:total AS int), j.total), counts = CAST(:counts AS jsonb),
  samples = CASE WHEN jsonb_array_length(j.samples) >= :most THEN j.samples
    ELSE j.samples || CAST(:samples AS jsonb) END
FROM users u
WHERE j.id = :id AND j.run = :run AND j.state = 'running' AND u.id = j.owner_id
RETURNING j.cancel_requested, u.role AS owner_role, u.is_active AS owner_is_active
""")
STANDING = text("""
SELECT j.cancel_requested, u.role AS owner_role, u.is_active AS owner_is_active
FROM long_jobs j JOIN users u ON u.id = j.owner_id WHERE j.id = :id AND j.run = :run AND j.state = 'running'
""")
APPEND = text("""
INSERT INTO long_job_parts (job_id, role, place, content)
SELECT :id, :role, coalesce(max(place) + 1, 0), :content FROM long_job_parts WHERE job_id = :id AND role = :role
""")
END = text("""
UPDATE long_jobs SET state = :state, error = :error, finished_at = now()
WHERE id = :id AND run = :run AND state = 'running' RETURNING id
""")
CANCEL = text("""
UPDATE long_jobs SET cancel_requested = true, state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
  finished_at = CASE WHEN state = 'queued' THEN now() ELSE finished_at END
WHERE id = :id AND owner_id = :owner_id AND state IN ('queued', 'running') RETURNING id
""")
# Work whose job the queue has lost: its worker was stopped in a way that the queue took for an end.
FORGOTTEN = text("""
SELECT j.id, j.owner_id FROM long_jobs j
WHERE j.state IN ('queued', 'running') AND j.created_at < now() - interval '10 seconds' AND NOT EXISTS (
  SELECT 1 FROM procrastinate_jobs q WHERE q.status IN ('todo', 'doing') AND q.task_name = :task
    AND q.args->>'job_id' = j.id::text)
""")


async def insert(
    session: AsyncSession,
    *,
    id: UUID,
    kind: str,
    permission: str,
    owner_id: UUID,
    network_address: str,
    title: str,
    result_name: str,
    parameters: Mapping[str, Any],
    total: int,
) -> None:
    """Write down work that is to be done."""
    values = {
        "id": id,
        "kind": kind,
        "permission": permission,
        "owner_id": owner_id,
        "network_address": network_address,
        "title": title,
        "result_name": result_name,
        "parameters": json.dumps(parameters),
        "total": total,
    }
    await session.execute(INSERT, values)


async def count_unfinished(session: AsyncSession, owner_id: UUID) -> int:
    """Return how much of somebody's work is under way or waits."""
    statement = text("SELECT count(*) FROM long_jobs WHERE owner_id = :id AND state IN ('queued', 'running')")
    return int((await session.execute(statement, {"id": owner_id})).scalar_one())


async def claim(session: AsyncSession, job_id: UUID) -> Claimed | None:
    """Begin a run; None where there is nothing (left) to do. What an earlier run still reports is refused."""
    row = (await session.execute(CLAIM, {"id": job_id})).mappings().one_or_none()
    return None if row is None else Claimed(**row)


async def report(
    session: AsyncSession,
    claimed: Claimed,
    *,
    done: int,
    total: int | None,
    problems: int,
    counts: Mapping[str, int],
    samples: Sequence[Sequence[str]],
) -> Standing | None:
    """Write down how far a run is; None where it is not this run's work any more."""
    values = {
        "id": claimed.id,
        "run": claimed.run,
        "done": done,
        "total": total,
        "problems": problems,
        "counts": json.dumps(dict(counts)),
        "samples": json.dumps([list(one) for one in samples][:MAX_SAMPLES]),
        "most": MAX_SAMPLES,
    }
    row = (await session.execute(REPORT, values)).mappings().one_or_none()
    return None if row is None else Standing(**row)


async def get_standing(session: AsyncSession, claimed: Claimed) -> Standing | None:
    """Return whether a run is to go on; None where it is not this run's work any more."""
    row = (await session.execute(STANDING, {"id": claimed.id, "run": claimed.run})).mappings().one_or_none()
    return None if row is None else Standing(**row)


async def append(session: AsyncSession, job_id: UUID, role: str, content: bytes) -> None:
    """Put a part at the end of a file."""
    await session.execute(APPEND, {"id": job_id, "role": role, "content": content})


async def file_size(session: AsyncSession, job_id: UUID, role: str) -> int:
    """Return how many bytes a file has."""
    statement = text("""
        SELECT coalesce(sum(octet_length(content)), 0) FROM long_job_parts WHERE job_id = :id AND role = :role
    """)
    return int((await session.execute(statement, {"id": job_id, "role": role})).scalar_one())


async def read_file(session: AsyncSession, job_id: UUID, role: str) -> bytes:
    """Return a file, empty where there is none."""
    statement = text("SELECT content FROM long_job_parts WHERE job_id = :id AND role = :role ORDER BY place")
    return b"".join((await session.execute(statement, {"id": job_id, "role": role})).scalars())


async def end(session: AsyncSession, claimed: Claimed, state: str, error: str) -> bool:
    """Write down how a run ended; False where it is not this run's work any more."""
    values = {"id": claimed.id, "run": claimed.run, "state": state, "error": error}
    return (await session.execute(END, values)).scalar_one_or_none() is not None


async def cancel(session: AsyncSession, job_id: UUID, owner_id: UUID) -> bool:
    """Have work of somebody's stop; what has not begun is cancelled at once. False where nothing of theirs runs."""
    return (await session.execute(CANCEL, {"id": job_id, "owner_id": owner_id})).scalar_one_or_none() is not None


async def find_own(session: AsyncSession, job_id: UUID, owner_id: UUID) -> LongJobRow | None:
    """Return somebody's work."""
    values = {"owner_id": owner_id, "id": job_id, "limit": 1}
    row = (await session.execute(OWN, values)).mappings().one_or_none()
    return None if row is None else LongJobRow(**row)


async def list_own(session: AsyncSession, owner_id: UUID, limit: int) -> list[LongJobRow]:
    """Return somebody's work, the newest first. One statement."""
    rows = (await session.execute(OWN, {"owner_id": owner_id, "id": None, "limit": limit})).mappings()
    return [LongJobRow(**row) for row in rows]


async def list_forgotten(session: AsyncSession, task_name: str) -> list[tuple[UUID, UUID]]:
    """Return unfinished work that no job in the queue is about, with its owners."""
    return [(row.id, row.owner_id) for row in await session.execute(FORGOTTEN, {"task": task_name})]


async def delete_files(session: AsyncSession, before: datetime) -> int:
    """Delete the files of work that ended before a moment; returns of how much work."""
    statement = text("""
        WITH gone AS (
          DELETE FROM long_job_parts p USING long_jobs j WHERE j.id = p.job_id AND j.finished_at < :before
          RETURNING p.job_id)
        SELECT count(DISTINCT job_id) FROM gone
    """)
    return int((await session.execute(statement, {"before": before})).scalar_one())
