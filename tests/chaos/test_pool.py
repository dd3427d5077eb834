"""The pool of connections through cuts, restarts of the database and callers who give up."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text

from shophub.db import AsyncSession, close_database, transaction
from shophub.errors import UnavailableError
from shophub.integrations import queue
from shophub.settings import get_settings
from tests.chaos.wire import Wire

PLACES = 3


@pytest.fixture
def small_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool of three that waits for two seconds."""
    monkeypatch.setenv("DB_POOL_MAX", str(PLACES))
    monkeypatch.setenv("DB_CONNECT_TIMEOUT", "00:00:02")
    get_settings.cache_clear()


async def _ask(question: str = "SELECT 1") -> None:
    async with transaction() as session:
        await session.execute(text(question))


async def _crowd() -> None:
    """Have every place of the pool taken at once."""

    async def hold(session: AsyncSession) -> None:
        await session.execute(text("SELECT pg_sleep(0.05)"))

    async def one() -> None:
        async with transaction() as session:
            await hold(session)

    await asyncio.gather(*(one() for _ in range(PLACES)))


async def test_lost_connection_gives_its_place_in_the_pool_back(small_pool: None, wire: Wire) -> None:
    for after in (False, True):
        for _ in range(2 * PLACES):
            wire.arm(2, after=after)
            with pytest.raises(UnavailableError):
                await _ask()
            assert wire.disarm() is not None

    await _crowd()


async def test_restart_of_the_database_fails_no_later_request(small_pool: None, wire: Wire, database: str) -> None:
    await _crowd()
    with psycopg.connect(database, autocommit=True) as other:
        ended = other.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'shophub'"
        ).fetchone()
    assert ended == (PLACES,)
    await asyncio.sleep(0.1)  # until the goodbyes have arrived

    for _ in range(PLACES):
        await _ask()


async def test_callers_who_give_up_leave_their_places_to_others(small_pool: None, wire: Wire) -> None:
    for _ in range(2 * PLACES):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await _ask("SELECT pg_sleep(5)")

    await _crowd()


async def test_shop_without_database_says_so_and_is_back_with_it(small_pool: None, wire: Wire) -> None:
    await _ask()
    await wire.stop()

    with pytest.raises(UnavailableError) as told:
        await _ask()
    assert told.value.message == "The shop cannot be reached right now. Please try again in a moment."
    assert isinstance(told.value.__cause__, Exception)

    await wire.start(wire.port)
    await _ask()
    await close_database()


async def test_line_lost_while_a_job_is_written_is_the_same_error(wire: Wire) -> None:
    async def place() -> None:
        async with transaction() as session:
            await session.execute(text("SELECT 1"))
            wire.arm(1)
            await queue.enqueue(session, "emails.send", kind="x", subject_id="y")

    with pytest.raises(UnavailableError):
        await place()

    assert wire.disarm() is not None
