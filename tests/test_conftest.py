"""The fixtures keep their promises."""

import asyncio
import os
import socket
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.settings import get_settings
from tests.conftest import NetworkRefusedError

COUNT = text("SELECT count(*) FROM stays")


async def test_database_is_migrated_and_shared_by_all_sessions(database: str) -> None:
    async with transaction() as session:
        await session.execute(text("CREATE TABLE stays (x int)"))
    async with transaction() as session:
        await session.execute(text("INSERT INTO stays VALUES (1)"))

    with psycopg.connect(database) as connection:
        count = connection.execute("SELECT count(*) FROM stays").fetchone()
        head = connection.execute("SELECT count(*) FROM alembic_version").fetchone()

    assert (count, head) == ((1,), (1,))


async def test_next_database_is_clean_again(database: str) -> None:
    async with transaction() as session:
        left = await session.scalar(text("SELECT to_regclass('stays')"))

    assert left is None


async def test_parallel_transactions_get_connections_of_their_own(database: str) -> None:
    all_open = asyncio.Barrier(5)

    async def backend() -> int:
        async with transaction() as session:
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
            await all_open.wait()
            return int(pid)

    assert len(set(await asyncio.gather(*(backend() for _ in range(5))))) == 5


@pytest.mark.parametrize("turn", [1, 2])
async def test_session_is_rolled_back_even_after_a_commit(session: AsyncSession, turn: int) -> None:
    assert await session.scalar(text("SELECT to_regclass('stays')")) is None

    await session.execute(text("CREATE TABLE stays (x int)"))
    await session.commit()
    await session.execute(text(f"INSERT INTO stays VALUES ({turn})"))
    await session.commit()

    assert await session.scalar(COUNT) == 1


async def test_failed_statement_in_a_savepoint_leaves_the_session_usable(session: AsyncSession) -> None:
    with pytest.raises(Exception, match="nothing_like_this"):
        async with session.begin_nested():
            await session.execute(text("SELECT nothing_like_this"))

    assert await session.scalar(text("SELECT 1")) == 1


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.com", 443)])
def test_network_beyond_this_machine_is_refused(address: tuple[str, int]) -> None:
    with pytest.raises(NetworkRefusedError):
        socket.create_connection(address, timeout=1)


def test_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_environment_is_the_tests_own() -> None:
    settings = get_settings()

    assert settings.env == "test"
    assert settings.uses_sandbox
    assert Path(os.environ["HOME"]) in settings.data_dir.parents
