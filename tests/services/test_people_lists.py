"""The staff's lists of accounts: who is found, in which order, with how many statements."""

from urllib.parse import parse_qsl

import pytest

from shophub.db import AsyncSession
from shophub.domain.statuses import Role
from shophub.lib.tables import parse_table
from shophub.schemas.people import InviteForm
from shophub.services import invites, people_lists
from shophub.services.audit import Actor
from shophub.services.people_lists import CUSTOMERS, USERS
from tests.factories import make_order, make_user
from tests.statements import counted_statements


async def test_people_are_found_by_name_and_address_within_their_role(session: AsyncSession) -> None:
    owner = await make_user(session, full_name="Olga Owner", role=Role.SUPER_ADMIN)
    await make_user(session, full_name="Ana Admin", role=Role.ADMIN)
    await make_user(session, full_name="Anabel Buyer", email="anabel@example.com")

    found = await people_lists.list_users(session, parse_table(USERS, [("q", "ana")]), owner.id)
    admins = await people_lists.list_users(session, parse_table(USERS, [("q", "ana"), ("tab", "ADMIN")]), owner.id)

    assert [line.name for line in found.lines] == ["Anabel Buyer", "Ana Admin"]
    assert [tab.count_text for tab in found.table.tabs] == ["2", "0", "1", "1"]
    assert [line.name for line in admins.lines] == ["Ana Admin"]
    assert admins.table.total == 1


async def test_percent_sign_is_looked_for_as_it_is(session: AsyncSession) -> None:
    owner = await make_user(session, role=Role.SUPER_ADMIN)

    assert (await people_lists.list_users(session, parse_table(USERS, [("q", "%")]), owner.id)).lines == ()


async def test_own_line_and_deactivated_ones_say_so(session: AsyncSession) -> None:
    owner = await make_user(session, full_name="Olga Owner", role=Role.SUPER_ADMIN)
    await make_user(session, full_name="Gone", is_active=False)

    lines = (await people_lists.list_users(session, parse_table(USERS, []), owner.id)).lines
    off = (await people_lists.list_users(session, parse_table(USERS, [("state", "off")]), owner.id)).lines

    assert {line.name: line.is_own for line in lines} == {"Olga Owner": True, "Gone": False}
    assert [(line.name, line.is_active) for line in off] == [("Gone", False)]


async def test_only_invites_that_can_still_be_worked_with_are_beside_the_list(session: AsyncSession) -> None:
    owner = await make_user(session, role=Role.SUPER_ADMIN)
    for email in ("one@example.com", "two@example.com"):
        made = await invites.make_invite(session, InviteForm(email=email, role=Role.ADMIN), Actor(owner.id))
    await invites.revoke_invite(session, made.id, Actor(owner.id))

    page = await people_lists.list_users(session, parse_table(USERS, []), owner.id)

    assert [(line.email, line.role_text, line.is_over) for line in page.invites] == [
        ("one@example.com", "Admin", False)
    ]


@pytest.mark.parametrize("sort", ["name", "-orders", "-spent", "-joined"])
async def test_customers_come_with_what_they_bought(session: AsyncSession, sort: str) -> None:
    buyer, other = await make_user(session, full_name="Buyer"), await make_user(session, full_name="Other")
    await make_user(session, role=Role.ADMIN)
    await make_order(session, user=buyer)

    page = await people_lists.list_customers(session, parse_table(CUSTOMERS, [("sort", sort)]), None)

    by_name = {line.name: (line.orders_text, line.last_text) for line in page.lines}
    assert by_name == {"Buyer": ("1", "just now"), "Other": ("0", "")}
    assert page.lines[0].id == str(other.id if sort == "-joined" else buyer.id)
    assert [tab.count_text for tab in page.table.tabs] == ["2", "1", "1"]


@pytest.mark.parametrize(("tab", "names"), [("bought", ["Buyer"]), ("none", ["Other"])], ids=["bought", "none"])
async def test_tabs_part_customers_by_whether_they_bought(session: AsyncSession, tab: str, names: list[str]) -> None:
    buyer = await make_user(session, full_name="Buyer")
    await make_user(session, full_name="Other")
    await make_order(session, user=buyer)

    page = await people_lists.list_customers(session, parse_table(CUSTOMERS, [("tab", tab)]), None)

    assert [line.name for line in page.lines] == names


async def test_pages_follow_each_other_and_cost_the_same_however_many_rows(session: AsyncSession) -> None:
    owner = await make_user(session, role=Role.SUPER_ADMIN)
    with counted_statements(session) as few:
        await people_lists.list_customers(session, parse_table(CUSTOMERS, []), owner.id)
    for number in range(60):
        await make_user(session, full_name=f"Person {number:02}")

    with counted_statements(session) as many:
        first = await people_lists.list_customers(session, parse_table(CUSTOMERS, [("sort", "spent")]), owner.id)
    query = parse_table(CUSTOMERS, parse_qsl(first.table.next_url.partition("?")[2]))
    second = await people_lists.list_customers(session, query, owner.id)

    assert len(many) == len(few)
    assert (len(first.lines), len(second.lines)) == (50, 10)
    assert not {line.id for line in first.lines} & {line.id for line in second.lines}
    assert second.table.next_url == ""
