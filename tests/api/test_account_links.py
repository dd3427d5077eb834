"""Links for a forgotten password and to confirm an address: what the doors answer, and what a link can do."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import event, text
from sqlmodel import select

from shophub.api.app import create_api
from shophub.db import get_database, transaction
from shophub.domain.statuses import EmailTokenPurpose, Role
from shophub.lib.clock import utc_now
from shophub.models.accounts import EmailToken, SecondFactor, User, UserSession
from shophub.models.orders import Order
from shophub.services import email_links, form_memory, notices, password_reset, passwords, throttles
from shophub.services.emails.outbox import EmailKind
from shophub.settings import get_settings
from tests.factories import make_order, make_user

PASSWORD, NEW = "blue kettle sings", "seven otters by moonlight"
ADA = "ada@example.com"


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give a list that fills with the statements of every session."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = get_database().engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def make_ada(**values: object) -> User:
    async with transaction() as session:
        ada = await make_user(session, email=ADA, password_hash=await passwords.hash_password(PASSWORD))
        for name, value in values.items():
            setattr(ada, name, value)
        session.add(ada)
        return ada


async def ask(api: httpx.AsyncClient, email: str = ADA, **headers: str) -> httpx.Response:
    return await api.post("/auth/forgot-password", data={"email": email}, headers=headers)


async def carry_out() -> list[EmailToken]:
    """Do what the worker does with the requests; returns the links that were made, oldest first."""
    async with transaction() as session:
        taken = await session.execute(
            text("DELETE FROM procrastinate_jobs WHERE task_name = :name RETURNING args"),
            {"name": password_reset.ANSWER_REQUEST},
        )
        for (arguments,) in taken.all():
            await password_reset.answer_request(session, **arguments)
        purpose = EmailTokenPurpose.RESET_PASSWORD
        return list((await session.exec(select(EmailToken).where(EmailToken.purpose == purpose))).all())


async def link_for(api: httpx.AsyncClient, email: str = ADA) -> EmailToken:
    await ask(api, email)
    return (await carry_out())[-1]


async def follow(api: httpx.AsyncClient, link: EmailToken) -> httpx.Response:
    return await api.get(email_links.reset_url(link.id).removeprefix(get_settings().public_url))


async def choose(api: httpx.AsyncClient, password: str = NEW) -> httpx.Response:
    return await api.post("/auth/reset-password", data={"password": password})


async def signs_in(api: httpx.AsyncClient, password: str) -> int:
    answer = await api.post("/api/auth/signin", json={"email": ADA, "password": password})
    api.cookies.delete("shophub_session")
    return answer.status_code


async def queued(task: str = "emails.send") -> list[str]:
    async with transaction() as session:
        rows = await session.execute(
            text("SELECT coalesce(args->>'kind', '') FROM procrastinate_jobs WHERE task_name = :task ORDER BY id"),
            {"task": task},
        )
        return [row[0] for row in rows]


def error_of(answer: httpx.Response) -> tuple[str, str]:
    target = urlsplit(answer.headers["location"])
    return target.path, parse_qs(target.query).get("error", [""])[0]


async def test_answer_is_the_same_for_every_address_and_the_same_work_is_done(api: httpx.AsyncClient) -> None:
    await make_ada()
    async with transaction() as session:
        await make_user(session, email="closed@example.com", is_active=False)
    seen = []
    for email in (ADA, "closed@example.com", "nobody@example.com"):
        with counted() as statements:
            answer = await ask(api, email)
        own = ("set-cookie", "x-request-id")
        common = {name: value for name, value in answer.headers.items() if name not in own}
        seen.append((answer.status_code, common, answer.content))
        assert statements == []  # nobody is looked for before the answer is out

    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 303
    assert seen[0][1]["location"] == "/forgot-password?sent=1"
    assert len(await queued(password_reset.ANSWER_REQUEST)) == 3
    assert [link.user_id for link in await carry_out()] == [(await find_ada()).id]
    assert await queued() == ["reset_password"]


async def find_ada() -> User:
    async with transaction() as session:
        return (await session.exec(select(User).where(User.email == ADA))).one()


async def test_queue_holds_no_address_in_the_clear(api: httpx.AsyncClient) -> None:
    await ask(api)

    async with transaction() as session:
        rows = (await session.execute(text("SELECT args::text FROM procrastinate_jobs"))).all()

    assert len(rows) == 1
    assert "ada" not in rows[0][0]
    assert "example" not in rows[0][0]


async def test_address_typed_stands_in_no_address(api: httpx.AsyncClient) -> None:
    sent = await ask(api)
    refused = await ask(api, "ada@")

    for answer, typed in ((sent, ADA), (refused, "ada@")):
        assert "ada" not in answer.headers["location"]
        cookie = answer.headers["set-cookie"]
        assert "ada" not in cookie
        assert "; HttpOnly; SameSite=Lax" in cookie
        assert form_memory.recall(cookie.partition(";")[0]) == {"email": typed}
    assert error_of(refused) == ("/forgot-password", "invalid_email")


async def test_link_leaves_its_token_in_a_cookie_and_not_in_the_address(api: httpx.AsyncClient) -> None:
    await make_ada()
    link = await link_for(api)

    answer = await follow(api, link)

    assert (answer.status_code, answer.headers["location"]) == (303, "/reset-password")
    assert answer.headers["referrer-policy"] == "no-referrer"
    token = email_links.token_of(link.id, EmailTokenPurpose.RESET_PASSWORD)
    assert answer.headers["set-cookie"] == f"shophub_reset={token}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"
    async with transaction() as session:
        assert (await session.get(EmailToken, link.id, populate_existing=True)).used_at is None  # type: ignore[union-attr]


@pytest.mark.parametrize("token", ["x; Path=/evil", "%0d%0aset-cookie:%20a=b", "é" * 20, "a" * 200])
async def test_token_that_is_none_of_ours_reaches_no_header(api: httpx.AsyncClient, token: str) -> None:
    answer = await api.get(f"/reset-password?token={token}")

    assert answer.headers.get_list("set-cookie") == ["shophub_reset=; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"]


async def test_new_password_ends_all_sessions_and_all_links_and_is_told(api: httpx.AsyncClient) -> None:
    ada = await make_ada()
    await api.post("/auth/login", data={"email": ADA, "password": PASSWORD})
    signed_in = api.cookies["shophub_session"]
    api.cookies.clear()
    older, newer = await link_for(api), await link_for(api)
    async with transaction() as session:
        await email_links.send(
            session,
            ada.id,
            EmailTokenPurpose.CHANGE_EMAIL,
            EmailKind.CHANGE_EMAIL,
            timedelta(hours=24),
            "thief@example.com",
        )
    await follow(api, newer)

    answer = await choose(api)

    target = urlsplit(answer.headers["location"])
    assert (answer.status_code, target.path) == (303, "/login")
    assert notices.read(parse_qs(target.query)["notice"][0]) == "Your password was changed. Please sign in with it."
    assert "shophub_session" not in answer.headers.get("set-cookie", "")
    assert "shophub_reset" not in api.cookies
    session_of = await api.get("/api/auth/session", headers={"cookie": f"shophub_session={signed_in}"})
    assert session_of.json()["user"] is None
    assert [await signs_in(api, PASSWORD), await signs_in(api, NEW)] == [401, 200]
    async with transaction() as session:
        assert (await session.exec(select(EmailToken).where(EmailToken.used_at == None))).all() == []  # noqa: E711
        actions = (await session.execute(text("SELECT action, target_id FROM audit_log"))).all()
    assert ("account.reset_password", str(ada.id)) in [tuple(action) for action in actions]
    assert (await queued())[-1] == "password_changed"
    await follow(api, older)
    assert error_of(await choose(api, "another long one here")) == ("/reset-password", "link_over")


async def test_link_used_twice_at_once_sets_one_password(api: httpx.AsyncClient) -> None:
    await make_ada()
    await follow(api, await link_for(api))
    tries = [f"seven otters number {number}" for number in range(4)]

    answers = await asyncio.gather(*(choose(api, password) for password in tries))

    paths = [urlsplit(answer.headers["location"]).path for answer in answers]
    assert sorted(paths) == ["/login"] + ["/reset-password"] * 3
    assert (await queued()).count("password_changed") == 1
    won = tries[paths.index("/login")]
    stored = (await find_ada()).password_hash
    assert [(await passwords.verify_password(one, stored))[0] for one in tries] == [one == won for one in tries]


async def test_link_is_over_after_an_hour(api: httpx.AsyncClient) -> None:
    await make_ada()
    link = await link_for(api)
    assert timedelta(minutes=59) < link.expires_at - utc_now() <= timedelta(hours=1)
    async with transaction() as session:
        await session.execute(text("UPDATE email_tokens SET expires_at = now() - interval '1 second'"))
    await follow(api, link)

    assert error_of(await choose(api)) == ("/reset-password", "link_over")
    assert await signs_in(api, PASSWORD) == 200


async def test_links_of_other_kinds_change_no_password(api: httpx.AsyncClient) -> None:
    ada = await make_ada(email_verified_at=None)
    async with transaction() as session:
        await email_links.send_verification(session, ada.id)
        link = (await session.exec(select(EmailToken))).one()
    token = email_links.token_of(link.id, EmailTokenPurpose.VERIFY_EMAIL)
    await api.get("/reset-password", params={"token": token})

    assert error_of(await choose(api)) == ("/reset-password", "link_over")
    assert await signs_in(api, PASSWORD) == 200


@pytest.mark.parametrize("password", ["short", "password123", "ada ada ada", "x" * 129, ""])
async def test_weak_password_is_refused_and_the_link_stays_good(api: httpx.AsyncClient, password: str) -> None:
    await make_ada()
    await follow(api, await link_for(api))

    assert error_of(await choose(api, password)) == ("/reset-password", "weak_password")
    assert await signs_in(api, PASSWORD) == 200
    assert urlsplit((await choose(api)).headers["location"]).path == "/login"


@pytest.mark.parametrize(
    "values", [{}, {"role": Role.ADMIN, "email_verified_at": None}], ids=["customer", "staff who verified nothing"]
)
async def test_reset_does_not_skip_the_second_factor(api: httpx.AsyncClient, values: dict[str, object]) -> None:
    ada = await make_ada(**values)
    async with transaction() as session:
        session.add(SecondFactor(user_id=ada.id, secret_encrypted="sealed", confirmed_at=utc_now()))
    await follow(api, await link_for(api))
    await choose(api)

    answer = await api.post("/api/auth/signin", json={"email": ADA, "password": NEW})

    assert (answer.status_code, answer.json()["code"]) == (401, "totp_required")
    async with transaction() as session:
        assert (await session.exec(select(UserSession))).all() == []


async def test_reset_of_an_address_that_nobody_verified_removes_the_second_factor(api: httpx.AsyncClient) -> None:
    """Whoever made the account beforehand would keep the address's owner out with it."""
    ada = await make_ada(email_verified_at=None)
    async with transaction() as session:
        session.add(SecondFactor(user_id=ada.id, secret_encrypted="sealed", confirmed_at=utc_now()))
    await follow(api, await link_for(api))

    assert error_of(await choose(api)) == ("/login", "")

    assert await signs_in(api, NEW) == 200
    async with transaction() as session:
        assert await session.get(SecondFactor, ada.id) is None


