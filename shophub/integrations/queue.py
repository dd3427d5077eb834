"""The job queue: Procrastinate on the shop's own PostgreSQL.

A job is a row that is written in the caller's transaction, so it exists exactly when what it is about does.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import ParamSpec

import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from psycopg import Error as PsycopgError
from psycopg_pool import PoolTimeout

from shophub.db import AsyncSession, direct_database_url
from shophub.errors import ProviderError, ShopHubError, UnavailableError
from shophub.settings import get_settings

P = ParamSpec("P")

DEFAULT_QUEUE = "default"
CLOCK_QUEUE = "clock"
KEPT_HOURS = 30 * 24
RESTART_SECONDS = 2
_STALLED_SECONDS = 30

log = structlog.get_logger(__name__)
_app = App(connector=PsycopgConnector())


class Backoff(BaseRetryStrategy):
    """Tries again what can heal: after 5, 10, 20 … seconds, at most an hour apart, for about 14 hours.

    That stays within the 24 hours for which vendors remember an idempotency key.
    """

    first_wait = timedelta(seconds=5)
    longest_wait = timedelta(hours=1)
    max_attempts = 22

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when the job runs again, or ``None`` if another try would fail in the same way."""
        if not can_heal(exception):
            return None
        wait = self.wait_after(job.attempts)
        return None if wait is None else RetryDecision(retry_at=datetime.now(UTC) + wait)

    def wait_after(self, attempts: int) -> timedelta | None:
        """Return how long to wait after a failure that ``attempts`` others came before; ``None``: no more tries."""
        if attempts >= self.max_attempts:
            return None
        return min(self.first_wait * (1 << min(attempts, 16)), self.longest_wait)


class FewTries(Backoff):
    """Tries what can heal again for a few minutes: somebody waits for it, and counts the tries itself."""

    longest_wait = timedelta(seconds=30)
    max_attempts = 20


class EndlessBackoff(Backoff):
    """Tries again what can heal until it does: like ``Backoff`` for about a day, then once a day.

    For what must not be lost, and does little harm when it comes twice after the vendor forgot the idempotency key.
    """

    max_attempts = 32
    daily_wait = timedelta(days=1)

    def wait_after(self, attempts: int) -> timedelta:
        """Return how long to wait after a failure that ``attempts`` others came before."""
        return super().wait_after(attempts) or self.daily_wait


def can_heal(error: BaseException) -> bool:
    """Return whether the same job may succeed later: not where the shop itself said no, or a vendor for good."""
    if isinstance(error, ProviderError):
        return error.retryable
    return isinstance(error, UnavailableError) or not isinstance(error, ShopHubError)


def task(
    name: str, *, retry: Backoff | None = None
) -> Callable[[Callable[P, Awaitable[None]]], Callable[P, Awaitable[None]]]:
    """Register a function as what runs for jobs called ``name``; a failure that can heal is tried again."""

    def register(function: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
        _app.task(name=name, retry=retry or Backoff())(function)
        return function

    return register


def periodic_task(name: str, *, cron: str) -> Callable[[Callable[[], Awaitable[None]]], Callable[[], Awaitable[None]]]:
    """Register a function that runs at the times of ``cron``, once however many workers there are.

    One that waits already is not queued a second time. A failure is not repeated: the next turn comes by itself.
    """

    def register(function: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def at(timestamp: int) -> None:
            await function()

        _app.periodic(cron=cron)(_app.task(name=name, queueing_lock=name, queue=CLOCK_QUEUE)(at))
        return function

    return register


async def enqueue(
    session: AsyncSession,
    task_name: str,
    *,
    queueing_lock: str | None = None,
    lock: str | None = None,
    priority: int = 0,
    schedule_in: timedelta | None = None,
    **arguments: str | int | bool | None,
) -> bool:
    """Write a job in the session's transaction: it runs after the commit, and never if that does not come.

    ``arguments`` are ids and words, no personal data. With ``queueing_lock`` a job that still waits under the same
    lock makes this one needless: then nothing is written and the answer is ``False``. Of jobs with the same
    ``lock`` one runs at a time. Those of a lower ``priority`` wait for all others that are due.
    """
    connection = await session.connection()
    raw = (await connection.get_raw_connection()).driver_connection
    job = _app.configure_task(
        task_name,
        connection=raw,
        queueing_lock=queueing_lock,
        lock=lock,
        priority=priority,
        schedule_at=None if schedule_in is None else datetime.now(UTC) + schedule_in,
    )
    if queueing_lock is None:
        await job.defer_async(**arguments)
        return True
    try:
        async with connection.begin_nested():  # the refusal would end the caller's transaction otherwise
            await job.defer_async(**arguments)
    except AlreadyEnqueued:
        return False
    return True


async def run_worker(*, concurrency: int = 4) -> None:
    """Run jobs until SIGINT or SIGTERM.

    A stop lets running jobs end for up to 20 seconds. A database that goes away stops the library's worker: it is
    started again until the database is back.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stopping.set)
    stopped = asyncio.create_task(stopping.wait())
    while not stopping.is_set():
        worker = asyncio.create_task(_work(concurrency))
        await asyncio.wait({worker, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.is_set():
            worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            try:
                await worker
            except (ConnectorException, PsycopgError, PoolTimeout) as error:
                log.warning("worker_lost_database", error_type=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), RESTART_SECONDS)


async def run_due_jobs(*queues: str) -> None:
    """Run every job that is due in the named queues (without a name, all but those by the clock), and return."""
    with _app.replace_connector(_connector(2)) as app:
        async with app.open_async():
            await app.run_worker_async(
                queues=list(queues) or [DEFAULT_QUEUE],
                wait=False,
                listen_notify=False,
                install_signal_handlers=False,
                delete_jobs="successful",
            )


async def _work(concurrency: int) -> None:
    with _app.replace_connector(_connector(concurrency + 2)) as app:
        async with app.open_async():
            await app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=20,
            )


def _connector(max_size: int) -> PsycopgConnector:
    seconds = int(get_settings().db_connect_timeout.total_seconds())
    kwargs: dict[str, object] = {"application_name": "shophub-worker", "connect_timeout": seconds}
    return PsycopgConnector(conninfo=direct_database_url(), kwargs=kwargs, min_size=1, max_size=max_size)


async def rescue_stalled_jobs() -> int:
    """Queue again the jobs whose worker is gone (killed, no heartbeat for 30 seconds); returns how many.

    To be called inside a job, where the queue's connections are open.
    """
    stalled = list(await _app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_SECONDS))
    for job in stalled:
        try:
            await _app.job_manager.retry_job(job)
        except UniqueViolation:  # the next turn of the same task waits already: it does this one's work
            await _app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
    return len(stalled)


async def delete_old_jobs() -> None:
    """Delete jobs that ended more than a month ago, failed ones included. To be called inside a job."""
    await _app.job_manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
