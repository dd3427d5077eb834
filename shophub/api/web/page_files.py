"""Clean addresses for compiled pages.

The build has ``login.html`` and ``login/index.html``. Left alone, the static files answer ``/login`` with a redirect to
``/login/``: a second address for every page, and a round trip.
"""

from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from shophub.lib.frontend_build import client_dir
from shophub.settings import PROJECT_ROOT


class PageFiles:
    """Serves ``/login`` from ``login.html``, and sends ``/login/`` there."""

    def __init__(self, app: ASGIApp, web_dir: Path = PROJECT_ROOT / ".web") -> None:
        """Wrap the compiled app; the build is looked at with the first request."""
        self._app = app
        self._folder = client_dir(web_dir)

    @cached_property
    def _pages(self) -> frozenset[str]:
        files = (path.relative_to(self._folder) for path in self._folder.rglob("*.html") if path.name != "index.html")
        return frozenset("/" + file.with_suffix("").as_posix() for file in files)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            path: str = scope["path"]
            if path in self._pages:
                scope = {**scope, "path": f"{path}.html", "raw_path": f"{path}.html".encode()}
            elif len(path) > 1 and path.endswith("/") and path.rstrip("/") in self._pages:
                query = scope["query_string"].decode("latin-1")
                target = quote(path.rstrip("/")) + (f"?{query}" if query else "")
                await RedirectResponse(target, 308)(scope, receive, send)
                return
        await self._app(scope, receive, send)
