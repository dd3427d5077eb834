"""Long work of the staff: it runs as a job, says how far it is, can be cancelled, and its result waits for its owner.

How to have something done as long work:

1. Name its kind, in a service: ``REPRICE = WorkKind("products.reprice", Permission.MANAGE_PRODUCTS)``. The permission
   is what its owner needs, when it starts, at each step and when the result is fetched.
2. Start it in the transaction of the door: ``job_id = await long_jobs.start(session, actor, REPRICE,
   title="New prices for 8,000 products", total=8_000, parameters={...}, result_name="prices.csv")``. Parameters are
   ids and words, no personal data. What is large goes into ``content``, which the work reads by ``work.read_input()``.
3. Write what is done in a module of ``services/flows/``, and import that module in ``jobs/long_work.py``::

       @runs(REPRICE)
       async def reprice(work: Work) -> None:
           for batch in batches_after(work.done):
               async with transaction() as session:
                   ...  # the batch, then as the last statement how far it is: both happen, or neither
                   await work.step(session, done=work.done + len(batch), counts={"changed": changed}, result=csv_text)
               work.go_on()  # stops here if somebody cancelled

   After a crash the work begins again with ``work.done``, ``work.counts`` and the result as of the last ``step`` that
   was committed. Work that writes nothing says ``await work.tell(done)`` as often as it likes: that writes at most four
   times a second, and stops where it was cancelled. A ``ShopHubError`` ends the work with its message, what can heal
   is tried again. ``@runs(REPRICE, closing=record)`` has ``record(session, work, state)`` called in the transaction
   that ends it, however it ends: the place for its entry in the audit log.
4. Show it: ``LongWorkState`` (``state/admin/work.py``) follows one piece of work, ``await state._follow(job_id)``, and
   ``work_progress()`` (``pages/admin/work.py``) draws it. The page *Work* lists all of one's own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.permissions import Permission, may
from shophub.domain.statuses import Role
from shophub.errors import InvalidInputError, TooMuchWorkError, UnauthenticatedError, WorkNotFoundError
from shophub.integrations import queue
from shophub.lib.ids import new_id
from shophub.repositories import long_jobs
from shophub.repositories.long_jobs import LongJobRow
from shophub.services.audit import Actor

RUN = "long_work.run"
MAX_UNFINISHED = 10
MAX_FILE_BYTES = 32 * 1024 * 1024
FILES_KEPT = timedelta(days=7)
SHOWN = 50
# E-mails and payments go first, and however many people have work done, a worker's other places are theirs.
PRIORITY = -10
LANES = 2

# Of a file's name nothing else stands in a header.
_ODD = re.compile(r"[^A-Za-z0-9._-]+")

Value = str | int | bool | None | list[str] | Mapping[str, str | int]


@dataclass(frozen=True)
class WorkKind:
    """A kind of long work and what its owner has to be allowed."""

    name: str
    permission: Permission


@dataclass(frozen=True)
class WorkFile:
    """What came of work, to be downloaded."""

    name: str
    content: bytes


async def start(
    session: AsyncSession,
    actor: Actor,
    kind: WorkKind,
    *,
    title: str,
    total: int = 0,
    parameters: Mapping[str, Value] | None = None,
    content: bytes | None = None,
    result_name: str = "",
) -> UUID:
    """Have work done after the commit of the caller's transaction; returns its id. One account's runs one by one.

    Raises:
        UnauthenticatedError: Nobody's work.
        TooMuchWorkError: Ten pieces of the account's work are not finished yet.
        InvalidInputError: More content than 32 MB.
    """
    if actor.user_id is None:
        raise UnauthenticatedError("Please sign in first.")
    if content is not None and len(content) > MAX_FILE_BYTES:
        raise InvalidInputError("That is more than 32 MB.")
    if await long_jobs.count_unfinished(session, actor.user_id) >= MAX_UNFINISHED:
        raise TooMuchWorkError(f"{MAX_UNFINISHED} pieces of your work are not finished yet. Wait, or cancel one.")
    job_id = new_id()
    await long_jobs.insert(
        session,
        id=job_id,
        kind=kind.name,
        permission=kind.permission.value,
        owner_id=actor.user_id,
        network_address=actor.network_address,
        title=title,
        result_name=result_name,
        parameters=parameters or {},
        total=total,
    )
    if content is not None:
        await long_jobs.append(session, job_id, "input", content)
    await _queue(session, job_id, actor.user_id)
    return job_id


async def cancel(session: AsyncSession, actor: Actor, job_id: UUID) -> None:
    """Have one's own work stop after the step that it is at; what it has done stays. Ended work is left alone."""
    if actor.user_id is not None:
        await long_jobs.cancel(session, job_id, actor.user_id)


async def get(session: AsyncSession, owner_id: UUID, job_id: UUID) -> LongJobRow:
    """Return one's own work.

    Raises:
        WorkNotFoundError: There is none, or it is not theirs.
    """
    found = await long_jobs.find_own(session, job_id, owner_id)
    if found is None:
        raise WorkNotFoundError("There is no such work.")
    return found


async def list_own(session: AsyncSession, owner_id: UUID) -> list[LongJobRow]:
    """Return somebody's latest work, the newest first."""
    return await long_jobs.list_own(session, owner_id, SHOWN)


async def count_unfinished(session: AsyncSession, owner_id: UUID) -> int:
    """Return how much of somebody's work is under way or waits."""
    return await long_jobs.count_unfinished(session, owner_id)


async def get_result(session: AsyncSession, owner_id: UUID, role: Role | None, job_id: UUID) -> WorkFile:
    """Return the file that came of one's own work, if one may still do such work.

    Raises:
        WorkNotFoundError: There is no such work, it left no file, or the file is gone after a week.
    """
    found = await get(session, owner_id, job_id)
    if not found.has_result or not may(role, Permission(found.permission)):
        raise WorkNotFoundError("There is no file: results are kept for a week.")
    name = _ODD.sub("-", found.result_name) or "result.csv"
    return WorkFile(name, await long_jobs.read_file(session, job_id, "result"))


async def queue_forgotten(session: AsyncSession) -> int:
    """Queue work again whose job is gone; returns how much."""
    found = await long_jobs.list_forgotten(session, RUN)
    for job_id, owner_id in found:
        await _queue(session, job_id, owner_id)
    return len(found)


async def clean_up(session: AsyncSession, now: datetime) -> None:
    """Delete the files of work that ended a week ago."""
    await long_jobs.delete_files(session, now - FILES_KEPT)


async def _queue(session: AsyncSession, job_id: UUID, owner_id: UUID) -> None:
    await queue.enqueue(
        session,
        RUN,
        queueing_lock=f"{RUN}:{job_id}",
        lock=f"{RUN}:{owner_id.int % LANES}",
        priority=PRIORITY,
        job_id=str(job_id),
    )
