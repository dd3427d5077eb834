"""Processes of the shop that are killed without warning and started again: its app and its worker."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx

from tests.e2e.shop_server import PROJECT
from tests.plain_http import NO_TLS

START_SECONDS = 60


class Nursery:
    """The process of ``tests/chaos/nursery.py``, which forks the lives of the others."""

    def __init__(self) -> None:
        """Start it. It reads the code while the caller goes on."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def bear(self, kind: str, environment: dict[str, str], log: Path) -> int:
        """Fork an ``app`` or a ``worker`` and return the number of its process."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("The nursery has no pipes.")
        wish = {"kind": kind, "environment": environment, "log": str(log)}
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


class Mortal:
    """A process of one kind, with one life after the other."""

    def __init__(self, nursery: Nursery, kind: str, environment: dict[str, str], log: Path) -> None:
        """Prepare; nothing runs yet."""
        self._nursery, self._kind, self._environment, self.log = nursery, kind, environment, log
        self._life: int | None = None

    def start(self) -> None:
        """Begin a life."""
        self._life = self._nursery.bear(self._kind, self._environment, self.log)

    def kill(self) -> None:
        """End it at once, as ``kill -9`` or a power cut would."""
        if self._life is not None:
            with suppress(ProcessLookupError):  # it may have ended by itself
                os.kill(self._life, signal.SIGKILL)
            self._life = None


class App(Mortal):
    """The app of ``tests/chaos/shop_app.py``, always on the same port."""

    def __init__(self, nursery: Nursery, port: int, environment: dict[str, str], log: Path) -> None:
        """Prepare to listen on ``port``."""
        super().__init__(nursery, "app", {**environment, "PORT": str(port)}, log)
        self.url = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        """Begin a life and wait until it answers."""
        super().start()
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{self.url}/api/public-settings", trust_env=False, timeout=5, verify=NO_TLS)
                return
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"The shop did not start:\n{self.log.read_text()[-4000:]}") from None
                time.sleep(0.02)


class Worker(Mortal):
    """The worker."""

    def __init__(self, nursery: Nursery, environment: dict[str, str], log: Path) -> None:
        """Prepare."""
        super().__init__(nursery, "worker", environment, log)
