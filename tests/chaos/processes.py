"""Processes that are killed without warning and started again: the shop's app and its worker."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.e2e.shop_server import PROJECT

START_SECONDS = 60


class Mortal:
    """One process of the shop, with the shop's environment."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        """Prepare; nothing runs yet."""
        self._command, self._environment, self.log = command, environment, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=PROJECT, env=self._environment, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """End it and its children at once, as ``kill -9`` or a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process is not None and self._process.poll() is None


class App(Mortal):
    """The app of ``tests/chaos/shop_app.py`` on a port that stays the same."""

    def __init__(self, port: int, environment: dict[str, str], log: Path) -> None:
        """Prepare to listen on ``port``."""
        self.port = port
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--no-ws"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "tests.chaos.shop_app:create"]
        super().__init__(command, environment | {"PORT": str(self.port)}, log)

    def start(self) -> None:
        """Start it and wait until it answers."""
        super().start()
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{self.url}/api/health", trust_env=False, timeout=5)
                return
            except httpx.TransportError:
                if not self.is_running or time.monotonic() > deadline:
                    raise RuntimeError(f"The shop did not start:\n{self.log.read_text()[-4000:]}") from None
                time.sleep(0.05)


class Worker(Mortal):
    """The worker."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        """Prepare."""
        super().__init__([sys.executable, "-m", "shophub", "worker"], environment, log)