async def test_account_closed_meanwhile_gets_no_new_password(api: httpx.AsyncClient) -> None:
    ada = await make_ada()
    await follow(api, await link_for(api))
    async with transaction() as session:
        await session.execute(text("UPDATE users SET is_active = false"))

    assert error_of(await choose(api)) == ("/reset-password", "link_over")
    assert (await find_ada()).password_hash == ada.password_hash


async def test_following_the_link_verifies_the_address_and_brings_the_guests_orders(api: httpx.AsyncClient) -> None:
    ada = await make_ada(email_verified_at=None)
    async with transaction() as session:
        order = await make_order(session, email="Ada@Example.com")
    await follow(api, await link_for(api))
    await choose(api)

    async with transaction() as session:
        assert (await session.get(User, ada.id, populate_existing=True)).email_verified_at is not None  # type: ignore[union-attr]
        assert (await session.get(Order, order.id, populate_existing=True)).user_id == ada.id  # type: ignore[union-attr]


async def test_wrong_tries_of_the_forgotten_password_are_forgiven(api: httpx.AsyncClient) -> None:
    await make_ada()
    for _ in range(5):
        await signs_in(api, "what was it")
    assert await signs_in(api, PASSWORD) == 429
    await follow(api, await link_for(api))
    await choose(api)

    assert await signs_in(api, NEW) == 200


