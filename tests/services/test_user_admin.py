"""The store's people: who they are, who may change them, and that somebody always runs the store."""

import asyncio
from collections.abc import Awaitable
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import EmailTokenPurpose, Role
from shophub.errors import (
    ForbiddenError,
    InviteRequiredError,
    LastOwnerError,
    OwnAccountError,
    ShopHubError,
    UserNotFoundError,
)
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id
from shophub.lib.pagination import PageRequest
from shophub.models.accounts import EmailToken, Invite, User, UserSession
from shophub.schemas.people import UserPatch, UserQuery
from shophub.services import sessions, user_admin
from shophub.services.audit import Actor
from tests.factories import make_order, make_user
from tests.statements import counted_statements


async def owner(session: AsyncSession) -> User:
    return await make_user(session, full_name="Olga Owner", role=Role.SUPER_ADMIN)


async def jobs(session: AsyncSession) -> list[tuple[str, str]]:
    rows = await session.execute(
        text("SELECT args->>'kind', args->>'recipient_id' FROM procrastinate_jobs ORDER BY id")
    )
    return [(row[0], row[1]) for row in rows]


async def log(session: AsyncSession) -> list[tuple[object, ...]]:
    rows = await session.execute(text("SELECT actor_id, action, target_id, before, after FROM audit_log ORDER BY id"))
    return [tuple(row) for row in rows]


async def is_live(session: AsyncSession, token: str) -> bool:
    return await sessions.find_live(session, token) is not None


async def test_deactivation_ends_sessions_and_links_tells_the_owner_and_is_logged(session: AsyncSession) -> None:
    chief, person = await owner(session), await make_user(session)
    token = await sessions.start(session, person.id)
    link = EmailToken(user_id=person.id, purpose=EmailTokenPurpose.RESET_PASSWORD, token_hash="h", expires_at=utc_now())
    session.add(link)
    await session.flush()

    changed = await user_admin.change_user(session, person.id, UserPatch(is_active=False), Actor(chief.id, "192.0.2.1"))

    assert (changed.is_active, changed.role) == (False, "CUSTOMER")
    await session.refresh(person)
    assert person.deactivated_at is not None
    await session.refresh(link)
    assert link.used_at is not None
    assert not await is_live(session, token)
    assert await jobs(session) == [("deactivated", str(person.id))]
    assert await log(session) == [
        (chief.id, "user.deactivate", str(person.id), {"is_active": True}, {"is_active": False})
    ]


async def test_reactivation_tells_the_owner_and_brings_no_session_back(session: AsyncSession) -> None:
    chief, person = await owner(session), await make_user(session)
    token = await sessions.start(session, person.id)
    await user_admin.change_user(session, person.id, UserPatch(is_active=False), Actor(chief.id))

    changed = await user_admin.change_user(session, person.id, UserPatch(is_active=True), Actor(chief.id))

    assert changed.is_active
    await session.refresh(person)
    assert person.deactivated_at is None
    assert not await is_live(session, token)
    assert [kind for kind, _ in await jobs(session)] == ["deactivated", "reactivated"]


async def test_known_failure_26_session_opens_nothing_while_its_account_is_deactivated(session: AsyncSession) -> None:
    """Known failure 26: a deactivated user goes on. Also where the session itself was forgotten about."""
    person = await make_user(session)
    token = await sessions.start(session, person.id)
    assert await is_live(session, token)

    person.is_active = False
    session.add(person)
    await session.flush()

    assert not await is_live(session, token)


async def test_change_that_changes_nothing_mails_and_logs_nothing(session: AsyncSession) -> None:
    chief, person = await owner(session), await make_user(session)

    changed = await user_admin.change_user(
        session, person.id, UserPatch(role=Role.CUSTOMER, is_active=True), Actor(chief.id)
    )

    assert (changed.role, changed.is_active) == ("CUSTOMER", True)
    assert (await jobs(session), await log(session)) == ([], [])


async def test_demotion_is_read_by_the_next_request_of_a_session_that_stays(session: AsyncSession) -> None:
    chief, admin = await owner(session), await make_user(session, role=Role.ADMIN)
    token = await sessions.start(session, admin.id)

    await user_admin.change_user(session, admin.id, UserPatch(role=Role.CUSTOMER), Actor(chief.id))

    live = await sessions.find_live(session, token)
    assert live is not None
    assert live.user.role == "CUSTOMER"
    assert await log(session) == [(chief.id, "user.role", str(admin.id), {"role": "ADMIN"}, {"role": "CUSTOMER"})]


