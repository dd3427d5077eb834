"""Invites: who gets one, what its link is good for, and that it works once."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import EmailTokenPurpose, Role
from shophub.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    InviteNotFoundError,
    InviteOpenError,
    InviteOtherAccountError,
    InviteSignInError,
)
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, new_token, token_hash
from shophub.lib.pagination import PageRequest
from shophub.models.accounts import EmailToken, RecoveryCode, SecondFactor, User
from shophub.schemas.accounts import Origin, UserView, Visitor
from shophub.schemas.people import Accepted, AcceptForm, InviteForm, MadeInvite, UserPatch, Welcome
from shophub.services import invites, passwords, sessions, user_admin
from shophub.services.audit import Actor
from shophub.services.flows.accept_invite import accept_invite
from tests.factories import make_address, make_order, make_user
from tests.statements import counted_statements

PASSWORD = "blue kettle sings"
EMAIL = "ada@example.com"
ORIGIN = Origin("")
GUEST = Visitor()


async def owner(session: AsyncSession) -> Actor:
    return Actor((await make_user(session, full_name="Olga Owner", role=Role.SUPER_ADMIN)).id)


async def invite(session: AsyncSession, actor: Actor, email: str = EMAIL, role: Role = Role.ADMIN) -> MadeInvite:
    return await invites.make_invite(session, InviteForm(email=email, role=role), actor)


def token_of(made: MadeInvite) -> str:
    return parse_qs(urlsplit(made.link).query)["token"][0]


def form(made: MadeInvite, **changes: str) -> AcceptForm:
    return AcceptForm(**{"token": token_of(made), "full_name": "Ada Admin", "password": PASSWORD, **changes})


async def kinds(session: AsyncSession) -> list[str]:
    return list((await session.execute(text("SELECT args->>'kind' FROM procrastinate_jobs ORDER BY id"))).scalars())


async def actions(session: AsyncSession) -> list[tuple[str, object]]:
    rows = await session.execute(text("SELECT action, after FROM audit_log ORDER BY id"))
    return [(row[0], row[1]) for row in rows]


async def committed(email: str = EMAIL, role: Role = Role.ADMIN) -> tuple[Actor, MadeInvite]:
    async with transaction() as session:
        actor = await owner(session)
        return actor, await invite(session, actor, email, role)


async def account(email: str = EMAIL) -> User:
    async with transaction() as session:
        return (await session.exec(select(User).where(User.email == email))).one()


def signed_in_as(user: User, session_id: UUID | None = None) -> Visitor:
    view = UserView(user.id, user.email, user.full_name, user.role, user.email_verified_at is not None)
    return Visitor(user=view, session_id=session_id)


async def test_invite_is_mailed_logged_and_kept_as_a_hash_only(session: AsyncSession) -> None:
    actor = await owner(session)

    made = await invite(session, actor, "Ada@Example.com")

    row = (await session.execute(text("SELECT * FROM invites"))).mappings().one()
    token = token_of(made)
    assert len(token) == 43
    assert (row["email"], row["role"], row["token_hash"]) == (EMAIL, "ADMIN", token_hash(token))
    assert token not in str(dict(row))
    assert timedelta(days=6, hours=23) < row["expires_at"] - utc_now() <= timedelta(days=7)
    assert made.expires_at == row["expires_at"]
    jobs = (await session.execute(text("SELECT args FROM procrastinate_jobs"))).scalars().all()
    assert jobs == [{"kind": "invite", "subject_id": str(row["id"])}]
    assert await actions(session) == [("invite.create", {"role": "ADMIN"})]


async def test_address_has_one_open_invite_in_whatever_case(session: AsyncSession) -> None:
    actor = await owner(session)
    await invite(session, actor)

    with pytest.raises(InviteOpenError):
        await invite(session, actor, "ADA@example.com", Role.SUPER_ADMIN)

    await session.execute(text("UPDATE invites SET expires_at = now()"))
    assert (await invite(session, actor)).link  # the one that is over gives way


async def test_many_invites_of_one_address_at_once_make_one(database: str) -> None:
    async with transaction() as session:
        actor = await owner(session)

    async def make() -> MadeInvite:
        async with transaction() as session:
            return await invite(session, actor)

    results = await asyncio.gather(*(make() for _ in range(6)), return_exceptions=True)

    assert sorted(type(result).__name__ for result in results) == ["InviteOpenError"] * 5 + ["MadeInvite"]


@pytest.mark.parametrize("role", ["CUSTOMER", "OWNER", ""])
def test_nobody_is_invited_as_a_customer(role: str) -> None:
    with pytest.raises(ValueError, match="role"):
        InviteForm(email=EMAIL, role=role)  # type: ignore[arg-type]


async def test_staff_and_deactivated_accounts_are_not_invited(session: AsyncSession) -> None:
    actor = await owner(session)
    await make_user(session, email="admin@example.com", role=Role.ADMIN)
    await make_user(session, email="gone@example.com", is_active=False)

    for email in ("admin@example.com", "gone@example.com"):
        with pytest.raises(ConflictError):
            await invite(session, actor, email)

    assert await kinds(session) == []


async def test_invite_sent_again_has_another_link_and_the_old_one_opens_nothing(session: AsyncSession) -> None:
    actor = await owner(session)
    first = await invite(session, actor, role=Role.SUPER_ADMIN)

    second = await invites.send_again(session, first.id, actor)

    assert token_of(first) != token_of(second)
    with pytest.raises(InviteNotFoundError):
        await invites.open_invite(session, token_of(first), GUEST)
    found = await invites.open_invite(session, token_of(second), GUEST)
    assert (found.email, found.role, found.account) == (EMAIL, "SUPER_ADMIN", Welcome.NEW)
    assert await kinds(session) == ["invite", "invite"]
    with pytest.raises(InviteNotFoundError):
        await invites.send_again(session, first.id, actor)


async def test_revoked_invite_opens_nothing_and_is_logged(session: AsyncSession) -> None:
    actor = await owner(session)
    made = await invite(session, actor)

    await invites.revoke_invite(session, made.id, actor)

    with pytest.raises(InviteNotFoundError):
        await invites.open_invite(session, token_of(made), GUEST)
    with pytest.raises(InviteNotFoundError):
        await invites.revoke_invite(session, made.id, actor)
    assert [action for action, _ in await actions(session)] == ["invite.create", "invite.revoke"]


async def test_known_failure_28_somebody_new_accepts_without_signing_in(database: str) -> None:
    """Known failure 28: the invite page needs a sign-in that the invited person does not have; no e-mail is sent."""
    actor, made = await committed()

    accepted = await accept_invite(form(made), GUEST, ORIGIN)

    user = await account()
    assert (user.role, user.full_name, user.is_active) == ("ADMIN", "Ada Admin", True)
    assert (await passwords.verify_password(PASSWORD, user.password_hash))[0]
    assert user.email_verified_at is None  # the link may have been copied, and says nothing of who reads the address
    async with transaction() as session:
        assert accepted.token is not None
        live = await sessions.find_live(session, accepted.token)
        assert live is not None
        assert live.user.id == user.id
        assert await kinds(session) == ["invite", "verify_email"]
        assert await actions(session) == [("invite.create", {"role": "ADMIN"}), ("invite.accept", {"role": "ADMIN"})]
        row = (await session.execute(text("SELECT accepted_by_id, invited_by_id FROM invites"))).one()
        assert tuple(row) == (user.id, actor.user_id)


@pytest.mark.parametrize("token", ["", "1", "x" * 43, "0" * 200, "' OR 1=1 --"])
async def test_known_failure_28_token_cannot_be_guessed(session: AsyncSession, token: str) -> None:
    """Known failure 28: the token is guessable. It is a signature of 256 bits, and the table holds only its hash."""
    made = await invite(session, await owner(session))

    for guess in (token, str(made.id), token_hash(token_of(made)), token_of(made)[:-1]):
        with pytest.raises(InviteNotFoundError):
            await invites.open_invite(session, guess, GUEST)


async def test_invite_used_twice_at_once_works_once(database: str) -> None:
    _, made = await committed()

    results = await asyncio.gather(
        *(accept_invite(form(made, full_name=f"Person {n}"), GUEST, ORIGIN) for n in range(6)), return_exceptions=True
    )

    assert sorted(type(result).__name__ for result in results) == ["Accepted"] + ["InviteNotFoundError"] * 5
    winner = next(result for result in results if isinstance(result, Accepted))
    user = await account()
    assert user.full_name == winner.user.full_name
    with pytest.raises(InviteNotFoundError):
        await accept_invite(form(made), GUEST, ORIGIN)


async def test_invite_that_is_over_is_refused(database: str) -> None:
    _, made = await committed()
    async with transaction() as session:
        await session.execute(text("UPDATE invites SET expires_at = now()"))

    async with transaction() as session:
        with pytest.raises(InviteNotFoundError):
            await invites.open_invite(session, token_of(made), GUEST)
    with pytest.raises(InviteNotFoundError):
        await accept_invite(form(made), GUEST, ORIGIN)

    async with transaction() as session:
        assert (await session.exec(select(User).where(User.email == EMAIL))).one_or_none() is None


@pytest.mark.parametrize(
    "changes", [{"full_name": ""}, {"password": ""}, {"password": "password1"}, {"password": "short"}]
)
async def test_refused_answer_leaves_the_invite_open(database: str, changes: dict[str, str]) -> None:
    _, made = await committed()

    with pytest.raises(InvalidInputError) as refusal:
        await accept_invite(form(made, **changes), GUEST, ORIGIN)

    assert set(refusal.value.fields) == set(changes)
    assert (await accept_invite(form(made), GUEST, ORIGIN)).user.email == EMAIL


async def test_verified_account_has_to_be_signed_in(database: str) -> None:
    _, made = await committed(role=Role.SUPER_ADMIN)
    async with transaction() as session:
        user = await make_user(session, email=EMAIL, password_hash="kept", full_name="Ada Shopper")
        other = await make_user(session)

    with pytest.raises(InviteSignInError):
        await accept_invite(form(made), GUEST, ORIGIN)
    with pytest.raises(InviteOtherAccountError):
        await accept_invite(form(made), signed_in_as(other), ORIGIN)
    assert (await account()).role == "CUSTOMER"
    accepted = await accept_invite(form(made), signed_in_as(user), ORIGIN)

    now = await account()
    assert accepted.token is None
    assert (now.role, now.full_name, now.password_hash) == ("SUPER_ADMIN", "Ada Shopper", "kept")
    async with transaction() as session:
        assert (await session.exec(select(User).where(User.id == other.id))).one().role == "CUSTOMER"


async def test_unverified_account_is_taken_over_from_whoever_made_it(database: str) -> None:
    async with transaction() as session:
        actor = await owner(session)
        squatter = await make_user(session, email=EMAIL, verified=False, password_hash="the squatter's")
        token = await sessions.start(session, squatter.id)
        session.add(SecondFactor(user_id=squatter.id, secret_encrypted="s", confirmed_at=utc_now()))
        session.add(RecoveryCode(user_id=squatter.id, code_hash="c"))
        await make_address(session, squatter, is_default=True)
        session.add(
            EmailToken(
                user_id=squatter.id,
                purpose=EmailTokenPurpose.CHANGE_EMAIL,
                token_hash="h",
                new_email="squatter@example.com",
                expires_at=utc_now() + timedelta(hours=1),
            )
        )
        made = await invite(session, actor)

    accepted = await accept_invite(form(made), GUEST, ORIGIN)

    user = await account()
    assert (user.id, user.role, user.full_name) == (squatter.id, "ADMIN", "Ada Admin")
    assert (await passwords.verify_password(PASSWORD, user.password_hash))[0]
    async with transaction() as session:
        assert await sessions.find_live(session, token) is None
        assert accepted.token is not None
        assert await sessions.find_live(session, accepted.token) is not None
        for table in ("second_factors", "recovery_codes", "addresses"):
            assert (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() == 0
        link = (await session.execute(text("SELECT used_at FROM email_tokens WHERE token_hash = 'h'"))).scalar_one()
        assert link is not None


async def test_deactivated_account_does_not_come_back_by_an_invite(database: str) -> None:
    _, made = await committed()
    async with transaction() as session:
        user = await make_user(session, email=EMAIL)
        await session.execute(text("UPDATE users SET is_active = false WHERE id = :id"), {"id": user.id})

    with pytest.raises(ConflictError):
        await accept_invite(form(made), GUEST, ORIGIN)

    now = await account()
    assert (now.is_active, now.role) == (False, "CUSTOMER")


async def test_accepting_never_takes_a_role_away(database: str) -> None:
    _, made = await committed(role=Role.ADMIN)
    async with transaction() as session:
        user = await make_user(session, email=EMAIL, role=Role.SUPER_ADMIN)

    await accept_invite(form(made), signed_in_as(user), ORIGIN)

    assert (await account()).role == "SUPER_ADMIN"


async def test_guests_orders_of_the_address_join_only_after_it_was_verified(database: str) -> None:
    _, made = await committed()
    async with transaction() as session:
        await make_order(session, email=EMAIL)

    await accept_invite(form(made), GUEST, ORIGIN)

    async with transaction() as session:
        assert (await session.execute(text("SELECT user_id FROM orders"))).scalar_one() is None


async def test_accepting_ends_the_session_that_the_browser_had(database: str) -> None:
    _, made = await committed()
    async with transaction() as session:
        other = await make_user(session)
        token = await sessions.start(session, other.id)
        live = await sessions.find_live(session, token)
        assert live is not None

    await accept_invite(form(made), signed_in_as(other, live.id), ORIGIN)

    async with transaction() as session:
        assert await sessions.find_live(session, token) is None


async def test_known_failure_36_list_of_invites_has_pages_and_costs_one_statement(session: AsyncSession) -> None:
    """Known failure 36: no list has pages."""
    actor = await owner(session)
    made = [await invite(session, actor, f"person{number}@example.com") for number in range(4)]
    await invites.revoke_invite(session, made[0].id, actor)
    await session.execute(text("UPDATE invites SET accepted_at = now() WHERE id = :id"), {"id": made[1].id})
    await session.execute(text("UPDATE invites SET expires_at = now() WHERE id = :id"), {"id": made[2].id})

    with counted_statements(session) as statements:
        page = await invites.list_invites(session, PageRequest(1, 3))
    rest = await invites.list_invites(session, PageRequest(2, 3))
    beyond = await invites.list_invites(session, PageRequest(3, 3))

    assert len(statements) == 1
    assert sorted((one.email[6], one.status.value, one.invited_by) for one in (*page.items, *rest.items)) == [
        ("0", "revoked", "Olga Owner"),
        ("1", "accepted", "Olga Owner"),
        ("2", "expired", "Olga Owner"),
        ("3", "open", "Olga Owner"),
    ]
    assert (page.total, len(page.items), len(rest.items), beyond.total, beyond.items) == (4, 3, 1, 4, [])


async def test_invites_of_a_super_admin_who_was_demoted_open_nothing(session: AsyncSession) -> None:
    actor, other = await owner(session), await owner(session)
    made = await invite(session, other)

    assert other.user_id is not None
    await user_admin.change_user(session, other.user_id, UserPatch(role=Role.ADMIN), actor)

    with pytest.raises(InviteNotFoundError):
        await invites.open_invite(session, token_of(made), GUEST)


async def test_invite_made_while_its_maker_is_demoted_opens_nothing(database: str) -> None:
    """Who invites and is demoted at that moment leaves no invite behind, whichever of the two is first."""
    async with transaction() as session:
        good, bad = [await make_user(session, role=Role.SUPER_ADMIN) for _ in range(2)]

    async def invite() -> None:
        async with transaction() as session:
            form = InviteForm(email="sock@example.com", role=Role.SUPER_ADMIN)
            await invites.make_invite(session, form, Actor(bad.id))
            await asyncio.sleep(0.5)

    async def demote() -> None:
        async with transaction() as session:
            await user_admin.change_user(session, bad.id, UserPatch(role=Role.ADMIN), Actor(good.id))

    inviting = asyncio.create_task(invite())
    await asyncio.sleep(0.2)
    await asyncio.gather(inviting, demote())
    with pytest.raises(ForbiddenError):
        await invite()

    async with transaction() as session:
        revoked = (await session.execute(text("SELECT revoked_at IS NOT NULL FROM invites"))).scalars().all()
        assert revoked == [True]


async def test_unknown_invite_is_not_found(session: AsyncSession) -> None:
    actor = await owner(session)

    for step in (invites.send_again, invites.revoke_invite):
        with pytest.raises(InviteNotFoundError):
            await step(session, new_id(), actor)
    with pytest.raises(InviteNotFoundError):
        await invites.open_invite(session, new_token(), GUEST)
