"""The list of living processes that use the server, and the lock around every change of it.

A process is known by its number and the moment it started, so that a number given out again is not taken for a user
that was killed.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from shophub.errors import ConfigurationError
from shophub.lib.embedded_postgres.account import ServerAccount

LOCK_TIMEOUT_SECONDS = 120


@contextmanager
def exclusive(lock_file: Path, account: ServerAccount) -> Iterator[None]:
    """Hold the lock of one server; the kernel gives it back when a process dies.

    Raises:
        ConfigurationError: Somebody holds it for two minutes.
    """
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        account.own(lock_file, 0o600)
        deadline = time.monotonic() + LOCK_TIMEOUT_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ConfigurationError(
                        f"Another process has held {lock_file} for {LOCK_TIMEOUT_SECONDS} s: is a start stuck?"
                    ) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


class UserList:
    """One empty file per user, named by its process. Call only while holding the lock."""

    def __init__(self, folder: Path, account: ServerAccount) -> None:
        """Keep the list in ``folder``."""
        self._folder = folder
        self._account = account

    def add(self, pid: int, handle: str) -> None:
        """Note that ``pid`` uses the server; ``handle`` tells several users within one process apart."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._account.own(self._folder, 0o700)
        entry = self._folder / f"{pid}-{identity(pid)}-{handle}"
        entry.touch(mode=0o600)
        self._account.own(entry, 0o600)

    def remove(self, pid: int, handle: str) -> None:
        """Note that this user is gone."""
        (self._folder / f"{pid}-{identity(pid)}-{handle}").unlink(missing_ok=True)

    def living(self) -> tuple[int, ...]:
        """Return the processes that still run, and forget all others."""
        pids = set()
        for entry in self._folder.glob("*-*-*"):
            number, known_as, _ = entry.name.split("-", 2)
            if identity(int(number)) == known_as:
                pids.add(int(number))
            else:
                entry.unlink(missing_ok=True)
        return tuple(sorted(pids))


def identity(pid: int) -> str | None:
    """Return what tells this process from any other that had or will have its number; None if it is dead."""
    try:
        # Ticks since the machine started: unlike a wall-clock time it never changes when the clock is set.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
    except OSError:
        return _identity_without_proc(pid)
    state, started = fields[0], fields[19]
    return None if state in "ZX" else f"{started}.{boot}"


def _identity_without_proc(pid: int) -> str | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.NoSuchProcess:
        return None
