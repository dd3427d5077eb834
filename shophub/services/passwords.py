"""Hashing passwords: slow on purpose, so never on the event loop."""

import asyncio
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from passlib.context import CryptContext
from passlib.hash import argon2

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

# Each hash keeps a core busy for tens of milliseconds and holds 19 MiB: more at once than there are cores helps nobody.
_THREADS = ThreadPoolExecutor(max_workers=max(1, os.cpu_count() or 1), thread_name_prefix="passwords")


async def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``, made in a thread."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _hash, password)


async def verify_password(password: str, stored_hash: str | None) -> tuple[bool, str | None]:
    """Say whether ``password`` fits, and give a new hash where the stored one is of an older kind.

    Without a stored hash the same work is done against a made-up one, so that an unknown address takes as long as a
    known one.
    """
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _verify, password, stored_hash)


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
