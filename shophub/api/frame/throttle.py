"""How many requests a caller of the API has left."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shophub.api.dependencies import SAFE_METHODS, bearer_of
from shophub.api.errors import answer_of
from shophub.api.frame import HEALTH, WEBHOOKS, is_api
from shophub.errors import ThrottledError
from shophub.services import callers, throttles


class Throttle:
    """Counts each request of a caller, reads and the rest apart, and says with each answer how many are left.

    Not counted: the payment provider, which signs what it sends and comes in bursts, and who asks for a sign of life.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or say when the next will be heard."""
        caller = await _caller(scope) if is_api(scope) and not _is_free(scope["path"]) else ""
        if not caller:
            await self._app(scope, receive, send)
            return
        quota = await throttles.count_call(caller, is_read=scope["method"] in SAFE_METHODS)

        async def send_with_quota(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Limit"] = str(quota.limit)
                headers["RateLimit-Remaining"] = str(quota.remaining)
                headers["RateLimit-Reset"] = str(quota.reset_seconds)
            await send(message)

        if quota.is_used_up:
            error = ThrottledError("Too many requests. Please wait before you send more.", quota.reset_seconds)
            await answer_of(error)(scope, receive, send_with_quota)
            return
        await self._app(scope, receive, send_with_quota)


def _is_free(path: str) -> bool:
    return path.startswith(WEBHOOKS) or path == HEALTH


async def _caller(scope: Scope) -> str:
    headers = Headers(scope=scope)
    client = scope.get("client")
    return await callers.counted_as(
        bearer_of(headers.get("authorization", "")), headers.get("cookie", ""), client[0] if client else ""
    )
