"""The shop's HTTP doors without its pages, as a process for the benchmark of webhooks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from shophub.api.app import create_api
from shophub.db import close_database


@asynccontextmanager
async def _closing(_app: FastAPI) -> AsyncIterator[None]:
    yield
    await close_database()


def create() -> FastAPI:
    """Return the application, as granian starts it."""
    api = create_api()
    api.router.lifespan_context = _closing
    return api
