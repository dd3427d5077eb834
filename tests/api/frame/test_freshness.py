"""Who may keep an answer of the API, and for whom nothing has changed."""

import gzip

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import Response

from shophub.api.app import create_api
from shophub.api.caching import is_known

LONG = {"items": ["lamp"] * 200}


@pytest.fixture
def app(database: str) -> FastAPI:
    """The API with some routes of the test's own."""
    app = create_api()
    routes = app.router.routes
    count = len(routes)

    @app.get("/api/try/read")
    async def read() -> dict[str, list[str]]:
        return LONG

    @app.get("/api/try/own")
    async def own() -> Response:
        headers = {"ETag": '"mine"', "Cache-Control": "public, max-age=60", "Content-Encoding": "gzip"}
        return Response(gzip.compress(b"[]" * 400), media_type="application/json", headers=headers)

    @app.post("/api/try/write")
    async def write() -> dict[str, list[str]]:
        return LONG

    @app.get("/try/page")
    async def page() -> dict[str, list[str]]:
        return LONG

    routes[:0] = [routes.pop() for _ in range(len(routes) - count)]  # earlier ones win
    return app


def client_of(app: FastAPI) -> httpx.AsyncClient:
    headers = {"Accept-Encoding": "identity"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test", headers=headers)


async def test_read_belongs_to_its_caller_and_is_known_by_a_weak_tag_in_any_encoding(app: FastAPI) -> None:
    async with client_of(app) as client:
        plain = await client.get("/api/try/read")
        packed = [
            await client.get("/api/try/read", headers={"Accept-Encoding": name})
            for name in ("gzip", "br", "zstd, br;q=0.1, gzip")
        ]

    assert plain.headers["cache-control"] == "private, no-cache"
    assert plain.headers["vary"] == "Accept-Encoding"
    assert plain.headers["etag"].startswith('W/"')
    assert "content-encoding" not in plain.headers
    assert [answer.headers["content-encoding"] for answer in packed] == ["gzip", "br", "br"]
    assert {answer.headers["etag"] for answer in packed} == {plain.headers["etag"]}
    assert {answer.headers["vary"] for answer in packed} == {"Accept-Encoding"}
    assert [answer.json() for answer in packed] == [LONG] * 3
    assert all(int(answer.headers["content-length"]) < 100 for answer in packed)


async def test_who_has_the_answer_gets_304_with_the_headers_and_no_body(app: FastAPI) -> None:
    async with client_of(app) as client:
        first = await client.get("/api/try/read")
        known = [
            await client.get("/api/try/read", headers={"If-None-Match": given, "Accept-Encoding": "br"})
            for given in (first.headers["etag"], f'"other", {first.headers["etag"].removeprefix("W/")}', "*")
        ]
        other = await client.get("/api/try/read", headers={"If-None-Match": 'W/"other"'})

    assert [(answer.status_code, answer.content) for answer in known] == [(304, b"")] * 3
    for answer in known:
        kept = {name: answer.headers.get(name) for name in ("etag", "cache-control", "vary")}
        assert kept == {name: first.headers[name] for name in kept}
        assert "content-length" not in answer.headers
        assert "content-encoding" not in answer.headers
    assert (other.status_code, other.json()) == (200, LONG)


async def test_what_a_route_says_itself_stays(app: FastAPI) -> None:
    async with client_of(app) as client:
        own = await client.get("/api/try/own", headers={"Accept-Encoding": "br, gzip"})
        again = await client.get("/api/try/own", headers={"If-None-Match": '"mine"'})

    assert (own.headers["etag"], own.headers["cache-control"]) == ('"mine"', "public, max-age=60")
    assert (own.headers["content-encoding"], own.text) == ("gzip", "[]" * 400)
    assert (again.status_code, again.headers["cache-control"]) == (304, "public, max-age=60")


async def test_writes_and_errors_are_kept_by_nobody(app: FastAPI) -> None:
    async with client_of(app) as client:
        answers = [
            await client.post("/api/try/write"),
            await client.get("/api/nothing/here"),
            await client.get("/api/admin/users", headers={"If-None-Match": "*"}),
            await client.get("/api/try/read?q=%00"),
        ]

    assert [answer.status_code for answer in answers] == [200, 404, 401, 400]
    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 4
    assert not any("etag" in answer.headers for answer in answers)


async def test_what_is_not_below_api_is_left_alone(app: FastAPI) -> None:
    async with client_of(app) as client:
        page = await client.get("/try/page", headers={"Accept-Encoding": "br"})

    assert not {"etag", "cache-control", "content-encoding", "ratelimit-limit"} & set(page.headers)
    assert page.json() == LONG


async def test_small_answers_are_sent_as_they_are(app: FastAPI) -> None:
    async with client_of(app) as client:
        small = await client.get("/api/health", headers={"Accept-Encoding": "br, gzip"})

    assert "content-encoding" not in small.headers
    assert small.headers["etag"].startswith('W/"')


@pytest.mark.parametrize(
    ("tag", "given", "expected"),
    [
        ('W/"a"', '"a"', True),
        ('"a"', 'W/"a"', True),
        ('"a"', '"b" ,  "a"', True),
        ('"a"', "*", True),
        ("", "*", False),
        ('"a"', "", False),
        ('"a"', "a", False),
    ],
)
def test_tags_are_compared_weakly(tag: str, given: str, expected: bool) -> None:
    assert is_known(tag, given) is expected
