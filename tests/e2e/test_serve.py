"""``shophub serve``: one command from nothing to an answering shop, and nothing left of it afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.shop_server import PROJECT, free_port


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that the embedded server's own user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="shophub-serve-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Serve:
    """A running ``shophub serve``."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.port = port
        environment = os.environ | {"DATABASE_URL": "", "SHOPHUB_DATA_DIR": str(data_dir), "PORT": str(port)}
        self.log = data_dir / f"serve-{time.monotonic_ns()}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shophub", "serve", "--no-seed"],
                cwd=PROJECT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_open(self) -> None:
        deadline = time.monotonic() + 100
        while "is open" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def health(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/health", timeout=5) as answer:
            return int(answer.status)


def processes_of(data_dir: Path) -> list[str]:
    """Return every process that has the folder in its environment, its arguments or as its place."""
    found = []
    for process in psutil.process_iter():
        try:
            marks = [*process.cmdline(), process.cwd(), process.environ().get("SHOPHUB_DATA_DIR", "")]
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if any(str(data_dir) in mark for mark in marks):
            found.append(" ".join(process.cmdline()))
    return found


def test_interrupt_leaves_no_process(data_dir: Path) -> None:
    shop = Serve(data_dir, free_port())
    shop.wait_until_open()
    status, running = shop.health(), processes_of(data_dir)

    shop.process.send_signal(signal.SIGINT)
    code = shop.process.wait(timeout=60)

    assert (status, code) == (200, 0)
    assert any("worker" in line for line in running)
    assert any("postgres" in line for line in running)
    assert processes_of(data_dir) == []


def test_start_after_kill_9_takes_over_what_was_left(data_dir: Path) -> None:
    port = free_port()
    killed = Serve(data_dir, port)
    killed.wait_until_open()
    killed.process.kill()
    killed.process.wait()

    follower = Serve(data_dir, port)
    follower.wait_until_open()
    status = follower.health()
    follower.process.terminate()
    code = follower.process.wait(timeout=60)

    assert (status, code) == (200, 0)
    assert "Ended the app process of a run that was killed" in follower.log.read_text()
    assert processes_of(data_dir) == []


def test_second_start_on_the_same_port_is_refused_and_harms_nothing(data_dir: Path) -> None:
    port = free_port()
    shop = Serve(data_dir, port)
    shop.wait_until_open()

    second = Serve(data_dir, port)
    code = second.process.wait(timeout=30)
    status = shop.health()
    shop.process.terminate()
    shop.process.wait(timeout=60)

    assert (code, status) == (1, 200)
    assert f"already being served on port {port}" in second.log.read_text()
    assert processes_of(data_dir) == []
