"""The forms' doors: cookies, ways back, refusals."""

import base64
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import jwt
import pytest
import time_machine
from sqlmodel import func, select

from shophub.api.app import create_api
from shophub.db import transaction
from shophub.lib.clock import utc_now
from shophub.models.accounts import EmailToken, User, UserSession
from shophub.schemas.carts import CartOwner
from shophub.services import carts, email_links, form_memory, notices, sessions, throttles
from shophub.settings import get_settings
from tests.factories import make_variant

PASSWORD = "blue kettle sings"
ADA = {"email": "ada@example.com", "password": PASSWORD, "full_name": "Ada Shopper"}


async def register(api: httpx.AsyncClient, **changes: str) -> httpx.Response:
    return await api.post("/auth/register", data={**ADA, **changes})


def shown(answer: httpx.Response) -> tuple[str, str]:
    target = urlsplit(answer.headers["location"])
    return target.path, notices.read(parse_qs(target.query)["notice"][0])


async def who(api: httpx.AsyncClient, **headers: str) -> str | None:
    user = (await api.get("/api/auth/session", headers=headers)).json()["user"]
    return user and user["email"]


async def test_register_sets_the_cookie_and_returns_to_where_the_visitor_was(api: httpx.AsyncClient) -> None:
    answer = await register(api, next="/products/desk-lamp?size=M")

    assert (answer.status_code, answer.headers["location"]) == (303, "/products/desk-lamp?size=M")
    cookie = answer.headers["set-cookie"]
    token = cookie.partition(";")[0].partition("=")[2]
    assert cookie == f"shophub_session={token}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
    payload = jwt.decode(token, options={"verify_signature": False})
    assert set(payload) == {"sid", "iat", "exp"}
    assert payload["exp"] - payload["iat"] == 30 * 24 * 3600
    assert await who(api) == "ada@example.com"


async def test_production_cookie_is_secure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://shop.example.com")
    get_settings.cache_clear()
    from shophub.api.cookies import session_cookie

    assert session_cookie("t").endswith("; HttpOnly; SameSite=Lax; Secure")
    get_settings.cache_clear()


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "/login?next=/login",
        "/auth/logout",
        "",
    ],
)
async def test_next_outside_the_shop_leads_home(api: httpx.AsyncClient, target: str) -> None:
    answer = await register(api, next=target)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_wrong_password_returns_to_the_form_without_the_password(api: httpx.AsyncClient) -> None:
    await register(api)
    await api.post("/auth/logout")

    answer = await api.post("/auth/login", data={"email": ADA["email"], "password": "wrong!", "next": "/checkout"})

    target = urlsplit(answer.headers["location"])
    assert (answer.status_code, target.path) == (303, "/login")
    assert parse_qs(target.query) == {"error": ["wrong_credentials"], "next": ["/checkout"]}
    # What was typed is in a sealed cookie, and neither it nor the password can be read in it.
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{form_memory.FORM_COOKIE}=")
    assert cookie.endswith("; Path=/; Max-Age=300; HttpOnly; SameSite=Lax")
    assert form_memory.recall(cookie) == {"email": "ada@example.com"}
    assert "ada@example.com" not in cookie


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "ada"}, "invalid_email"),
        ({"password": "short"}, "weak_password"),
        ({"password": "password123"}, "weak_password"),
        ({"password": "x" * 129}, "weak_password"),
        ({"full_name": " A "}, "invalid_name"),
    ],
)
async def test_register_form_says_which_field_is_wrong(
    api: httpx.AsyncClient, changes: dict[str, str], code: str
) -> None:
    answer = await register(api, **changes)

    target = urlsplit(answer.headers["location"])
    assert (answer.status_code, target.path, parse_qs(target.query)["error"]) == (303, "/register", [code])
    assert "password" not in parse_qs(target.query)
    async with transaction() as session:
        assert (await session.exec(select(func.count()).select_from(User))).one() == 0


