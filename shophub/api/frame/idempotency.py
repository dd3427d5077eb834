"""``Idempotency-Key``: a request that is sent twice is done once, and answered the same both times."""

import re
from http import HTTPStatus

from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shophub.api.dependencies import bearer_of, current_visitor, require_same_origin
from shophub.api.description.refusals import needs_of
from shophub.api.errors import answer_of, error_answer
from shophub.api.frame import WEBHOOKS, is_api
from shophub.api.frame.taking import route_for
from shophub.db import transaction
from shophub.errors import ShopHubError
from shophub.services import authorisation
from shophub.services.flows import answer_once
from shophub.services.idempotency import Answer, Asked, Claim, Sender

HEADER = "Idempotency-Key"
REPLAYED = ("Idempotency-Replayed", "true")
# What takes files is the staff's, and reads them only after it has asked who sends them.
UPLOADS = ("/api/admin/imports", "/api/admin/upload")
# Longer answers go out as they come and are not kept; none of the routes gives one.
MAX_KEPT_BYTES = 1024 * 1024
_READABLE = re.compile(r"[!-~]{1,200}")
_KEPT_HEADERS = frozenset({"content-type", "set-cookie", "location", "cache-control", "content-disposition"})
# Refusals before anything was done, which another try may get past: after signing in, entering a password, waiting.
_NOT_KEPT = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})


class Idempotency:
    """Stands before every route that takes POST, webhooks apart: those have names of their own."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request: do it, or give the answer of the first that was sent under its key."""
        keys = Headers(scope=scope).getlist(HEADER) if _takes_key(scope) else []
        route = route_for(scope) if keys else None
        if route is None:  # without a key, or nothing is done here: there is nothing to keep
            await self._app(scope, receive, send)
            return
        if len(keys) > 1 or not _READABLE.fullmatch(keys[0]):
            details = [{"field": HEADER, "message": "must be 1 to 200 visible characters of ASCII"}]
            answer = error_answer(HTTPStatus.BAD_REQUEST, "Some of the data is not valid.", "invalid_data", details)
            await answer(scope, receive, send)
            return
        if scope["path"].startswith(UPLOADS) and not await _may_send(scope, route):
            await self._app(scope, receive, send)  # refused before its body is read, which may be large
            return
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return
        try:
            claimed = await answer_once.claim(_asked(scope, keys[0], body))
        except ShopHubError as error:
            await answer_of(error)(scope, receive, send)
            return
        if isinstance(claimed, Answer):
            await _send(claimed, send)
        elif claimed is None:
            await self._app(scope, _again(body, receive), send)
        else:
            await self._answer(claimed, scope, _again(body, receive), send)

    async def _answer(self, claimed: Claim, scope: Scope, receive: Receive, send: Send) -> None:
        kept = _Kept(claimed, send)
        try:
            await self._app(scope, receive, kept)
        finally:
            await kept.close()


class _Kept:
    """An answer on its way out, held back until it is kept: who has heard it can rely on hearing it again."""

    def __init__(self, claimed: Claim, send: Send) -> None:
        self._claimed: Claim | None = claimed
        self._send = send
        self._held: list[Message] = []
        self._bytes = 0

    async def __call__(self, message: Message) -> None:
        if self._claimed is None:
            await self._send(message)
            return
        self._held.append(message)
        self._bytes += len(message.get("body", b""))
        is_body = message["type"] == "http.response.body"
        if is_body and message.get("more_body") and self._bytes <= MAX_KEPT_BYTES:
            return
        if message["type"] == "http.response.start":
            return
        if is_body and self._bytes <= MAX_KEPT_BYTES and _is_kept(self._held[0]["status"]):
            claimed, self._claimed = self._claimed, None
            headers = Headers(raw=list(self._held[0]["headers"]))
            await answer_once.keep(claimed, self._whole(headers), headers.getlist("set-cookie"))
        else:
            await self.close()
        for held in self._held:
            await self._send(held)
        self._held.clear()

    def _whole(self, headers: Headers) -> Answer:
        body = b"".join(message.get("body", b"") for message in self._held[1:])
        kept = tuple((name, value) for name, value in headers.items() if name in _KEPT_HEADERS)
        return Answer(self._held[0]["status"], kept, body)

    async def close(self) -> None:
        """Give the key back where nothing was kept under it."""
        claimed, self._claimed = self._claimed, None
        if claimed is not None:
            await answer_once.give_up(claimed)


def _takes_key(scope: Scope) -> bool:
    return is_api(scope) and scope["method"] == "POST" and not scope["path"].startswith(WEBHOOKS)


async def _may_send(scope: Scope, route: APIRoute) -> bool:
    """Return whether the route will take what this caller sends, as far as that shows before its body."""
    request = Request(scope)
    try:
        await require_same_origin(request)
        async with transaction() as session:
            visitor = await current_visitor(request, session)
            for need in needs_of(route):
                await authorisation.require(session, visitor, need.permission, step_up=need.step_up)
    except ShopHubError:
        return False
    return True


def _is_kept(status: int) -> bool:
    return status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _NOT_KEPT


def _asked(scope: Scope, key: str, body: bytes) -> Asked:
    headers = Headers(scope=scope)
    client = scope.get("client")
    sender = Sender(bearer_of(headers.get("authorization", "")), headers.get("cookie", ""), client[0] if client else "")
    query = scope.get("query_string", b"").decode("latin-1")
    return Asked(sender, scope["path"], f"{scope['path']}?{query}", key, body)


async def _send(answer: Answer, send: Send) -> None:
    length = () if answer.status == HTTPStatus.NO_CONTENT else (("content-length", str(len(answer.body))),)
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in (*answer.headers, *length, REPLAYED)
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a body that was read already, and after it whatever comes."""
    is_given = False

    async def receive_again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
