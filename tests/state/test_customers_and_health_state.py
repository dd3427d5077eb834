"""The pages about customers and about the shop's health: who sees them, and what their buttons do."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import AlertKind, Role
from shophub.lib.ids import new_id
from shophub.services import alerts, sessions
from shophub.state.admin.customers import CustomersState, CustomerState
from shophub.state.admin.health import HealthState
from shophub.state.admin.table import TableState
from tests.factories import make_order, make_user
from tests.rows import rows
from tests.state.conftest import Tab, run, scripts

OpenTab = Callable[..., Tab]


async def tab_of(open_tab: OpenTab, role: Role, address: str) -> Tab:
    async with transaction() as session:
        token = await sessions.start(session, (await make_user(session, full_name="Somebody", role=role)).id)
    tab = open_tab(f"shophub_session={token}")
    tab.go(address)
    return tab


@pytest.mark.parametrize(
    ("role", "names"),
    [(Role.CUSTOMER, []), (Role.ADMIN, ["Ada Buyer"]), (Role.SUPER_ADMIN, ["Ada Buyer"])],
    ids=["customer", "admin", "owner"],
)
async def test_staff_find_customers_and_others_find_nothing(open_tab: OpenTab, role: Role, names: list[str]) -> None:
    async with transaction() as session:
        buyer = await make_user(session, full_name="Ada Buyer")
        await make_order(session, user=buyer)
    tab = await tab_of(open_tab, role, "/admin/customers?tab=bought&q=ada")

    await run(CustomersState.load.fn(tab.state(CustomersState)))
    tab.go(f"/admin/customers/{buyer.id}")
    await run(CustomerState.load.fn(tab.state(CustomerState)))

    assert [line.name for line in tab.state(CustomersState).lines] == names
    assert tab.state(TableState).view.q == ("ada" if names else "")
    assert [tab.state(CustomerState).view.name] == (names or [""])
    assert tab.state(CustomerState).sees_people is (role is Role.SUPER_ADMIN)


@pytest.mark.parametrize("named", ["nobody", str(new_id())], ids=["unreadable", "unknown"])
async def test_address_of_nobody_says_so(open_tab: OpenTab, named: str) -> None:
    tab = await tab_of(open_tab, Role.ADMIN, f"/admin/customers/{named}")
    page = tab.state(CustomerState)

    await run(CustomerState.load.fn(page))

    assert (page.is_missing, page.title, page.loaded) == (True, "Customer not found", f"/admin/customers/{named}")


async def test_owner_closes_an_alert_and_tries_a_job_again(open_tab: OpenTab) -> None:
    async with transaction() as session:
        await alerts.raise_alert(session, AlertKind.DISPUTE, "dp_1", "A dispute.")
        await session.execute(
            text("INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
                 " VALUES ('default', 'emails.send', 'failed'), ('clock', 'invariants.check', 'failed')")
        )  # fmt: skip
    page = (await tab_of(open_tab, Role.SUPER_ADMIN, "/admin/health")).state(HealthState)
    await run(HealthState.load.fn(page))
    mail, turn = (next(job for job in page.view.jobs if job.may_retry is may) for may in (True, False))

    said = await run(HealthState.retry.fn(page, mail.id))
    said += await run(HealthState.retry.fn(page, turn.id))
    said += await run(HealthState.retry.fn(page, "0"))
    said += await run(HealthState.resolve.fn(page, page.view.alerts[0].id))
    said += await run(HealthState.resolve.fn(page, str(new_id())))

    assert len(said) == 2
    assert "is queued again" in scripts(said)
    assert (page.view.alerts, [job.id for job in page.view.jobs]) == ((), [turn.id])
    assert sorted(await rows("SELECT action FROM audit_log")) == [("alert.resolve",), ("job.retry",)]


async def test_admins_who_are_no_owners_see_nothing_of_it(open_tab: OpenTab) -> None:
    async with transaction() as session:
        await alerts.raise_alert(session, AlertKind.DISPUTE, "dp_1", "A dispute.")
    page = (await tab_of(open_tab, Role.ADMIN, "/admin/health")).state(HealthState)

    await run(HealthState.load.fn(page))
    await run(HealthState.refresh.fn(page))

    assert (page.loaded, page.view.parts) == ("", ())
