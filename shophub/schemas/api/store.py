"""How the shop is, for whoever watches it."""

from typing import Literal

from pydantic import Field

from shophub.schemas.api.base import ApiOut


class AliveOut(ApiOut):
    """The process answers."""

    status: Literal["ok"] = "ok"


class HealthOut(ApiOut):
    """The state of each part. ``degraded`` as soon as one of them is not well.

    ``queueLagSeconds`` is how long the oldest job that is due has waited, null where nobody could be asked.
    """

    status: Literal["ok", "degraded"]
    database: Literal["ok", "unreachable"]
    redis: Literal["ok", "unreachable", "not_used"]
    queue: Literal["ok", "late", "unknown"]
    queue_lag_seconds: int | None = Field(None, ge=0)
    stripe: Literal["ok", "unreachable"]