@pytest.mark.parametrize(
    "patch", [UserPatch(is_active=False), UserPatch(role=Role.ADMIN), UserPatch(role=Role.CUSTOMER)]
)
async def test_nobody_deactivates_or_demotes_themselves(session: AsyncSession, patch: UserPatch) -> None:
    chief = await owner(session)
    await owner(session)

    with pytest.raises(OwnAccountError):
        await user_admin.change_user(session, chief.id, patch, Actor(chief.id))

    await session.refresh(chief)
    assert (chief.role, chief.is_active) == ("SUPER_ADMIN", True)


async def test_customer_does_not_join_the_staff_without_an_invite(session: AsyncSession) -> None:
    chief, person = await owner(session), await make_user(session)

    for role in (Role.ADMIN, Role.SUPER_ADMIN):
        with pytest.raises(InviteRequiredError):
            await user_admin.change_user(session, person.id, UserPatch(role=role), Actor(chief.id))

    await session.refresh(person)
    assert person.role == "CUSTOMER"


async def test_admin_can_be_made_super_admin(session: AsyncSession) -> None:
    chief, admin = await owner(session), await make_user(session, role=Role.ADMIN)

    changed = await user_admin.change_user(session, admin.id, UserPatch(role=Role.SUPER_ADMIN), Actor(chief.id))

    assert changed.role == "SUPER_ADMIN"


async def test_erased_and_unknown_accounts_are_not_found(session: AsyncSession) -> None:
    chief, gone = await owner(session), await make_user(session, is_active=False)
    gone.erased_at = utc_now()
    session.add(gone)
    await session.flush()

    for user_id in (gone.id, new_id()):
        with pytest.raises(UserNotFoundError):
            await user_admin.change_user(session, user_id, UserPatch(is_active=True), Actor(chief.id))


@pytest.mark.parametrize("patch", [UserPatch(is_active=False), UserPatch(role=Role.ADMIN)])
async def test_who_loses_the_right_to_invite_loses_the_open_invites(session: AsyncSession, patch: UserPatch) -> None:
    chief, other = await owner(session), await owner(session)
    for maker, email in ((other, "a@example.com"), (chief, "b@example.com")):
        session.add(
            Invite(email=email, role=Role.ADMIN, token_hash=email, invited_by_id=maker.id, expires_at=utc_now())
        )
    await session.flush()

    await user_admin.change_user(session, other.id, patch, Actor(chief.id))

    rows = await session.execute(text("SELECT email, revoked_at IS NULL FROM invites ORDER BY email"))
    assert [tuple(row) for row in rows] == [("a@example.com", False), ("b@example.com", True)]


async def both(first: Awaitable[None], second: Awaitable[None]) -> list[BaseException | None]:
    return list(await asyncio.gather(first, second, return_exceptions=True))


@pytest.mark.parametrize("patch", [UserPatch(is_active=False), UserPatch(role=Role.CUSTOMER)])
async def test_two_who_put_each_other_out_at_once_leave_one(database: str, patch: UserPatch) -> None:
    async with transaction() as session:
        one, two = (await owner(session)).id, (await owner(session)).id

    async def put_out(actor: UUID, target: UUID) -> None:
        async with transaction() as session:
            await user_admin.change_user(session, target, patch, Actor(actor))

    for _ in range(5):
        results = await both(put_out(one, two), put_out(two, one))
        refusals = [result for result in results if result is not None]
        assert [type(refusal) for refusal in refusals] == [ForbiddenError]
        async with transaction() as session:
            left = (await session.exec(select(User).where(User.role == "SUPER_ADMIN", User.is_active))).all()
            assert len(left) == 1
            await session.execute(text("UPDATE users SET role = 'SUPER_ADMIN', is_active = true"))