async def test_mailbox_is_not_flooded_from_many_network_addresses(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "192.0.2.0/24")
    get_settings.cache_clear()
    await throttles.reset()
    await make_ada()
    transport = httpx.ASGITransport(create_api(), client=("192.0.2.1", 50000))
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers) as api:
        answers = [await ask(api, "Ada@example.com", **{"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(6)]

    assert {answer.headers["location"] for answer in answers} == {"/forgot-password?sent=1"}
    assert len(await carry_out()) == 3
    await throttles.reset()
    get_settings.cache_clear()


async def test_one_network_address_asks_for_twenty_links(api: httpx.AsyncClient) -> None:
    answers = [await ask(api, f"person{number}@example.com") for number in range(21)]

    assert {answer.headers["location"] for answer in answers[:20]} == {"/forgot-password?sent=1"}
    query = parse_qs(urlsplit(answers[20].headers["location"]).query)
    assert query["error"] == ["too_many"]
    assert 0 < int(query["wait"][0]) <= 900


async def test_confirmation_is_mailed_again_to_its_owner_a_few_times(api: httpx.AsyncClient) -> None:
    registered = await api.post("/auth/register", data={"email": ADA, "password": PASSWORD, "full_name": "Ada Shopper"})
    assert registered.headers["location"] == "/"
    said = []
    for _ in range(5):
        answer = await api.post("/auth/verify-email", data={"next": "/orders"})
        target = urlsplit(answer.headers["location"])
        said.append((target.path, notices.read(parse_qs(target.query)["notice"][0])))

    again, enough = "A new link is on its way to you.", "There are links on their way to you already."
    assert said[:3] == [("/orders", again)] * 3
    assert [(path, sentence.startswith(enough)) for path, sentence in said[3:]] == [("/orders", True)] * 2
    assert await queued() == ["verify_email"] * 4
    async with transaction() as session:
        await session.execute(text("UPDATE users SET email_verified_at = now()"))
    await throttles.reset()
    await api.post("/auth/verify-email")
    assert await queued() == ["verify_email"] * 4


async def test_confirmation_is_mailed_to_nobody_who_is_not_signed_in(api: httpx.AsyncClient) -> None:
    await make_ada(email_verified_at=None)

    assert (await api.post("/auth/verify-email")).status_code == 401
    assert await queued() == []


@pytest.mark.parametrize(
    "path", ["/auth/forgot-password", "/auth/reset-password", "/auth/verify-email", "/auth/confirm-address"]
)
async def test_other_sites_pages_are_refused(api: httpx.AsyncClient, path: str) -> None:
    ada = await make_ada(email_verified_at=None)
    await follow(api, await link_for(api))
    await api.post("/auth/login", data={"email": ADA, "password": PASSWORD})

    answer = await api.post(path, data={"email": ADA, "password": NEW}, headers={"Sec-Fetch-Site": "cross-site"})

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
    assert (await find_ada()).password_hash == ada.password_hash
    assert await queued() == ["reset_password"]
