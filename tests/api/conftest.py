"""The API over ASGI, on a database of the test's own."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from shophub.api.app import create_api
from shophub.services import throttles


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The API. Which routes there are is worked out with its first request, which takes longer than most tests."""
    return create_api()


@pytest_asyncio.fixture
async def api(database: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that keeps cookies and, like a browser, says that it comes from the shop's own pages."""
    await throttles.reset()
    transport = httpx.ASGITransport(app, client=("192.0.2.1", 50000))
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers) as client:
        yield client
    await throttles.reset()