async def test_last_active_super_admin_cannot_go_and_two_who_leave_at_once_leave_one(database: str) -> None:
    async with transaction() as session:
        one, two = (await owner(session)).id, (await owner(session)).id
        await make_user(session, role=Role.SUPER_ADMIN, is_active=False)
        await make_user(session, role=Role.ADMIN)

    async def leave(user_id: UUID) -> None:
        async with transaction() as session:
            await user_admin.require_not_last_owner(session, user_id)
            await session.execute(text("UPDATE users SET is_active = false WHERE id = :id"), {"id": user_id})

    results = await both(leave(one), leave(two))

    assert [type(result) for result in results if result is not None] == [LastOwnerError]


async def test_admin_who_reaches_the_service_is_refused(session: AsyncSession) -> None:
    admin, person = await make_user(session, role=Role.ADMIN), await make_user(session)

    for actor in (Actor(admin.id), Actor(person.id), Actor(None)):
        with pytest.raises(ForbiddenError):
            await user_admin.change_user(session, person.id, UserPatch(is_active=False), actor)

    await session.refresh(person)
    assert person.is_active


async def test_known_failure_36_list_of_users_has_pages_and_costs_one_statement(session: AsyncSession) -> None:
    """Known failure 36: no list has pages; the admin user list makes a query per user."""
    for number in range(7):
        person = await make_user(session, email=f"person{number}@example.com")
        await make_order(session, user=person)
    gone = await make_user(session, email="erased@example.com", is_active=False)
    gone.erased_at = utc_now()
    session.add(gone)
    await session.flush()

    with counted_statements(session) as statements:
        first = await user_admin.list_users(session, UserQuery(), PageRequest(1, 5))
    second = await user_admin.list_users(session, UserQuery(), PageRequest(2, 5))
    beyond = await user_admin.list_users(session, UserQuery(), PageRequest(9, 5))

    assert len(statements) == 1
    shown = [user.email for user in (*first.items, *second.items)]
    assert shown == [f"person{number}@example.com" for number in reversed(range(7))]
    assert {user.order_count for user in first.items} == {1}
    assert (first.total, second.total, beyond.total, beyond.items) == (7, 7, 7, [])


async def test_list_of_users_finds_by_name_address_role_and_activity(session: AsyncSession) -> None:
    await make_user(session, email="ada@example.com", full_name="Ada 100% Sure")
    await make_user(session, email="bob_b@example.com", full_name="Bob", role=Role.ADMIN)
    await make_user(session, email="bobxb@example.com", full_name="Bobx", is_active=False)

    async def emails(**query: object) -> list[str]:
        page = await user_admin.list_users(session, UserQuery.model_validate(query), PageRequest())
        return sorted(user.email for user in page.items)

    assert await emails(q="ADA") == ["ada@example.com"]
    assert await emails(q="0%") == ["ada@example.com"]
    assert await emails(q="bob_b") == ["bob_b@example.com"]
    assert await emails(q="'; DROP TABLE users; --\x00") == []
    assert await emails(role="ADMIN") == ["bob_b@example.com"]
    assert await emails(is_active=False) == ["bobxb@example.com"]


async def test_sign_in_during_a_deactivation_leaves_no_session(database: str) -> None:
    """The account's row is locked first by both, so that neither passes the other by."""
    async with transaction() as session:
        chief, person = (await owner(session)).id, (await make_user(session)).id

    async def deactivate() -> None:
        async with transaction() as session:
            await user_admin.change_user(session, person, UserPatch(is_active=False), Actor(chief))

    async def begin() -> None:
        async with transaction() as session:
            found = await session.execute(
                text("UPDATE users SET last_sign_in_at = now() WHERE id = :id AND is_active RETURNING id"),
                {"id": person},
            )
            if found.scalar_one_or_none() is not None:
                await asyncio.sleep(0.05)
                await sessions.start(session, person)

    for _ in range(5):
        begun = asyncio.create_task(begin())
        await asyncio.sleep(0.02)
        await asyncio.gather(deactivate(), begun)
        async with transaction() as session:
            rows = (await session.exec(select(UserSession).where(UserSession.user_id == person))).all()
            assert rows
            assert [row for row in rows if row.revoked_at is None] == []
            await session.execute(text("UPDATE users SET is_active = true"))


def test_refusals_have_codes_of_their_own() -> None:
    refusals: tuple[type[ShopHubError], ...] = (OwnAccountError, LastOwnerError, InviteRequiredError, UserNotFoundError)
    assert len({refusal.code for refusal in refusals}) == 4
