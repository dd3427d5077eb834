"""Answers of the API are sent compressed to whoever takes that."""

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from shophub.api.frame import is_api

# Below this a packet holds it anyhow.
MIN_BYTES = 500


class Compression:
    """Brotli or gzip. What a route has encoded itself passes as it is, and so do pages, which keep theirs finished."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app
        self._compressing = CompressMiddleware(app, minimum_size=MIN_BYTES, zstd=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await (self._compressing if is_api(scope) else self._app)(scope, receive, send)
