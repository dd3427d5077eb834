"""Stock: setting it aside, selling it, giving it back. Never a read and then a write of a counter.

Variants are always touched in the order of their ids, so that two checkouts with the same goods cannot deadlock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id

# A statement of its own, before the one that changes the rows: a statement that does both sees the rows as they were
# before it waited, and then waits for its own lock behind those who wait for it. Seen as a deadlock among 48 releases.
LOCK = """
SELECT id FROM variants WHERE id IN (SELECT variant_id FROM ({which}) AS units) ORDER BY id FOR NO KEY UPDATE
"""

LOCK_HELD = text(
    LOCK.format(which="SELECT variant_id FROM reservations WHERE checkout_id = :checkout_id AND state = 'held'")
)

RELEASE = text("""
WITH ended AS (
  UPDATE reservations SET state = 'released', ended_at = now()
  WHERE checkout_id = :checkout_id AND state = 'held' RETURNING variant_id, quantity)
UPDATE variants SET reserved = reserved - ended.quantity FROM ended WHERE variants.id = ended.variant_id
""")

LEDGER = text("""
INSERT INTO stock_ledger (variant_id, delta, reason, reference, actor_id, created_at)
SELECT variant_id, delta, :reason, :reference, CAST(:actor_id AS uuid), now()
FROM unnest(CAST(:variants AS uuid[]), CAST(:deltas AS int[])) AS d(variant_id, delta) ORDER BY variant_id
""")


async def release(session: AsyncSession, checkout_id: UUID) -> None:
    """Give back all that a checkout has set aside."""
    await session.execute(LOCK_HELD, {"checkout_id": checkout_id})
    await session.execute(RELEASE, {"checkout_id": checkout_id})


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


ADJUST = text("""
UPDATE variants SET reserved = reserved + :change
WHERE id = :variant_id AND stock - reserved >= :change
  AND (:change <= 0 OR (SELECT status FROM products WHERE id = variants.product_id) = 'active')
RETURNING id
""")


async def list_held(session: AsyncSession, checkout_id: UUID) -> dict[UUID, int]:
    """Return what a checkout has set aside."""
    rows = await session.execute(
        text("SELECT variant_id, quantity FROM reservations WHERE checkout_id = :id AND state = 'held'"),
        {"id": checkout_id},
    )
    return {row.variant_id: row.quantity for row in rows}


async def hold_exactly(
    session: AsyncSession, checkout_id: UUID, wanted: Mapping[UUID, int], expires_at: datetime
) -> UUID | None:
    """Bring what a checkout has set aside to ``wanted``, up or down, in the order of the variants' ids.

    Returns the first variant that is short, or None when all is held. On a shortage the caller rolls back.
    """
    held = await list_held(session, checkout_id)
    for variant_id in sorted(set(held) | set(wanted)):
        before, after = held.get(variant_id, 0), wanted.get(variant_id, 0)
        if before == after:
            continue
        change = {"variant_id": variant_id, "change": after - before}
        if (await session.execute(ADJUST, change)).scalar_one_or_none() is None:
            return variant_id
        await _set_hold(session, checkout_id, variant_id, after, expires_at)
    return None


@dataclass(frozen=True)
class HeldTogether:
    """How many units of a variant several checkouts have set aside, and how many there are in all."""

    variant_id: UUID
    name: str
    stock: int
    quantity: int


HELD_TOGETHER = """
SELECT v.id, p.name, v.stock, sum(r.quantity)::int
FROM checkouts own
JOIN reservations mine ON mine.checkout_id = own.id AND mine.state = 'held'
JOIN reservations r ON r.variant_id = mine.variant_id AND r.state = 'held'
JOIN checkouts c ON c.id = r.checkout_id AND {together}
JOIN variants v ON v.id = mine.variant_id
JOIN products p ON p.id = v.product_id
WHERE own.id = :checkout_id
GROUP BY v.id, p.name, v.stock
"""
HELD_AT_ADDRESS = text(
    HELD_TOGETHER.format(
        together="c.user_id IS NULL AND c.network_address = own.network_address AND own.network_address <> ''"
    )
)
HELD_WITHOUT_CART = text(HELD_TOGETHER.format(together="c.user_id = own.user_id AND c.cart_id IS NULL"))


async def list_held_at_address(session: AsyncSession, checkout_id: UUID) -> list[HeldTogether]:
    """Return, for each variant that a checkout holds, what guests of its network address hold of it together.

    Nothing where the address is not known.
    """
    rows = await session.execute(HELD_AT_ADDRESS, {"checkout_id": checkout_id})
    return [HeldTogether(*row) for row in rows]


async def list_held_without_cart(session: AsyncSession, checkout_id: UUID) -> list[HeldTogether]:
    """Return, for each variant that a checkout holds, what its account's checkouts without a cart hold together."""
    rows = await session.execute(HELD_WITHOUT_CART, {"checkout_id": checkout_id})
    return [HeldTogether(*row) for row in rows]


async def _set_hold(
    session: AsyncSession, checkout_id: UUID, variant_id: UUID, quantity: int, expires_at: datetime
) -> None:
    values = {"checkout_id": checkout_id, "variant_id": variant_id, "quantity": quantity}
    if quantity == 0:
        await session.execute(
            text("""
            UPDATE reservations SET state = 'released', ended_at = now()
            WHERE checkout_id = :checkout_id AND variant_id = :variant_id AND state = 'held'
            """),
            {"checkout_id": checkout_id, "variant_id": variant_id},
        )
        return
    await session.execute(
        text("""
        INSERT INTO reservations (id, checkout_id, variant_id, quantity, state, expires_at, created_at)
        VALUES (:id, :checkout_id, :variant_id, :quantity, 'held', :expires_at, now())
        ON CONFLICT (checkout_id, variant_id) WHERE state = 'held' DO UPDATE SET quantity = excluded.quantity
        """),
        {**values, "id": new_id(), "expires_at": expires_at},
    )


