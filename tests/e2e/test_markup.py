"""Markup in every text that people write, on every page, in a browser that would run it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from shophub.db import transaction
from shophub.services import sessions
from tests.databases import TestServer
from tests.e2e.conftest import go_live
from tests.e2e.shop_server import ShopServer
from tests.security.poison import EVIL, World, make_world

ODD = quote(EVIL, safe="")
GUEST_PAGES = ("/", "/products", "/products/lamp", "/categories/lamps", "/search?q=lamp", f"/search?q={ODD}", "/cart",
               "/contact", "/terms", f"/login?error={ODD}&next=%2F{ODD}", "/register", f"/products/{ODD}", f"/{ODD}",
               f"/products/lamp?Size={ODD}", f"/?notice={ODD}&verified={ODD}")  # fmt: skip
CUSTOMER_PAGES = ("/", "/cart", "/orders", "/checkout", "/account", "/account/security")
SHOWS_IT = ("/products", "/products/lamp", "/categories/lamps", "/orders", "/terms")
# What tries something as a picture does so when that cannot be had.
LOADED = "[...document.images].every((one) => one.complete || one.loading === 'lazy')"


@pytest.fixture(scope="module")
def evil_shop(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopServer]:
    """A shop for texts that try something."""
    with database_server.clone() as url:
        with ShopServer(url, Path(tmp_path_factory.mktemp("evil"))).running() as server:
            yield server


@pytest_asyncio.fixture
async def world(evil_shop: ShopServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """What is in it."""
    async with evil_shop.looked_at(monkeypatch):
        yield await make_world()


async def look(page: Page, path: str, dialogs: list[str]) -> str:
    """Open a page, wait until it is live, and see that nothing of the texts has become part of it."""
    await go_live(page, path)
    await page.wait_for_function("!document.querySelector('main').innerText.includes('Loading')")
    await page.wait_for_function(LOADED)
    found = await page.evaluate("""() => ({
        hacked: typeof hacked !== "undefined",
        made: document.querySelectorAll('[onerror], img[src="x"], a[href^="javascript:"]').length,
        text: document.body.innerText,
    })""")
    assert (found["hacked"], found["made"], dialogs) == (False, 0, []), path
    return " ".join(str(found["text"]).split())


@pytest.mark.browser
async def test_known_failure_34_no_page_runs_what_somebody_wrote(
    chromium: Browser, evil_shop: ShopServer, world: World
):
    """Known failure 34: a name with markup in it runs in a page, the admin's included."""
    order_page = f"/orders/{world.order}"
    visitors = [(None, GUEST_PAGES)]
    async with transaction() as session:
        for user_id, pages in ((world.customer_id, (*CUSTOMER_PAGES, order_page)), (world.staff_id, (order_page,))):
            visitors.append((await sessions.start(session, user_id), pages))
    dialogs: list[str] = []
    for token, pages in visitors:
        context = await chromium.new_context(base_url=evil_shop.url)
        if token:
            await context.add_cookies([{"name": "shophub_session", "value": token, "url": evil_shop.url}])
        page = await context.new_page()
        page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        for path in pages:
            text = await look(page, path, dialogs)
            if path in SHOWS_IT or path == order_page or (path == "/cart" and token):
                assert "<img src=x" in text, path
        await context.close()
