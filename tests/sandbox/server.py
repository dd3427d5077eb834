"""The sandboxes as a server of their own, started by the tests with their settings in the environment."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from shophub.sandbox.app import create_sandbox_app, lifespan
from shophub.sandbox.config import SandboxConfig


def create() -> Starlette:
    """Return a host app with the sandboxes mounted, as the shop mounts them."""
    sandbox = create_sandbox_app(
        SandboxConfig(
            database_url=os.environ["SANDBOX_TEST_DATABASE"],
            data_dir=Path(os.environ["SANDBOX_TEST_DATA"]),
            webhook_url=os.environ["SANDBOX_TEST_WEBHOOK"],
            webhook_backoff_seconds=tuple(map(float, os.environ["SANDBOX_TEST_BACKOFF"].split())),
            webhook_timeout_seconds=5,
        )
    )

    @asynccontextmanager
    async def run(_host: Starlette) -> AsyncIterator[None]:
        async with lifespan(sandbox):
            yield

    return Starlette(routes=[Mount("/sandbox", app=sandbox)], lifespan=run)
