"""Signing in with a second factor, and entering the password again, by form and by JSON."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio

from shophub.api.app import create_api
from shophub.services import pending_sign_in, sessions, throttles
from shophub.settings import get_settings
from tests.accounts import PASSWORD, code_at, cookie_of, make_account, make_account_with_second_factor
from tests.rows import rows

ADA = {"email": "ada@example.com", "password": PASSWORD}
LONG_AGO = timedelta(minutes=11)


@pytest_asyncio.fixture
async def proxied(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A client behind a trusted proxy, which says for each request which network address it comes from."""
    monkeypatch.setenv("TRUSTED_PROXIES", "192.0.2.0/24")
    get_settings.cache_clear()
    await throttles.reset()
    transport = httpx.ASGITransport(create_api(), client=("192.0.2.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client
    await throttles.reset()


async def who(api: httpx.AsyncClient, **headers: str) -> str | None:
    user = (await api.get("/api/auth/session", headers=headers)).json()["user"]
    return user and user["email"]


def where(answer: httpx.Response) -> tuple[int, str, dict[str, list[str]]]:
    target = urlsplit(answer.headers["location"])
    return answer.status_code, target.path, parse_qs(target.query)


# By form.


async def test_form_asks_for_the_code_and_then_goes_where_the_visitor_was(api: httpx.AsyncClient) -> None:
    _, secret, _ = await make_account_with_second_factor()

    first = await api.post("/auth/login", data={**ADA, "next": "/checkout"})

    assert where(first) == (303, "/login", {"next": ["/checkout"]})
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"{pending_sign_in.PENDING_COOKIE}=")
    assert cookie.endswith("; Path=/; Max-Age=300; HttpOnly; SameSite=Lax")
    assert await who(api) is None

    wrong = await api.post("/auth/code", data={"code": "000000", "next": "/checkout"})
    assert where(wrong) == (303, "/login", {"error": ["wrong_code"], "next": ["/checkout"]})
    assert await who(api) is None

    right = await api.post("/auth/code", data={"code": code_at(secret), "next": "/checkout"})
    assert where(right) == (303, "/checkout", {})
    assert await who(api) == "ada@example.com"
    assert pending_sign_in.PENDING_COOKIE not in api.cookies


async def test_form_takes_a_recovery_code(api: httpx.AsyncClient) -> None:
    _, _, codes = await make_account_with_second_factor()
    await api.post("/auth/login", data=ADA)

    answer = await api.post("/auth/code", data={"code": "", "recovery_code": codes[0].upper()})

    assert where(answer) == (303, "/", {})
    assert await who(api) == "ada@example.com"


async def test_code_without_the_password_leads_back_to_the_beginning(api: httpx.AsyncClient) -> None:
    _, secret, codes = await make_account_with_second_factor()

    answers = [
        await api.post("/auth/code", data={"code": code}, headers={"cookie": f"shophub_pending={proof}"})
        for code in (code_at(secret), codes[0])
        for proof in ("", "forged", "x" * 500)
    ]

    assert {where(answer)[1] for answer in answers} == {"/login"}
    assert all(where(answer)[2]["error"] == ["too_late"] for answer in answers)
    assert await rows("SELECT count(*) FROM sessions") == [(0,)]
    assert await rows("SELECT count(*) FROM recovery_codes WHERE used_at IS NOT NULL") == [(0,)]


async def test_starting_again_forgets_the_password_that_was_entered(api: httpx.AsyncClient) -> None:
    _, secret, _ = await make_account_with_second_factor()
    await api.post("/auth/login", data=ADA)

    answer = await api.post("/auth/restart", data={"next": "/cart"})

    assert where(answer) == (303, "/login", {"next": ["/cart"]})
    assert where(await api.post("/auth/code", data={"code": code_at(secret)}))[2]["error"] == ["too_late"]
    assert await who(api) is None


@pytest.mark.parametrize("path", ["/auth/code", "/auth/restart", "/api/auth/step-up"])
async def test_other_sites_pages_are_refused(api: httpx.AsyncClient, path: str) -> None:
    del api.headers["Sec-Fetch-Site"]

    answer = await api.post(path, data={"code": "1"}, headers={"Origin": "https://evil.example"})

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")


async def test_session_that_was_planted_before_signing_in_is_not_the_one_afterwards(api: httpx.AsyncClient) -> None:
    """Session fixation: a cookie that an attacker put into the browser beforehand must not become the session."""
    attacker = await make_account("mallory@example.com")
    planted = await cookie_of(attacker)
    await make_account()

    answer = await api.post("/auth/login", data=ADA, headers={"cookie": planted})

    given = answer.headers["set-cookie"].partition(";")[0]
    assert given != planted
    assert await who(api, cookie=given) == "ada@example.com"
    assert await who(api, cookie=planted) is None
    assert await rows("SELECT count(*) FROM sessions WHERE revoked_at IS NULL") == [(1,)]


async def test_cookie_that_names_a_session_of_no_one_is_replaced(api: httpx.AsyncClient) -> None:
    await make_account()

    answer = await api.post(
        "/auth/login", data=ADA, headers={"cookie": f"{sessions.SESSION_COOKIE}=chosen-by-somebody"}
    )

    given = answer.headers["set-cookie"].partition(";")[0]
    assert "chosen-by-somebody" not in given
    assert await who(api, cookie=given) == "ada@example.com"


# By JSON.


async def test_json_asks_for_the_code_and_takes_it_with_the_password(api: httpx.AsyncClient) -> None:
    _, secret, _ = await make_account_with_second_factor()
    code = code_at(secret)

    without = await api.post("/api/auth/signin", json=ADA)
    empty = await api.post("/api/auth/signin", json={**ADA, "totp": None})
    wrong = await api.post("/api/auth/signin", json={**ADA, "totp": "000000"})
    right = await api.post("/api/auth/signin", json={**ADA, "totp": code})
    again = await api.post("/api/auth/signin", json={**ADA, "totp": code})

    assert [(one.status_code, one.json()["code"]) for one in (without, empty, wrong, again)] == [
        (401, "totp_required"),
        (401, "totp_required"),
        (401, "wrong_code"),
        (401, "wrong_code"),
    ]
    assert "set-cookie" not in without.headers
    assert without.json()["details"] == []
    assert right.status_code == 200
    assert right.json()["user"]["email"] == "ada@example.com"
    assert await rows("SELECT count(*) FROM sessions") == [(1,)]


async def test_known_failure_29_throttles_hold_for_a_client_that_writes_its_own_header(proxied: httpx.AsyncClient):
    """Known failure 29: no throttle, or one keyed on a header that the client writes."""
    await make_account()

    async def wrong_try(forwarded: str) -> int:
        body = {"email": "ada@example.com", "password": "wrong"}
        return (await proxied.post("/api/auth/signin", json=body, headers={"X-Forwarded-For": forwarded})).status_code

    # What stands to the left of the proxy's own entry, the client wrote.
    forged = [await wrong_try(f"203.0.113.{number}, 198.51.100.7") for number in range(7)]
    another = await wrong_try("198.51.100.8")

    assert forged == [401] * 5 + [429] * 2
    assert another == 401


async def test_proxied_visitors_of_many_network_addresses_are_delayed_and_never_locked_out(
    proxied: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THROTTLE_SIGN_IN_ACCOUNT", "10")
    monkeypatch.setenv("THROTTLE_SIGN_IN_DELAY", "PT0.4S")
    get_settings.cache_clear()
    await make_account()

    async def attempt(password: str, address: str) -> tuple[int, float]:
        begun = asyncio.get_running_loop().time()
        body = {"email": "ada@example.com", "password": password}
        answer = await proxied.post("/api/auth/signin", json=body, headers={"X-Forwarded-For": address})
        return answer.status_code, asyncio.get_running_loop().time() - begun

    attack = [await attempt("wrong", f"198.51.100.{number}") for number in range(12)]
    status, seconds = await attempt(PASSWORD, "203.0.113.1")

    assert [code for code, _ in attack] == [401] * 12
    assert all(taken >= 0.4 for _, taken in attack[10:])
    assert (status, seconds >= 0.4) == (200, True)


async def test_codes_of_an_account_are_heard_ten_times_from_however_many_network_addresses(
    proxied: httpx.AsyncClient,
) -> None:
    await make_account_with_second_factor()

    answers = [
        await proxied.post(
            "/api/auth/signin",
            json={**ADA, "totp": f"{number:06}"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
        for number in range(12)
    ]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
    assert 0 < int(answers[-1].headers["retry-after"]) <= 900


# Step-up.


async def test_step_up_takes_the_password_or_a_code_and_counts_for_ten_minutes(api: httpx.AsyncClient) -> None:
    user, secret, codes = await make_account_with_second_factor()
    cookie = await cookie_of(user, entered_ago=LONG_AGO)
    for body in ({"password": PASSWORD}, {"totp": code_at(secret)}, {"totp": codes[0]}):
        await rows("UPDATE sessions SET step_up_at = now() - interval '11 minutes' RETURNING id")

        answer = await api.post("/api/auth/step-up", json=body, headers={"cookie": cookie})

        assert answer.status_code == 200, body
        assert set(answer.json()) == {"validUntil"}
        assert await rows("SELECT now() - step_up_at < interval '1 minute' FROM sessions") == [(True,)]


async def test_step_up_by_bearer_token_is_for_that_session_alone(api: httpx.AsyncClient) -> None:
    user = await make_account()
    other, own = await cookie_of(user), await cookie_of(user, entered_ago=LONG_AGO)
    bearer = {"Authorization": f"Bearer {own.partition('=')[2]}"}
    await rows("UPDATE sessions SET step_up_at = now() - interval '11 minutes' RETURNING id")

    answer = await api.post("/api/auth/step-up", json={"password": PASSWORD}, headers=bearer)

    assert answer.status_code == 200
    named = [sessions.read(cookie.partition("=")[2]) for cookie in (own, other)]
    fresh = dict(await rows("SELECT id, now() - step_up_at < interval '1 minute' FROM sessions"))
    assert [fresh[token.session_id] for token in named if token] == [True, False]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"password": "wrong"}, 401, "wrong_credentials"),
        ({"totp": "000000"}, 401, "wrong_code"),
        ({}, 400, "invalid_data"),
        ({"password": PASSWORD, "totp": "000000"}, 400, "invalid_data"),
        ({"password": "", "totp": None}, 400, "invalid_data"),
        ({"password": ["x"]}, 400, "invalid_data"),
    ],
)
async def test_step_up_refused_changes_nothing(
    api: httpx.AsyncClient, body: dict[str, object], status: int, code: str
) -> None:
    user = await make_account()
    cookie = await cookie_of(user, entered_ago=LONG_AGO)

    answer = await api.post("/api/auth/step-up", json=body, headers={"cookie": cookie})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await rows("SELECT now() - step_up_at > interval '10 minutes' FROM sessions") == [(True,)]


async def test_step_up_of_nobody_is_refused(api: httpx.AsyncClient) -> None:
    await make_account()

    answer = await api.post("/api/auth/step-up", json={"password": PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_step_up_is_throttled_like_signing_in(api: httpx.AsyncClient) -> None:
    user = await make_account()
    cookie = {"cookie": await cookie_of(user, entered_ago=LONG_AGO)}

    statuses = [
        (await api.post("/api/auth/step-up", json={"password": "wrong"}, headers=cookie)).status_code for _ in range(5)
    ]
    last = await api.post("/api/auth/step-up", json={"password": PASSWORD}, headers=cookie)

    assert statuses == [401] * 5
    assert last.status_code == 429
    assert 0 < int(last.headers["retry-after"]) <= 900
    assert await rows("SELECT now() - step_up_at > interval '10 minutes' FROM sessions") == [(True,)]
