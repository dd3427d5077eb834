"""The outermost layer of the app.

A plain ASGI wrapper rather than a Starlette middleware, because it has to see the websocket's handshake too and must
not touch response bodies (a file may be sent by the server itself).
"""

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shophub.api.bare_pages import unreachable_page
from shophub.api.errors import error_answer
from shophub.api.storefront.routes import answer_page, not_found_page
from shophub.api.web.policy import FILE_POLICY, NO_SNIFFING, SECURITY_HEADERS, STRICT_TRANSPORT, ContentPolicy
from shophub.api.web.robots import NOT_FOR_ROBOTS, is_personal
from shophub.api.web.sockets import limited, refusing
from shophub.errors import UnavailableError
from shophub.lib.cookies import read_cookies
from shophub.lib.ids import new_token
from shophub.lib.network import is_origin_of
from shophub.services.sessions import SESSION_COOKIE
from shophub.services.visitors import GUEST_COOKIE, GUEST_LIFETIME
from shophub.settings import PROJECT_ROOT, Settings, get_settings

GUEST_COOKIE_SECONDS = int(GUEST_LIFETIME.total_seconds())
WEB_DIR = PROJECT_ROOT / ".web"

SANDBOX_PATH = "/sandbox/"
_SEPARATORS = re.compile(r"[/\\]")
SOCKET_PATH = "/_event"
# Live connections are websockets and nothing else: the same over plain requests would pass the checks below by.
BAD_PATH = error_answer(400, "There is nothing at this address.", "bad_path")
NO_SOCKET = error_answer(400, "Live connections are websockets.", "websocket_only")
FILES = ("/api/", "/assets/", "/fonts/")


