"""The shape and status of errors, and what is never in them."""

import httpx
import pytest

from shophub.api.app import create_api
from shophub.api.bare_pages import broken_page
from shophub.api.errors import answer_of, status_of
from shophub.db import OUT_OF_REACH, close_database
from shophub.errors import (
    CheckoutChangedError,
    ConflictError,
    ForbiddenError,
    InsufficientStockError,
    InvalidInputError,
    NotFoundError,
    ProviderError,
    ShopHubError,
    ThrottledError,
    UnauthenticatedError,
    UnavailableError,
)
from shophub.settings import get_settings
from tests.services.test_accounts import PRODUCTION


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInputError("x"), 400),
        (InsufficientStockError("x", variant_id="v", available=1), 400),
        (UnauthenticatedError("x"), 401),
        (ForbiddenError("x"), 403),
        (NotFoundError("x"), 404),
        (ConflictError("x"), 409),
        (CheckoutChangedError("x", ("y",)), 409),
        (ThrottledError("x", 7), 429),
        (ProviderError("x", retryable=True), 503),
        (ShopHubError("x"), 500),
    ],
)
def test_family_decides_the_status(error: ShopHubError, status: int) -> None:
    assert status_of(error) == status


def test_details_say_which_field_and_throttles_say_when() -> None:
    assert answer_of(InvalidInputError("No.", {"email": "Wrong."})).body == (
        b'{"error":"No.","code":"invalid_data","details":[{"field":"email","message":"Wrong."}]}'
    )
    assert answer_of(ThrottledError("Wait.", 7)).headers["retry-after"] == "7"


async def test_invalid_body_is_400_and_repeats_no_value(api: httpx.AsyncClient) -> None:
    answer = await api.post("/api/register", json={"email": "nobody", "password": "secret!"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_data"
    assert {detail["field"] for detail in answer.json()["details"]} == {"email", "password", "fullName"}
    assert "secret!" not in answer.text


async def test_unknown_path_and_method_answer_in_the_same_shape(api: httpx.AsyncClient) -> None:
    unknown = await api.get("/api/no/such/thing")
    method = await api.delete("/api/health")

    assert (unknown.status_code, unknown.json()) == (
        404,
        {"error": "There is nothing at this address.", "code": "not_found", "details": []},
    )
    assert (method.status_code, method.headers["allow"], method.json()["code"]) == (405, "GET", "method_not_allowed")


async def test_head_of_what_has_none_is_answered_by_the_api_and_not_by_the_pages(api: httpx.AsyncClient) -> None:
    answers = [await api.head(path) for path in ("/api/auth/session", "/api/no/such/thing")]

    assert [answer.status_code for answer in answers] == [405, 404]
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}


async def test_unforeseen_error_answers_with_a_request_id_and_tells_nothing(database: str) -> None:
    app = create_api()

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("ada@example.com")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        answer = await client.get("/broken", headers={"X-Request-ID": "abcdefgh-1"})

    assert answer.status_code == 500
    assert answer.json()["details"] == [{"requestId": "abcdefgh-1"}]
    assert answer.headers["x-request-id"] == "abcdefgh-1"
    assert "ada@" not in answer.text


async def test_body_over_the_limit_is_413_declared_or_not(api: httpx.AsyncClient) -> None:
    async def chunks():
        for _ in range(40):
            yield b"x" * 50_000

    declared = await api.post("/auth/login", content=b"x" * 2_000_000)
    streamed = await api.post("/api/register", content=chunks(), headers={"content-type": "application/json"})

    assert [declared.status_code, streamed.status_code] == [413, 413]
    assert streamed.json()["code"] == "too_large"


async def test_health_asks_no_database() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_api()), base_url="http://shop.test") as client:
        assert (await client.get("/api/health")).json() == {"status": "ok"}
        degraded = await client.get("/api/monitoring/health")
    await close_database()
    assert (degraded.status_code, degraded.json()["database"]) == (503, "unreachable")


async def test_production_answers_under_its_own_names_only(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**PRODUCTION, "ALLOWED_HOSTS": "www.example.com, Shop.Internal"}.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    app = create_api()

    @app.get("/hello")
    async def hello() -> str:
        return "hello"

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:

        async def status(host: str, path: str = "/hello") -> int:
            return (await client.get(path, headers={"Host": host})).status_code

        known = [
            await status(host)
            for host in ("shop.example.com", "SHOP.example.com:443", "www.example.com", "shop.internal")
        ]
        unknown = [
            await status(host) for host in ("evil.example", "shop.example.com.evil.example", "", "[", "10.0.0.1")
        ]
        inside = await status("127.0.0.1:3000", "/api/health")

    assert known == [200] * 4
    assert unknown == [400] * 5
    assert inside == 200
    get_settings.cache_clear()


async def test_person_gets_an_apology_with_the_number_of_the_log_and_a_way_on(database: str) -> None:
    app = create_api()

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("ada@example.com")

    headers = {"X-Request-ID": "abcdefgh-1", "Accept": "text/html,*/*;q=0.8"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        answer = await client.get("/broken", headers=headers)
    sent = bytes(broken_page({"type": "http", "method": "POST"}, "abcdefgh-2").body).decode()

    assert (answer.status_code, answer.headers["cache-control"]) == (500, "no-store")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<code>abcdefgh-1</code>" in answer.text
    assert '<a class="again" href="">Try again</a>' in answer.text
    assert 'content="noindex"' in answer.text
    assert "ada@" not in answer.text
    assert "Try again</a>" not in sent  # what the form held is gone
    assert '<a class="again" href="/">' in sent


async def test_person_is_told_calmly_that_the_database_is_away(database: str) -> None:
    app = create_api()

    @app.get("/page")
    async def page() -> None:
        raise UnavailableError(OUT_OF_REACH)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        answer = await client.get("/page", headers={"Accept": "text/html"})
        program = await client.get("/page")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "We will be back in a moment" in answer.text
    assert (program.status_code, program.json()["code"]) == (503, "unavailable")


@pytest.mark.parametrize(
    ("path", "status", "allowed"), [("/api/categories", 405, "GET"), ("/api/cart", 405, "GET, POST, PATCH, DELETE"),
                                    ("/api/nothing/here", 404, None)]
)  # fmt: skip
async def test_method_that_nobody_has_heard_of_is_refused_as_programs_understand(
    api: httpx.AsyncClient, path: str, status: int, allowed: str | None
) -> None:
    answer = await api.request("FOO", path)

    assert (answer.status_code, answer.headers.get("allow")) == (status, allowed)
    assert set(answer.json()) == {"error", "code", "details"}
    assert answer.json()["code"] == ("method_not_allowed" if status == 405 else "not_found")
