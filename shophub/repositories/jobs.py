"""What the shop asks the job queue's tables."""

from sqlalchemy import text

from shophub.db import AsyncSession

_LAG = text("""
SELECT coalesce(extract(epoch FROM now() - min(coalesce(job.scheduled_at, event.at)))::integer, 0)
FROM procrastinate_jobs job
LEFT JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
""")


async def queue_lag_seconds(session: AsyncSession) -> int:
    """Return how long the oldest job that is due has waited; 0 if none waits."""
    return max(0, int((await session.execute(_LAG)).scalar_one()))
