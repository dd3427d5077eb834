"""Sessions and who a cookie stands for."""

from datetime import timedelta

import jwt
import pytest
from sqlalchemy import event, update
from sqlmodel import col

from shophub.db import AsyncSession
from shophub.domain.statuses import Role
from shophub.lib.clock import utc_now
from shophub.models.accounts import User, UserSession
from shophub.schemas.accounts import Visitor
from shophub.services import sessions, visitors
from shophub.settings import get_settings
from tests.factories import make_user

NOBODY = Visitor()


async def start(session: AsyncSession, user: User) -> tuple[str, UserSession]:
    token = await sessions.start(session, user.id, user_agent="Firefox", network_address="192.0.2.1")
    read = sessions.read(token)
    assert read is not None
    row = await session.get(UserSession, read.session_id)
    assert row is not None
    return token, row


async def identify(session: AsyncSession, token: str) -> Visitor:
    return await visitors.identify(session, f"theme=dark; shophub_session={token}")


async def test_cookie_names_its_account_in_one_statement(session: AsyncSession) -> None:
    user = await make_user(session)
    token, row = await start(session, user)
    connection = (await session.connection()).sync_connection
    assert connection is not None
    statements: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))

    visitor = await identify(session, token)

    assert visitor.user is not None
    assert (visitor.user.id, visitor.session_id, visitor.user.role) == (user.id, row.id, Role.CUSTOMER)
    assert len(statements) == 1


async def test_role_and_activity_come_from_the_database_at_each_use(session: AsyncSession) -> None:
    user = await make_user(session, role=Role.ADMIN)
    token, _ = await start(session, user)

    # As another process would: behind the back of this session's objects.
    await session.execute(update(User).where(col(User.id) == user.id).values(role=Role.CUSTOMER))
    demoted = await identify(session, token)
    await session.execute(update(User).where(col(User.id) == user.id).values(is_active=False))

    assert demoted.user is not None
    assert demoted.user.role == Role.CUSTOMER
    assert await identify(session, token) == NOBODY


async def test_revoked_session_is_refused(session: AsyncSession) -> None:
    token, row = await start(session, await make_user(session))

    await sessions.revoke(session, row.id)

    assert await identify(session, token) == NOBODY


async def test_session_that_was_not_used_for_thirty_days_is_over(session: AsyncSession) -> None:
    token, row = await start(session, await make_user(session))
    row.expires_at = utc_now() - timedelta(seconds=1)
    session.add(row)
    await session.flush()

    assert await identify(session, token) == NOBODY


async def test_use_moves_the_end_once_an_hour(session: AsyncSession) -> None:
    token, row = await start(session, await make_user(session))
    before = row.expires_at
    await identify(session, token)
    await session.refresh(row)
    assert row.expires_at == before

    row.last_seen_at = utc_now() - timedelta(hours=1, seconds=1)
    row.expires_at = utc_now() + timedelta(days=3)
    session.add(row)
    await session.flush()
    await identify(session, token)

    await session.refresh(row)
    assert utc_now() - row.last_seen_at < timedelta(minutes=1)
    assert row.expires_at - row.last_seen_at == timedelta(days=30)


def forged(secret: str, algorithm: str = "HS256", **claims: object) -> str:
    now = utc_now()
    payload = {"sid": "01a2060d-d2ba-701e-96b5-fea0f6919dfc", "iat": now, "exp": now + timedelta(days=1), **claims}
    return jwt.encode({key: value for key, value in payload.items() if value is not None}, secret, algorithm)


@pytest.mark.parametrize("kind", ["other secret", "no signature", "no end", "over", "no uuid", "number", "garbage", ""])
async def test_forged_or_broken_cookie_is_nobody_and_asks_no_database(session: AsyncSession, kind: str) -> None:
    secret = get_settings().auth_secret.get_secret_value()
    token = {
        "other secret": forged("x" * 40),
        "no signature": forged("", "none"),
        "no end": forged(secret, exp=None),
        "over": forged(secret, exp=utc_now() - timedelta(seconds=1)),
        "no uuid": forged(secret, sid="1"),
        "number": forged(secret, sid=7),
        "garbage": "a.b.c",
        "": "",
    }[kind]
    connection = (await session.connection()).sync_connection
    assert connection is not None
    statements: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))

    assert await identify(session, token) == NOBODY
    assert statements == []


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (f"shophub_guest={'g' * 43}", "g" * 43),
        (f'bad[name]="x; shophub_guest={"g" * 43}', "g" * 43),
        (f"shophub_guest={'g' * 43}; shophub_guest=other-other-other-other", "g" * 43),
        ("shophub_guest=short", None),
        (f"shophub_guest={'g' * 43}'--", None),
        (f"shophub_guest={'g' * 200}", None),
        ("", None),
    ],
)
async def test_guest_token_is_read_beside_a_neighbours_broken_cookies(
    session: AsyncSession, header: str, token: str | None
) -> None:
    assert await visitors.identify(session, header) == Visitor(guest_token=token)
