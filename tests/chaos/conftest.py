"""A shop on a line to its database that can be cut, with a Stripe that can fail."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from shophub.db import close_database, database_url, transaction
from shophub.services.invariants import find_violations
from shophub.settings import get_settings
from tests.chaos.processes import Nursery
from tests.chaos.wire import Wire
from tests.checkout.conftest import (  # noqa: F401 - fixtures
    Shop,
    client,
    controls,
    endpoint,
    running_sandbox,
    sandbox,
    sandbox_database,
    shop,
)
from tests.jobs.conftest import mailbox  # noqa: F401 - likewise


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """What the processes of the shop come from."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest_asyncio.fixture
async def wire(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """The line to this test's database: all that the shop asks goes through it."""
    wire = Wire(database)
    await wire.start()
    await close_database()
    monkeypatch.setenv("DATABASE_URL", wire.url)
    get_settings.cache_clear()
    database_url.cache_clear()
    yield wire
    wire.disarm()
    await close_database()
    await wire.stop()
    monkeypatch.setenv("DATABASE_URL", database)
    get_settings.cache_clear()
    database_url.cache_clear()


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A shop that asks Stripe once and waits for half a second, so that a test need not."""
    monkeypatch.setenv("STRIPE_RETRIES", "0")
    monkeypatch.setenv("STRIPE_TIMEOUT", "PT0.5S")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


async def check_books() -> None:
    """Fail unless stock, holds, coupons, orders and payments add up at this moment."""
    async with transaction() as session:
        assert await find_violations(session) == ()
