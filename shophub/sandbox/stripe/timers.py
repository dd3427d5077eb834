"""What happens later by itself: bank debits that settle, refunds that fail at the bank."""

from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.storage import Storage
from shophub.sandbox.stripe import objects, payments, refunds
from shophub.sandbox.stripe.errors import ApiError
from shophub.sandbox.stripe.work import Work


async def fire(storage: Storage, config: SandboxConfig) -> None:
    """Do everything that is due, each in a transaction of its own and exactly once."""
    while await _fire_one(storage, config):
        pass


async def _fire_one(storage: Storage, config: SandboxConfig) -> bool:
    async with storage.transaction() as connection:
        cursor = await connection.execute(
            "DELETE FROM sandbox.stripe_timers WHERE id = (SELECT id FROM sandbox.stripe_timers"
            " WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)"
            " RETURNING kind, object_id"
        )
        row = await cursor.fetchone()
        if row is None:
            return False
        work = Work(connection, config)
        try:
            async with connection.transaction():
                await _act(work, row["kind"], row["object_id"])
        except ApiError:
            pass  # a test control was first: there is nothing left to do
        return True


async def _act(work: Work, kind: str, object_id: str) -> None:
    succeeded = kind.endswith("_succeeded")
    if kind.startswith("settle_"):
        intent = await objects.get(work.connection, "payment_intent", object_id, lock=True)
        await payments.settle(work, intent, succeeded=succeeded)
    else:
        refund = await refunds.lock(work, object_id)
        await refunds.finish(work, refund, succeeded=succeeded)
