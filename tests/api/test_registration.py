"""Making an account: who owns the shop, what is refused, and what the shopper had and wanted before."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlmodel import func, select

from shophub.api.app import create_api
from shophub.db import transaction
from shophub.models.accounts import User, UserSession
from shophub.schemas.carts import CartOwner
from shophub.services import carts, form_memory, throttles
from shophub.settings import get_settings
from tests.factories import make_variant

PASSWORD = "blue kettle sings"
GUEST = {"cookie": f"shophub_guest={'g' * 43}"}
ADA = {"email": "ada@example.com", "password": PASSWORD, "full_name": "Ada Shopper"}


@pytest_asyncio.fixture
async def crowd(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A client behind a trusted proxy, which says for each request where it comes from."""
    monkeypatch.setenv("TRUSTED_PROXIES", "192.0.2.0/24")
    get_settings.cache_clear()
    await throttles.reset()
    transport = httpx.ASGITransport(create_api(), client=("192.0.2.1", 50000))
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers) as client:
        yield client
    await throttles.reset()
    get_settings.cache_clear()


async def roles() -> dict[str, int]:
    async with transaction() as session:
        return {role: count for role, count in await session.exec(select(User.role, func.count()).group_by(User.role))}


@pytest.mark.parametrize("many", [8, 64])
async def test_known_failure_25_registrations_at_once_make_one_super_admin(crowd: httpx.AsyncClient, many: int) -> None:
    """Known failure 25: eight registrations at the same instant make five super admins."""

    async def register(number: int) -> tuple[int, str]:
        body = {"email": f"person{number}@example.com", "password": PASSWORD, "fullName": f"Person {number}"}
        headers = {"X-Forwarded-For": f"198.51.{number}.7"}
        answer = await crowd.post("/api/register", json=body, headers=headers)
        return answer.status_code, answer.json()["user"]["role"]

    made = await asyncio.gather(*(register(number) for number in range(many)))

    assert sorted(made) == [(201, "CUSTOMER")] * (many - 1) + [(201, "SUPER_ADMIN")]
    assert await roles() == {"CUSTOMER": many - 1, "SUPER_ADMIN": 1}


