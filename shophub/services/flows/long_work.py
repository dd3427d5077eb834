"""Doing long work: see ``services/long_jobs`` for how to have something done by it."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from shophub.db import AsyncSession, transaction
from shophub.domain.permissions import Permission, may
from shophub.domain.statuses import Role, WorkState
from shophub.errors import ConfigurationError, ForbiddenError, ShopHubError, WorkLostError, WorkStoppedError
from shophub.integrations.queue import can_heal
from shophub.repositories import long_jobs
from shophub.repositories.long_jobs import Claimed, Standing
from shophub.services.audit import Actor
from shophub.services.long_jobs import MAX_FILE_BYTES, WorkKind

log = structlog.get_logger(__name__)
# A page that follows the work is drawn anew at each word of it.
SECONDS_BETWEEN_WORDS = 0.25
MAX_FRUITLESS_RUNS = 5
GIVEN_UP = "It was stopped several times without getting on. What it had done until then stays done."
NOT_ANY_MORE = "The account that started it may not do this any more."

Problem = Sequence[str]


class Work:
    """What the work of a run knows, and how it says how far it is."""

    def __init__(self, claimed: Claimed) -> None:
        """Begin where the last run stopped."""
        self.id: UUID = claimed.id
        self.actor = Actor(claimed.owner_id, claimed.network_address)
        self.parameters: Mapping[str, Any] = claimed.parameters
        self.done = claimed.done
        self.total = claimed.total
        self.problems = claimed.problems
        self.counts: dict[str, int] = dict(claimed.counts)
        self._claimed = claimed
        self._stop: ShopHubError | None = None
        self._told_at = 0.0

    async def read_input(self) -> bytes:
        """Return what the work was started with."""
        async with transaction() as session:
            return await long_jobs.read_file(session, self.id, "input")

    async def step(
        self,
        session: AsyncSession,
        *,
        done: int,
        total: int | None = None,
        problems: int | None = None,
        counts: Mapping[str, int] | None = None,
        samples: Sequence[Problem] = (),
        result: str | bytes = "",
    ) -> None:
        """Write down, in the transaction of what was done, how far the work is.

        Numbers are those of the whole work so far. ``samples`` are problems to show at once (row, place, reason), the
        first fifty are kept; ``result`` is put at the end of the result's file.

        Raises:
            WorkLostError: The work is another run's by now; the transaction must not be committed.
        """
        content = result.encode() if isinstance(result, str) else result
        if content:
            if await long_jobs.file_size(session, self.id, "result") + len(content) > MAX_FILE_BYTES:
                raise ForbiddenError("The result would be larger than 32 MB. Do it in parts.")
            await long_jobs.append(session, self.id, "result", content)
        standing = await long_jobs.report(
            session,
            self._claimed,
            done=done,
            total=total,
            problems=self.problems if problems is None else problems,
            counts=self.counts if counts is None else counts,
            samples=samples,
        )
        self._hear(standing)
        self.done = done
        self.total = self.total if total is None else total
        self.problems = self.problems if problems is None else problems
        self.counts = self.counts if counts is None else dict(counts)

    def go_on(self) -> None:
        """Stop here where the last step was told to. To be called after its transaction.

        Raises:
            WorkStoppedError: It was cancelled.
            ForbiddenError: Its owner may not do this any more.
        """
        if self._stop is not None:
            raise self._stop

    async def tell(self, done: int) -> None:
        """Say how far work is that writes nothing, in a transaction of its own, at most four times a second.

        Raises:
            WorkLostError, WorkStoppedError, ForbiddenError: As ``step`` and ``go_on``.
        """
        if time.monotonic() - self._told_at < SECONDS_BETWEEN_WORDS:
            return
        async with transaction() as session:
            await self.step(session, done=done)
        self._told_at = time.monotonic()
        self.go_on()

    async def look(self) -> None:
        """Ask, before the first step, whether to begin at all.

        Raises:
            WorkLostError, WorkStoppedError, ForbiddenError: As ``step`` and ``go_on``.
        """
        async with transaction() as session:
            self._hear(await long_jobs.get_standing(session, self._claimed))
        self.go_on()

    def _hear(self, standing: Standing | None) -> None:
        if standing is None:
            raise WorkLostError("Somebody else does this work by now.")
        if standing.cancel_requested:
            self._stop = WorkStoppedError("It was cancelled.")
        elif not (standing.owner_is_active and may(Role(standing.owner_role), Permission(self._claimed.permission))):
            self._stop = ForbiddenError(NOT_ANY_MORE)


Body = Callable[[Work], Awaitable[None]]
Closing = Callable[[AsyncSession, Work, WorkState], Awaitable[None]]


@dataclass(frozen=True)
class _Known:
    body: Body
    closing: Closing | None


_known: dict[str, _Known] = {}


def runs(kind: WorkKind, *, closing: Closing | None = None) -> Callable[[Body], Body]:
    """Register a function as what does work of a kind; ``closing`` is called in the transaction that ends it."""

    def register(body: Body) -> Body:
        _known[kind.name] = _Known(body, closing)
        return body

    return register


async def run_work(job_id: UUID) -> None:
    """Do a piece of work to its end, or go on with it. Work that has ended is left alone.

    Raises:
        ShopHubError: Something that can heal; the queue tries again.
    """
    async with transaction() as session:
        claimed = await long_jobs.claim(session, job_id)
    if claimed is None:
        return
    known = _known.get(claimed.kind)
    work = Work(claimed)
    if claimed.fruitless > MAX_FRUITLESS_RUNS:
        log.error("long_work_given_up", job_id=str(job_id), kind=claimed.kind)
        await _end(claimed, work, known, WorkState.FAILED, GIVEN_UP)
        return
    if known is None:  # a worker of an older version, beside newer pages
        raise ConfigurationError(f"Nothing does work of the kind {claimed.kind}.")
    try:
        await work.look()
        await known.body(work)
    except WorkLostError:
        log.warning("long_work_lost", job_id=str(job_id), kind=claimed.kind)
    except WorkStoppedError:
        await _end(claimed, work, known, WorkState.CANCELLED, "")
    except ShopHubError as error:
        if can_heal(error):
            raise
        await _end(claimed, work, known, WorkState.FAILED, error.message)
    else:
        await _end(claimed, work, known, WorkState.DONE, "")


async def _end(claimed: Claimed, work: Work, known: _Known | None, state: WorkState, error: str) -> None:
    async with transaction() as session:
        ended = await long_jobs.end(session, claimed, state.value, error)
        if ended and known is not None and known.closing is not None:
            await known.closing(session, work, state)