async def test_taken_address_returns_to_the_form(api: httpx.AsyncClient) -> None:
    await register(api)

    answer = await register(api, email="ADA@example.com")

    assert parse_qs(urlsplit(answer.headers["location"]).query)["error"] == ["email_taken"]


async def test_sixth_failure_says_how_long_to_wait(api: httpx.AsyncClient) -> None:
    for _ in range(5):
        await api.post("/auth/login", data={"email": "ada@example.com", "password": "wrong"})

    by_form = await api.post("/auth/login", data={"email": "ada@example.com", "password": "wrong"})
    by_json = await api.post("/api/auth/signin", json={"email": "ada@example.com", "password": "wrong"})

    query = parse_qs(urlsplit(by_form.headers["location"]).query)
    assert query["error"] == ["too_many"]
    assert 0 < int(query["wait"][0]) <= 900
    assert (by_json.status_code, by_json.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(by_json.headers["retry-after"]) <= 900


async def test_forged_forwarding_header_does_not_escape_the_throttle(api: httpx.AsyncClient) -> None:
    codes = [
        (
            await api.post(
                "/api/auth/signin",
                json={"email": "ada@example.com", "password": "wrong"},
                headers={"X-Forwarded-For": f"198.51.100.{number}"},
            )
        ).status_code
        for number in range(6)
    ]

    assert codes == [401] * 5 + [429]


async def test_logout_ends_the_session_also_for_a_kept_cookie(api: httpx.AsyncClient) -> None:
    await register(api)
    kept = api.cookies["shophub_session"]

    answer = await api.post("/auth/logout", data={"next": "/products"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/products")
    assert await who(api) is None
    assert await who(api, cookie=f"shophub_session={kept}") is None


async def test_signing_in_again_ends_the_former_session_of_the_browser(api: httpx.AsyncClient) -> None:
    await register(api)
    former = api.cookies["shophub_session"]

    await api.post("/auth/login", data=ADA)

    assert await who(api) == "ada@example.com"
    assert await who(api, cookie=f"shophub_session={former}") is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://shop.test"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://shop.test.evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/auth/logout", "/api/auth/signin", "/api/register"])
async def test_other_sites_pages_are_refused(api: httpx.AsyncClient, headers: dict[str, str], path: str) -> None:
    del api.headers["Sec-Fetch-Site"]

    answer = await api.post(path, data=ADA, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
    async with transaction() as session:
        assert (await session.exec(select(func.count()).select_from(UserSession))).one() == 0


async def test_program_without_a_cookie_needs_no_origin_but_with_one_it_does(api: httpx.AsyncClient) -> None:
    del api.headers["Sec-Fetch-Site"]

    assert (await register(api)).status_code == 303
    assert (await api.post("/auth/logout")).status_code == 403
    assert (await api.post("/auth/logout", headers={"Origin": "http://shop.test"})).status_code == 303


async def test_bearer_token_serves_without_a_cookie(api: httpx.AsyncClient) -> None:
    made = await api.post("/api/register", json={"email": "ada@example.com", "password": PASSWORD, "fullName": "Ada S"})
    api.cookies.clear()
    bearer = {"Authorization": f"Bearer {made.json()['token']}"}

    assert made.status_code == 201
    user = (await api.get("/api/auth/session", headers=bearer)).json()["user"]
    assert user == made.json()["user"]
    assert user | {"id": "", "createdAt": ""} == {
        "id": "",
        "email": "ada@example.com",
        "fullName": "Ada S",
        "role": "SUPER_ADMIN",
        "isActive": True,
        "emailVerified": False,
        "orderCount": 0,
        "totalSpent": 0,
        "reviewCount": 0,
        "createdAt": "",
    }
    assert (await api.post("/api/auth/signout", headers=bearer)).status_code == 204
    assert (await api.get("/api/auth/session", headers=bearer)).status_code == 401


async def test_cookie_more_than_a_day_old_gets_its_full_time_again(api: httpx.AsyncClient) -> None:
    await register(api)
    read = sessions.read(api.cookies["shophub_session"])
    assert read is not None
    older = sessions.sign(read.session_id, utc_now() - timedelta(days=2))
    api.cookies.clear()

    fresh = await api.get("/api/auth/session", headers={"cookie": f"shophub_session={older}"})
    public = await api.get("/api/public-settings", headers={"cookie": f"shophub_session={older}"})

    renewed = sessions.read(fresh.headers["set-cookie"].partition(";")[0].partition("=")[2])
    assert renewed is not None
    assert renewed.session_id == read.session_id
    assert utc_now() - renewed.issued_at < timedelta(minutes=1)
    assert "set-cookie" not in public.headers


async def test_link_verifies_the_address_once_and_says_so_again(api: httpx.AsyncClient) -> None:
    await register(api)
    async with transaction() as session:
        link = (await session.exec(select(EmailToken))).one()
    path = email_links.verification_url(link.id).removeprefix(get_settings().public_url)

    first, again = await api.get(path), await api.get(path)
    wrong = await api.get("/verify-email", params={"token": "guess"})

    assert [shown(one) for one in (first, again)] == [("/", "Thank you. Your e-mail address is confirmed.")] * 2
    assert wrong.headers["location"] == "/verify-email?error=link_over"
    assert (await api.get("/api/auth/session")).json()["user"]["emailVerified"] is True


async def test_behind_a_trusted_proxy_each_client_is_counted_for_itself(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "192.0.2.0/24")
    get_settings.cache_clear()
    await throttles.reset()
    transport = httpx.ASGITransport(create_api(), client=("192.0.2.1", 50000))

    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as api:

        async def wrong_try(address: str) -> int:
            body = {"email": "ada@example.com", "password": "wrong"}
            return (await api.post("/api/auth/signin", json=body, headers={"X-Forwarded-For": address})).status_code

        first = [await wrong_try("203.0.113.9, 198.51.100.7") for _ in range(6)]
        second = await wrong_try("198.51.100.8")

    assert first == [401] * 5 + [429]
    assert second == 401
    get_settings.cache_clear()


async def test_signing_in_pours_in_the_guests_cart_and_says_what_could_not_be_kept(api: httpx.AsyncClient) -> None:
    guest = "g" * 43
    async with transaction() as session:
        variant = await make_variant(session, stock=5)
    made = await register(api)
    assert made.status_code == 303
    async with transaction() as session:
        user = (await session.exec(select(User))).one()
        await carts.add_item(session, CartOwner(user_id=user.id), variant.id, 4)
        await carts.add_item(session, CartOwner(guest_token=guest), variant.id, 4)
    api.cookies.clear()

    answer = await api.post(
        "/auth/login", data={**ADA, "next": "/cart?from=mail#lines"}, headers={"cookie": f"shophub_guest={guest}"}
    )

    path, sentence = shown(answer)
    assert (path, urlsplit(answer.headers["location"]).fragment) == ("/cart", "lines")
    assert "We could keep only 5 of" in sentence
    async with transaction() as session:
        assert (await carts.get_cart(session, CartOwner(user_id=user.id))).count == 5
        assert (await carts.get_cart(session, CartOwner(guest_token=guest))).count == 0


def test_notice_that_somebody_else_wrote_is_not_shown() -> None:
    now = utc_now()
    secret = get_settings().auth_secret.get_secret_value()
    for forged in (
        "Call this number!",
        jwt.encode({"aud": "notice", "txt": "Call!", "exp": now + timedelta(minutes=1)}, "x" * 40),
        jwt.encode({"aud": "notice", "txt": "Call!", "exp": now - timedelta(seconds=1)}, secret),
        sessions.sign(UUID(int=1), now),
    ):
        assert notices.read(forged) == ""
    with time_machine.travel(now - timedelta(minutes=6), tick=False):
        too_old = notices.seal("Hello")
    assert notices.read(too_old) == ""
    assert notices.read(notices.seal("Hello")) == "Hello"
    assert "Hello" not in base64.urlsafe_b64decode(notices.seal("Hello")).decode("latin-1")
    assert sessions.read(notices.seal("Hello")) is None
