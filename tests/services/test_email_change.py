"""Another e-mail address: confirmed from the new one, told to the old one, and nothing before that."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import EmailTokenPurpose
from shophub.errors import EmailTakenError, ForbiddenError, InvalidInputError, ThrottledError, UnauthenticatedError
from shophub.lib.clock import utc_now
from shophub.models.accounts import User
from shophub.repositories.accounts import user_view
from shophub.schemas.account_area import EmailForm
from shophub.schemas.accounts import Origin
from shophub.services import email_change, email_links, passwords, profiles, sessions, throttles
from shophub.services.emails.outbox import EmailKind
from shophub.services.flows.reset_password import reset_password
from shophub.settings import get_settings
from tests.factories import make_order, make_user

NEW = "ada.new@example.com"


@pytest_asyncio.fixture(autouse=True)
async def no_tries_yet() -> None:
    await throttles.reset()


async def ask(session: AsyncSession, user: User, new_email: str = NEW) -> str:
    """Ask for a change and return the token of the link that is mailed."""
    here = sessions.read(await sessions.start(session, user.id))
    assert here is not None
    form = EmailForm(new_email=new_email)
    await email_change.ask(session, user_view(user), here.session_id, form, "192.0.2.1")
    newest = text("SELECT id FROM email_tokens WHERE user_id = :id ORDER BY id DESC LIMIT 1")
    token_id = (await session.execute(newest, {"id": user.id})).scalar_one()
    return email_links.token_of(token_id, EmailTokenPurpose.CHANGE_EMAIL)


async def email_of(session: AsyncSession, user: User) -> str:
    return str((await session.execute(text("SELECT email FROM users WHERE id = :id"), {"id": user.id})).scalar_one())


async def mails(session: AsyncSession) -> list[str]:
    statement = text("SELECT args ->> 'kind' FROM procrastinate_jobs WHERE task_name = 'emails.send' ORDER BY id")
    return list((await session.execute(statement)).scalars())


async def test_nothing_changes_before_the_link_is_confirmed(session: AsyncSession) -> None:
    user = await make_user(session, email="ada@example.com")

    token = await ask(session, user, "  Ada.New@Example.com ")

    assert await email_of(session, user) == "ada@example.com"
    assert (await profiles.get_profile(session, user.id)).pending_email == NEW
    assert await email_change.find_new_email(session, token, user.id) == NEW
    assert await email_change.find_new_email(session, token, user.id) == NEW  # looking uses nothing up
    assert await mails(session) == ["change_email"]
    stored = await session.execute(text("SELECT token_hash FROM email_tokens"))
    assert token not in stored.scalars().all()


async def test_confirming_changes_verifies_tells_and_adopts_guest_orders(session: AsyncSession) -> None:
    user = await make_user(session, email="ada@example.com", verified=False)
    order = await make_order(session, email=NEW)
    token = await ask(session, user)

    assert await email_change.confirm(session, token, user.id, "192.0.2.1") == NEW

    profile = await profiles.get_profile(session, user.id)
    assert (profile.email, profile.is_email_verified, profile.pending_email) == (NEW, True, "")
    assert await mails(session) == ["change_email", "email_changed"]
    former = await session.execute(text("SELECT former_email FROM email_tokens"))
    assert former.scalar_one() == "ada@example.com"
    owner = await session.execute(text("SELECT user_id FROM orders WHERE id = :id"), {"id": order.id})
    assert owner.scalar_one() == user.id
    logged = await session.execute(text("SELECT action, actor_id, before, after FROM audit_log"))
    assert [tuple(row) for row in logged] == [("user.email", user.id, None, None)]


async def test_link_works_once_and_not_when_it_is_over_or_withdrawn(session: AsyncSession) -> None:
    user = await make_user(session)
    token = await ask(session, user)
    assert await email_change.confirm(session, token, user.id, "") == NEW
    assert await email_change.confirm(session, token, user.id, "") is None

    second = await ask(session, user, "second@example.com")
    third = await ask(session, user, "third@example.com")
    assert await email_change.confirm(session, second, user.id, "") is None  # a later one took its place
    await email_change.withdraw(session, user_view(user))
    assert await email_change.confirm(session, third, user.id, "") is None
    assert await email_change.find_new_email(session, third, user.id) is None

    fourth = await ask(session, user, "fourth@example.com")
    await session.execute(text("UPDATE email_tokens SET expires_at = :now"), {"now": utc_now() - timedelta(seconds=1)})
    assert await email_change.confirm(session, fourth, user.id, "") is None
    assert await email_change.confirm(session, "", user.id, "") is None
    assert await email_of(session, user) == NEW


async def test_link_is_confirmed_by_its_own_account_alone(session: AsyncSession) -> None:
    """Whoever asks for somebody else's address would keep the account that this one believes to be theirs."""
    user, other = await make_user(session, email="ada@example.com"), await make_user(session)
    order = await make_order(session, email=NEW)
    token = await ask(session, user)

    for reader, refusal in ((None, UnauthenticatedError), (other.id, ForbiddenError)):
        with pytest.raises(refusal):
            await email_change.find_new_email(session, token, reader)
        with pytest.raises(refusal):
            await email_change.confirm(session, token, reader, "")

    assert await email_of(session, user) == "ada@example.com"
    joined = await session.execute(text("SELECT user_id FROM orders WHERE id = :id"), {"id": order.id})
    assert joined.scalar_one() is None
    assert await email_change.confirm(session, token, user.id, "") == NEW  # nothing was used up


