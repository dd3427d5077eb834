"""Answering a request under a key once: claim, the route's own work, keep. No connection is held meanwhile."""

import asyncio
from collections.abc import Sequence

import structlog

from shophub.db import transaction
from shophub.errors import IdempotencyInProgressError, UnavailableError
from shophub.services import idempotency
from shophub.services.idempotency import Answer, Asked, Claim, UnknownCallerError
from shophub.settings import get_settings

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 0.5
RETRY_AFTER_SECONDS = 5

log = structlog.get_logger(__name__)


async def claim(asked: Asked) -> Claim | Answer | None:
    """Return the answer that was given, or the right to give it; None where the request is to pass as if without a key.

    Waits a while for whoever is answering the same request just now.

    Raises:
        IdempotencyKeyReusedError: The key was used with another body.
        IdempotencyInProgressError: The first request takes longer than this one can wait.
        UnavailableError: The database is out of reach.
    """
    clock = asyncio.get_running_loop()
    deadline = clock.time() + get_settings().idempotency_wait.total_seconds()
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            async with transaction() as session:
                found = await idempotency.begin(session, asked)
        except UnknownCallerError:
            return None
        if found is not None:
            return found
        if clock.time() + pause > deadline:
            sentence = "The first request under this key is still being answered."
            raise IdempotencyInProgressError(sentence, RETRY_AFTER_SECONDS)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


async def keep(claimed: Claim, answer: Answer, cookies: Sequence[str]) -> None:
    """Keep an answer. Where the database is lost just then, the answer goes out all the same: its work is done."""
    try:
        async with transaction() as session:
            await idempotency.finish(session, claimed, answer, cookies)
    except UnavailableError:
        log.warning("answer_not_kept", path=claimed.asked.path)


async def give_up(claimed: Claim) -> None:
    """Give the key back; where the database is lost just then, its lease runs out by itself."""
    try:
        async with transaction() as session:
            await idempotency.give_up(session, claimed)
    except UnavailableError:
        log.warning("key_not_given_back", path=claimed.asked.path)
