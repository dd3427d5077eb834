"""Those who call the API: a guest and people with accounts, on a database of the test's own."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.services import throttles
from tests.api.rest.caller import Caller, sign_in
from tests.api.rest.mugs import MUG
from tests.factories import make_category


@pytest.fixture(scope="session")
def description(app: FastAPI) -> dict[str, Any]:
    """The API as it describes itself."""
    return app.openapi()


@pytest_asyncio.fixture
async def guest(database: str, app: FastAPI, description: dict[str, Any]) -> AsyncIterator[Caller]:
    """A program without an account that keeps its cookies; it says that it comes from the shop's own pages."""
    await throttles.reset()
    transport = httpx.ASGITransport(app, client=("192.0.2.1", 50000))
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers) as client:
        yield Caller(client, description)
    await throttles.reset()


@pytest_asyncio.fixture
async def customer(guest: Caller) -> Caller:
    """Somebody with an account."""
    return await sign_in(guest)


@pytest_asyncio.fixture
async def other(guest: Caller) -> Caller:
    """Somebody else with an account."""
    return await sign_in(guest)


@pytest_asyncio.fixture
async def admin(guest: Caller) -> Caller:
    """One of the staff."""
    return await sign_in(guest, Role.ADMIN)


@pytest_asyncio.fixture
async def owner(guest: Caller) -> Caller:
    """Who runs the store."""
    return await sign_in(guest, Role.SUPER_ADMIN)


@pytest_asyncio.fixture
async def mugs(database: str) -> UUID:
    """The category that products are made in."""
    async with transaction() as session:
        return (await make_category(session, slug="mugs", name="Mugs")).id


@pytest_asyncio.fixture
async def mug(admin: Caller, mugs: UUID) -> dict[str, Any]:
    """A product that was just made."""
    made: dict[str, Any] = await admin.answers("POST /api/admin/products", 201, json={**MUG, "sku": "MUG"})
    return made
