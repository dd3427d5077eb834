"""How many SQL statements a public page costs, and that a page that was just made costs none."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import event

from shophub.api.app import create_api
from shophub.api.storefront.routes import cache, router
from shophub.db import get_database, transaction
from shophub.lib.frontend_export import export_if_changed
from shophub.services import maintenance
from tests.e2e.shop_server import PROJECT
from tests.factories.catalog import make_category, make_product


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give a list that fills with every statement of this process."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = get_database().engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest_asyncio.fixture
async def pages(database: str) -> AsyncIterator[httpx.AsyncClient]:
    """The public pages over ASGI, with a small catalogue and an empty cache."""
    export_if_changed(PROJECT, os.environ)
    async with transaction() as session:
        category = await make_category(session, slug="things")
        for _ in range(30):
            await make_product(session, category=category)
        await make_product(session, slug="lamp", category=category, options={"Size": ["S", "M"]})
    api = create_api()
    api.include_router(router)
    cache.clear()
    await maintenance.find_closed()  # asked for once a second, whatever is read
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://localhost:3000") as client:
        yield client
    cache.clear()


@pytest.mark.parametrize(
    ("path", "most"), [("/products/lamp", 3), ("/products", 3), ("/categories/things?page=2", 3), ("/", 5)]
)
async def test_page_keeps_its_budget_of_statements(path: str, most: int, pages: httpx.AsyncClient) -> None:
    with counted() as first:
        answer = await pages.get(path)
    with counted() as second:
        again = await pages.get(path)

    assert answer.status_code == 200
    assert 0 < len(first) <= most
    assert second == []
    assert again.text == answer.text


async def test_what_a_campaign_writes_into_an_address_makes_no_other_page(pages: httpx.AsyncClient) -> None:
    await pages.get("/products/lamp?Size=M")
    with counted() as of_campaigns:
        for number in range(3):
            answer = await pages.get(f"/products/lamp?utm_source=letter-{number}&Size=M&fbclid=x{number}")
            assert answer.status_code == 200
    with counted() as of_another:
        small = await pages.get("/products/lamp?size=S")

    assert of_campaigns == []
    assert of_another != []  # in whatever letters the option is written
    assert small.text != answer.text


async def test_missing_product_is_a_helpful_404(pages: httpx.AsyncClient) -> None:
    missing = await pages.get("/products/none")

    assert missing.status_code == 404
    assert "This page is not here" in missing.text
