"""Long work on pages: one's own, live, and stopped where its owner says so."""

from collections.abc import Callable
from uuid import UUID

from httpx import ASGITransport, AsyncClient

from shophub.api.app import create_api
from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.statuses import Role
from shophub.jobs import worker
from shophub.lib.ids import new_token
from shophub.services import long_jobs, sessions
from shophub.services.audit import Actor
from shophub.services.flows.long_work import Work, runs
from shophub.services.live import Notice
from shophub.services.long_jobs import WorkKind
from shophub.state.admin.work import LongWorkState
from shophub.state.admin_shell import AdminShellState
from tests.factories import make_user
from tests.state.conftest import Tab, run

OpenTab = Callable[..., Tab]
LISTING = WorkKind("tests.listing", Permission.MANAGE_PRODUCTS)


@runs(LISTING)
async def make_list(work: Work) -> None:
    """Leave a file and a problem."""
    async with transaction() as session:
        await work.step(
            session, done=2, counts={"changed": 1}, problems=1, samples=[("3", "price", "Too high.")], result="a,b\n"
        )


async def staff(role: Role = Role.ADMIN) -> tuple[UUID, str]:
    async with transaction() as session:
        user = await make_user(session, role=role)
        token = await sessions.start(session, user.id)
    return user.id, f"shophub_guest={new_token()}; shophub_session={token}"


async def start(owner: UUID) -> UUID:
    async with transaction() as session:
        return await long_jobs.start(
            session, Actor(owner), LISTING, title="List", total=2, result_name='list "of" all.csv'
        )


async def test_page_shows_ones_own_work_and_hears_of_each_step(open_tab: OpenTab):
    owner, cookie = await staff()
    other, other_cookie = await staff()
    job_id = await start(owner)
    tab, elsewhere = open_tab(cookie), open_tab(other_cookie)
    for one in (tab, elsewhere):
        one.go("/admin/jobs")
        await run(AdminShellState.load.fn(one.state(AdminShellState)))
        await run(LongWorkState.load.fn(one.state(LongWorkState)))
    page = tab.state(LongWorkState)
    assert [(job.title, job.state_text, job.is_open) for job in page.jobs] == [("List", "Waiting", True)]
    assert (elsewhere.state(LongWorkState).jobs, elsewhere.state(AdminShellState).work_text) == ((), "")
    assert tab.state(AdminShellState).work_text == "1 running"

    await worker.run_due()
    await page._refresh(Notice("work", str(owner)))
    await tab.state(AdminShellState)._refresh_work(Notice("work", str(owner)))

    (job,) = page.jobs
    assert (job.state_text, job.progress_text, job.problems_text) == ("Done", "2 of 2", "1 problem")
    assert [(one.label, one.text) for one in job.counts] == [("Changed", "1")]
    assert [(one.row, one.place, one.reason) for one in job.samples] == [("3", "price", "Too high.")]
    assert tab.state(AdminShellState).work_text == ""
    assert await page._follow(job_id) == job
    assert (await elsewhere.state(LongWorkState)._follow(job_id)).id == ""
    assert other != owner


async def test_only_its_owner_cancels_work(open_tab: OpenTab):
    owner, cookie = await staff()
    _, other_cookie = await staff(Role.SUPER_ADMIN)
    job_id = await start(owner)
    stranger, page = open_tab(other_cookie).state(LongWorkState), open_tab(cookie).state(LongWorkState)

    await run(LongWorkState.cancel.fn(stranger, str(job_id)))
    assert (await page._follow(job_id)).state_text == "Waiting"
    await run(LongWorkState.cancel.fn(page, "no such id"))
    await run(LongWorkState.cancel.fn(page, str(job_id)))
    assert (await page._follow(job_id)).state_text == "Cancelled"


async def test_result_is_a_file_for_its_owner_alone(database: str):
    owner, cookie = await staff()
    _, other_cookie = await staff(Role.SUPER_ADMIN)
    job_id = await start(owner)
    await worker.run_due()
    async with AsyncClient(transport=ASGITransport(create_api()), base_url="http://localhost:8000") as http:
        given = await http.get(f"/api/admin/jobs/{job_id}/result", headers={"Cookie": cookie})
        refused = await http.get(f"/api/admin/jobs/{job_id}/result", headers={"Cookie": other_cookie})
        guest = await http.get(f"/api/admin/jobs/{job_id}/result")

    assert (given.status_code, given.text) == (200, "a,b\n")
    assert given.headers["Content-Disposition"] == 'attachment; filename="list-of-all.csv"'
    assert (refused.status_code, guest.status_code) == (404, 401)
