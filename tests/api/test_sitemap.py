"""What robots are told: every page that is theirs, none that is not, in files of a size that they accept."""

import re
from collections.abc import AsyncIterator
from xml.etree import ElementTree

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from shophub.api.app import create_api
from shophub.api.storefront.sitemaps import router
from shophub.db import transaction
from shophub.services import sitemap
from shophub.settings import get_settings
from tests.factories import make_category, make_product

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MANY = text("""
WITH made AS (
  INSERT INTO products (id, name, slug, category_id, status, updated_at)
  SELECT gen_random_uuid(), 'P', 'p-' || n, :category, 'active', now() FROM generate_series(1, :count) n RETURNING id)
INSERT INTO variants (id, product_id, sku, price_minor, updated_at)
SELECT gen_random_uuid(), id, 'S-' || id, 100, now() FROM made
""")


@pytest_asyncio.fixture
async def robot(database: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client that asks like a robot."""
    api = create_api()
    api.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://shop.test") as client:
        yield client


def entries(answer: httpx.Response, kind: str = "url") -> dict[str, str]:
    """Return the paths that a sitemap lists, with what it says of their last change."""
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    listed = ElementTree.fromstring(answer.text).findall(f"{NAMESPACE}{kind}")  # noqa: S314 - our own answer
    found = {}
    for entry in listed:
        address = entry.findtext(f"{NAMESPACE}loc") or ""
        assert address.startswith(get_settings().public_url + "/")
        found[address.removeprefix(get_settings().public_url)] = entry.findtext(f"{NAMESPACE}lastmod") or ""
    assert len(found) == len(listed)
    return found


async def test_sitemap_lists_what_is_on_sale_and_nothing_else(robot: httpx.AsyncClient) -> None:
    async with transaction() as session:
        category = await make_category(session, slug="lamps")
        await make_product(session, slug="lamp", category=category)
        for status in ("draft", "archived"):
            product = await make_product(session, slug=status, category=category)
            await session.execute(
                text("UPDATE products SET status = :status WHERE id = :id"), {"status": status, "id": product.id}
            )

    listed = entries(await robot.get("/sitemap.xml"))

    assert set(listed) == {*sitemap.FIXED, "/categories/lamps", "/products/lamp"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", listed["/products/lamp"])


async def test_sitemap_of_more_than_ten_thousand_products_has_parts(robot: httpx.AsyncClient) -> None:
    async with transaction() as session:
        category = await make_category(session, slug="lamps")
        await session.execute(text("ALTER TABLE products DISABLE TRIGGER product_search"))
        await session.execute(MANY, {"category": category.id, "count": 10_003})

    parts = entries(await robot.get("/sitemap.xml"), "sitemap")
    pages, *products = [entries(await robot.get(path)) for path in parts]

    assert next(iter(parts)) == "/sitemaps/pages.xml"
    assert all(parts.values())
    assert set(pages) == {*sitemap.FIXED, "/categories/lamps"}
    assert [len(part) for part in products] == [10_000, 3]
    assert set(products[0]) | set(products[1]) == {f"/products/p-{n}" for n in range(1, 10_004)}


async def test_pages_that_are_no_products_count_towards_the_size_of_a_part(database: str) -> None:
    async with transaction() as session:
        category = await make_category(session)
        for _ in range(3):
            await make_product(session, category=category)
    everything = len(sitemap.FIXED) + 1 + 3

    assert await sitemap.list_parts(everything) == []
    assert len(await sitemap.list_parts(everything - 1)) == 2


async def test_robots_find_the_sitemap_and_stay_out_of_what_is_no_page(robot: httpx.AsyncClient) -> None:
    lines = (await robot.get("/robots.txt")).text.splitlines()

    assert lines[0] == "User-agent: *"
    assert lines[1:4] == ["Disallow: /api/", "Disallow: /auth/", "Disallow: /sandbox/"]
    assert lines[-1] == f"Sitemap: {get_settings().public_url}/sitemap.xml"


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/sitemaps/pages.xml", "/api/health"])
async def test_head_is_answered_as_get_without_a_body(path: str, robot: httpx.AsyncClient) -> None:
    whole, head = await robot.get(path), await robot.head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert head.headers.get("cache-control") == whole.headers.get("cache-control")


async def test_part_that_never_was_is_no_page(robot: httpx.AsyncClient) -> None:
    assert (await robot.get("/sitemaps/products-none.xml")).status_code == 400
