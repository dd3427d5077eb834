"""How the shop's parts are."""

import asyncio

import structlog
from pydantic import BaseModel, ConfigDict, Field

from shophub.db import transaction
from shophub.repositories import jobs

# A worker that is well starts a job within seconds; retries wait on purpose and do not count.
MAX_QUEUE_LAG_SECONDS = 300
# Whoever watches gives up soon: a slow answer is no answer.
ANSWER_SECONDS = 3

log = structlog.get_logger(__name__)


class Health(BaseModel):
    """The state of each part; ``status`` is ``ok`` or ``degraded``."""

    model_config = ConfigDict(populate_by_name=True)

    status: str
    database: str
    queue: str
    queue_lag_seconds: int | None = Field(None, alias="queueLagSeconds")


async def check_health() -> Health:
    """Ask the database, and there how long the oldest due job has waited."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS), transaction() as session:
            lag_seconds = await jobs.queue_lag_seconds(session)
    except Exception as error:  # whatever it is: to say so is the purpose
        log.warning("database_unwell", error_type=type(error).__name__)
        return Health(status="degraded", database="unreachable", queue="unknown")
    queue = "ok" if lag_seconds <= MAX_QUEUE_LAG_SECONDS else "late"
    status = "ok" if queue == "ok" else "degraded"
    return Health(status=status, database="ok", queue=queue, queueLagSeconds=lag_seconds)
