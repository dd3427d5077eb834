"""A shop in a process of its own that answers events and requests, without serving the build's files.

Only server HTML is made with the build: who asks for such pages asks for ``built_pages`` too.
"""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from shophub.lib.frontend_export import export_if_changed
from tests.databases import TestServer
from tests.e2e.shop_server import PROJECT, ShopServer
from tests.security import books

REPORTED = "page_failed"


class EventServer(ShopServer):
    """Serves events and routes, with the back office of ``tests.security.shop_app``."""

    application = "tests.security.shop_app:app"
    has_pages = False

    def __init__(self, database_url: str, folder: Path, port: int | None = None, **environment: str) -> None:
        """Prepare to serve from a database, with ``environment`` added to the usual one."""
        super().__init__(database_url, folder, port)
        self.folder = folder
        del self.environment["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"]
        self.environment |= environment


@pytest.fixture(scope="session")
def event_server(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventServer]:
    """A running shop for the whole run."""
    with database_server.clone() as url:
        with EventServer(url, Path(tmp_path_factory.mktemp("events")), TRUSTED_PROXIES="127.0.0.1").running() as server:
            yield server
            books.close()


@pytest.fixture(scope="session")
def built_pages() -> None:
    """The build, which server HTML is put into."""
    export_if_changed(PROJECT, os.environ)


@pytest_asyncio.fixture
async def live_shop(event_server: EventServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[EventServer]:
    """The running shop, with this process looking at its database and knowing its secret."""
    async with event_server.looked_at(monkeypatch):
        yield event_server


@pytest.fixture
def no_traceback(event_server: EventServer) -> Iterator[None]:
    """Whatever is sent meanwhile: the shop's log holds no traceback and no error but those that browsers report."""
    before = event_server.log.stat().st_size
    yield
    with event_server.log.open("rb") as log:
        log.seek(before)
        said = log.read().decode(errors="replace").splitlines()
    ours = [line for line in said if REPORTED not in line]
    assert [line for line in ours if "Traceback" in line or "[error" in line] == []
