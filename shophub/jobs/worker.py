"""The worker: runs what the shop put into its queue, and the tasks that come round by the clock."""

from shophub.db import close_database
from shophub.integrations import queue

# Imported for the tasks that they register.
from shophub.jobs import (
    accounts,
    audit,
    catalog,
    checkouts,
    demo,
    emails,
    invariants,
    long_work,
    notices,
    orders,
    payments,
    refunds,
    upkeep,
)

CONCURRENCY = 4

__all__ = [
    "CONCURRENCY",
    "accounts",
    "audit",
    "catalog",
    "checkouts",
    "demo",
    "emails",
    "invariants",
    "long_work",
    "notices",
    "orders",
    "payments",
    "refunds",
    "run",
    "run_due",
    "upkeep",
]


async def run(concurrency: int = CONCURRENCY) -> None:
    """Run jobs until SIGINT or SIGTERM; those under way may end first."""
    try:
        await queue.run_worker(concurrency=concurrency)
    finally:
        await close_database()


async def run_due(*queues: str) -> None:
    """Run every job that is due now in the named queues (without a name, all but those by the clock), and return."""
    await queue.run_due_jobs(*queues)
