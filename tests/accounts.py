"""Accounts for tests: with a password, with a second factor, with a session of a certain age."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pyotp
import pytest

from shophub.db import transaction
from shophub.lib.clock import utc_now
from shophub.models.accounts import User
from shophub.services import passwords, second_factor, sessions
from shophub.services.audit import Actor
from shophub.settings import get_settings
from tests.factories import make_user
from tests.rows import execute

PASSWORD = "blue kettle sings"
STEP_SECONDS = 30


def code_at(secret: str, steps: int = 0) -> str:
    """Return the app's code, some steps from now."""
    return pyotp.TOTP(secret).at(int(utc_now().timestamp()) + steps * STEP_SECONDS)


async def make_account(email: str = "ada@example.com", **more: object) -> User:
    """Make an account with the password of all tests, or with ``password_hash``."""
    hashed = more.pop("password_hash", None) or await passwords.hash_password(PASSWORD)
    async with transaction() as session:
        return await make_user(session, email=email, password_hash=hashed, **more)


async def make_account_with_second_factor(email: str = "ada@example.com") -> tuple[User, str, tuple[str, ...]]:
    """Return an account, the secret of its app and its recovery codes; the code before this one is spent."""
    user = await make_account(email)
    async with transaction() as session:
        set_up = await second_factor.begin(session, user.id, user.email)
    async with transaction() as session:
        codes = await second_factor.confirm(session, user.id, code_at(set_up.secret, -1), Actor(user.id))
    return user, set_up.secret, codes


async def cookie_of(user: User, *, entered_ago: timedelta = timedelta()) -> str:
    """Return the cookie of a session in which the password was entered that long ago."""
    async with transaction() as session:
        token = await sessions.start(session, user.id)
        entered_at = utc_now() - entered_ago
        await execute(session, "UPDATE sessions SET step_up_at = :at WHERE user_id = :id", at=entered_at, id=user.id)
    return f"{sessions.SESSION_COOKIE}={token}"


@asynccontextmanager
async def all_hashing(tasks: Sequence["asyncio.Task[object]"]) -> AsyncIterator[None]:
    """Inside the block each of the tasks waits for its turn to have a password hashed, behind many others."""
    others = [asyncio.create_task(passwords.hash_password(PASSWORD)) for _ in range(200)]
    try:
        async with asyncio.timeout(60):
            while passwords.waiting() - sum(not other.done() for other in others) < len(tasks):  # noqa: ASYNC110 - a test
                await asyncio.sleep(0.001)
        yield
    finally:
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@asynccontextmanager
async def all_busy_hashing(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Inside the block more passwords wait to be hashed than the shop lets wait: nobody else's is taken."""
    others = [asyncio.create_task(passwords.hash_password(PASSWORD)) for _ in range(60)]
    try:
        async with asyncio.timeout(60):
            while passwords.waiting() < len(others):  # noqa: ASYNC110 - a test
                await asyncio.sleep(0.001)
        monkeypatch.setenv("PASSWORD_QUEUE", "1")
        get_settings.cache_clear()
        yield
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)