# NO KEY UPDATE: an order's lines refer to their variants (KEY SHARE) before the variants are changed; with FOR UPDATE
# two orders would then each wait for the other. The ledger is written under the lock, so that its order is the stock's.
SELL_FROM_HOLDS = text("""
WITH wanted AS (
  SELECT * FROM unnest(CAST(:variants AS uuid[]), CAST(:quantities AS int[])) AS w(variant_id, quantity)),
held AS (
  SELECT variant_id, quantity FROM reservations WHERE checkout_id = :checkout_id AND state = 'held'),
change AS (
  SELECT coalesce(w.variant_id, h.variant_id) AS variant_id, coalesce(w.quantity, 0) AS sold,
         coalesce(h.quantity, 0) AS held
  FROM wanted w FULL JOIN held h ON h.variant_id = w.variant_id),
locked AS (
  SELECT v.id, c.sold, c.held FROM variants v JOIN change c ON c.variant_id = v.id
  ORDER BY v.id FOR NO KEY UPDATE OF v),
ended AS (
  UPDATE reservations SET ended_at = now(),
    state = CASE WHEN variant_id = ANY(CAST(:variants AS uuid[])) THEN 'consumed' ELSE 'released' END
  WHERE checkout_id = :checkout_id AND state = 'held' RETURNING id),
changed AS (
  UPDATE variants SET stock = stock - locked.sold, reserved = reserved - locked.held FROM locked
  WHERE variants.id = locked.id AND variants.stock - variants.reserved + locked.held >= locked.sold
  RETURNING variants.id, locked.sold),
ledger AS (
  INSERT INTO stock_ledger (variant_id, delta, reason, reference, created_at)
  SELECT id, -sold, :reason, :reference, now() FROM changed WHERE sold > 0 ORDER BY id)
SELECT (SELECT count(*) FROM change) = (SELECT count(*) FROM changed) AS is_complete,
  EXISTS (SELECT 1 FROM coupon_redemptions WHERE checkout_id = :checkout_id AND state = 'held') AS holds_coupon
""")


@dataclass(frozen=True)
class Sold:
    """Whether all could be sold, and whether the checkout holds a coupon's use that has to end too."""

    is_complete: bool
    holds_coupon: bool


async def sell_from_holds(
    session: AsyncSession, checkout_id: UUID, wanted: Mapping[UUID, int], *, reason: str, reference: str
) -> Sold:
    """Sell what a checkout is for, in one statement with its ledger rows, and end all its holds.

    What it holds is sold first; what it does not hold is taken from what is free; what it holds and does not buy is
    given back. Where something is short the answer is not complete: then the caller rolls back to its savepoint.
    """
    variants = sorted(wanted)
    values = {
        "checkout_id": checkout_id,
        "variants": variants,
        "quantities": [wanted[variant_id] for variant_id in variants],
        "reason": reason,
        "reference": reference,
    }
    row = (await session.execute(SELL_FROM_HOLDS, values)).one()
    return Sold(row.is_complete, row.holds_coupon)


# Units that were given back once are not given back again: a refund that succeeded, failed and was repeated.
RESTOCK_REFUND = """
SELECT l.id, l.variant_id, least(r.quantity, back.units - l.restocked_quantity) AS units
FROM refund_lines r JOIN order_lines l ON l.id = r.order_line_id,
LATERAL (
  SELECT sum(one.quantity)::int AS units FROM refund_lines one JOIN refunds f ON f.id = one.refund_id
  WHERE one.order_line_id = l.id AND f.restock AND f.status = 'succeeded') back
WHERE r.refund_id = :id AND l.variant_id IS NOT NULL AND back.units > l.restocked_quantity
"""

# Nothing of it has left the house: whatever is not back in stock yet comes back, refunded before or not.
RESTOCK_ORDER = """
SELECT l.id, l.variant_id, l.quantity - l.restocked_quantity AS units
FROM order_lines l
WHERE l.order_id = :id AND l.variant_id IS NOT NULL AND l.quantity > l.restocked_quantity
"""

RESTOCK = """
WITH back AS ({which}),
marked AS (
  UPDATE order_lines l SET restocked_quantity = l.restocked_quantity + back.units FROM back WHERE l.id = back.id
  RETURNING l.variant_id, back.units),
units AS (SELECT variant_id, sum(units)::int AS units FROM marked GROUP BY variant_id)
UPDATE variants SET stock = stock + units.units FROM units WHERE variants.id = units.variant_id
RETURNING variants.id, units.units
"""


async def restock_refund(session: AsyncSession, refund_id: UUID, *, reason: str, reference: str) -> None:
    """Put the units of a refund back into stock, with their rows in the ledger. The caller holds the order's lock."""
    await _restock(session, RESTOCK_REFUND, refund_id, reason, reference, None)


async def restock_order(
    session: AsyncSession, order_id: UUID, *, reason: str, reference: str, actor_id: UUID | None
) -> None:
    """Put all units of an order back that are not back yet. The caller holds the order's lock."""
    await _restock(session, RESTOCK_ORDER, order_id, reason, reference, actor_id)


async def _restock(
    session: AsyncSession, which: str, thing_id: UUID, reason: str, reference: str, actor_id: UUID | None
) -> None:
    await session.execute(text(LOCK.format(which=which)), {"id": thing_id})
    rows = await session.execute(text(RESTOCK.format(which=which)), {"id": thing_id})
    back = {row.id: row.units for row in rows}
    if back:
        await record_movements(session, back, reason=reason, reference=reference, actor_id=actor_id)