class WebWrapper:
    """Adds headers and the guest's cookie to answers, and refuses websockets from other sites."""

    def __init__(self, app: ASGIApp, settings: Settings | None = None) -> None:
        """Wrap ``app``."""
        self._app = app
        self._settings = settings or get_settings()
        self._policy = ContentPolicy(self._settings, WEB_DIR)
        self._common = (*SECURITY_HEADERS, *((STRICT_TRANSPORT,) if self._settings.is_production else ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or websocket."""
        if scope["type"] == "http":
            answer = NO_SOCKET if scope["path"].startswith(SOCKET_PATH) else self._app
            if ".." in _SEPARATORS.split(scope["path"]):
                # Browsers resolve such a path themselves. What is let through by its beginning must not lead elsewhere.
                answer = BAD_PATH
            await answer(scope, receive, self._http_send(scope, receive, send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _http_send(self, scope: Scope, receive: Receive, send: Send) -> Send:
        is_replaced = False

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(scope, message)
            await send(message)

        async def send_or_replace(message: Message) -> None:
            nonlocal is_replaced
            if is_replaced:
                return
            if message["type"] == "http.response.start" and self._is_bare_not_found(scope, message):
                is_replaced = True
                await (await _not_found(scope))(scope, receive, send_with_headers)
                return
            await send_with_headers(message)

        return send_or_replace

    @staticmethod
    def _is_bare_not_found(scope: Scope, message: Message) -> bool:
        """Whether the compiled app answered for an address it does not know: with a shell that says nothing."""
        return (
            message["status"] == 404
            and scope["method"] in ("GET", "HEAD")
            and not scope["path"].startswith((SANDBOX_PATH, "/api/"))
            and _is_html(message.get("headers", []))
        )

    def _complete(self, scope: Scope, message: MutableMapping[str, Any]) -> None:
        headers: list[tuple[bytes, bytes]] = _varied_once(message.get("headers", ()))
        present = {name.lower() for name, _ in headers}

        def add(name: bytes, value: bytes) -> None:
            if name not in present:
                headers.append((name, value))

        add(*NO_SNIFFING)
        if self._settings.uses_sandbox and scope["path"].startswith(SANDBOX_PATH):
            # The stand-ins are other companies' pages: one of them shows a bank's challenge in a frame of ours.
            message["headers"] = headers
            return
        for name, value in self._common:
            add(name, value)
        is_page = _is_html(headers) or (message["status"] == 304 and not scope["path"].startswith(FILES))
        add(b"content-security-policy", self._policy.for_host(_header(scope, b"host")) if is_page else FILE_POLICY)
        if _is_html(headers) or (message["status"] == 304 and "text/html" in _header(scope, b"accept")):
            add(b"cache-control", b"private, no-cache")
            if is_personal(scope["path"]):
                add(*NOT_FOR_ROBOTS)
            # A shared cache that keeps an answer would hand one guest's cookie, and cart, to others.
            is_kept = any(name.lower() == b"cache-control" and b"public" in value for name, value in headers)
            if message["status"] < 500 and not is_kept and not _cookie(scope, GUEST_COOKIE):
                headers.append((b"set-cookie", self._guest_cookie(new_token())))
        elif scope["path"].startswith(("/assets/", "/fonts/")) and message["status"] in (200, 304):
            add(b"cache-control", b"public, max-age=31536000, immutable")
        message["headers"] = headers

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        send = refusing(send, (*self._common, NO_SNIFFING, (b"content-security-policy", FILE_POLICY)))
        if not self._is_same_origin(scope):
            await send({"type": "websocket.close", "code": 1008})  # before accept: answered 403
            return
        cookies = read_cookies(_header(scope, b"cookie"))
        if not cookies.get(GUEST_COOKIE) and _header(scope, b"origin"):
            await self._send_guest_away(send)
            return
        bound = {**scope, "query_string": bind_tab(scope["query_string"], cookies)}
        await self._app(bound, *limited(receive, send))

    async def _send_guest_away(self, send: Send) -> None:
        """Answer a browser's handshake without the guest's cookie by that cookie; it comes back with it at once.

        The page came without the cookie (from a cache, or cookies were cleared since). It cannot ride on an accepted
        handshake: granian sends no headers with one. A browser that takes no cookie from a refusal gets it from the
        request that the connection banner makes.
        """
        headers = [(b"set-cookie", self._guest_cookie(new_token())), (b"content-length", b"0")]
        await send({"type": "websocket.http.response.start", "status": 401, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": b""})

    def _is_same_origin(self, scope: Scope) -> bool:
        origin = _header(scope, b"origin")
        if not origin:  # not a browser: it carries no one's cookies
            return True
        return is_origin_of(origin, _header(scope, b"host")) or origin == self._settings.public_url

    def _guest_cookie(self, token: str) -> bytes:
        secure = "; Secure" if self._settings.public_url.startswith("https://") else ""
        return (
            f"{GUEST_COOKIE}={token}; Path=/; Max-Age={GUEST_COOKIE_SECONDS}; HttpOnly; SameSite=Lax{secure}".encode()
        )


async def _not_found(scope: Scope) -> Response:
    try:
        return answer_page(await not_found_page(), Request(scope))
    except UnavailableError:
        return unreachable_page(scope)


def bind_tab(query_string: bytes, cookies: Mapping[str, str]) -> bytes:
    """Return the query of a websocket's address with a tab token that only these cookies lead to.

    Reflex keeps a tab's state under a token that the page chose and that stands in addresses, hence in logs. Mixed with
    the cookies it opens nothing by itself, and after signing in or out the same tab begins with an empty state.
    """
    query = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
    secrets = "|".join(cookies.get(name, "") for name in (SESSION_COOKIE, GUEST_COOKIE))

    def bind(token: str) -> str:
        return str(uuid.UUID(hashlib.sha256(f"{token}|{secrets}".encode()).hexdigest()[:32]))

    bound = [(name, bind(value) if name == "token" else value) for name, value in query]
    return urlencode(bound).encode()


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


def _cookie(scope: Scope, name: str) -> str:
    return read_cookies(_header(scope, b"cookie")).get(name, "")


def _is_html(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers)


def _varied_once(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers that name each thing an answer varies by once, and the origin not at all.

    Reflex lets the API and the app around it name the origin, each for itself; the latter is outside of this.
    """
    kept, names = list[tuple[bytes, bytes]](), dict[bytes, bytes]()
    for name, value in headers:
        if name.lower() == b"vary":
            names |= {one.strip().lower(): one.strip() for one in value.split(b",")}
        else:
            kept.append((name, value))
    names.pop(b"origin", None)
    return [*kept, (b"vary", b", ".join(names.values()))] if names else kept
