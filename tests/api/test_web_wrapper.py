"""The outermost layer: who may open a websocket, and which state a tab gets."""

from typing import Any

import pytest

from shophub.api.web.wrapper import WebWrapper, bind_tab
from shophub.settings import get_settings

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
