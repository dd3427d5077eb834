"""The form that accepts an invite: cookies, ways back, refusals."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.models.accounts import User
from shophub.schemas.people import InviteForm
from shophub.services import invites, notices, sessions
from shophub.services.audit import Actor
from shophub.settings import get_settings
from tests.factories import make_user

PASSWORD = "blue kettle sings"
PAGE = "/admin/accept-invite"
ANSWER = {"full_name": "Ada Admin", "password": PASSWORD}


async def send_invite(email: str = "ada@example.com") -> str:
    """Have an invite made; gives its token."""
    async with transaction() as session:
        chief = await make_user(session, role=Role.SUPER_ADMIN)
        made = await invites.make_invite(session, InviteForm(email=email, role=Role.ADMIN), Actor(chief.id))
    return parse_qs(urlsplit(made.link).query)["token"][0]


async def open_link(api: httpx.AsyncClient, email: str = "ada@example.com") -> str:
    token = await send_invite(email)
    answer = await api.get(PAGE, params={"token": token})
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    return token


async def roles() -> dict[str, str]:
    async with transaction() as session:
        return {user.email: user.role for user in (await session.exec(select(User))).all()}


async def test_link_moves_its_token_from_the_address_into_a_cookie_and_uses_nothing_up(api: httpx.AsyncClient) -> None:
    token = await send_invite()

    for _ in range(2):  # mail programs open links before their reader does
        answer = await api.get(PAGE, params={"token": token})

    assert answer.headers["set-cookie"] == (f"shophub_invite={token}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    async with transaction() as session:
        assert (await session.execute(text("SELECT accepted_at FROM invites"))).scalar_one() is None


@pytest.mark.parametrize("token", ["x; Domain=evil.example", "x\r\nSet-Cookie: y=z", "ü", "x" * 100, "a,b", ""])
async def test_strange_token_gets_into_no_header(api: httpx.AsyncClient, token: str) -> None:
    answer = await api.get(PAGE, params={"token": token})

    assert answer.headers["set-cookie"].startswith("shophub_invite=; Path=/;")


async def test_known_failure_28_new_person_accepts_is_signed_in_and_welcomed(api: httpx.AsyncClient) -> None:
    """Known failure 28: the invite page needs a sign-in that the invited person does not have."""
    await open_link(api)

    answer = await api.post("/auth/accept-invite", data=ANSWER)

    target = urlsplit(answer.headers["location"])
    assert (answer.status_code, target.path) == (303, "/")
    sentence = notices.read(parse_qs(target.query)["notice"][0])
    assert sentence == "Welcome, Ada Admin. You are one of the staff now."
    assert (await api.get("/api/auth/session")).json()["user"]["role"] == "ADMIN"
    assert "shophub_invite" not in api.cookies
    assert (await roles())["ada@example.com"] == "ADMIN"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"full_name": "A"}, "invalid_name"),
        ({"full_name": "  "}, "invalid_name"),
        ({"full_name": "Ada\nAdmin"}, "invalid_name"),
        ({"full_name": "x" * 121}, "invalid_name"),
        ({"password": "short"}, "weak_password"),
        ({"password": "password1"}, "weak_password"),
        ({"password": "x" * 129}, "weak_password"),
        ({"password": ""}, "weak_password"),
    ],
)
async def test_refused_form_keeps_the_name_out_of_the_address_and_the_invite_open(
    api: httpx.AsyncClient, changes: dict[str, str], code: str
) -> None:
    await open_link(api)

    answer = await api.post("/auth/accept-invite", data={**ANSWER, **changes})

    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?error={code}")
    assert "ada@example.com" not in await roles()
    assert (await api.post("/auth/accept-invite", data=ANSWER)).headers["location"].startswith("/?notice=")


async def test_without_a_link_or_with_one_that_is_over_the_page_says_so(api: httpx.AsyncClient) -> None:
    before = await api.post("/auth/accept-invite", data=ANSWER)
    await open_link(api)
    async with transaction() as session:
        await session.execute(text("UPDATE invites SET revoked_at = now()"))
    after = await api.post("/auth/accept-invite", data=ANSWER)

    assert [answer.headers["location"] for answer in (before, after)] == [PAGE, PAGE]
    assert "ada@example.com" not in await roles()


async def test_verified_account_accepts_only_while_it_is_signed_in(api: httpx.AsyncClient) -> None:
    async with transaction() as session:
        ada = await make_user(session, email="ada@example.com")
        other = await make_user(session, email="other@example.com")
        tokens = {user.email: await sessions.start(session, user.id) for user in (ada, other)}
    await open_link(api)

    for cookie in ("", tokens["other@example.com"]):
        api.cookies.set("shophub_session", cookie)
        assert (await api.post("/auth/accept-invite", data=ANSWER)).headers["location"] == PAGE
        assert (await roles())["ada@example.com"] == "CUSTOMER"
    api.cookies.set("shophub_session", tokens["ada@example.com"])
    answer = await api.post("/auth/accept-invite", data={})

    assert answer.headers["location"].startswith("/?notice=")
    assert await roles() | {"ada@example.com": "ADMIN", "other@example.com": "CUSTOMER"} == await roles()


async def test_form_on_another_sites_page_is_refused(api: httpx.AsyncClient) -> None:
    await open_link(api)

    answer = await api.post("/auth/accept-invite", data=ANSWER, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "ada@example.com" not in await roles()


async def test_many_answers_from_one_address_are_throttled(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THROTTLE_ACCEPT_ADDRESS", "3")
    get_settings.cache_clear()
    for _ in range(3):
        await api.post("/auth/accept-invite", data=ANSWER)

    answer = await api.post("/auth/accept-invite", data=ANSWER)

    target = urlsplit(answer.headers["location"])
    given = parse_qs(target.query)
    assert (target.path, given["error"]) == (PAGE, ["too_many"])
    assert 0 < int(given["wait"][0]) <= 900
