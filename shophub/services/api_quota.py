"""How many requests each caller of the API has sent in the present window.

Windows follow the clock, so that one increment tells everything; they are counted in Redis where there is one. While
that does not answer, each process counts for itself: the API must not stand still because a count is out of reach.
"""

import asyncio
import math
import time
from collections import Counter
from dataclasses import dataclass

import structlog
from limits.aio.storage import Storage

log = structlog.get_logger(__name__)
PATIENCE_SECONDS = 0.5
# After a failure Redis is left alone for so long.
PAUSE_SECONDS = 5.0


@dataclass(frozen=True)
class Quota:
    """What a caller has left of a window, the request that is being counted taken off."""

    limit: int
    used: int
    reset_seconds: int

    @property
    def remaining(self) -> int:
        """How many more requests are heard."""
        return max(0, self.limit - self.used)

    @property
    def is_used_up(self) -> bool:
        """Whether this request was one too many."""
        return self.used > self.limit


class Counts:
    """The counts of one process, and the way to those that the processes share."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._window = 0
        self._own: Counter[str] = Counter()
        self._shared_again_at = 0.0

    def forget(self) -> None:
        """Forget this process's counts."""
        self._own.clear()

    async def count(self, shared: Storage | None, name: str, *, limit: int, window_seconds: int) -> Quota:
        """Count one request under a name."""
        now = time.time()
        window = int(now // window_seconds)
        used = None
        if shared is not None and now >= self._shared_again_at:
            used = await self._count_in(shared, f"shophub/api/{name}/{window}", window_seconds)
        if used is None:
            if window != self._window:
                self._own.clear()
                self._window = window
            self._own[name] += 1
            used = self._own[name]
        return Quota(limit, used, max(1, math.ceil((window + 1) * window_seconds - now)))

    async def _count_in(self, shared: Storage, key: str, window_seconds: int) -> int | None:
        known = shared.base_exceptions
        failures: tuple[type[Exception], ...] = (*(known if isinstance(known, tuple) else (known,)), TimeoutError)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await shared.incr(key, window_seconds)
        except failures as error:
            self._shared_again_at = time.time() + PAUSE_SECONDS
            log.warning("shared_counts_out_of_reach", error_type=type(error).__name__)
            return None
