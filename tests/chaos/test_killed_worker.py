"""A worker killed in the middle of a job: somebody does the job again, and nobody notices."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest_asyncio
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import RefundStatus
from shophub.integrations import queue
from shophub.jobs import worker as jobs
from shophub.services.flows.refund_order import refund_order
from shophub.settings import get_settings
from tests.chaos.processes import Nursery, Worker
from tests.checkout.conftest import Shop
from tests.checkout.test_paying import deliver
from tests.jobs.conftest import Mailbox, make_due
from tests.sandbox.conftest import Controls

SLOW_MS = 1_500


@pytest_asyncio.fixture
async def worker(database: str, shop: Shop, nursery: Nursery, tmp_path: Path) -> AsyncIterator[Worker]:
    """The shop's worker, not running yet."""
    environment = {"DATABASE_URL": database, "SANDBOX_URL": get_settings().sandbox_url}
    worker = Worker(nursery, environment, tmp_path / "worker.log")
    yield worker
    worker.kill()


async def _kill_while_doing(shop: Shop, worker: Worker, task: str, vendors: str) -> None:
    """Start the worker and kill it once it is in the middle of a job: the vendor has been asked and takes its time."""
    worker.start()
    still_to_come = (
        "SELECT (SELECT sum(remaining) FROM sandbox.stripe_faults), (SELECT sum(remaining) FROM sandbox.fault)"
    )
    with psycopg.connect(vendors, autocommit=True) as sandbox:
        for _ in range(1_000):
            if not any(sandbox.execute(still_to_come).fetchone() or ()):
                break
            await asyncio.sleep(0.03)
    worker.kill()
    doing = "SELECT 1 FROM procrastinate_jobs WHERE task_name = :task AND status = 'doing'"
    assert await shop.rows(doing, task=task) == [(1,)]


async def _rescue() -> None:
    """Do what the next worker does when the last one has not been heard of for half a minute."""
    async with transaction() as session:
        await session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))
        await queue.enqueue(session, "jobs.rescue", queueing_lock="jobs.rescue", timestamp=0)
    await jobs.run_due(queue.CLOCK_QUEUE)


async def _work_off(shop: Shop) -> None:
    """Run what is due until nothing is left; what the vendor is still busy with is asked for again."""
    for _ in range(20):
        await make_due()
        await jobs.run_due()
        if await shop.rows("SELECT 1 FROM procrastinate_jobs WHERE queue_name = 'default'") == []:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(await shop.rows("SELECT task_name, status, attempts FROM procrastinate_jobs"))


async def _order(shop: Shop, name: str) -> str:
    """Sell a lamp and return the PaymentIntent's id."""
    payment = await shop.pay_start(await shop.guest(name, (shop.lamp, 1)))
    intent = shop.confirm(payment)
    await deliver()
    return intent.id


async def test_refund_whose_worker_was_killed_is_paid_once(
    shop: Shop,
    worker: Worker,
    controls: Controls,
    impatience: None,
    mailbox: Mailbox,
    sandbox_database: str,
) -> None:
    intent_id = await _order(shop, "refunded")
    await jobs.run_due()  # the confirmation
    controls.post("/faults", count=1, status=500, path_contains="/refunds").raise_for_status()
    refund = await refund_order(1001, amount_minor=500)
    assert refund.status is RefundStatus.PENDING
    controls.post("/faults", count=1, delay_ms=SLOW_MS, path_contains="/refunds").raise_for_status()

    await _kill_while_doing(shop, worker, "refunds.finish", sandbox_database)
    await _rescue()
    await _work_off(shop)
    await asyncio.sleep(SLOW_MS / 1000)  # until the call of the dead has had its effect too

    (paid,) = shop.stripe.v1.refunds.list({"payment_intent": intent_id}).data
    assert await shop.rows("SELECT status, amount_minor, stripe_refund_id FROM refunds") == [
        ("succeeded", 500, paid.id)
    ]
    assert await shop.rows("SELECT refunded_minor, pending_minor FROM payments") == [(500, 0)]


async def test_mail_whose_worker_was_killed_is_sent_once(
    shop: Shop, worker: Worker, mailbox: Mailbox, sandbox_database: str
) -> None:
    await _order(shop, "mailed")
    await mailbox.fail(count=1, status=0, delayMs=SLOW_MS)

    await _kill_while_doing(shop, worker, "emails.send", sandbox_database)
    await _rescue()
    await _work_off(shop)
    await asyncio.sleep(SLOW_MS / 1000)  # until the call of the dead has had its effect too

    assert len(await mailbox.to("guest-token-of-mailed@example.com")) == 1


async def test_rescue_is_not_stopped_by_a_stalled_task_whose_next_turn_waits(shop: Shop, mailbox: Mailbox) -> None:
    async with transaction() as session:
        await queue.enqueue(session, "checkouts.expire", queueing_lock="checkouts.expire", timestamp=0)
    await _order(shop, "rescued")
    async with transaction() as session:
        await session.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"))
        await session.execute(
            text("""UPDATE procrastinate_jobs SET status = 'doing',
                    worker_id = (SELECT max(id) FROM procrastinate_workers)""")
        )
    async with transaction() as session:
        await queue.enqueue(
            session, "checkouts.expire", queueing_lock="checkouts.expire", schedule_in=timedelta(hours=1), timestamp=60
        )

    await _rescue()
    await _work_off(shop)

    assert len(await mailbox.to("guest-token-of-rescued@example.com")) == 1
    assert await shop.rows("SELECT task_name FROM procrastinate_jobs WHERE status <> 'todo'") == []


async def test_worker_goes_on_after_the_database_dropped_all_its_connections(
    shop: Shop, worker: Worker, mailbox: Mailbox, database: str
) -> None:
    worker.start()
    await _order(shop, "before")
    await _until_mailed(mailbox, "guest-token-of-before@example.com")
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 10_000) FROM pg_stat_activity"  # waits until it is gone
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    await _order(shop, "after")

    await _until_mailed(mailbox, "guest-token-of-after@example.com")


async def _until_mailed(mailbox: Mailbox, address: str) -> None:
    for _ in range(600):
        if await mailbox.to(address):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("no mail came")
