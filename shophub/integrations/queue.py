"""The job queue: Procrastinate on the shop's own PostgreSQL.

A job is a row that is written in the caller's transaction, so it exists exactly when what it is about does.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import ParamSpec

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from shophub.db import AsyncSession, direct_database_url
from shophub.errors import ProviderError, ShopHubError
from shophub.settings import get_settings

P = ParamSpec("P")

KEPT_HOURS = 30 * 24
_STALLED_SECONDS = 30

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
        can_heal = exception.retryable if isinstance(exception, ProviderError) else True
        if isinstance(exception, ShopHubError) and not isinstance(exception, ProviderError):
            can_heal = False
        if not can_heal or job.attempts >= self.max_attempts:
            return None
        wait = min(self.first_wait * 2 ** min(job.attempts, 16), self.longest_wait)
        return RetryDecision(retry_at=datetime.now(UTC) + wait)


def task(name: str) -> Callable[[Callable[P, Awaitable[None]]], Callable[P, Awaitable[None]]]:
    """Register a function as what runs for jobs called ``name``; a failure that can heal is tried again."""

    def register(function: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
        _app.task(name=name, retry=Backoff())(function)
        return function

    return register


def periodic_task(name: str, *, cron: str) -> Callable[[Callable[[], Awaitable[None]]], Callable[[], Awaitable[None]]]:
    """Register a function that runs at the times of ``cron``, once however many workers there are.

    One that waits already is not queued a second time. A failure is not repeated: the next turn comes by itself.
    """

    def register(function: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def at(timestamp: int) -> None:
            await function()

        _app.periodic(cron=cron)(_app.task(name=name, queueing_lock=name)(at))
        return function

    return register


async def enqueue(
    session: AsyncSession,
    task_name: str,
    *,
    queueing_lock: str | None = None,
    schedule_in: timedelta | None = None,
    **arguments: str | int | bool | None,
) -> bool:
    """Write a job in the session's transaction: it runs after the commit, and never if that does not come.

    ``arguments`` are ids and words, no personal data. With ``queueing_lock`` a job that still waits under the same
    lock makes this one needless: then nothing is written and the answer is ``False``.
    """
    connection = await session.connection()
    raw = (await connection.get_raw_connection()).driver_connection
    job = _app.configure_task(
        task_name,
        connection=raw,
        queueing_lock=queueing_lock,
        schedule_at=None if schedule_in is None else datetime.now(UTC) + schedule_in,
    )
    if queueing_lock is None:
        await job.defer_async(**arguments)
        return True
    try:
        async with session.begin_nested():  # the refusal would end the caller's transaction otherwise
            await job.defer_async(**arguments)
    except AlreadyEnqueued:
        return False
    return True


async def run_worker(*, concurrency: int = 4, until_idle: bool = False) -> None:
    """Run jobs until SIGINT or SIGTERM, or with ``until_idle`` until none is due.

    A stop lets running jobs end for up to 20 seconds. Successful jobs are deleted, failed ones are kept for a month.
    """
    pool_args: dict[str, object] = {"application_name": "shophub-worker"}
    if get_settings().database_direct_url is None and get_settings().database_url is not None:
        pool_args["connect_timeout"] = int(get_settings().db_connect_timeout.total_seconds())
    connector = PsycopgConnector(conninfo=direct_database_url(), kwargs=pool_args, min_size=1, max_size=concurrency + 2)
    with _app.replace_connector(connector) as app:
        async with app.open_async():
            await app.run_worker_async(
                concurrency=concurrency,
                wait=not until_idle,
                listen_notify=not until_idle,
                install_signal_handlers=not until_idle,
                delete_jobs="successful",
                shutdown_graceful_timeout=20,
            )


async def rescue_stalled_jobs() -> int:
    """Queue again the jobs whose worker is gone (killed, no heartbeat for 30 seconds); returns how many.

    To be called inside a job, where the queue's connections are open.
    """
    stalled = list(await _app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_SECONDS))
    for job in stalled:
        await _app.job_manager.retry_job(job)
    return len(stalled)


async def delete_old_jobs() -> None:
    """Delete jobs that ended more than a month ago, failed ones included. To be called inside a job."""
    await _app.job_manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
