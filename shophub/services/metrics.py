"""Who may read the metrics, and what the database knows of the whole shop, whichever process is asked."""

import asyncio
import hmac
from dataclasses import dataclass

import structlog

from shophub.db import transaction
from shophub.errors import UnavailableError
from shophub.lib.network import is_this_machine
from shophub.repositories import jobs, metrics
from shophub.repositories.metrics import ShopFigures
from shophub.services.monitoring import ANSWER_SECONDS
from shophub.settings import get_settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ShopMetrics:
    """Figures of the shop, and how long its oldest due job has waited."""

    figures: ShopFigures
    queue_lag_seconds: int


def may_read(token: str, peer: str, *, is_forwarded: bool) -> bool:
    """Return whether somebody may read the metrics: who has ``METRICS_TOKEN``.

    Outside production also who asks from this machine, and not through a proxy. Not in production: what a proxy on the
    same machine passes on without a header of its own looks just like that.
    """
    settings = get_settings()
    expected = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    if expected and hmac.compare_digest(token.encode(), expected.encode()):
        return True
    return not settings.is_production and not is_forwarded and is_this_machine(peer)


async def find_metrics() -> ShopMetrics | None:
    """Return what the database knows; None where it does not answer within seconds, which is a metric too."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS), transaction() as session:
            return ShopMetrics(await metrics.get_figures(session), await jobs.queue_lag_seconds(session))
    except (UnavailableError, TimeoutError) as error:
        log.warning("metrics_without_database", error_type=type(error).__name__)
        return None
