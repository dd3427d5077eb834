"""Long work: how far it is, stopping it, a worker that dies in its middle, and what is kept."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.statuses import Role, WorkState
from shophub.errors import InvalidInputError, TooMuchWorkError, WorkNotFoundError
from shophub.jobs import worker
from shophub.jobs.worker import CONCURRENCY
from shophub.lib.clock import utc_now
from shophub.services import long_jobs
from shophub.services.audit import Actor
from shophub.services.flows.long_work import GIVEN_UP, NOT_ANY_MORE, Work, run_work, runs
from shophub.services.long_jobs import LANES, WorkKind
from shophub.services.upkeep import clean_up
from tests.factories import make_user
from tests.rows import rows

COUNTING = WorkKind("tests.counting", Permission.MANAGE_PRODUCTS)
REFUSED = WorkKind("tests.refused", Permission.MANAGE_PRODUCTS)
LOOKING = WorkKind("tests.looking", Permission.MANAGE_PRODUCTS)


class Gate:
    """Where work stands still, as a worker does that is killed or forgotten."""

    reached = asyncio.Event()
    opened = asyncio.Event()


async def _note(session: object, work: Work, state: WorkState) -> None:
    await session.execute(  # type: ignore[attr-defined]
        text("INSERT INTO marks (name, reached_at) VALUES (:name, now())"), {"name": f"ended:{state}:{work.done}"}
    )


@runs(COUNTING, closing=_note)
async def count(work: Work) -> None:
    """Write one mark per step; stands still where it is told to, which is where a worker could be killed."""
    while work.done < work.total:
        async with transaction() as session:
            place = work.done
            await work.step(session, done=work.done + 1, counts={"marks": work.done + 1}, result=f"{work.done}\n")
            await session.execute(
                text("INSERT INTO marks (name, reached_at) VALUES (:name, now())"), {"name": f"step:{place}"}
            )
        work.go_on()
        if work.done == work.parameters.get("hangs_at"):
            Gate.reached.set()
            await Gate.opened.wait()


@runs(REFUSED)
async def refuse(work: Work) -> None:
    """Say no at once."""
    raise InvalidInputError("This file has no rows.")


@runs(LOOKING)
async def look_at_all(work: Work) -> None:
    """Say often how far it is."""
    for done in range(1, work.total + 1):
        await work.tell(done)


@pytest_asyncio.fixture
async def owner(database: str) -> AsyncIterator[Actor]:
    async with transaction() as session:
        user = await make_user(session, role=Role.ADMIN)
    Gate.reached, Gate.opened = asyncio.Event(), asyncio.Event()
    yield Actor(user.id, "203.0.113.7")


async def start(owner: Actor, kind: WorkKind = COUNTING, total: int = 5, **parameters: int) -> UUID:
    async with transaction() as session:
        return await long_jobs.start(
            session, owner, kind, title="Count", total=total, parameters=parameters, result_name="marks.csv"
        )


async def state_of(job_id: UUID) -> tuple[object, ...]:
    return (await rows(f"SELECT state, done, total, error FROM long_jobs WHERE id = '{job_id}'"))[0]


async def marks() -> list[str]:
    return [name for (name,) in await rows("SELECT name FROM marks ORDER BY name")]


async def die_at(job_id: UUID) -> None:
    """Run work until it stands still, then be killed."""
    running = asyncio.ensure_future(run_work(job_id))
    await Gate.reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_work_runs_as_a_job_counts_and_leaves_its_result_to_its_owner(owner: Actor):
    job_id = await start(owner)

    await worker.run_due()

    assert await state_of(job_id) == ("done", 5, 5, "")
    assert await marks() == ["ended:done:5", *(f"step:{one}" for one in range(5))]
    assert owner.user_id is not None
    async with transaction() as session:
        found = await long_jobs.get(session, owner.user_id, job_id)
        file = await long_jobs.get_result(session, owner.user_id, Role.ADMIN, job_id)
        other = await make_user(session, role=Role.SUPER_ADMIN)
        with pytest.raises(WorkNotFoundError):
            await long_jobs.get_result(session, other.id, Role.SUPER_ADMIN, job_id)
        with pytest.raises(WorkNotFoundError):
            await long_jobs.get_result(session, owner.user_id, Role.CUSTOMER, job_id)
    assert (found.counts, found.problems, file.name, file.content) == ({"marks": 5}, 0, "marks.csv", b"0\n1\n2\n3\n4\n")


async def test_worker_that_dies_in_the_middle_costs_no_step_and_repeats_none(owner: Actor):
    job_id = await start(owner, hangs_at=3)
    await die_at(job_id)
    assert await state_of(job_id) == ("running", 3, 5, "")

    await run_work(job_id)

    assert await state_of(job_id) == ("done", 5, 5, "")
    assert await marks() == ["ended:done:5", *(f"step:{one}" for one in range(5))]


async def test_run_that_was_thought_dead_writes_nothing_more(owner: Actor):
    job_id = await start(owner, hangs_at=2)
    late = asyncio.ensure_future(run_work(job_id))
    await Gate.reached.wait()
    await run_work(job_id)
    before = await marks()

    Gate.opened.set()
    await late

    assert await marks() == before == ["ended:done:5", *(f"step:{one}" for one in range(5))]


async def test_cancelled_work_stops_after_its_step_and_keeps_what_it_did(owner: Actor):
    job_id = await start(owner, hangs_at=2)
    await die_at(job_id)
    async with transaction() as session:
        await long_jobs.cancel(session, Actor((await make_user(session, role=Role.ADMIN)).id), job_id)
    assert (await rows("SELECT cancel_requested FROM long_jobs")) == [(False,)]

    async with transaction() as session:
        await long_jobs.cancel(session, owner, job_id)
    await run_work(job_id)

    assert await state_of(job_id) == ("cancelled", 2, 5, "")
    assert await marks() == ["ended:cancelled:2", "step:0", "step:1"]


async def test_work_that_waits_is_cancelled_at_once_and_never_begins(owner: Actor):
    job_id = await start(owner)

    async with transaction() as session:
        await long_jobs.cancel(session, owner, job_id)
    await worker.run_due()

    assert await state_of(job_id) == ("cancelled", 0, 5, "")
    assert await marks() == []


async def test_work_of_somebody_who_may_not_do_it_any_more_stops(owner: Actor):
    job_id = await start(owner, hangs_at=1)
    await die_at(job_id)
    async with transaction() as session:
        await session.execute(text("UPDATE users SET role = 'CUSTOMER'"))

    await run_work(job_id)

    assert await state_of(job_id) == ("failed", 1, 5, NOT_ANY_MORE)


async def test_refusal_ends_work_with_its_sentence(owner: Actor):
    job_id = await start(owner, REFUSED)

    await worker.run_due()

    assert await state_of(job_id) == ("failed", 0, 5, "This file has no rows.")
    assert await rows("SELECT id FROM procrastinate_jobs WHERE task_name = 'long_work.run'") == []


async def test_work_that_never_gets_on_is_given_up(owner: Actor):
    job_id = await start(owner)
    async with transaction() as session:
        await session.execute(text("UPDATE long_jobs SET fruitless = 5, state = 'running'"))

    await run_work(job_id)

    assert await state_of(job_id) == ("failed", 0, 5, GIVEN_UP)


async def test_words_come_at_most_four_times_a_second(owner: Actor):
    job_id = await start(owner, LOOKING, 1_000)

    await run_work(job_id)

    (state, done, _, _) = await state_of(job_id)
    assert state == "done"
    assert done == 1  # all the others came within a quarter of a second


async def test_work_whose_job_is_lost_is_queued_again_once(owner: Actor):
    job_id = await start(owner)
    async with transaction() as session:
        await session.execute(text("DELETE FROM procrastinate_jobs"))
        await session.execute(text("UPDATE long_jobs SET created_at = now() - interval '1 minute'"))
        assert await long_jobs.queue_forgotten(session) == 1
        assert await long_jobs.queue_forgotten(session) == 0

    await worker.run_due()
    assert await state_of(job_id) == ("done", 5, 5, "")


async def test_eleventh_unfinished_piece_of_work_is_refused(owner: Actor):
    for _ in range(10):
        await start(owner)

    with pytest.raises(TooMuchWorkError):
        await start(owner)

    assert len(await rows("SELECT id FROM long_jobs")) == 10


async def test_files_go_after_a_week_and_the_work_after_a_month(owner: Actor):
    ages = {days: await start(owner, total=1) for days in (6, 8, 31)}
    await worker.run_due()
    async with transaction() as session:
        for days, job_id in ages.items():
            await session.execute(
                text("UPDATE long_jobs SET finished_at = :then WHERE id = :id"),
                {"then": utc_now() - timedelta(days=days), "id": job_id},
            )
        await clean_up(session)

    assert await rows("SELECT DISTINCT job_id FROM long_job_parts") == [(ages[6],)]
    assert sorted(await rows("SELECT id FROM long_jobs")) == sorted([(ages[6],), (ages[8],)])


async def test_work_of_many_people_leaves_a_worker_room_for_the_rest(owner: Actor):
    for _ in range(8):
        async with transaction() as session:
            somebody = await make_user(session, role=Role.ADMIN)
        await start(Actor(somebody.id))

    ((lanes, jobs),) = await rows(
        "SELECT count(DISTINCT lock), count(*) FROM procrastinate_jobs WHERE task_name = 'long_work.run'"
    )
    assert jobs == 8
    assert lanes <= LANES < CONCURRENCY
