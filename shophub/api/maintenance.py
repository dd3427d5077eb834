"""During maintenance the server answers 503 for all but the staff, sign-in, webhooks and health."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shophub.api.bare_pages import bare_page
from shophub.api.dependencies import bearer_token
from shophub.api.errors import error_answer
from shophub.db import transaction
from shophub.errors import UnavailableError
from shophub.schemas.stores import StoreView
from shophub.services import maintenance, visitors

# What signing in takes, also for somebody who has forgotten the password.
SIGN_IN = frozenset(
    {"/login", "/forgot-password", "/reset-password", "/auth/login", "/auth/code", "/auth/restart", "/auth/logout",
     "/auth/forgot-password", "/auth/reset-password", "/auth/step-up"}
)  # fmt: skip
HEALTH = frozenset({"/api/health", "/api/monitoring/health", "/metrics"})
# Files of the build hold nothing of the shop; the stand-ins are other companies; a live connection is asked per event.
OPEN_BELOW = ("/api/auth/", "/api/webhooks/", "/assets/", "/fonts/", "/favicon.svg", "/sandbox/", "/_event")


def stays_open(path: str) -> bool:
    """Return whether an address answers during maintenance as at any other time."""
    return path in SIGN_IN or path in HEALTH or path.startswith(OPEN_BELOW)


class MaintenanceGate:
    """Stands before every route and page."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or say that the shop is closed."""
        if scope["type"] != "http" or stays_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        store = await maintenance.find_closed()
        if store is None or await _works_here(Request(scope)):
            await self._app(scope, receive, send)
            return
        await _closed(scope["path"], store)(scope, receive, send)


async def _works_here(request: Request) -> bool:
    bearer, cookies = bearer_token(request), request.headers.get("cookie", "")
    try:
        async with transaction() as session:
            if bearer:
                visitor = await visitors.identify_token(session, bearer)
            else:
                visitor = await visitors.identify(session, cookies)
    except UnavailableError:
        return False
    return maintenance.may_enter(visitor)


def _closed(path: str, store: StoreView) -> Response:
    headers = {"Retry-After": str(maintenance.RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    message = maintenance.message_of(store)
    if path.startswith("/api/"):
        return error_answer(HTTPStatus.SERVICE_UNAVAILABLE, message, "maintenance", None, headers)
    return bare_page("maintenance.html", HTTPStatus.SERVICE_UNAVAILABLE, headers=headers, message=message)
