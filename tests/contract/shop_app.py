"""The shop without its pages, as it is served to programs: routes, frame, and the stand-ins below ``/sandbox``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from shophub.api.app import create_api
from shophub.api.web.wrapper import WebWrapper
from shophub.db import close_database, database_url
from shophub.lib.logging import configure_logging
from shophub.sandbox.app import SandboxApp, create_sandbox_app
from shophub.sandbox.app import lifespan as sandbox_lifespan
from shophub.sandbox.config import SandboxConfig
from shophub.settings import get_settings


def create() -> ASGIApp:
    """Return the app, as granian starts it."""
    api = create_api()
    sandboxes = _sandboxes()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        configure_logging(json_lines=False)
        async with sandbox_lifespan(sandboxes):
            yield
        await close_database()

    api.router.lifespan_context = lifespan
    api.mount("/sandbox", sandboxes)
    return WebWrapper(api)


def _sandboxes() -> SandboxApp:
    settings = get_settings()
    return create_sandbox_app(
        SandboxConfig(
            database_url=database_url(),
            data_dir=settings.data_dir / "sandbox",
            webhook_url=f"http://127.0.0.1:{settings.port}/api/webhooks/stripe",
            webhook_secret=settings.stripe_webhook_secret.get_secret_value(),
        )
    )
