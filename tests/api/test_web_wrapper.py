"""The outermost layer: who may open a websocket, and which state a tab gets."""

from typing import Any

import pytest

from shophub.api.web.wrapper import WebWrapper, bind_tab
from shophub.settings import get_settings
from tests.services.test_accounts import PRODUCTION

HOST = [(b"host", b"shop.example:3000")]
GUEST = (b"cookie", b"shophub_guest=0123456789012345678901234567")


async def shake_hands(headers: list[tuple[bytes, bytes]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what the wrapper sent and the scopes that got through to the app."""
    sent: list[dict[str, Any]] = []
    reached: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/_event/", "query_string": b"token=abc&EIO=4", "headers": headers}
    await WebWrapper(app, get_settings())(scope, receive, send)
    return sent, reached


@pytest.mark.parametrize(
    "origin",
    [b"https://evil.example", b"http://shop.example", b"http://shop.example:3000.evil.example", b"null", b"http://[",
     b"shop.example:3000", b"http://evil.example@shop.example:3000"],
)  # fmt: skip
async def test_websocket_of_another_site_is_closed_before_it_opens(origin: bytes) -> None:
    sent, reached = await shake_hands([*HOST, (b"origin", origin), GUEST])

    assert [message.get("status") for message in sent] == [403, None]
    assert {b"x-frame-options", b"content-security-policy", b"x-content-type-options"} <= dict(
        sent[0]["headers"]
    ).keys()
    assert reached == []


async def test_websocket_of_our_own_page_gets_through_on_any_host() -> None:
    sent, reached = await shake_hands([*HOST, (b"origin", b"http://shop.example:3000"), GUEST])

    assert sent == []
    assert len(reached) == 1


async def test_browser_without_guest_cookie_is_sent_away_with_one() -> None:
    sent, reached = await shake_hands([*HOST, (b"origin", b"http://shop.example:3000")])

    assert sent[0]["status"] == 401
    assert dict(sent[0]["headers"])[b"set-cookie"].startswith(b"shophub_guest=")
    assert reached == []


def test_tab_token_is_bound_to_both_cookies() -> None:
    def token(**cookies: str) -> bytes:
        return bind_tab(b"token=abc&EIO=4&transport=websocket", cookies)

    guest = token(shophub_guest="g")
    assert guest == token(shophub_guest="g", other="x")
    assert len({guest, token(shophub_guest="h"), token(shophub_guest="g", shophub_session="s"), token()}) == 4
    assert b"abc" not in guest
    assert guest.endswith(b"&EIO=4&transport=websocket")


async def answer_to(path: str) -> tuple[int, dict[bytes, bytes], list[str]]:
    """Return status and headers of an answer, and the paths that got through to the app."""
    reached: list[str] = []
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["path"])
        headers = [(b"content-type", b"text/html"), (b"cache-control", b"public, max-age=2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": HOST}
    await WebWrapper(app, get_settings())(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), reached


@pytest.mark.parametrize(
    "path", ["/sandbox/../login.html", "/assets/../login", "/..", "/assets\\..\\login", "/a/../../b"]
)
async def test_path_that_climbs_reaches_nothing(path: str) -> None:
    status, headers, reached = await answer_to(path)

    assert (status, reached) == (400, [])
    assert headers[b"content-type"] == b"application/json"


async def test_without_sandbox_its_paths_have_the_headers_of_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"x-frame-options" not in (await answer_to("/sandbox/mail"))[1]
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    get_settings.cache_clear()

    headers = (await answer_to("/sandbox/mail"))[1]

    monkeypatch.undo()
    get_settings.cache_clear()
    assert {b"x-frame-options", b"content-security-policy", b"strict-transport-security"} <= headers.keys()


async def test_answer_that_shared_caches_keep_brings_no_cookie() -> None:
    assert b"set-cookie" not in (await answer_to("/api/public-settings"))[1]
