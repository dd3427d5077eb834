"""What was searched for in vain is kept once a day, with how often, and not without end."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.repositories import searches


async def _kept(session: AsyncSession) -> list[tuple[str, int]]:
    found = await session.execute(text("SELECT query, times FROM searches ORDER BY day, query"))
    return [(row.query, row.times) for row in found]


async def test_search_in_vain_is_one_row_a_day(session: AsyncSession) -> None:
    for query in ("harp", "harp", "lute", "harp"):
        await searches.add(session, query, 0)
    assert await _kept(session) == [("harp", 3), ("lute", 1)]

    await session.execute(text("UPDATE searches SET day = day - 1, created_at = created_at - interval '1 day'"))
    await searches.add(session, "harp", 0)
    assert await _kept(session) == [("harp", 3), ("lute", 1), ("harp", 1)]

    total, rows = await searches.list_empty(session, utc_now() - timedelta(days=5), limit=9, offset=0)
    assert (total, [(row.query, row.count) for row in rows]) == (2, [("harp", 4), ("lute", 1)])


@pytest.mark.parametrize(("query", "times"), [("word 1", 2), ("new", None)])
async def test_so_many_different_searches_a_day_are_kept(session: AsyncSession, query: str, times: int | None) -> None:
    await session.execute(
        text("""
        INSERT INTO searches (id, query, result_count) SELECT gen_random_uuid(), 'word ' || n, 0
        FROM generate_series(1, :most) n
        """),
        {"most": searches.MAX_A_DAY},
    )

    await searches.add(session, query, 0)

    kept = dict(await _kept(session))
    assert (len(kept), kept.get(query)) == (searches.MAX_A_DAY, times)
