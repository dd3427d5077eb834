"""Visits to the shop: written in batches, counted by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.visits import PAUSE, Step
from shophub.lib.ids import new_id

# Who writes visits holds this until the end of the transaction: of two processes that know the same browser, the second
# goes on with the first one's visit.
_WRITING = 7_305_011

# A visit that began before midnight goes on as that of its first day: its browser is known by that day's hash.
SAVE = text("""
WITH given AS (
  SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:hashes AS text[]), CAST(:hashes_before AS text[]),
    CAST(:began AS timestamptz[]), CAST(:ended AS timestamptz[]), CAST(:steps AS int[]), CAST(:checkouts AS uuid[]))
    AS g(id, hash, hash_before, began_at, ended_at, step, checkout_id)),
continued AS (
  UPDATE visits v SET
    last_seen_at = greatest(v.last_seen_at, g.ended_at),
    saw_product = v.saw_product OR g.step >= 1,
    added_to_cart = v.added_to_cart OR g.step >= 2,
    started_checkout = v.started_checkout OR g.step >= 3,
    checkout_id = coalesce(g.checkout_id, v.checkout_id)
  FROM given g, LATERAL (
    SELECT w.id FROM visits w
    WHERE w.visitor_hash IN (g.hash, g.hash_before)
      AND w.last_seen_at >= g.began_at - make_interval(secs => :pause)
    ORDER BY w.last_seen_at DESC LIMIT 1) latest
  WHERE v.id = latest.id RETURNING g.id AS given_id)
INSERT INTO visits (id, visited_on, visitor_hash, saw_product, added_to_cart, started_checkout, checkout_id,
  created_at, last_seen_at)
SELECT g.id, (g.began_at AT TIME ZONE 'UTC')::date, g.hash, g.step >= 1, g.step >= 2, g.step >= 3, g.checkout_id,
  g.began_at, g.ended_at
FROM given g WHERE NOT EXISTS (SELECT FROM continued c WHERE c.given_id = g.id)
""")

# The checkout is forgotten with its end: a visit names nobody's order.
SETTLE = text("""
UPDATE visits v SET
  ordered = v.ordered OR EXISTS (SELECT FROM orders o WHERE o.checkout_id = c.id),
  checkout_id = NULL
FROM checkouts c WHERE c.id = v.checkout_id AND c.status NOT IN ('open', 'processing')
""")

FUNNEL = text("""
SELECT d.day >= :start AS is_now, sum(d.visits)::bigint, sum(d.saw_product)::bigint, sum(d.added_to_cart)::bigint,
  sum(d.started_checkout)::bigint, sum(d.ordered)::bigint
FROM visit_days d WHERE d.day BETWEEN :before_start AND :end GROUP BY 1
""")

BY_DAY = text("""
SELECT day, visits, saw_product, added_to_cart, started_checkout, ordered FROM visit_days
WHERE day BETWEEN :start AND :end ORDER BY day
""")


@dataclass(frozen=True)
class VisitRow:
    """What was heard of one browser; the hashes are those of the day on which it began and of the day before."""

    hash: str
    hash_before: str
    began_at: datetime
    ended_at: datetime
    step: Step
    checkout_id: UUID | None = None


@dataclass(frozen=True)
class Funnel:
    """How many visits there were, and how many came how far."""

    visits: int = 0
    saw_product: int = 0
    added_to_cart: int = 0
    started_checkout: int = 0
    ordered: int = 0


async def save(session: AsyncSession, rows: Sequence[VisitRow]) -> None:
    """Go on with the visits that are not over, and begin the others. Two statements, however many there are."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITING})
    values: dict[str, Any] = {
        "ids": [new_id() for _ in rows],
        "hashes": [row.hash for row in rows],
        "hashes_before": [row.hash_before for row in rows],
        "began": [row.began_at for row in rows],
        "ended": [row.ended_at for row in rows],
        "steps": [int(row.step) for row in rows],
        "checkouts": [row.checkout_id for row in rows],
        "pause": PAUSE.total_seconds(),
    }
    await session.execute(SAVE, values)


async def settle(session: AsyncSession) -> None:
    """Note which visits came to an order, of those whose checkout is over."""
    await session.execute(SETTLE)


async def get_funnels(session: AsyncSession, start: date, end: date, before_start: date) -> tuple[Funnel, Funnel]:
    """Return how far the visits of a range came, and those of the days before it from ``before_start`` on."""
    values = {"start": start, "end": end, "before_start": before_start}
    found = {row[0]: Funnel(*row[1:]) for row in await session.execute(FUNNEL, values)}
    return found.get(True, Funnel()), found.get(False, Funnel())


async def list_by_day(session: AsyncSession, start: date, end: date) -> list[tuple[date, Funnel]]:
    """Return how far the visits of each day came; days without are left out."""
    rows = await session.execute(BY_DAY, {"start": start, "end": end})
    return [(row[0], Funnel(*row[1:])) for row in rows]
