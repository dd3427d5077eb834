"""Stock: setting it aside, selling it, giving it back. Never a read and then a write of a counter.

Variants are always touched in the order of their ids, so that two checkouts with the same goods cannot deadlock.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id

RESERVE = text("""
UPDATE variants SET reserved = reserved + :quantity
WHERE id = :variant_id AND stock - reserved >= :quantity
  AND (SELECT status FROM products WHERE id = variants.product_id) = 'active'
RETURNING id
""")

RECORD = text("""
INSERT INTO reservations (id, checkout_id, variant_id, quantity, state, expires_at, created_at)
VALUES (:id, :checkout_id, :variant_id, :quantity, 'held', :expires_at, now())
""")

# The rows are locked in id order by the inner SELECT before the outer UPDATE changes them.
END_HOLDS = """
WITH ended AS (
  UPDATE reservations SET state = :state, ended_at = now()
  WHERE checkout_id = :checkout_id AND state = 'held' RETURNING variant_id, quantity),
locked AS (
  SELECT v.id, e.quantity FROM variants v JOIN ended e ON e.variant_id = v.id ORDER BY v.id FOR UPDATE OF v)
UPDATE variants SET {change} FROM locked WHERE variants.id = locked.id
RETURNING variants.id, locked.quantity
"""

SELL = text("""
WITH sold AS (
  SELECT * FROM unnest(CAST(:variants AS uuid[]), CAST(:quantities AS int[])) AS s(variant_id, quantity)),
locked AS (
  SELECT v.id, s.quantity FROM variants v JOIN sold s ON s.variant_id = v.id
  WHERE v.stock - v.reserved >= s.quantity ORDER BY v.id FOR UPDATE OF v)
UPDATE variants SET stock = stock - locked.quantity FROM locked
WHERE variants.id = locked.id AND variants.stock - variants.reserved >= locked.quantity
RETURNING variants.id
""")

LEDGER = text("""
INSERT INTO stock_ledger (variant_id, delta, reason, reference, actor_id, created_at)
SELECT variant_id, delta, :reason, :reference, CAST(:actor_id AS uuid), now()
FROM unnest(CAST(:variants AS uuid[]), CAST(:deltas AS int[])) AS d(variant_id, delta) ORDER BY variant_id
""")


async def reserve(
    session: AsyncSession, checkout_id: UUID, quantities: Mapping[UUID, int], expires_at: datetime
) -> UUID | None:
    """Set stock aside for a checkout. Returns the first variant that is short, or None when all is held.

    On a shortage the caller rolls back, which gives back what was set aside before it.
    """
    for variant_id in sorted(quantities):
        values = {"variant_id": variant_id, "quantity": quantities[variant_id]}
        if (await session.execute(RESERVE, values)).scalar_one_or_none() is None:
            return variant_id
    await session.execute(
        RECORD,
        [
            {
                "id": new_id(),
                "checkout_id": checkout_id,
                "variant_id": variant_id,
                "quantity": quantities[variant_id],
                "expires_at": expires_at,
            }
            for variant_id in sorted(quantities)
        ],
    )
    return None


async def release(session: AsyncSession, checkout_id: UUID) -> None:
    """Give back all that a checkout has set aside."""
    statement = text(END_HOLDS.format(change="reserved = reserved - locked.quantity"))
    await session.execute(statement, {"checkout_id": checkout_id, "state": "released"})


async def consume(session: AsyncSession, checkout_id: UUID) -> dict[UUID, int]:
    """Turn all that a checkout has set aside into sales. Returns what was sold, per variant."""
    change = "reserved = reserved - locked.quantity, stock = stock - locked.quantity"
    rows = await session.execute(
        text(END_HOLDS.format(change=change)), {"checkout_id": checkout_id, "state": "consumed"}
    )
    return {row.id: row.quantity for row in rows}


async def sell(session: AsyncSession, quantities: Mapping[UUID, int]) -> bool:
    """Sell without a reservation, all or nothing: False where one is short, and then the caller rolls back."""
    variants = sorted(quantities)
    values = {"variants": variants, "quantities": [quantities[variant_id] for variant_id in variants]}
    sold = (await session.execute(SELL, values)).scalars().all()
    return len(sold) == len(variants)


async def record_movements(
    session: AsyncSession,
    deltas: Mapping[UUID, int],
    *,
    reason: str,
    reference: str,
    actor_id: UUID | None = None,
) -> None:
    """Write a row of the ledger per variant; the sum of a variant's rows is its stock."""
    variants = sorted(deltas)
    values = {
        "variants": variants,
        "deltas": [deltas[variant_id] for variant_id in variants],
        "reason": reason,
        "reference": reference,
        "actor_id": actor_id,
    }
    await session.execute(LEDGER, values)


async def list_available(session: AsyncSession, variant_ids: list[UUID]) -> dict[UUID, int]:
    """Return how many of each variant are free now."""
    rows = await session.execute(
        text("SELECT id, stock - reserved AS available FROM variants WHERE id = ANY(:ids)"), {"ids": variant_ids}
    )
    return {row.id: row.available for row in rows}
