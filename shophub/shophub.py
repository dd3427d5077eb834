"""The composition root: the Reflex app, the routes in front of it and the tasks beside it."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import reflex as rx
from starlette.types import ASGIApp, Receive, Scope, Send

from shophub.api.app import create_api
from shophub.api.catalogue_cache import answers as kept_answers
from shophub.api.storefront.information import router as information
from shophub.api.storefront.routes import cache as page_cache
from shophub.api.storefront.routes import router as storefront
from shophub.api.storefront.sitemaps import router as sitemaps
from shophub.api.storefront.wishlists import router as wishlists
from shophub.api.web.closing import ClosableWebsockets
from shophub.api.web.page_files import PageFiles
from shophub.api.web.wrapper import WebWrapper
from shophub.components.store.banner import connection_banner
from shophub.components.store.frame import live_regions
from shophub.components.store.page_failure import error_boundary
from shophub.db import close_database, database_url
from shophub.lib.logging import configure_logging
from shophub.pages.routes import add_pages
from shophub.sandbox.app import create_sandbox_app
from shophub.sandbox.app import lifespan as sandbox_lifespan
from shophub.sandbox.config import SandboxConfig
from shophub.services import visits
from shophub.services.live import Notice
from shophub.settings import Settings, get_settings
from shophub.state.admin_guard import AdminGuard
from shophub.state.ended_sessions import SessionWatch
from shophub.state.failures import note_page_failure, show_failure
from shophub.state.gate import stand_before
from shophub.state.live import follower
from shophub.state.maintenance_guard import MaintenanceGuard


class Sandboxes:
    """The stand-ins below ``/sandbox``. They exist while the app runs: importing this module opens no database."""

    def __init__(self, settings: Settings) -> None:
        """Keep what their configuration comes from."""
        self._settings = settings
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if self._app is None:
            raise RuntimeError("The sandboxes have not been started.")
        await self._app(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep them running inside the block."""
        settings = self._settings
        sandboxes = create_sandbox_app(
            SandboxConfig(
                database_url=database_url(),
                data_dir=settings.data_dir / "sandbox",
                webhook_url=f"http://127.0.0.1:{settings.port}/api/webhooks/stripe",
                webhook_secret=settings.stripe_webhook_secret.get_secret_value(),
            )
        )
        async with sandbox_lifespan(sandboxes):
            self._app = sandboxes
            yield


@asynccontextmanager
async def logs() -> AsyncIterator[None]:
    """Have all that this process logs look through first; a traceback's own printer would show local variables."""
    configure_logging(json_lines=get_settings().is_production)
    yield


@asynccontextmanager
async def database() -> AsyncIterator[None]:
    """Close the database's connections when the app stops."""
    yield
    await close_database()


def drop_changed(notice: Notice | None) -> None:
    """Drop kept pages and answers that a notice makes untrue."""
    page_cache.hear(notice)
    kept_answers.hear(notice)


@asynccontextmanager
async def lasting_objects() -> AsyncIterator[None]:
    """Take what was made until now out of the garbage collector's sight: it lives as long as the process.

    Looking through all of it, pages and tables included, holds every request up for some 200 ms, again and again.
    """
    gc.collect()
    gc.freeze()
    yield


settings = get_settings()
api = create_api()
api.include_router(storefront)
api.include_router(wishlists)
api.include_router(sitemaps)
api.include_router(information)

app = rx.App(
    stylesheets=["theme.css"],
    html_lang="en",
    toaster=rx.toast.provider(
        position="bottom-center", close_button=True, rich_colors=False, expand=False, duration=6000
    ),
    head_components=[
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(
            rel="preload",
            href="/fonts/figtree-latin.woff2",
            custom_attrs={"as": "font", "type": "font/woff2", "crossOrigin": "anonymous"},
        ),
    ],
    api_transformer=[PageFiles, api, WebWrapper, ClosableWebsockets],
    backend_exception_handler=show_failure,
    frontend_exception_handler=note_page_failure,
)
app.app_wraps[(55, "ErrorBoundary")] = error_boundary
app.app_wraps[(5, "Overlay")] = lambda stateful: rx.fragment(live_regions(), connection_banner()) if stateful else None
add_pages(app)
app.add_middleware(SessionWatch(), index=0)
app.add_middleware(MaintenanceGuard())
app.add_middleware(AdminGuard())
stand_before(app)

app.register_lifespan_task(logs)
app.register_lifespan_task(database)
app.register_lifespan_task(visits.writing)
if settings.uses_sandbox:
    sandboxes = Sandboxes(settings)
    api.mount("/sandbox", sandboxes)
    app.register_lifespan_task(sandboxes.running)
app.register_lifespan_task(follower(app, drop_changed))
app.register_lifespan_task(lasting_objects)
