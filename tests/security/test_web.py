"""What every answer of the running shop carries, and what no request gets out of it."""

import http.client
import json
import re
from urllib.parse import urlsplit

import httpx
import pytest
import websockets

from shophub.api.web.policy import STRICT_TRANSPORT
from shophub.api.web.sockets import MAX_MESSAGE_BYTES
from shophub.api.web.wrapper import WebWrapper
from shophub.settings import Settings
from tests.plain_http import NO_TLS
from tests.security.conftest import EventServer
from tests.security.live import tab

GUEST = "shophub_guest=0123456789012345678901234567"
ON_EVERYTHING = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin-allow-popups",
}
JSON_BODY = {"Content-Type": "application/json"}

pytestmark = pytest.mark.usefixtures("no_traceback")


def ask(
    shop: EventServer, method: str, target: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Send a request whose target is sent as it stands: no client of ours tidies it up."""
    address = urlsplit(shop.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if body is not None:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content or None)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def is_complete(headers: dict[str, str]) -> bool:
    policy = headers.get("content-security-policy", "")
    return (
        {name: headers.get(name) for name in ON_EVERYTHING} == ON_EVERYTHING
        and "frame-ancestors 'none'" in policy
        and "default-src" in policy
        and "permissions-policy" in headers
        and headers.get("referrer-policy") in {"strict-origin-when-cross-origin", "no-referrer"}
    )


@pytest.mark.parametrize(
    ("method", "target", "body", "headers", "status"),
    [
        ("GET", "/api/health", None, {}, 200),
        ("HEAD", "/api/health", None, {}, 200),
        ("GET", "/api/public-settings", None, {}, 200),
        ("GET", "/api/public-settings", None, {"If-None-Match": "*"}, 304),
        ("GET", "/api/no/such/thing", None, {}, 404),
        ("DELETE", "/api/health", None, {}, 405),
        ("FOO", "/api/health", None, {"Origin": "https://evil.example"}, 405),
        ("POST", "/api/register", b"{", JSON_BODY, 400),
        ("POST", "/api/register", {}, {**JSON_BODY, "Origin": "https://evil.example"}, 403),
        ("POST", "/api/register", b"x" * 1_100_000, JSON_BODY, 413),
        ("GET", "/api/admin/users", None, {}, 401),
        ("POST", "/api/webhooks/stripe", b"{}", {}, 400),
        ("POST", "/auth/logout", b"", {}, 303),
        ("OPTIONS", "/api/health", None, {"Origin": "https://evil.example"}, 405),
        ("GET", "/verify-email?token=none", None, {}, 303),
        ("GET", "/unsubscribe?token=none", None, {}, 400),
        ("GET", "/_event/?EIO=4&transport=polling", None, {}, 400),
        ("GET", "/ping", None, {}, 200),
    ],
)  # fmt: skip
def test_every_answer_carries_the_security_headers(
    live_shop: EventServer, method: str, target: str, body: object, headers: dict[str, str], status: int
):
    given, answered, _ = ask(live_shop, method, target, body, {"Host": urlsplit(live_shop.url).netloc} | headers)

    assert given == status
    assert is_complete(answered), answered
    assert "access-control-allow-origin" not in answered
    varied = [one.strip().lower() for one in answered["vary"].split(",")]
    assert varied.count("origin") == 1
    assert len(varied) == len(set(varied)), varied


async def test_refused_handshakes_carry_them_too(live_shop: EventServer):
    address = live_shop.url.replace("http", "ws") + "/_event/?token=x&EIO=4&transport=websocket"
    for headers, status in (({"Origin": "https://evil.example"}, 403), ({"Origin": live_shop.url}, 401)):
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await websockets.connect(address, additional_headers=headers)
        answer = refusal.value.response
        assert answer.status_code == status
        assert is_complete({name.lower(): value for name, value in answer.headers.raw_items()})


@pytest.mark.parametrize("path", ["/", "/api/health", "/assets/x.js"])
async def test_production_asks_for_https_only_on_every_answer(path: str):
    sent: list[dict[str, object]] = []

    async def app(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    wrapper = WebWrapper(app, Settings(env="production", public_url="https://shop.example"))
    await wrapper({"type": "http", "method": "GET", "path": path, "headers": []}, receive, send)  # type: ignore[arg-type]

    assert STRICT_TRANSPORT in sent[0]["headers"]  # type: ignore[operator]
    assert b"max-age=63072000" in STRICT_TRANSPORT[1]


# What people try to get at files, other hosts or another route with.
TRICKS = (
    "/../../../../etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../etc/passwd",
    "/assets/..%5c..%5cetc%5cpasswd", "/assets/%2e%2e/%2e%2e/pyproject.toml", "/.env", "/.git/config", "/%00",
    "/products/%00", "/products/a%00b", "/products/%ff%fe", "/products/%c0%ae%c0%ae", "/products/%ed%a0%80",
    "/orders/%00", "/orders/SH-%00", "/orders/SH-9999999999999999999999", "/orders/-1",
    "/orders/SH-1001%0d%0aSet-Cookie:a=b",
    "//evil.example/", "//evil.example/%2e%2e", "/\\evil.example", "/%5cevil.example", "/%09/evil.example", "/;/x",
    "/api//health",
    "/api/./health", "/api/../api/health", "/API/health", "/api/health/", "/api/health%00", "/api/admin/users%20",
    "/api/admin/../admin/users", "/api/admin//users", "/api/admin/users/..;/", "/" + "a" * 8_000,
    "/products?page=99999999999999999999", "/products?page=-1", "/products?page=%00", "/products?sort=%ff&q=%00",
    "/search?q=" + "%F0%9F%98%80" * 500, "/search?q=%00%00", "/categories/%00", "/verify-email?token=%00",
    "/unsubscribe?token=%00%ff", "/orders/SH-1001/open?token=%00", "/reset-password?token=%00",
    "/sandbox/../etc/passwd", "/sandbox/cloudinary/sandbox/image/upload/..%2f..%2fetc%2fpasswd",
    "/wishlist/shared/%00", "/_upload", "/_event/../api/health", "http://evil.example/api/health",
)  # fmt: skip


@pytest.mark.usefixtures("built_pages")
@pytest.mark.parametrize("target", TRICKS)
def test_path_tricks_lead_nowhere(live_shop: EventServer, target: str):
    status, headers, body = ask(live_shop, "GET", target, headers={"Host": urlsplit(live_shop.url).netloc})

    assert status < 500
    assert not re.search(rb"root:.*:0:0:|\[core\]|\[project\]|AUTH_SECRET", body)
    location = headers.get("location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "a=b" not in headers.get("set-cookie", "")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get", "X" * 200])
def test_unknown_methods_are_refused(live_shop: EventServer, method: str):
    status, _, body = ask(live_shop, method, "/api/health", headers={"Host": "x", "Cookie": "shophub_session=SECRET"})

    assert 400 <= status < 500
    assert b"SECRET" not in body


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "shophub_session=" + "a" * 6_000},
        {"Cookie": "shophub_session=\xff\xfe; shophub_guest=\x80"},
        {"Cookie": ";;;===;;shophub_session"},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
        {"Authorization": "Basic \x80"},
        {"Origin": "http://["},
        {"If-None-Match": "\xff" * 100},
        {"Accept-Encoding": "\xff", "Accept": "\xff"},
        {"X-Request-ID": "\xff\n".strip()},
        {"X-Forwarded-For": "not, an, address, \xff"},
        {"Idempotency-Key": "\xff" * 300},
        {"Range": "bytes=9999999999999999999-"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unreadable_headers_are_no_failure_of_ours(live_shop: EventServer, method: str, headers: dict[str, str]):
    host = {"Host": urlsplit(live_shop.url).netloc}

    status, _, _ = ask(live_shop, method, "/api/auth/session", headers=host | headers)

    assert status < 500


async def test_message_over_the_limit_ends_the_connection_and_a_large_one_below_does_not(live_shop: EventServer):
    async with tab(live_shop.url, GUEST) as live:
        await live.send_raw("event", {"name": "no.such.handler", "payload": {"text": "x" * (MAX_MESSAGE_BYTES - 99)}})
        await live.settle()
        await live.send_raw("event", {"name": "no.such.handler", "payload": {"text": "x" * MAX_MESSAGE_BYTES}})
        assert await live.closed()
    async with tab(live_shop.url, GUEST) as live:
        await live.settle()


async def test_chunked_body_over_the_limit_is_cut_off(live_shop: EventServer):
    async def endless() -> object:
        for _ in range(130):
            yield b"x" * 10_000

    async with httpx.AsyncClient(base_url=live_shop.url, trust_env=False, verify=NO_TLS) as client:
        try:
            answer = await client.post("/api/register", content=endless(), headers=JSON_BODY)  # type: ignore[arg-type]
        except (httpx.ReadError, httpx.WriteError):
            return  # cut off while it was still being sent: the answer got lost with the connection

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
