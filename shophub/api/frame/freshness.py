"""How long answers of the API may be kept, and 304 for who has one already."""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shophub.api.caching import is_known, weak_tag
from shophub.api.frame import is_api

# What an answer without a body does not have.
_OF_BODIES = ("content-length", "content-type", "content-encoding")


class Freshness:
    """Tags what is read, and says of every answer who may keep it.

    A read belongs to its caller, who asks again before using it once more; a route that knows better says so itself.
    Errors, and answers to what changes something, are kept by nobody.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if is_api(scope):
            await self._app(scope, receive, _Answer(scope, send))
        else:
            await self._app(scope, receive, send)


class _Answer:
    """An answer on its way out: its beginning waits for its body, which the tag is made of."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._is_read = scope["method"] in ("GET", "HEAD")
        self._known = Headers(scope=scope).get("if-none-match", "") if scope["method"] == "GET" else ""
        self._beginning: Message | None = None
        self._is_unchanged = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            is_good = self._is_read and message["status"] < HTTPStatus.BAD_REQUEST
            headers.setdefault("Cache-Control", "private, no-cache" if is_good else "no-store")
            if self._is_read and message["status"] == HTTPStatus.OK and _is_json(headers):
                self._beginning = message
            else:
                await self._send(message)
        elif self._beginning is not None:
            beginning, self._beginning = self._beginning, None
            await self._begin(beginning, message)
        elif not self._is_unchanged:
            await self._send(message)

    async def _begin(self, beginning: Message, message: Message) -> None:
        headers = MutableHeaders(scope=beginning)
        is_whole = message["type"] == "http.response.body" and not message.get("more_body")
        if is_whole and "etag" not in headers:
            headers["ETag"] = weak_tag(message.get("body", b""))
        if self._known and is_known(headers.get("etag", ""), self._known):
            self._is_unchanged = True
            for name in _OF_BODIES:
                del headers[name]
            if "accept-encoding" not in headers.get("vary", "").lower():  # said of the answer itself by Compression
                headers.add_vary_header("Accept-Encoding")
            await self._send({**beginning, "status": HTTPStatus.NOT_MODIFIED.value})
            await self._send({"type": "http.response.body", "body": b""})
            return
        await self._send(beginning)
        await self._send(message)


def _is_json(headers: Headers) -> bool:
    return headers.get("content-type", "").startswith("application/json")
