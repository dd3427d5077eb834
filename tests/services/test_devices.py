"""Devices: what their list says, and that nobody ends another's."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.devices import device_name
from shophub.errors import NotFoundError
from shophub.lib.clock import utc_now
from shophub.models.accounts import User
from shophub.services import devices, sessions, visitors
from shophub.services.audit import Actor
from tests.factories import make_user

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
EDGE = CHROME.replace("X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7") + " Edg/142.0"


async def sign_in(session: AsyncSession, user: User, user_agent: str = FIREFOX) -> tuple[str, UUID]:
    token = await sessions.start(session, user.id, user_agent=user_agent, network_address="192.0.2.7")
    read = sessions.read(token)
    assert read is not None
    return token, read.session_id


async def is_signed_in(session: AsyncSession, token: str) -> bool:
    return (await visitors.identify_token(session, token)).user is not None


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        (CHROME, "Chrome on Linux"),
        (EDGE, "Edge on Mac"),
        ("curl/8.16", "Unknown device"),
        ("<b>Your bank</b> on Windows", "Windows"),
        ("", "Unknown device"),
    ],
)
def test_device_is_named_by_what_is_known_and_never_in_its_own_words(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


async def test_list_marks_this_device_puts_it_first_and_leaves_out_what_ended(session: AsyncSession) -> None:
    user, other = await make_user(session), await make_user(session)
    _, current = await sign_in(session, user)
    _, phone = await sign_in(session, user, IPHONE)
    _, ended = await sign_in(session, user, CHROME)
    _, over = await sign_in(session, user, EDGE)
    await sign_in(session, other)
    now = utc_now()
    await session.execute(
        text("UPDATE sessions SET last_seen_at = :seen WHERE id = :id"), {"seen": now - timedelta(days=2), "id": phone}
    )
    await session.execute(text("UPDATE sessions SET revoked_at = now() WHERE id = :id"), {"id": ended})
    await session.execute(text("UPDATE sessions SET expires_at = now() WHERE id = :id"), {"id": over})

    listed = await devices.list_devices(session, user.id, current)

    assert [(one.name, one.is_current, one.seen_text) for one in listed] == [
        ("Firefox on Windows", True, "Active now"),
        ("Safari on iPhone", False, "Last active 2 days ago"),
    ]
    assert (listed[0].network_address, listed[0].since_text) == ("192.0.2.7", f"Signed in on {now.day} {now:%b %Y}")


async def test_device_that_is_signed_out_from_afar_is_a_guest_at_once(session: AsyncSession) -> None:
    user = await make_user(session)
    here, _ = await sign_in(session, user)
    there, there_id = await sign_in(session, user)

    await devices.end_device(session, user.id, there_id, Actor(user.id))

    assert (await is_signed_in(session, here), await is_signed_in(session, there)) == (True, False)
    with pytest.raises(NotFoundError):
        await devices.end_device(session, user.id, there_id, Actor(user.id))


async def test_devices_of_somebody_else_are_out_of_reach(session: AsyncSession) -> None:
    user, other = await make_user(session), await make_user(session)
    _, own_id = await sign_in(session, user)
    theirs, their_id = await sign_in(session, other)

    with pytest.raises(NotFoundError):
        await devices.end_device(session, user.id, their_id, Actor(user.id))
    await devices.end_others(session, user.id, own_id, Actor(user.id))

    assert await is_signed_in(session, theirs)


async def test_all_other_devices_end_and_the_log_says_how_many(session: AsyncSession) -> None:
    user = await make_user(session)
    here, here_id = await sign_in(session, user)
    others = [await sign_in(session, user) for _ in range(3)]

    assert await devices.end_others(session, user.id, here_id, Actor(user.id)) == 3
    assert await devices.end_others(session, user.id, here_id, Actor(user.id)) == 0

    assert await is_signed_in(session, here)
    assert [await is_signed_in(session, token) for token, _ in others] == [False] * 3
    logged = await session.execute(text("SELECT action, after FROM audit_log WHERE actor_id = :id"), {"id": user.id})
    assert [tuple(row) for row in logged] == [("session.revoke_others", {"ended": 3})]
