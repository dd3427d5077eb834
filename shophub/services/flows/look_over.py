"""Looking over the shop's parts: the vendors are asked first, outside any transaction."""

import asyncio

import structlog

from shophub.db import transaction
from shophub.errors import ProviderError
from shophub.integrations import stripe
from shophub.lib.clock import utc_now
from shophub.schemas.health import HealthView
from shophub.services import health, throttles
from shophub.services.monitoring import ANSWER_SECONDS
from shophub.services.views.health import Stripe
from shophub.settings import get_settings

log = structlog.get_logger(__name__)


async def look_over() -> HealthView:
    """Return how everything is. Redis and Stripe are given three seconds to answer, both at once."""
    redis, refusal = await asyncio.gather(redis_answers(), stripe_refusal())
    async with transaction() as session:
        return await health.get_health(session, redis=redis, stripe=Stripe(_mode(), refusal))


def _mode() -> str:
    settings = get_settings()
    if settings.stripe_is_sandbox:
        return "sandbox"
    return "live" if "_live_" in settings.stripe_secret_key.get_secret_value() else "test"


async def redis_answers() -> bool | None:
    """Return whether Redis answers within seconds; None where it is not used."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await throttles.is_shared()
    except (TimeoutError, OSError):
        return False


async def stripe_refusal() -> str:
    """Return why Stripe cannot be used, empty where it can."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await stripe.list_events(utc_now())
    except TimeoutError:
        return f"It has not answered within {ANSWER_SECONDS} seconds."
    except ProviderError as error:
        log.warning("stripe_unwell", code=error.provider_code)
        return error.message
    return ""
