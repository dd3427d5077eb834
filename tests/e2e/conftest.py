"""A browser in front of the built shop. Whatever its console complains of fails the test."""

import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from tests.databases import TestServer
from tests.e2e.goods import Goods
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


# One process for all tabs of a browser: what it has read of the shop's scripts is there for the next tab. Debian's
# Chromium would draw on a graphics card that is made up of software, and then copy what it drew. Pages live for a
# second or two: improving their machine code takes longer than it saves.
ARGUMENTS = ["--no-sandbox", "--process-per-site", "--disable-gpu", "--js-flags=--no-turbofan --no-maglev"]


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium for the run."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        yield browser
        await browser.close()


class Desks:
    """Browsers that know nobody, but have read the shop's scripts.

    One that has never seen the shop spends more time on reading the scripts than on all the rest of a page. So a
    browser is used by one test after the other, and emptied between them; a tab that stays open keeps its process.
    Who stops its clock or takes it off the line needs a ``cold_page``: that cannot be emptied.
    """

    def __init__(self, chromium: Browser, shop: ShopServer) -> None:
        """Have none yet."""
        self._chromium, self._shop = chromium, shop
        self._free: list[tuple[BrowserContext, Page]] = []

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[BrowserContext]:
        """Lend a browser."""
        context, keeper = self._free.pop() if self._free else await self._furnish()
        yield context
        for page in context.pages:
            if page is not keeper:
                await page.close()
        await context.clear_cookies()
        await context.clear_permissions()
        await context.set_offline(False)
        await keeper.evaluate("localStorage.clear()")
        self._free.append((context, keeper))  # one whose test failed on the way here is not lent again

    async def _furnish(self) -> tuple[BrowserContext, Page]:
        context = await self._chromium.new_context(base_url=self._shop.url, viewport=DESKTOP)
        context.set_default_timeout(20_000)
        keeper = await context.new_page()
        await keeper.goto("/robots.txt")
        return context, keeper


@pytest.fixture(scope="session")
def desks(chromium: Browser, shop: ShopServer) -> Desks:
    """The run's browsers."""
    return Desks(chromium, shop)


@pytest.fixture
def complaints() -> list[str]:
    """What consoles complained of; a test that provokes one takes it out."""
    return []


# What Chromium says of every visitor who leaves a page within its first moments.
LEFT_EARLY = "WebSocket is closed before the connection is established."
# What it says of Playwright, who looks into the frame that shows a letter: nothing may run there.
KEPT_OUT = "Blocked script execution in 'about:srcdoc'"


def listen(page: Page, complaints: list[str]) -> Page:
    """Collect what goes wrong in a page."""

    def hear(said: ConsoleMessage) -> None:
        is_ours = not said.text.endswith(LEFT_EARLY) and not said.text.startswith(KEPT_OUT)
        if said.type in ("error", "warning") and is_ours:
            complaints.append(said.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


@pytest_asyncio.fixture
async def context(desks: Desks) -> AsyncIterator[BrowserContext]:
    """A visitor's browser, on a desk; it has seen the shop before."""
    async with desks.browser() as context:
        yield context


@pytest_asyncio.fixture
async def page(context: BrowserContext, complaints: list[str]) -> AsyncIterator[Page]:
    """A tab of the visitor's browser, whose console stays clean."""
    yield listen(await context.new_page(), complaints)
    assert complaints == []


@pytest_asyncio.fixture
async def cold_page(chromium: Browser, shop: ShopServer, complaints: list[str]) -> AsyncIterator[Page]:
    """A tab on a desk, of a browser that has never seen the shop; its console stays clean."""
    context = await chromium.new_context(base_url=shop.url, viewport=DESKTOP)
    context.set_default_timeout(20_000)
    yield listen(await context.new_page(), complaints)
    await context.close()
    assert complaints == []


@pytest_asyncio.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
async def tab(request: pytest.FixtureRequest, page: Page) -> Page:
    """The visitor's tab on a desk, and again on a phone."""
    await page.set_viewport_size(request.param)
    return page


@pytest_asyncio.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
async def cold_tab(request: pytest.FixtureRequest, cold_page: Page) -> Page:
    """The tab of a browser that has never seen the shop on a desk, and again on a phone."""
    await cold_page.set_viewport_size(request.param)
    return cold_page


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
def goods(shop: ShopServer) -> Iterator[Goods]:
    """Products of the test's own, gone from the shelves after it."""
    goods = Goods(shop)
    yield goods
    goods.clear()


@pytest.fixture
def quiet_log(shop: ShopServer) -> Iterator[None]:
    """The shop and its worker complain of nothing meanwhile; an alert is no complaint."""
    before = shop.log.stat().st_size
    yield
    with shop.log.open("rb") as log:
        log.seek(before)
        said = log.read().decode(errors="replace")
    complaints = [
        line
        for line in said.splitlines()
        if "Traceback" in line or ("[error" in line.lower() and "] alert " not in line)
    ]
    assert not complaints, f"{complaints}\n\nin:\n{said[-20_000:]}"


OpenTab = Callable[[], Awaitable[Page]]


@pytest_asyncio.fixture
async def open_tab(desks: Desks, complaints: list[str]) -> AsyncIterator[OpenTab]:
    """Opens a tab in a browser of its own, as another person has; its console stays clean too."""
    async with AsyncExitStack() as stack:

        async def open_another() -> Page:
            context = await stack.enter_async_context(desks.browser())
            return listen(await context.new_page(), complaints)

        yield open_another
    assert complaints == []
