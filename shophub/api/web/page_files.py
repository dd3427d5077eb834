"""Clean addresses for compiled pages.

The build has ``login.html`` and ``login/index.html``. Left alone, the static files answer ``/login`` with a redirect to
``/login/``: a second address for every page, and a round trip. ``/products/chair/`` and ``/404`` would be answered by
an empty page and status 200.
"""

from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shophub.lib.frontend_build import client_dir
from shophub.settings import PROJECT_ROOT

# What is behind these knows its own addresses.
PROGRAMS = ("/api/", "/auth/", "/sandbox/", "/_")
SHELLS = frozenset({"/404", "/__spa-fallback"})


class PageFiles:
    """Serves ``/login`` from ``login.html``, and sends ``/login/`` and ``/login.html`` there; shells are no pages."""

    def __init__(self, app: ASGIApp, web_dir: Path = PROJECT_ROOT / ".web") -> None:
        """Wrap the compiled app; the build is looked at with the first request."""
        self._app = app
        self._folder = client_dir(web_dir)

    @cached_property
    def _pages(self) -> frozenset[str]:
        files = (path.relative_to(self._folder) for path in self._folder.rglob("*.html") if path.name != "index.html")
        return frozenset("/" + file.with_suffix("").as_posix() for file in files) - SHELLS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            path: str = scope["path"]
            proper = self._proper(path)
            if proper != path:
                query = scope["query_string"].decode("latin-1")
                await RedirectResponse(quote(proper) + (f"?{query}" if query else ""), 308)(scope, receive, send)
                return
            if path in SHELLS:
                await Response(status_code=404, media_type="text/html")(scope, receive, send)
                return
            if path in self._pages:
                scope = {**scope, "path": f"{path}.html", "raw_path": f"{path}.html".encode()}
        await self._app(scope, receive, send)

    def _proper(self, path: str) -> str:
        """Return the one address of what ``path`` may stand for."""
        if path.removesuffix(".html") in SHELLS:
            return path.removesuffix(".html")
        if path.startswith(PROGRAMS) or path == "/":
            return path
        # All slashes in front but one go as well: what follows two would be read as another host.
        proper = "/" + path.strip("/") if path.endswith("/") else path
        if proper == "/index.html":
            return "/"
        page = proper.removesuffix(".html")
        return page if page in self._pages else proper
