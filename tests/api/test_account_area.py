"""The account area's routes: the password form, the copy of one's data, and the link to a new address."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import EmailTokenPurpose
from shophub.models.accounts import User
from shophub.models.orders import Order
from shophub.repositories.accounts import user_view
from shophub.schemas.account_area import EmailForm
from shophub.services import email_change, email_links, notices, passwords, sessions
from shophub.settings import get_settings
from tests.factories import make_order, make_user

OLD, NEW = "an old long phrase 1", "quite another phrase 2"
PAGE = "/account/security"


async def sign_in(api: httpx.AsyncClient, password: str = OLD) -> User:
    """Make an account and let the client be signed in to it."""
    async with transaction() as session:
        user = await make_user(session, password_hash=await passwords.hash_password(password))
        token = await sessions.start(session, user.id, user_agent="Firefox")
    api.cookies.set(sessions.SESSION_COOKIE, token)
    return user


async def change(api: httpx.AsyncClient, current: str = OLD, new: str = NEW, **headers: str) -> httpx.Response:
    return await api.post("/account/password", data={"current_password": current, "new_password": new}, headers=headers)


async def hash_of(user: User) -> str:
    async with transaction() as session:
        statement = text("SELECT password_hash FROM users WHERE id = :id")
        return str((await session.execute(statement, {"id": user.id})).scalar_one())


async def ask_for(user: User, new_email: str) -> str:
    """Ask for another address; return the token of the link."""
    async with transaction() as session:
        here = sessions.read(await sessions.start(session, user.id))
        assert here is not None
        await email_change.ask(session, user_view(user), here.session_id, EmailForm(new_email=new_email), "")
        found = await session.execute(text("SELECT id FROM email_tokens ORDER BY created_at DESC LIMIT 1"))
        return email_links.token_of(found.scalar_one(), EmailTokenPurpose.CHANGE_EMAIL)


async def email_of(user: User) -> str:
    async with transaction() as session:
        statement = text("SELECT email FROM users WHERE id = :id")
        return str((await session.execute(statement, {"id": user.id})).scalar_one())


def notice_of(answer: httpx.Response) -> str:
    return notices.read(parse_qs(urlsplit(answer.headers["location"]).query)["notice"][0])


async def test_password_form_changes_it_and_comes_back_with_a_notice(api: httpx.AsyncClient) -> None:
    user = await sign_in(api)

    answer = await change(api)

    assert (answer.status_code, urlsplit(answer.headers["location"]).path) == (303, PAGE)
    assert notice_of(answer) == "Your password is changed. All other devices are signed out."
    assert (await passwords.verify_password(NEW, await hash_of(user)))[0]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("current", "new", "code"),
    [
        ("wrong one 12345", NEW, "wrong_password"),
        ("", NEW, "wrong_password"),
        ("x" * 200, NEW, "wrong_password"),
        (OLD, OLD, "same_password"),
        (OLD, "password", "weak_password"),
        (OLD, "short", "weak_password"),
        (OLD, "", "weak_password"),
    ],
)
async def test_refused_password_comes_back_without_what_was_typed(
    api: httpx.AsyncClient, current: str, new: str, code: str
) -> None:
    user = await sign_in(api)
    before = await hash_of(user)

    answer = await change(api, current, new)

    assert answer.headers["location"] == f"{PAGE}?error={code}"
    assert await hash_of(user) == before


async def test_password_form_of_somebody_signed_out_leads_to_the_sign_in(api: httpx.AsyncClient) -> None:
    user = await sign_in(api)
    before = await hash_of(user)
    async with transaction() as session:
        await session.execute(text("UPDATE sessions SET revoked_at = now()"))

    answer = await change(api)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={PAGE}")
    assert await hash_of(user) == before


async def test_password_form_is_not_heard_from_another_site(api: httpx.AsyncClient) -> None:
    user = await sign_in(api)
    before = await hash_of(user)

    answer = await change(api, **{"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert await hash_of(user) == before


async def test_data_come_as_a_file_for_their_owner_alone(api: httpx.AsyncClient) -> None:
    user = await sign_in(api)

    answer = await api.get("/account/data.json")

    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert json.loads(answer.content)["account"]["email"] == user.email
    api.cookies.clear()
    refused = await api.get("/account/data.json")
    assert (refused.status_code, refused.headers["location"]) == (303, f"/login?next={PAGE}")


async def test_data_need_a_password_entered_lately(api: httpx.AsyncClient) -> None:
    """A session that was left open or stolen must not give everything away."""
    await sign_in(api)
    async with transaction() as session:
        await session.execute(text("UPDATE sessions SET step_up_at = now() - interval '11 minutes'"))

    answer = await api.get("/account/data.json")

    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")


async def test_data_are_not_to_be_had_over_and_over(api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROTTLE_EXPORT_ADDRESS", "2")
    get_settings.cache_clear()
    await sign_in(api)

    statuses = [(await api.get("/account/data.json")).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


async def test_link_to_a_new_address_asks_first_because_mail_programs_open_links(api: httpx.AsyncClient) -> None:
    user = await sign_in(api)
    token = await ask_for(user, "new@example.com")

    page = await api.get("/confirm-email", params={"token": token})

    assert page.status_code == 200
    assert "new@example.com" in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    assert await email_of(user) == user.email
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', page.text))
    answer = await api.post("/confirm-email", data=fields)
    assert urlsplit(answer.headers["location"]).path == PAGE
    assert "new@example.com" not in answer.headers["location"] + notice_of(answer)
    assert await email_of(user) == "new@example.com"


@pytest.mark.parametrize(("who", "status"), [("nobody", 401), ("somebody else", 403)])
async def test_link_to_a_new_address_is_confirmed_by_its_own_account_alone(
    api: httpx.AsyncClient, who: str, status: int
) -> None:
    """Else whoever asks for somebody else's address has that one confirm it, and gets their guest orders."""
    user = await sign_in(api)
    token = await ask_for(user, "new@example.com")
    own = api.cookies[sessions.SESSION_COOKIE]
    async with transaction() as session:
        order = await make_order(session, email="new@example.com")
    api.cookies.clear()
    if who == "somebody else":
        await sign_in(api)

    shown = await api.get("/confirm-email", params={"token": token})
    pressed = await api.post("/confirm-email", data={"token": token})

    for answer in (shown, pressed):
        assert answer.status_code == status
        assert "Sign in to the account that asked for this address." in answer.text
        assert "<button" not in answer.text
        assert "new@example.com" not in answer.text
        assert "set-cookie" not in answer.headers
    assert await email_of(user) == user.email
    async with transaction() as session:
        assert (await session.get(Order, order.id, populate_existing=True)).user_id is None  # type: ignore[union-attr]
    api.cookies.clear()
    api.cookies.set(sessions.SESSION_COOKIE, own)
    assert (await api.post("/confirm-email", data={"token": token})).status_code == 303  # the link stayed good
    assert await email_of(user) == "new@example.com"


async def test_over_and_made_up_links_say_so(api: httpx.AsyncClient) -> None:
    user = await sign_in(api)
    token = await ask_for(user, "new@example.com")
    await api.post("/confirm-email", data={"token": token})

    for wrong in (token, "", "made-up", "\x00", "é" * 500, '"><script>alert(1)</script>'):
        shown = await api.get("/confirm-email", params={"token": wrong})
        pressed = await api.post("/confirm-email", data={"token": wrong})
        assert (shown.status_code, pressed.status_code) == (400, 400)
        assert "<script>alert" not in shown.text + pressed.text


async def test_address_that_was_taken_meanwhile_is_said_so(api: httpx.AsyncClient) -> None:
    user = await sign_in(api)
    token = await ask_for(user, "new@example.com")
    async with transaction() as session:
        await make_user(session, email="NEW@example.com".lower())

    answer = await api.post("/confirm-email", data={"token": token})

    assert answer.status_code == 409
    assert await email_of(user) == user.email


async def test_link_is_not_pressed_by_another_site(api: httpx.AsyncClient) -> None:
    user = await sign_in(api)
    token = await ask_for(user, "new@example.com")

    answer = await api.post("/confirm-email", data={"token": token}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert await email_of(user) == user.email
