"""Figures for who watches the shop: each a look into an index."""

from dataclasses import dataclass

from sqlalchemy import text

from shophub.db import AsyncSession

_FIGURES = text("""
SELECT
  (SELECT count(*) FROM orders WHERE placed_at > now() - interval '1 hour') AS orders,
  (SELECT count(*) FROM provider_events
   WHERE received_at > now() - interval '1 hour' AND type = 'payment_intent.payment_failed') AS payment_failures,
  (SELECT count(*) FROM procrastinate_jobs
   WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())) AS due_jobs
""")


@dataclass(frozen=True)
class ShopFigures:
    """What happened within the last hour, and how many jobs are due."""

    orders: int
    payment_failures: int
    due_jobs: int


async def get_figures(session: AsyncSession) -> ShopFigures:
    """Return the figures of now. One statement."""
    return ShopFigures(*(await session.execute(_FIGURES)).one())
