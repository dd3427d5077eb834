"""What the tables know of the shop's health: queue, webhooks, checks of the books, the database itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from shophub.db import AsyncSession

_DATABASE = text("""
SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS size_bytes,
  (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())::int AS connections,
  current_setting('max_connections')::int AS most_connections
""")
# A job that waits for its next try has a moment in the future and tries behind it.
_QUEUE = text("""
SELECT count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))::int AS waiting,
  count(*) FILTER (WHERE status = 'doing')::int AS running,
  count(*) FILTER (WHERE status = 'failed')::int AS failed,
  count(*) FILTER (WHERE task_name = :mail AND status IN ('todo', 'doing'))::int AS mails_waiting,
  count(*) FILTER (WHERE task_name = :mail AND status = 'todo' AND attempts > 0)::int AS mails_retrying,
  count(*) FILTER (WHERE task_name = :mail AND status = 'failed')::int AS mails_failed,
  (SELECT max(last_heartbeat) FROM procrastinate_workers) AS worker_seen_at
FROM procrastinate_jobs
""")
_FAILED = text("""
SELECT j.id, j.task_name, j.queue_name, j.attempts, e.at AS failed_at
FROM procrastinate_jobs j
LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = j.id) e ON true
WHERE j.status = 'failed' ORDER BY j.id DESC LIMIT :limit
""")
# Clearing leaves no job behind; the turns of tasks by the clock are kept with their moment.
_TURNS = text("""
SELECT d.task_name, to_timestamp(max(d.defer_timestamp)) AS turned_at
FROM procrastinate_periodic_defers d LEFT JOIN procrastinate_jobs j ON j.id = d.job_id
WHERE d.task_name = ANY(CAST(:names AS text[])) AND j.id IS NULL GROUP BY d.task_name
""")
_WEBHOOKS = text("""
SELECT max(received_at) AS last_at, count(*) FILTER (WHERE received_at > now() - interval '1 day')::int AS of_a_day,
  count(*) FILTER (WHERE received_at > now() - interval '7 days' AND status = 'alert')::int AS flagged_in_a_week
FROM provider_events
""")
_CHECKS = text("SELECT name, checked_at, violations, sample FROM invariant_checks")
_RETRY = text("""
UPDATE procrastinate_jobs j SET status = 'todo', scheduled_at = NULL
WHERE j.id = :id AND j.status = 'failed' AND j.queue_name = :queue AND NOT EXISTS (
  SELECT 1 FROM procrastinate_jobs other WHERE other.queueing_lock = j.queueing_lock AND other.status = 'todo')
RETURNING j.task_name
""")


@dataclass(frozen=True)
class DatabaseRow:
    """The database by its own account."""

    version: str
    size_bytes: int
    connections: int
    most_connections: int


@dataclass(frozen=True)
class QueueRow:
    """How many jobs are due, run, or were given up, those that send e-mails apart; and when a worker was last alive."""

    waiting: int
    running: int
    failed: int
    mails_waiting: int
    mails_retrying: int
    mails_failed: int
    worker_seen_at: datetime | None


@dataclass(frozen=True)
class FailedJobRow:
    """A job that was given up."""

    id: int
    task_name: str
    queue_name: str
    attempts: int
    failed_at: datetime | None


@dataclass(frozen=True)
class WebhookRow:
    """What came from the payment provider."""

    last_at: datetime | None
    of_a_day: int
    flagged_in_a_week: int


@dataclass(frozen=True)
class CheckRow:
    """The last check of a rule, and a few of what broke it."""

    name: str
    checked_at: datetime
    violations: int
    sample: Sequence[str]


async def get_database(session: AsyncSession) -> DatabaseRow:
    """Return version, size and connections of the database."""
    return DatabaseRow(**(await session.execute(_DATABASE)).mappings().one())


async def get_queue(session: AsyncSession, mail_task: str) -> QueueRow:
    """Return how many jobs there are in each state."""
    return QueueRow(**(await session.execute(_QUEUE, {"mail": mail_task})).mappings().one())


async def list_failed(session: AsyncSession, limit: int) -> list[FailedJobRow]:
    """Return the jobs that were given up, the newest first."""
    return [FailedJobRow(**row) for row in (await session.execute(_FAILED, {"limit": limit})).mappings()]


async def list_turns(session: AsyncSession, names: Sequence[str]) -> dict[str, datetime]:
    """Return when tasks that come by the clock were last done."""
    return {row.task_name: row.turned_at for row in await session.execute(_TURNS, {"names": list(names)})}


async def get_webhooks(session: AsyncSession) -> WebhookRow:
    """Return when something was last heard of the payment provider, and what needs a look."""
    return WebhookRow(**(await session.execute(_WEBHOOKS)).mappings().one())


async def list_checks(session: AsyncSession) -> dict[str, CheckRow]:
    """Return the last check of each rule by its name."""
    return {row["name"]: CheckRow(**row) for row in (await session.execute(_CHECKS)).mappings()}


async def retry_job(session: AsyncSession, job_id: int, queue: str) -> str | None:
    """Queue a job of a queue again that was given up; returns its task, None where it is not there or waits already."""
    task_name: str | None = (await session.execute(_RETRY, {"id": job_id, "queue": queue})).scalar_one_or_none()
    return task_name
