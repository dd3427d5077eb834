"""One at a time: two ``make run`` in one checkout must not build over each other."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
CACHE = PROJECT / ".cache"


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Wait for whoever prepares ``name`` in this checkout; the kernel frees the lock of a process that was killed."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Waiting for another process that prepares {name} ...", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
