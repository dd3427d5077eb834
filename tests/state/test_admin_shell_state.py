"""The frame of the back office and the dashboard, as tabs of different people meet them."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.admin_sections import ACTIONS, SECTIONS
from shophub.domain.statuses import Role
from shophub.lib.ids import new_token
from shophub.pages.routes import PAGES
from shophub.services import sessions
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.admin.dashboard import DashboardState
from shophub.state.admin_shell import AdminShellState
from tests.factories import make_order, make_user
from tests.state.conftest import Tab, run

OpenTab = Callable[..., Tab]


async def tab_of(open_tab: OpenTab, role: Role | None, address: str = "/admin") -> Tab:
    """Return a tab of somebody at a page whose frame has loaded."""
    cookie = f"shophub_guest={new_token()}"
    if role is not None:
        async with transaction() as session:
            cookie += f"; shophub_session={await sessions.start(session, (await make_user(session, role=role)).id)}"
    tab = open_tab(cookie)
    tab.go(address)
    await run(AdminShellState.load.fn(tab.state(AdminShellState)))
    return tab


def test_what_the_sidebar_and_the_palette_lead_to_is_there() -> None:
    routes = {page.route for page in PAGES}

    assert {one.path for one in (*SECTIONS, *ACTIONS) if one.path != "#keys"} <= routes


@pytest.mark.parametrize(
    ("role", "address", "is_refused"),
    [
        (None, "/admin", False),  # sent to the sign-in by the page's own handler
        (Role.CUSTOMER, "/admin", True),
        (Role.CUSTOMER, "/admin/orders/SH-1", True),
        (Role.ADMIN, "/admin", False),
        (Role.ADMIN, "/admin/products/new", False),
        (Role.ADMIN, "/admin/users", True),
        (Role.SUPER_ADMIN, "/admin/users", False),
    ],
)
async def test_who_may_not_is_told(open_tab: OpenTab, role: Role | None, address: str, is_refused: bool) -> None:
    shell = (await tab_of(open_tab, role, address)).state(AdminShellState)

    assert shell.is_refused is is_refused


@pytest.mark.parametrize(("role", "name"), [(Role.ADMIN, "Admin"), (Role.SUPER_ADMIN, "Owner"), (Role.CUSTOMER, "")])
async def test_frame_shows_the_parts_that_the_role_may_use(open_tab: OpenTab, role: Role, name: str) -> None:
    shell = (await tab_of(open_tab, role)).state(AdminShellState)

    paths = [section.path for section in shell.sections]
    assert shell.role_name == name
    assert ("/admin/products" in paths, "/admin/users" in paths) == (role != Role.CUSTOMER, role == Role.SUPER_ADMIN)
    assert bool(shell.actions) is (role != Role.CUSTOMER)


async def test_dashboard_shows_the_range_that_the_address_names(open_tab: OpenTab) -> None:
    tab = await tab_of(open_tab, Role.ADMIN, "/admin?from=2026-03-09&to=2026-03-15")
    page = tab.state(DashboardState)

    await run(DashboardState.load.fn(page))

    assert (page.loaded, page.view.start, page.view.end) == ("/admin", "2026-03-09", "2026-03-15")
    assert [choice.is_current for choice in page.choices] == [False, False, False, False]
    assert [choice.url for choice in page.choices][:2] == ["/admin?range=7d", "/admin?range=30d"]


@pytest.mark.parametrize("role", [None, Role.CUSTOMER])
async def test_dashboard_shows_nothing_to_others(open_tab: OpenTab, role: Role | None) -> None:
    async with transaction() as session:
        await make_order(session)
    page = (await tab_of(open_tab, role)).state(DashboardState)

    await run(DashboardState.load.fn(page))

    assert (page.loaded, page.view.figures, page.feed.orders) == ("", (), ())


async def test_open_dashboard_hears_of_a_new_order(open_tab: OpenTab) -> None:
    tab = await tab_of(open_tab, Role.ADMIN)
    page = tab.state(DashboardState)
    await run(DashboardState.load.fn(page))
    async with transaction() as session:
        order = await make_order(session, email="ada@example.com")

    notice = Notice("order", str(order.id))
    await page._refresh(notice)

    assert page.router.session.client_token in live.watchers.of(notice)
    assert [(one.number, one.is_new) for one in page.feed.orders] == [(order.number, True)]
    assert page.heard == "New order from Ada Shopper: $50.00"


async def test_feed_ends_with_the_right_to_see_it(open_tab: OpenTab) -> None:
    tab = await tab_of(open_tab, Role.ADMIN)
    page = tab.state(DashboardState)
    await run(DashboardState.load.fn(page))
    async with transaction() as session:
        await session.execute(text("UPDATE sessions SET revoked_at = now()"))
        order = await make_order(session)

    await page._refresh(Notice("order", str(order.id)))

    assert page.feed.orders == ()
