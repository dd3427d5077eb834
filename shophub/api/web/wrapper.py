"""The outermost layer of the app.

A plain ASGI wrapper rather than a Starlette middleware, because it has to see the websocket's handshake too and must
not touch response bodies (a file may be sent by the server itself).
"""

from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shophub.api.web.policy import SECURITY_HEADERS, STRICT_TRANSPORT, ContentPolicy
from shophub.lib.ids import new_token
from shophub.settings import PROJECT_ROOT, Settings, get_settings

GUEST_COOKIE = "shophub_guest"
GUEST_COOKIE_SECONDS = 180 * 24 * 3600
WEB_DIR = PROJECT_ROOT / ".web"

# Sandbox pages (the payment form's challenge, the mailbox) bring their own policy.
_OWN_POLICY = b"content-security-policy"


class WebWrapper:
    """Adds headers and the guest's cookie to answers, and refuses websockets from other sites."""

    def __init__(self, app: ASGIApp, settings: Settings | None = None) -> None:
        """Wrap ``app``."""
        self._app = app
        self._settings = settings or get_settings()
        self._policy = ContentPolicy(self._settings, WEB_DIR)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or websocket."""
        if scope["type"] == "http":
            await self._app(scope, receive, self._http_send(scope, send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _http_send(self, scope: Scope, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(scope, message)
            await send(message)

        return send_with_headers

    def _complete(self, scope: Scope, message: MutableMapping[str, Any]) -> None:
        headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
        present = {name.lower() for name, _ in headers}

        def add(name: bytes, value: bytes) -> None:
            if name not in present:
                headers.append((name, value))

        for name, value in SECURITY_HEADERS:
            add(name, value)
        if self._settings.is_production:
            add(*STRICT_TRANSPORT)
        if _is_html(headers):
            add(_OWN_POLICY, self._policy.for_host(_header(scope, b"host")))
            add(b"cache-control", b"private, no-cache")
            if (
                message["status"] < 400
                and not _cookie(scope, GUEST_COOKIE)
                and not scope["path"].startswith("/sandbox")
            ):
                headers.append((b"set-cookie", self._guest_cookie(new_token())))
        elif scope["path"].startswith(("/assets/", "/fonts/")) and message["status"] in (200, 304):
            add(b"cache-control", b"public, max-age=31536000, immutable")
        message["headers"] = headers

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_same_origin(scope):
            await send({"type": "websocket.close", "code": 1008})  # before accept: the server answers 403
            return
        if _cookie(scope, GUEST_COOKIE):
            await self._app(scope, receive, send)
            return
        # A tab whose page came without the cookie (from a cache, or cookies were cleared since): the handlers of this
        # connection see the new one at once, the browser keeps it for the next.
        token = new_token()
        given = _header(scope, b"cookie")
        cookies = f"{given}; {GUEST_COOKIE}={token}" if given else f"{GUEST_COOKIE}={token}"
        others = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
        scope = {**scope, "headers": [*others, (b"cookie", cookies.encode("latin-1"))]}

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "websocket.accept":
                message["headers"] = [*message.get("headers", ()), (b"set-cookie", self._guest_cookie(token))]
            await send(message)

        await self._app(scope, receive, send_with_cookie)

    def _is_same_origin(self, scope: Scope) -> bool:
        origin = _header(scope, b"origin")
        if not origin:  # not a browser: it carries no one's cookies
            return True
        return urlsplit(origin).netloc == _header(scope, b"host") or origin == self._settings.public_url

    def _guest_cookie(self, token: str) -> bytes:
        secure = "; Secure" if self._settings.public_url.startswith("https://") else ""
        return (
            f"{GUEST_COOKIE}={token}; Path=/; Max-Age={GUEST_COOKIE_SECONDS}; HttpOnly; SameSite=Lax{secure}".encode()
        )


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


def _cookie(scope: Scope, name: str) -> str:
    try:
        morsel = SimpleCookie(_header(scope, b"cookie")).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _is_html(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers)
