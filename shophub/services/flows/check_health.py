"""Asking every part of the shop how it is, for who watches it from outside: all at once, each for seconds only."""

import asyncio
from time import monotonic
from typing import Literal

import structlog

from shophub.db import transaction
from shophub.errors import UnavailableError
from shophub.repositories import jobs
from shophub.schemas.api.store import HealthOut
from shophub.services.flows.look_over import redis_answers, stripe_refusal
from shophub.services.monitoring import ANSWER_SECONDS, MAX_QUEUE_LAG_SECONDS

log = structlog.get_logger(__name__)
# Anybody may ask here; Stripe is not asked for each of them.
STRIPE_SECONDS = 15


class _StripeState:
    """What Stripe last said, while that is fresh."""

    def __init__(self) -> None:
        self._refusal = ""
        self._until = 0.0

    async def is_well(self) -> bool:
        if monotonic() >= self._until:
            self._until = monotonic() + STRIPE_SECONDS  # before asking: who comes meanwhile takes the former answer
            self._refusal = await stripe_refusal()
        return not self._refusal

    def forget(self) -> None:
        self._until = 0.0


stripe_state = _StripeState()


async def check_health() -> HealthOut:
    """Return how the database, the job queue in it, Redis and Stripe are."""
    lag_seconds, redis, is_stripe_well = await asyncio.gather(_queue_lag(), redis_answers(), stripe_state.is_well())
    queue: Literal["ok", "late", "unknown"] = "unknown"
    if lag_seconds is not None:
        queue = "ok" if lag_seconds <= MAX_QUEUE_LAG_SECONDS else "late"
    is_well = queue == "ok" and redis is not False and is_stripe_well
    return HealthOut(
        status="ok" if is_well else "degraded",
        database="unreachable" if lag_seconds is None else "ok",
        redis="not_used" if redis is None else "ok" if redis else "unreachable",
        queue=queue,
        queue_lag_seconds=lag_seconds,
        stripe="ok" if is_stripe_well else "unreachable",
    )


async def _queue_lag() -> int | None:
    """Return how long the oldest job that is due has waited; None where the database does not answer."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS), transaction() as session:
            return await jobs.queue_lag_seconds(session)
    except (UnavailableError, TimeoutError) as error:
        log.warning("database_unwell", error_type=type(error).__name__)
        return None
