"""The queue: jobs live and die with the caller's transaction, and outlive their worker."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.integrations import queue
from shophub.jobs import worker
from tests.jobs.conftest import jobs


async def test_job_of_a_transaction_that_fails_never_exists(database: str) -> None:
    async def place() -> None:
        async with transaction() as session:
            await queue.enqueue(session, "emails.send", kind="order_confirmation", subject_id="x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await place()

    assert await jobs() == []


async def test_job_of_a_committed_transaction_waits(database: str) -> None:
    async with transaction() as session:
        await queue.enqueue(session, "emails.send", schedule_in=timedelta(hours=1), kind="x", subject_id="y")

    async with transaction() as session:
        row = (await session.execute(text("SELECT args, scheduled_at - now() FROM procrastinate_jobs"))).one()
    assert row[0] == {"kind": "x", "subject_id": "y"}
    assert timedelta(minutes=59) < row[1] <= timedelta(hours=1)


async def test_job_that_waits_already_is_not_queued_twice_and_the_transaction_goes_on(database: str) -> None:
    async with transaction() as session:
        first = await queue.enqueue(session, "catalog.count", queueing_lock="count")
        second = await queue.enqueue(session, "catalog.count", queueing_lock="count")
        await queue.enqueue(session, "catalog.other")

    assert (first, second) == (True, False)
    assert [name for name, _, _ in await jobs()] == ["catalog.count", "catalog.other"]


async def test_job_of_a_killed_worker_is_queued_again(database: str) -> None:
    async with transaction() as session:
        await queue.enqueue(session, "refunds.finish", refund_id="01a2060d-d2ba-701e-96b5-fea0f6919dfc")
        await session.execute(
            text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')")
        )
        await session.execute(
            text("""UPDATE procrastinate_jobs SET status = 'doing', attempts = 0,
                    worker_id = (SELECT max(id) FROM procrastinate_workers)""")
        )

    async with transaction() as session:
        await queue.enqueue(session, "jobs.rescue", timestamp=0)
    await worker.run_due(queue.CLOCK_QUEUE)
    await worker.run_due()

    # It ran again, found no such refund, and failing in the same way a second time would help nobody.
    assert await jobs() == [("refunds.finish", "failed", 2)]


async def test_cleaning_up_deletes_what_is_over_and_keeps_the_rest(database: str) -> None:
    async with transaction() as session:
        await session.execute(
            text("""
            WITH person AS (
              INSERT INTO users (id, email, full_name) VALUES (gen_random_uuid(), 'a@example.com', 'Ada') RETURNING id)
            INSERT INTO sessions (id, user_id, step_up_at, last_seen_at, expires_at)
            SELECT gen_random_uuid(), id, now(), now(), now() + days * interval '1 day'
            FROM person, (VALUES (-31), (-29), (5)) AS given (days)""")
        )
        await session.execute(
            text("""
            INSERT INTO carts (id, guest_token_hash, updated_at) VALUES
              (gen_random_uuid(), 'old', now() - interval '201 days'),
              (gen_random_uuid(), 'young', now() - interval '199 days')""")
        )

    await queue_clean_up()

    async with transaction() as session:
        assert (await session.execute(text("SELECT count(*) FROM sessions"))).scalar_one() == 2
        assert (await session.execute(text("SELECT guest_token_hash FROM carts"))).scalars().all() == ["young"]


async def queue_clean_up() -> None:
    async with transaction() as session:
        await queue.enqueue(session, "upkeep.clean_up", timestamp=0)
    await worker.run_due(queue.CLOCK_QUEUE)
