"""A browser in front of the built shop. Whatever its console complains of fails the test."""

import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from tests.databases import TestServer
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer
from tools.chromium import find

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# A busy machine is no failure; what comes at once does not wait.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def shop(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopServer]:
    """The built shop with a small catalogue on a database of its own."""
    with database_server.clone() as url:
        server = ShopServer(url, Path(tmp_path_factory.mktemp("shop")))
        try:
            server.start()
            server.run("tests.e2e.catalogue")
            yield server
        finally:
            server.stop()


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium for the run."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What consoles complained of; a test that provokes one takes it out."""
    return []


# What Chromium says of every visitor who leaves a page within its first moments.
LEFT_EARLY = "WebSocket is closed before the connection is established."


def listen(page: Page, complaints: list[str]) -> Page:
    """Collect what goes wrong in a page."""

    def hear(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not said.text.endswith(LEFT_EARLY):
            complaints.append(said.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


@pytest_asyncio.fixture
async def context(chromium: Browser, shop: ShopServer) -> AsyncIterator[BrowserContext]:
    """A visitor's browser, on a desk."""
    context = await chromium.new_context(base_url=shop.url, viewport=DESKTOP)
    context.set_default_timeout(20_000)
    yield context
    await context.close()


@pytest_asyncio.fixture
async def page(context: BrowserContext, complaints: list[str]) -> AsyncIterator[Page]:
    """A tab of the visitor's browser, whose console stays clean."""
    yield listen(await context.new_page(), complaints)
    assert complaints == []


@pytest_asyncio.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
async def tab(
    request: pytest.FixtureRequest, chromium: Browser, shop: ShopServer, complaints: list[str]
) -> AsyncIterator[Page]:
    """A tab on a desk, and again on a phone; its console stays clean."""
    context = await chromium.new_context(base_url=shop.url, viewport=request.param)
    context.set_default_timeout(20_000)
    yield listen(await context.new_page(), complaints)
    await context.close()
    assert complaints == []


async def go_live(page: Page, path: str) -> None:
    """Open a page and wait until the live one has taken over from the server's HTML."""
    await page.goto(path)
    await page.wait_for_function("!document.querySelector('[data-ssr]') && document.querySelector('main h1')")
    await page.wait_for_function("sessionStorage.getItem('token')")


@pytest.fixture(scope="session")
def worker(shop: ShopServer) -> Iterator[None]:
    """The shop's worker: e-mails, and what comes round by the clock."""
    process = shop.start_worker()
    yield
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture
def records(shop: ShopServer, worker: None) -> Iterator[Records]:
    """The shop's records, which add up after the test."""
    records = Records(shop)
    yield records
    records.check_books()
    records.close()


@pytest.fixture
def quiet_log(shop: ShopServer) -> Iterator[None]:
    """The shop and its worker complain of nothing meanwhile; an alert is no complaint."""
    before = shop.log.stat().st_size
    yield
    with shop.log.open("rb") as log:
        log.seek(before)
        said = log.read().decode(errors="replace").splitlines()
    assert [line for line in said if "Traceback" in line or ("[error" in line and "] alert " not in line)] == []


OpenTab = Callable[[], Awaitable[Page]]


@pytest_asyncio.fixture
async def open_tab(chromium: Browser, shop: ShopServer, complaints: list[str]) -> AsyncIterator[OpenTab]:
    """Opens a tab in a browser of its own, as another person has; its console stays clean too."""
    async with AsyncExitStack() as stack:

        async def open_another() -> Page:
            context = await chromium.new_context(base_url=shop.url, viewport=DESKTOP)
            stack.push_async_callback(context.close)
            context.set_default_timeout(20_000)
            return listen(await context.new_page(), complaints)

        yield open_another
    assert complaints == []
