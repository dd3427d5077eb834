"""The built shop as a process of its own, as it is served to customers."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Self

import pytest

from shophub.db import close_database, database_url
from shophub.lib.frontend_export import export_if_changed
from shophub.settings import Settings, get_settings

PROJECT = Path(__file__).parents[2]
START_SECONDS = 120  # on a machine that does much else
# All the tests' people live at one address, whichever tests come to this shop.
CROWDED = {name.upper(): "10000" for name in Settings.model_fields if re.fullmatch(r"throttle_\w+_address", name)}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ShopServer:
    """One process, one port: compiled pages, events, routes and sandboxes."""

    application = "shophub.shophub:app"
    has_pages = True

    def __init__(self, database_url: str, folder: Path, port: int | None = None) -> None:
        """Prepare to serve from a database; ``folder`` takes its files and its log."""
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url
        self.log = folder / "server.log"
        self.environment = os.environ | {
            "PORT": str(self.port),
            "DATABASE_URL": database_url,
            "SHOPHUB_DATA_DIR": str(folder / "data"),
            **CROWDED,
            "REFLEX_ENV_MODE": "prod",
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Build the pages if their sources changed, then serve until ``stop``."""
        if self.has_pages:
            export_if_changed(PROJECT, os.environ)
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1",
                   "--port", str(self.port), self.application]  # fmt: skip
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,  # so that a crash can take its workers along
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

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Serve inside the block."""
        try:
            self.start()
            yield self
        finally:
            self.stop()

    @asynccontextmanager
    async def looked_at(self, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Self]:
        """Inside the block this process looks at the server's database and knows its secret."""
        monkeypatch.setenv("DATABASE_URL", self.database_url)
        monkeypatch.setenv("SHOPHUB_DATA_DIR", self.environment["SHOPHUB_DATA_DIR"])
        get_settings.cache_clear()
        database_url.cache_clear()
        yield self
        await close_database()
        monkeypatch.undo()
        get_settings.cache_clear()
        database_url.cache_clear()

    def run(self, module: str, *arguments: str) -> None:
        """Run a module of the tests against this server's database and sandboxes."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{module} failed:\n{done.stdout}\n{done.stderr}")

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """Start the worker beside the server and return its process."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "shophub", "worker"],
                cwd=PROJECT, env=self.environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def stop(self) -> None:
        """End the process as a service manager would."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End the process and its workers as a crash would, or ``kill -9``."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
