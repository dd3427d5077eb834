"""Many people signing in at once: everybody else's requests go on."""

import asyncio
from collections import Counter
from statistics import quantiles

import httpx
import pytest

from shophub.api.app import create_api
from shophub.services import passwords, throttles
from shophub.settings import get_settings
from tests.accounts import PASSWORD, all_hashing, cookie_of, make_account
from tests.rows import rows

PEOPLE = 200
IN_TRANSACTION = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
)


@pytest.fixture
def behind_a_proxy(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool of few connections, and a proxy that says where each request comes from."""
    monkeypatch.setenv("TRUSTED_PROXIES", "192.0.2.0/24")
    monkeypatch.setenv("DB_POOL_MAX", "4")
    get_settings.cache_clear()


def p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[18]


async def test_two_hundred_sign_ins_at_once_leave_other_requests_answered(behind_a_proxy: None) -> None:
    await throttles.reset()
    user = await make_account()
    cookie = await cookie_of(user)
    transport = httpx.ASGITransport(create_api(), client=("192.0.2.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", timeout=60) as api:

        async def ask() -> float:
            begun = asyncio.get_running_loop().time()
            answer = await api.get("/api/auth/session", headers={"cookie": cookie})
            assert (answer.status_code, answer.json()["user"]["email"]) == (200, user.email)
            return asyncio.get_running_loop().time() - begun

        async def sign_in(number: int) -> int:
            email = user.email if number % 2 else f"person{number}@example.com"
            headers = {"X-Forwarded-For": f"198.51.100.{number}"}
            body = {"email": email, "password": PASSWORD}
            return (await api.post("/api/auth/signin", json=body, headers=headers)).status_code

        before = [await ask() for _ in range(60)]
        storm = [asyncio.create_task(sign_in(number)) for number in range(PEOPLE)]
        during = []
        while not all(task.done() for task in storm):
            during.append(await ask())
            await asyncio.sleep(0.005)
        answers = Counter(await asyncio.gather(*storm))

    assert answers == {200: PEOPLE // 2, 401: PEOPLE // 2}
    assert passwords.waiting() == 0
    # With a connection held by each that waits to be hashed, one answer would wait for nearly all of them.
    assert len(during) > 50
    assert p95(during) < 30 * p95(before)
    await throttles.reset()


@pytest.mark.parametrize("path", ["/api/register", "/api/auth/signin", "/api/auth/step-up"])
async def test_no_connection_is_held_while_a_request_waits_for_its_hash(behind_a_proxy: None, path: str) -> None:
    await throttles.reset()
    cookies = [await cookie_of(await make_account(f"owner{number}@example.com")) for number in range(12)]
    transport = httpx.ASGITransport(create_api(), client=("192.0.2.1", 50000))
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", timeout=60, headers=headers) as api:

        async def post(number: int) -> int:
            headers = {"X-Forwarded-For": f"198.51.100.{number}", "cookie": cookies[number]}
            body = {
                "/api/register": {"email": f"new{number}@example.com", "fullName": "Ada Shopper"},
                "/api/auth/signin": {"email": f"owner{number}@example.com"},
                "/api/auth/step-up": {},
            }[path] | {"password": PASSWORD}
            return (await api.post(path, json=body, headers=headers)).status_code

        requests = [asyncio.create_task(post(number)) for number in range(len(cookies))]
        async with all_hashing(requests):
            held = await rows(IN_TRANSACTION)
        answers = Counter(await asyncio.gather(*requests))

    assert held == [(0,)]
    assert answers == {201 if path == "/api/register" else 200: len(cookies)}
    await throttles.reset()
