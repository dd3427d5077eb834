"""A shop in a process of its own that answers events and requests; built, but without serving the build's files."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from shophub.db import close_database, database_url
from shophub.lib.frontend_export import export_if_changed
from shophub.settings import get_settings
from tests.databases import TestServer
from tests.e2e.shop_server import PROJECT, ShopServer

START_SECONDS = 120  # on a machine that does much else
REPORTED = "[Reflex Frontend Exception]"


class EventServer(ShopServer):
    """Serves events and routes, with the back office of ``tests.security.shop_app``."""

    def __init__(self, database_url: str, folder: Path, port: int | None = None, **environment: str) -> None:
        """Prepare to serve from a database, with ``environment`` added to the usual one."""
        super().__init__(database_url, folder, port)
        self.folder = folder
        del self.environment["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"]
        self.environment |= environment

    def start(self) -> None:
        """Build the pages if their sources changed, then serve until ``stop``."""
        export_if_changed(PROJECT, os.environ)
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1",
                   "--port", str(self.port), "tests.security.shop_app:app"]  # fmt: skip
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(self.url + "/api/health", timeout=2):  # noqa: S310 - our own address
                    return
            except (urllib.error.URLError, OSError):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"The shop did not start:\n{self.log.read_text()[-4000:]}") from None
                time.sleep(0.1)


@pytest.fixture(scope="session")
def event_server(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventServer]:
    """A running shop for the whole run."""
    with database_server.clone() as url:
        server = EventServer(url, Path(tmp_path_factory.mktemp("events")), TRUSTED_PROXIES="127.0.0.1")
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest_asyncio.fixture
async def live_shop(event_server: EventServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[EventServer]:
    """The running shop, with this process looking at its database and knowing its secret."""
    monkeypatch.setenv("DATABASE_URL", event_server.database_url)
    monkeypatch.setenv("SHOPHUB_DATA_DIR", event_server.environment["SHOPHUB_DATA_DIR"])
    get_settings.cache_clear()
    database_url.cache_clear()
    yield event_server
    await close_database()
    monkeypatch.undo()
    get_settings.cache_clear()
    database_url.cache_clear()


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
