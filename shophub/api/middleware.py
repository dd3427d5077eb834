"""What stands around every HTTP request. Plain ASGI: websockets and files sent by the server pass untouched."""

import asyncio
import re
from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shophub.api.bare_pages import broken_page, wants_page
from shophub.api.cookies import session_cookie
from shophub.api.errors import error_answer
from shophub.lib.clock import utc_now
from shophub.lib.cookies import read_cookies
from shophub.lib.ids import new_id
from shophub.lib.network import IPNetwork, client_address
from shophub.services import sessions
from shophub.settings import Settings

# Asked for under whatever name; no answer of theirs holds one.
ASKED_FROM_INSIDE = frozenset({"/api/health", "/metrics"})
MAX_BODY_BYTES = 1024 * 1024
# Pictures are up to 5 MB; a form around one adds a little.
MAX_UPLOAD_BYTES = 6 * 1024 * 1024
DRAIN_BYTES = 16 * 1024 * 1024
DRAIN_SECONDS = 20
# Tables of products are up to 16 MB.
MAX_TABLE_BYTES = 17 * 1024 * 1024
_UPLOADS = {
    "/api/admin/imports": MAX_TABLE_BYTES,
    "/api/admin/upload": MAX_UPLOAD_BYTES,
    "/_upload": MAX_UPLOAD_BYTES,
    "/sandbox/": MAX_UPLOAD_BYTES,
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

log = structlog.get_logger(__name__)


class _TooLargeError(HTTPException):
    """The body outgrew its limit. An ``HTTPException``, because FastAPI takes any other for an unreadable body."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


class ClientAddress:
    """Puts the real network address in the place of a trusted proxy's, for routes and live connections alike."""

    def __init__(self, app: ASGIApp, trusted_proxies: Sequence[IPNetwork]) -> None:
        """Wrap ``app``; without trusted proxies the peer is who it says."""
        self._app = app
        self._trusted_proxies = trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request or connection on."""
        client = scope.get("client")
        if client and self._trusted_proxies:
            forwarded_for = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
            address = client_address(client[0], forwarded_for, self._trusted_proxies)
            scope = {**scope, "client": (address or client[0], client[1])}
        await self._app(scope, receive, send)


class KnownHosts:
    """Refuses requests for a host that is not the shop's with 400: a forged one must not end up in a cache or a link.

    In production only. Health check and metrics, asked for from inside under whatever name, pass.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Wrap ``app``; known are the host of ``public_url`` and ``allowed_hosts``."""
        self._app = app
        own = urlsplit(settings.public_url).hostname or ""
        self._known = frozenset({own, *settings.allowed_hosts}) if settings.is_production else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is meant for the shop."""
        kind = scope["type"]
        if self._known is None or kind not in {"http", "websocket"} or scope["path"] in ASKED_FROM_INSIDE:
            await self._app(scope, receive, send)
        elif _host_name(Headers(scope=scope).get("host", "")) in self._known:
            await self._app(scope, receive, send)
        elif kind == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await error_answer(400, "No shop answers under this name.", "unknown_host")(scope, receive, send)


class RequestNames:
    """Names each request: in its answer and in every line of the log about it."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_id().hex

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._app(scope, receive, send_with_id)


class RequestGuard:
    """Limits each request's body, and answers for errors that nobody foresaw."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        limit = next((size for path, size in _UPLOADS.items() if scope["path"].startswith(path)), MAX_BODY_BYTES)
        try:
            if _declared_length(Headers(scope=scope)) > limit:
                raise _TooLargeError
            await self._app(scope, _limited(receive, limit), send_watched)
        except _TooLargeError:
            if not has_begun:
                await _drain(receive)
                await error_answer(413, "That is too large.", "too_large")(scope, receive, send_watched)
        except Exception as error:  # the last line: whatever it is, the caller gets an answer and the log a place
            log.exception("request_failed", method=scope["method"], path=scope["path"], error_type=type(error).__name__)
            if has_begun:
                raise
            await _broken(scope)(scope, receive, send_watched)


def _broken(scope: Scope) -> Response:
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    if wants_page(scope):
        return broken_page(scope, request_id)
    sentence = "Something went wrong on our side. Please try again."
    return error_answer(HTTPStatus.INTERNAL_SERVER_ERROR, sentence, "internal_error", [{"requestId": request_id}])


class SessionRenewal:
    """Gives a session cookie that is more than a day old its full time again: 30 days count from the last visit.

    Asks no database: whether the session still lives is read from its row at every use.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        token = ""
        if scope["type"] == "http":
            token = read_cookies(Headers(scope=scope).get("cookie", "")).get(sessions.SESSION_COOKIE, "")
        if not token:
            await self._app(scope, receive, send)
            return

        async def send_renewed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _renew(message, token)
            await send(message)

        await self._app(scope, receive, send_renewed)


def _renew(message: MutableMapping[str, Any], token: str) -> None:
    headers = MutableHeaders(scope=message)
    if "public" in headers.get("cache-control", ""):  # a shared cache would hand it to others
        return
    if any(value.startswith(f"{sessions.SESSION_COOKIE}=") for value in headers.getlist("set-cookie")):
        return  # the route signs in or out
    fresh = sessions.renewed(token, utc_now())
    if fresh is not None:
        headers.append("set-cookie", session_cookie(fresh))


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _declared_length(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0


async def _drain(receive: Receive) -> None:
    """Take the rest of a refused body and drop it, within bounds: who is still sending would not hear the answer."""
    taken = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while taken < DRAIN_BYTES:
                message = await receive()
                taken += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body"):
                    return


def _limited(receive: Receive, limit: int) -> Receive:
    read = 0

    async def receive_limited() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > limit:
                raise _TooLargeError
        return message

    return receive_limited
