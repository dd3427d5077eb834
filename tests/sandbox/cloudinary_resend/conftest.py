"""The sandboxes of a test module, on a real port, with a database of their own."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.routing import Mount

from shophub.sandbox.app import create_sandbox_app, lifespan
from shophub.sandbox.config import SandboxConfig
from shophub.settings import get_settings
from tests.databases import TestServer
from tests.plain_http import NO_TLS
from tests.sandbox.cloudinary_resend.serving import serving


@dataclass(frozen=True)
class RunningSandbox:
    """Sandboxes that answer at ``url``, which ends in ``/sandbox``."""

    url: str
    config: SandboxConfig


@pytest.fixture(scope="module")
def sandbox_config(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxConfig]:
    with database_server.clone() as url:
        yield SandboxConfig(database_url=url, data_dir=tmp_path_factory.mktemp("sandbox"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sandbox(sandbox_config: SandboxConfig) -> AsyncIterator[RunningSandbox]:
    async with run_sandbox(sandbox_config) as running:
        yield running


@pytest.fixture
def shop_uses_sandbox(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    """The shop's own integrations talk to the running sandboxes."""
    monkeypatch.setenv("SANDBOX_URL", sandbox.url)
    get_settings.cache_clear()
    yield sandbox
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest_asyncio.fixture
async def http(sandbox: RunningSandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=sandbox.url, trust_env=False, verify=NO_TLS) as client:
        yield client


@asynccontextmanager
async def run_sandbox(config: SandboxConfig) -> AsyncIterator[RunningSandbox]:
    """Run the sandboxes as a shop mounts them."""
    app = create_sandbox_app(config)

    @asynccontextmanager
    async def host_lifespan(_: Starlette) -> AsyncIterator[None]:
        async with lifespan(app):
            yield

    host = Starlette(routes=[Mount(config.base_path, app)], lifespan=host_lifespan)
    async with serving(host) as url:
        yield RunningSandbox(f"{url}{config.base_path}", config)
