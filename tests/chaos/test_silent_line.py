"""A line to the database that dies without a word, as after a failover or behind a firewall."""

import asyncio
from time import monotonic

import psycopg

from shophub.db import listen
from tests.chaos.wire import Wire


async def test_listener_notices_a_line_that_died_silently(wire: Wire, database: str) -> None:
    heard: asyncio.Queue[str | None] = asyncio.Queue()

    async def follow() -> None:
        async for payload in listen("silence"):
            heard.put_nowait(payload)

    following = asyncio.create_task(follow())
    try:
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as other:
            assert await asyncio.wait_for(heard.get(), 20) is None
            await other.execute("SELECT pg_notify('silence', 'before')")
            assert await asyncio.wait_for(heard.get(), 20) == "before"

            wire.freeze()
            began = monotonic()
            await other.execute("SELECT pg_notify('silence', 'lost')")

            assert await asyncio.wait_for(heard.get(), 30) is None  # connected anew: something may have been missed
            assert monotonic() - began < 20
            await other.execute("SELECT pg_notify('silence', 'after')")
            assert await asyncio.wait_for(heard.get(), 20) == "after"
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