async def test_known_failure_25_in_production_the_token_is_needed_and_makes_one(
    crowd: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known failure 25: eight registrations at the same instant make five super admins."""
    token = "t" * 24
    production = {
        "SHOPHUB_ENV": "production",
        "PUBLIC_URL": "https://shop.test",
        "AUTH_SECRET": "a-secret-of-more-than-thirty-two-characters",
        "SETUP_TOKEN": token,
        "STRIPE_SECRET_KEY": "sk_live_x",
        "STRIPE_PUBLISHABLE_KEY": "pk_live_x",
        "STRIPE_WEBHOOK_SECRET": "whsec_x",
        "CLOUDINARY_CLOUD_NAME": "c",
        "CLOUDINARY_API_KEY": "k",
        "CLOUDINARY_API_SECRET": "x",
        "RESEND_API_KEY": "re_x",
    }
    for name, value in production.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()

    async def register(number: int, setup_token: str) -> str:
        body = {
            "email": f"person{number}@example.com",
            "password": PASSWORD,
            "fullName": "Ada",
            "setupToken": setup_token,
        }
        headers = {"X-Forwarded-For": f"198.51.{number}.7"}
        return str((await crowd.post("/api/register", json=body, headers=headers)).json()["user"]["role"])

    passers_by = [await register(number, guess) for number, guess in enumerate(("", "t" * 23, "T" * 24))]
    with_token = await asyncio.gather(*(register(number, token) for number in range(10, 18)))

    assert passers_by == ["CUSTOMER"] * 3
    assert sorted(with_token) == ["CUSTOMER"] * 7 + ["SUPER_ADMIN"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "x"}, "password"),
        ({"password": "short77"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "Ada Shopper 1"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"email": "nope"}, "email"),
        ({"email": "ada@"}, "email"),
        ({"email": "ada@example"}, "email"),
        ({"email": "ada@example.com\nbcc: x@example.com"}, "email"),
        ({"email": f"{'a' * 250}@example.com"}, "email"),
        ({"full_name": " A "}, "fullName"),
        ({"full_name": "Ada\r\nShopper"}, "fullName"),
    ],
)
async def test_known_failure_27_what_is_no_account_is_refused_with_its_field(
    api: httpx.AsyncClient, changes: dict[str, str], field: str
) -> None:
    """Known failure 27: one-character passwords, "nope" as e-mail address, ``JANE@`` beside ``jane@``."""
    given = ADA | changes
    body = {"email": given["email"], "password": given["password"], "fullName": given["full_name"]}

    by_json = await api.post("/api/register", json=body)
    by_form = await api.post("/auth/register", data=given)

    assert by_json.status_code == 400
    assert [detail["field"] for detail in by_json.json()["details"]] == [field]
    codes = {"email": "invalid_email", "password": "weak_password", "fullName": "invalid_name"}
    assert parse_qs(urlsplit(by_form.headers["location"]).query)["error"] == [codes[field]]
    assert await roles() == {}


async def test_known_failure_27_one_address_is_one_account_in_whatever_case(crowd: httpx.AsyncClient) -> None:
    """Known failure 27: one-character passwords, "nope" as e-mail address, ``JANE@`` beside ``jane@``."""
    spellings = ["jane@example.com", "JANE@example.com", "Jane@Example.COM", " jane@example.com "]

    async def register(number: int, email: str) -> int:
        body = {"email": email, "password": PASSWORD, "fullName": "Jane Shopper"}
        headers = {"X-Forwarded-For": f"198.51.{number}.7"}
        return (await crowd.post("/api/register", json=body, headers=headers)).status_code

    codes = await asyncio.gather(*(register(number, email) for number, email in enumerate(spellings * 2)))

    assert sorted(codes) == [201] + [409] * 7
    signed_in = await crowd.post("/api/auth/signin", json={"email": "jAnE@example.com", "password": PASSWORD})
    assert signed_in.status_code == 200
    async with transaction() as session:
        assert (await session.exec(select(User.email))).all() == ["jane@example.com"]


@pytest.mark.parametrize("door", ["/auth/login", "/auth/register"])
async def test_known_failure_43_cart_and_way_back_survive(api: httpx.AsyncClient, door: str) -> None:
    """Known failure 43: signing in empties the cart, or ignores where the shopper came from."""
    if door == "/auth/login":
        await api.post("/auth/register", data=ADA)
        api.cookies.clear()
    async with transaction() as session:
        variant = await make_variant(session, stock=9)
        await carts.add_item(session, CartOwner(guest_token="g" * 43), variant.id, 3)
    before = await api.get("/api/public-settings", headers=GUEST)

    answer = await api.post(door, data={**ADA, "next": "/products/desk-lamp?size=M#reviews"}, headers=GUEST)

    assert before.status_code == 200
    assert (answer.status_code, answer.headers["location"]) == (303, "/products/desk-lamp?size=M#reviews")
    async with transaction() as session:
        user = (await session.exec(select(User))).one()
        assert (await carts.get_cart(session, CartOwner(user_id=user.id))).count == 3


async def test_known_failure_43_a_refused_try_keeps_cart_and_way_back_too(api: httpx.AsyncClient) -> None:
    """Known failure 43: signing in empties the cart, or ignores where the shopper came from."""
    async with transaction() as session:
        variant = await make_variant(session, stock=9)
        await carts.add_item(session, CartOwner(guest_token="g" * 43), variant.id, 3)

    refused = await api.post("/auth/login", data={**ADA, "next": "/checkout"}, headers=GUEST)
    weak = await api.post("/auth/register", data={**ADA, "password": "short", "next": "/checkout"}, headers=GUEST)

    for answer in (refused, weak):
        assert parse_qs(urlsplit(answer.headers["location"]).query)["next"] == ["/checkout"]
    async with transaction() as session:
        assert (await carts.get_cart(session, CartOwner(guest_token="g" * 43))).count == 3


@pytest.mark.parametrize(
    "changes", [{"password": "password123"}, {"email": "ada"}, {"full_name": "A"}, {"email": "taken@example.com"}]
)
async def test_refused_form_leaves_nothing_personal_in_the_address(
    api: httpx.AsyncClient, changes: dict[str, str]
) -> None:
    await api.post("/auth/register", data={**ADA, "email": "taken@example.com"})
    api.cookies.clear()
    given = {**ADA, "setup_token": "the token of the shop", "setup": "1", **changes}

    answer = await api.post("/auth/register", data=given)

    assert set(parse_qs(urlsplit(answer.headers["location"]).query)) == {"error"}
    cookie = answer.headers["set-cookie"]
    kept = form_memory.recall(cookie.partition(";")[0])
    assert kept == {"email": given["email"], "full_name": given["full_name"], "setup": "1"}
    assert "; HttpOnly; SameSite=Lax" in cookie
    for personal in ("ada", "taken", "Shopper"):
        assert personal not in cookie


async def test_registering_replaces_the_session_of_the_browser(api: httpx.AsyncClient) -> None:
    await api.post("/auth/register", data=ADA)
    planted = api.cookies["shophub_session"]

    await api.post("/auth/register", data={**ADA, "email": "eve@example.com"})

    assert api.cookies["shophub_session"] != planted
    async with transaction() as session:
        live = (await session.exec(select(UserSession.id).where(UserSession.revoked_at == None))).all()  # noqa: E711
    assert len(live) == 1
    assert isinstance(live[0], UUID)
