"""A shop whose e-mails end in the sandbox's mailbox, and the queue seen from outside."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from shophub.db import transaction
from shophub.settings import get_settings
from tests.plain_http import NO_TLS
from tests.sandbox.conftest import (  # noqa: F401 - fixtures
    SandboxServer,
    controls,
    endpoint,
    running_sandbox,
    sandbox,
    sandbox_database,
)


@dataclass
class Mailbox:
    """What was sent, and orders to fail."""

    http: httpx.AsyncClient

    async def to(self, address: str) -> list[dict[str, Any]]:
        """Return the messages sent to an address, newest first."""
        items: list[dict[str, Any]] = (await self.http.get("/mail/messages", params={"to": address})).json()["items"]
        return items

    async def fail(self, **order: object) -> None:
        """Make the next calls to Resend fail."""
        (await self.http.post("/resend/_test/fail", json=order)).raise_for_status()


@pytest_asyncio.fixture
async def mailbox(
    database: str,
    sandbox: SandboxServer,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Mailbox]:
    """The mailbox of the sandbox that this test's shop sends to."""
    monkeypatch.setenv("SANDBOX_URL", sandbox.url)
    get_settings.cache_clear()
    async with httpx.AsyncClient(base_url=sandbox.url, trust_env=False, verify=NO_TLS) as http:
        box = Mailbox(http)
        await box.fail(count=0, status=500)
        yield box


async def jobs() -> list[tuple[str, str, int]]:
    """Return task, status and attempts of every job that is still known."""
    async with transaction() as session:
        rows = await session.execute(
            text("""SELECT task_name, status::text, attempts FROM procrastinate_jobs
                    WHERE queue_name <> 'clock' ORDER BY id""")
        )
        return [(row[0], row[1], row[2]) for row in rows]


async def make_due() -> None:
    """Let jobs that wait for their next try run now."""
    async with transaction() as session:
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
