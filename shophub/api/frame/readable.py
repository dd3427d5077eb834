"""Addresses that hold NUL, which no text of the shop's has and PostgreSQL refuses."""

from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from shophub.api.errors import error_answer
from shophub.api.frame import is_api


class Readable:
    """Refuses them with 400 before anything is looked up."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        query: bytes = scope.get("query_string", b"")
        if is_api(scope) and ("\x00" in scope["path"] or b"%00" in query or b"\x00" in query):
            details = [
                {"field": "path" if "\x00" in scope["path"] else "query", "message": "holds a character that is none"}
            ]
            answer = error_answer(HTTPStatus.BAD_REQUEST, "Some of the data is not valid.", "invalid_data", details)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)
