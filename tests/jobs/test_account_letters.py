"""Letters about an account: they reach the right address, hold their link once, and are silent when over."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import EmailTokenPurpose, Role
from shophub.errors import NotFoundError
from shophub.jobs import worker
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, token_hash
from shophub.models.accounts import EmailToken, Invite, SecondFactor, User
from shophub.services import email_links
from shophub.services.emails.outbox import EmailKind, tell_account
from shophub.services.flows.send_email import send_email
from shophub.settings import get_settings
from tests.factories import make_user
from tests.jobs.conftest import Mailbox, jobs

TOLD = (
    (EmailKind.PASSWORD_CHANGED, "Your password at ShopHub was changed"),
    (EmailKind.SECOND_FACTOR_CHANGED, "Two-step sign-in at ShopHub is off"),
    (EmailKind.DEACTIVATED, "Your account at ShopHub was deactivated"),
    (EmailKind.REACTIVATED, "Your account at ShopHub is active again"),
)


def address() -> str:
    return f"{uuid4().hex}@example.com"


async def make_link(session: AsyncSession, user: User, purpose: EmailTokenPurpose, **values: object) -> EmailToken:
    token_id = new_id()
    link = EmailToken(
        id=token_id,
        user_id=user.id,
        purpose=purpose,
        token_hash=token_hash(email_links.token_of(token_id, purpose)),
        **{"expires_at": utc_now() + timedelta(hours=1), **values},
    )
    session.add(link)
    await session.flush()
    return link


async def make_invite(session: AsyncSession, role: Role = Role.ADMIN, **values: object) -> Invite:
    invite_id = new_id()
    made = Invite(
        id=invite_id,
        email=address(),
        role=role,
        token_hash=token_hash(email_links.invite_token(invite_id)),
        **{"expires_at": utc_now() + timedelta(days=7), **values},
    )
    session.add(made)
    await session.flush()
    return made


async def user_id_of(to: str, **values: object) -> UUID:
    async with transaction() as session:
        user = await make_user(session, email=to)
        for name, value in values.items():
            setattr(user, name, value)
        session.add(user)
        return user.id


async def test_reset_letter_holds_the_link_of_the_public_address(mailbox: Mailbox) -> None:
    async with transaction() as session:
        user = await make_user(session, email=address(), full_name="<b>Ada</b> Shopper")
        link = await make_link(session, user, EmailTokenPurpose.RESET_PASSWORD)
    await send_email(EmailKind.RESET_PASSWORD, link.id)

    (message,) = await mailbox.to(user.email)

    url = email_links.reset_url(link.id)
    assert url.startswith(f"{get_settings().public_url}/reset-password?token=")
    assert message["html"].count(f'href="{url}"') == 2
    assert url in message["text"]
    assert "<b>" not in message["html"]
    assert "within one hour" in message["text"]


@pytest.mark.parametrize("over", [{"used_at": utc_now()}, {"expires_at": utc_now() - timedelta(seconds=1)}])
@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        (EmailKind.RESET_PASSWORD, EmailTokenPurpose.RESET_PASSWORD),
        (EmailKind.CHANGE_EMAIL, EmailTokenPurpose.CHANGE_EMAIL),
        (EmailKind.VERIFY_EMAIL, EmailTokenPurpose.VERIFY_EMAIL),
    ],
)
async def test_link_that_is_over_is_not_sent(
    mailbox: Mailbox, kind: EmailKind, purpose: EmailTokenPurpose, over: dict[str, object]
) -> None:
    async with transaction() as session:
        user = await make_user(session, email=address())
        link = await make_link(session, user, purpose, new_email=user.email, **over)
    await send_email(kind, link.id)

    assert await mailbox.to(user.email) == []


async def test_change_of_address_is_asked_at_the_new_one_and_told_to_the_former(mailbox: Mailbox) -> None:
    former, new = address(), address()
    async with transaction() as session:
        user = await make_user(session, email=former)
        link = await make_link(session, user, EmailTokenPurpose.CHANGE_EMAIL, new_email=new)
    await send_email(EmailKind.CHANGE_EMAIL, link.id)
    assert await mailbox.to(former) == []
    (asked,) = await mailbox.to(new)

    async with transaction() as session:
        user.email, link.former_email, link.used_at = new, former, utc_now()
        session.add_all([await session.merge(user), await session.merge(link)])
    await send_email(EmailKind.EMAIL_CHANGED, link.id)

    assert email_links.change_url(link.id) in asked["text"]
    assert len(await mailbox.to(new)) == 1
    (told,) = await mailbox.to(former)
    assert told["subject"] == "Your e-mail address at ShopHub was changed"
    assert new not in told["html"] + told["text"]
    assert "token=" not in told["html"]


@pytest.mark.parametrize(("kind", "subject"), TOLD)
async def test_what_was_done_to_an_account_is_told_each_time_and_once(
    mailbox: Mailbox, kind: EmailKind, subject: str
) -> None:
    to = address()
    user_id = await user_id_of(to, is_active=kind is not EmailKind.DEACTIVATED)
    for _ in range(2):
        async with transaction() as session:
            await tell_account(session, kind, user_id)
    await worker.run_due()

    messages = await mailbox.to(to)

    assert [message["subject"] for message in messages] == [subject, subject]
    assert await jobs() == []


async def test_word_that_is_not_true_any_more_is_not_sent(mailbox: Mailbox) -> None:
    active, closed = address(), address()
    await send_email(EmailKind.DEACTIVATED, new_id(), await user_id_of(active))
    await send_email(EmailKind.REACTIVATED, new_id(), await user_id_of(closed, is_active=False))

    assert await mailbox.to(active) == await mailbox.to(closed) == []


async def test_erased_account_is_written_to_no_more(mailbox: Mailbox) -> None:
    to = address()
    user_id = await user_id_of(to, erased_at=utc_now())

    for kind, _ in TOLD:
        await send_email(kind, new_id(), user_id)

    assert await mailbox.to(to) == []


async def test_second_factor_letter_says_that_it_is_on(mailbox: Mailbox) -> None:
    to = address()
    user_id = await user_id_of(to)
    async with transaction() as session:
        session.add(SecondFactor(user_id=user_id, secret_encrypted="sealed", confirmed_at=utc_now()))
    await send_email(EmailKind.SECOND_FACTOR_CHANGED, new_id(), user_id)

    (message,) = await mailbox.to(to)

    assert message["subject"] == "Two-step sign-in at ShopHub is on"
    assert "sealed" not in message["html"]


async def test_invite_holds_its_link_until_it_is_answered(mailbox: Mailbox) -> None:
    async with transaction() as session:
        open_one = await make_invite(session, Role.SUPER_ADMIN)
        over = [
            await make_invite(session, accepted_at=utc_now()),
            await make_invite(session, revoked_at=utc_now()),
            await make_invite(session, expires_at=utc_now()),
        ]
    for one in (open_one, *over):
        await send_email(EmailKind.INVITE, one.id)

    (message,) = await mailbox.to(open_one.email)

    assert email_links.invite_url(open_one.id) in message["text"]
    assert "run the whole store" in " ".join(message["text"].split())
    assert [await mailbox.to(one.email) for one in over] == [[], [], []]


def test_token_of_an_invite_is_long_and_its_own() -> None:
    assert len({email_links.invite_token(new_id()) for _ in range(3)}) == 3
    assert re.fullmatch(r"[\w-]{43}", email_links.invite_token(new_id()))


@pytest.mark.parametrize(
    "kind", [EmailKind.RESET_PASSWORD, EmailKind.EMAIL_CHANGED, EmailKind.INVITE, EmailKind.PASSWORD_CHANGED]
)
async def test_letter_about_an_unknown_thing_is_an_error(mailbox: Mailbox, kind: EmailKind) -> None:
    with pytest.raises(NotFoundError):
        await send_email(kind, new_id())


@pytest.mark.parametrize("name", ["http://evil.example x", "evil.example", "you@evil.example", "www.evil.example Ada"])
async def test_name_that_is_an_address_does_not_become_a_link(mailbox: Mailbox, name: str) -> None:
    async with transaction() as session:
        user = await make_user(session, email=address(), full_name=name)
        link = await make_link(session, user, EmailTokenPurpose.VERIFY_EMAIL)
    await send_email(EmailKind.VERIFY_EMAIL, link.id)
    await send_email(EmailKind.PASSWORD_CHANGED, new_id(), user.id)

    for message in await mailbox.to(user.email):
        assert "evil" not in message["text"] + message["html"]