async def test_links_to_the_former_address_die_with_it(session: AsyncSession) -> None:
    """Else whoever reads the former mailbox could still reset the password with a mail that lies there."""
    user = await make_user(session)
    await email_links.send_verification(session, user.id)
    token = await ask(session, user)

    await email_change.confirm(session, token, user.id, "")

    unused = await session.execute(text("SELECT count(*) FROM email_tokens WHERE used_at IS NULL"))
    assert unused.scalar_one() == 0


async def test_taken_and_unchanged_addresses_are_refused(session: AsyncSession) -> None:
    user = await make_user(session, email="ada@example.com")
    await make_user(session, email="bob@example.com")

    with pytest.raises(EmailTakenError):
        await ask(session, user, "BOB@example.com")
    with pytest.raises(InvalidInputError):
        await ask(session, user, "ADA@example.com")
    assert await mails(session) == []


async def test_address_that_was_taken_meanwhile_stays_its_owners(session: AsyncSession) -> None:
    user = await make_user(session, email="ada@example.com")
    token = await ask(session, user)
    await make_user(session, email=NEW)

    with pytest.raises(EmailTakenError):
        async with session.begin_nested():
            await email_change.confirm(session, token, user.id, "")

    assert await email_of(session, user) == "ada@example.com"


async def test_deactivated_account_gets_no_other_address(session: AsyncSession) -> None:
    user = await make_user(session, email="ada@example.com")
    token = await ask(session, user)
    await session.execute(text("UPDATE users SET is_active = false"))

    assert await email_change.find_new_email(session, token, user.id) is None
    assert await email_change.confirm(session, token, user.id, "") is None
    assert await email_of(session, user) == "ada@example.com"


async def test_link_pressed_many_times_at_once_changes_once(database: str) -> None:
    async with transaction() as session:
        user = await make_user(session, email="ada@example.com")
        token = await ask(session, user)

    async def press() -> str | None:
        async with transaction() as session:
            return await email_change.confirm(session, token, user.id, "")

    answers = await asyncio.gather(*(press() for _ in range(8)))

    assert sorted(answers, key=str) == [None] * 7 + [NEW]
    async with transaction() as session:
        assert (await mails(session)).count("email_changed") == 1


async def test_nobodys_mailbox_is_flooded_with_links(session: AsyncSession) -> None:
    limit = get_settings().throttle_reset_account
    for _ in range(limit):
        await ask(session, await make_user(session))

    with pytest.raises(ThrottledError):
        await ask(session, await make_user(session))

    assert len(await mails(session)) == limit


@pytest.mark.parametrize("who_is_first", ["thief", "owner"])
async def test_new_password_at_the_same_moment_ends_the_link_or_the_session(database: str, who_is_first: str) -> None:
    """A thief with an open session asks for a change while its owner sets another password."""
    async with transaction() as session:
        user = await make_user(session, password_hash=await passwords.hash_password("an old long phrase 1"))
        here = sessions.read(await sessions.start(session, user.id))
    assert here is not None
    view, reset = user_view(user), await reset_link(user)

    async def ask_as_thief() -> None:
        async with transaction() as session:
            form = EmailForm(new_email="thief@example.com")
            await email_change.ask(session, view, here.session_id, form, "192.0.2.1")
            await asyncio.sleep(0.5)

    async def set_password() -> None:
        await reset_password(reset, "quite another phrase 2", Origin("192.0.2.2"))

    one, two = (ask_as_thief, set_password) if who_is_first == "thief" else (set_password, ask_as_thief)
    first = asyncio.create_task(one())
    await asyncio.sleep(0.2)
    await asyncio.gather(first, two(), return_exceptions=True)

    async with transaction() as session:
        still_open = text("SELECT count(*) FROM email_tokens WHERE user_id = :id AND used_at IS NULL")
        assert (await session.execute(still_open, {"id": user.id})).scalar_one() == 0
        assert (await session.get(User, user.id)).password_hash != user.password_hash  # type: ignore[union-attr]


async def reset_link(user: User) -> str:
    """Return the token of a link that sets another password."""
    purpose = EmailTokenPurpose.RESET_PASSWORD
    async with transaction() as session:
        await email_links.send(session, user.id, purpose, EmailKind.RESET_PASSWORD, email_change.LIFETIME)
        newest = text("SELECT id FROM email_tokens WHERE user_id = :id ORDER BY id DESC LIMIT 1")
        return email_links.token_of((await session.execute(newest, {"id": user.id})).scalar_one(), purpose)
