"""Hashing passwords: slow on purpose, so never on the event loop, and never while a database connection is held."""

import asyncio
import contextlib
import os
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

from passlib.context import CryptContext
from passlib.hash import argon2

from shophub.errors import BusyError
from shophub.settings import get_settings

with warnings.catch_warnings():
    # passlib 1.7.4 asks argon2-cffi for its version in a way that argon2-cffi warns about.
    warnings.simplefilter("ignore", DeprecationWarning)
    argon2.set_backend("argon2_cffi")

# argon2id with the cost that OWASP's password storage cheat sheet names first: 19 MiB, 2 passes, 1 lane.
_CONTEXT = CryptContext(
    schemes=["argon2", "bcrypt"],
    deprecated=["bcrypt"],
    argon2__type="ID",
    argon2__memory_cost=19 * 1024,
    argon2__time_cost=2,
    argon2__parallelism=1,
)

P = ParamSpec("P")
ResultT = TypeVar("ResultT")
# How much hashing gives way to everything else; 19 is the most that an operating system knows.
_NICENESS = 5


def _give_way() -> None:
    """Let the event loop, the database and all else run before this thread. Linux counts threads one by one."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
    _made_up_hash()  # now, or the first unknown address would take twice as long


# Each hash keeps a core busy for tens of milliseconds and holds 19 MiB. One core stays free for the event loop, so that
# pages are answered while many sign in.
_THREADS = ThreadPoolExecutor(
    max_workers=max(1, (os.cpu_count() or 1) - 1), thread_name_prefix="passwords", initializer=_give_way
)
_under_way = 0
_counting = threading.Lock()


async def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``, made in a thread.

    Raises:
        BusyError: Too many wait for theirs already.
    """
    return await _in_thread(_hash, password)


async def verify_password(password: str, stored_hash: str | None) -> tuple[bool, str | None]:
    """Say whether ``password`` fits, and give a new hash where the stored one is of an older kind.

    Without a stored hash the same work is done against a made-up one, so that an unknown address takes as long as a
    known one.

    Raises:
        BusyError: Too many wait for theirs already.
    """
    return await _in_thread(_verify, password, stored_hash)


def waiting() -> int:
    """Return how many passwords this process is hashing or has yet to hash."""
    return _under_way


async def _in_thread(work: Callable[P, ResultT], *arguments: P.args, **named: P.kwargs) -> ResultT:
    """Do ``work`` in a thread once it is its turn. Who would be too far back in the queue is sent away at once."""
    global _under_way
    with _counting:
        if _under_way >= get_settings().password_queue:
            raise BusyError("Very many people are signing in right now. Please try again in a moment.")
        _under_way += 1
    hashed = _THREADS.submit(work, *arguments, **named)
    hashed.add_done_callback(_count_down)  # also when whoever waits for it gives up before its turn
    return await asyncio.wrap_future(hashed)


def _count_down(_: Future[Any]) -> None:
    global _under_way
    with _counting:
        _under_way -= 1


def _hash(password: str) -> str:
    return str(_CONTEXT.hash(password))


@lru_cache(maxsize=1)
def _made_up_hash() -> str:
    return _hash(os.urandom(16).hex())


def _verify(password: str, stored_hash: str | None) -> tuple[bool, str | None]:
    try:
        fits, new_hash = _CONTEXT.verify_and_update(password, stored_hash or _made_up_hash())
    except ValueError:  # bcrypt refuses NUL, and no hash fits what cannot be written as UTF-8
        return False, None
    if stored_hash is None:
        return False, None
    return bool(fits), str(new_hash) if new_hash is not None else None
