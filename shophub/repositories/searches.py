"""What was searched for: a row for each search and day, with how often."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id


@dataclass(frozen=True)
class EmptySearchRow:
    """A search in vain: how often, and when last."""

    query: str
    count: int
    last_at: datetime


# So many different searches of a day are kept; more than that is a script's doing.
MAX_A_DAY = 5_000
ADD = text(f"""
INSERT INTO searches (id, query, result_count, day)
SELECT :id, :query, :count, today.day FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS day) today
WHERE EXISTS (SELECT 1 FROM searches s WHERE s.day = today.day AND s.query = :query)
  OR (SELECT count(*) FROM searches s WHERE s.day = today.day) < {MAX_A_DAY}
ON CONFLICT (day, query) DO UPDATE SET
  times = searches.times + 1, created_at = excluded.created_at, result_count = excluded.result_count
""")  # noqa: S608 - a constant


async def add(session: AsyncSession, query: str, result_count: int) -> None:
    """Note a search. What was searched for today already is counted; of what is new, so much a day is kept."""
    await session.execute(ADD, {"id": new_id(), "query": query, "count": result_count})


async def list_empty(
    session: AsyncSession, since: datetime, *, limit: int, offset: int
) -> tuple[int, list[EmptySearchRow]]:
    """Return how many different searches found nothing since then, and a page of them, the most frequent first."""
    statement = text("""
        WITH grouped AS MATERIALIZED (
          SELECT query, sum(times) AS times, max(created_at) AS last_at FROM searches
          WHERE result_count = 0 AND created_at >= :since GROUP BY query)
        SELECT total.n, page.* FROM (SELECT count(*) AS n FROM grouped) total LEFT JOIN (
          SELECT * FROM grouped ORDER BY times DESC, last_at DESC, query LIMIT :limit OFFSET :offset) page ON true
        ORDER BY page.times DESC, page.last_at DESC, page.query
    """)
    rows = (await session.execute(statement, {"since": since, "limit": limit, "offset": offset})).all()
    return rows[0].n, [EmptySearchRow(row.query, row.times, row.last_at) for row in rows if row.query is not None]
