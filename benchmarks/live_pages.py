"""From a commit to the pixel: a price is changed in the database, and a browser with the product's page open shows it.

200 more tabs are connected meanwhile, each with a page open that changes too. Run as a module with an address and a
path it is these tabs: a process of its own, so that what is measured is the shop and not who else looks.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import time
from uuid import uuid4

import psycopg
import websockets
from playwright.async_api import Page, async_playwright

from benchmarks.report import Row, percentiles_ms
from benchmarks.shop import PLENTY, clean_database, free_port, make_variants, process, use
from shophub.db import close_database
from shophub.lib.frontend_export import export_if_changed
from shophub.lib.money import format_money
from tools.chromium import find

PROJECT = Path(__file__).parents[1]
TABS = 200
CHANGES = 60
PAUSE_SECONDS = 0.4
PATIENCE_SECONDS = 30
FIRST_PRICE = 2_001
CURRENCY = "USD"
PRODUCT = "/products/unit"
LISTING = "/products"
STATES = "reflex___state____state.shophub___state___store___"
LOADS = {
    PRODUCT: ("/products/[slug]", {"slug": "unit"}, f"{STATES}product____product_state.load"),
    LISTING: (LISTING, {}, f"{STATES}listing____listing_state.load"),
}
# Seconds since 1970 at which the page has drawn a text: the frame that follows the change, and what comes after it.
DRAWN = """
(text) => new Promise((resolve) => {
  const main = document.querySelector("main");
  const look = () => {
    if (!main.textContent.includes(text)) return false;
    requestAnimationFrame(() => setTimeout(() => resolve((performance.timeOrigin + performance.now()) / 1000)));
    return true;
  };
  const changes = new MutationObserver(() => look() && changes.disconnect());
  if (!look()) changes.observe(main, { childList: true, characterData: true, subtree: true });
})
"""


def measure(server: str) -> list[Row]:
    """Serve the built shop, open the page in Chromium, connect the others, change the price."""
    export_if_changed(PROJECT, os.environ)
    with clean_database(server, "live_pages") as database:
        port = free_port()
        use(
            PORT=str(port),
            REFLEX_ENV_MODE="prod",
            __REFLEX_SKIP_COMPILE="true",
            __REFLEX_MOUNT_FRONTEND_COMPILED_APP="true",
        )
        base = f"http://127.0.0.1:{port}"
        asyncio.run(_prepare())
        command = ["-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(port)]
        with process(*command, "shophub.shophub:app", answers=base):
            return asyncio.run(_measure(base, database))


async def _prepare() -> None:
    await make_variants(1, PLENTY)
    await close_database()


async def _measure(base: str, database: str) -> list[Row]:
    rows = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        page = await browser.new_page(base_url=base)
        await page.goto(PRODUCT)
        await page.wait_for_function("!document.querySelector('[data-ssr]') && sessionStorage.getItem('token')")
        with psycopg.connect(database, autocommit=True) as connection:
            alone = await _change(page, connection, FIRST_PRICE)
            rows.append(Row("commit to pixel, nobody else connected", percentiles_ms(alone), f"{CHANGES} changes"))
            for number, path in enumerate((LISTING, PRODUCT), 1):
                first = FIRST_PRICE + number * CHANGES
                async with _crowd(base, path) as crowd:
                    taken = await _change(page, connection, first)
                    last = format_money(first + CHANGES - 1, CURRENCY)
                    told = await _told(crowd, last)
                what = "the same product" if path == PRODUCT else "a listing that shows it"
                rows.append(
                    Row(
                        f"commit to pixel, {TABS} other tabs with {what} (aim: p95 1 s)",
                        percentiles_ms(taken),
                        f"{CHANGES} changes; {told} of {TABS} were told the last price",
                    )
                )
        await browser.close()
    return rows


async def _change(page: Page, connection: psycopg.Connection, first: int) -> list[float]:
    """Change the price again and again; returns the seconds from the commit's beginning to the frame that shows it."""
    taken = []
    for price in range(first, first + CHANGES):
        drawn = asyncio.create_task(page.evaluate(DRAWN, format_money(price, CURRENCY)))
        await asyncio.sleep(PAUSE_SECONDS)  # the page is looking, and what came before has been dealt with
        begun = time()
        await asyncio.to_thread(connection.execute, "UPDATE variants SET price_minor = %s", (price,))
        async with asyncio.timeout(PATIENCE_SECONDS):
            taken.append(await drawn - begun)
    return taken


@asynccontextmanager
async def _crowd(base: str, path: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Have the other tabs connected inside the block."""
    crowd = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.live_pages", base, path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert crowd.stdout is not None
        await crowd.stdout.readline()  # all of them show their page
        yield crowd
    finally:
        if crowd.returncode is None:
            crowd.terminate()
        await crowd.wait()


async def _told(crowd: asyncio.subprocess.Process, price: str) -> str:
    """Ask how many of the crowd have been told a price."""
    assert crowd.stdin is not None
    assert crowd.stdout is not None
    await asyncio.sleep(PAUSE_SECONDS)
    crowd.stdin.write(f"{price}\n".encode())
    await crowd.stdin.drain()
    return (await crowd.stdout.readline()).decode().strip()


class _Tab:
    """A tab without a browser."""

    def __init__(self) -> None:
        self.last = ""
        self.shown = asyncio.Event()

    async def live(self, base: str, path: str) -> None:
        """Open a page and listen for as long as the connection lasts."""
        address = f"{base.replace('http', 'ws', 1)}/_event/?token={uuid4()}&EIO=4&transport=websocket"
        cookie = {"Cookie": f"shophub_guest={uuid4().hex}"}
        async with websockets.connect(address, additional_headers=cookie, open_timeout=PATIENCE_SECONDS) as connection:
            await connection.recv()
            await connection.send("40/_event,")
            await connection.recv()
            route, query, name = LOADS[path]
            router = {"pathname": route, "query": query, "asPath": path}
            event = {"name": name, "payload": {}, "router_data": router}
            await connection.send("42/_event," + json.dumps(["event", event]))
            async for message in connection:
                if message == "2":  # the engine's sign of life
                    await connection.send("3")
                elif "price_text" in str(message):
                    self.last = str(message)
                    self.shown.set()


async def connect(base: str, path: str) -> None:
    """Be the others: say when all show their page, then, for each price that is asked for, how many were told it."""
    tabs = [_Tab() for _ in range(TABS)]
    async with asyncio.TaskGroup() as living:
        tasks = []
        for tab in tabs:
            tasks.append(living.create_task(tab.live(base, path)))
            await asyncio.sleep(0.01)
        for tab in tabs:
            await tab.shown.wait()
        sys.stdout.write("all are there\n")
        sys.stdout.flush()
        while price := (await asyncio.to_thread(sys.stdin.readline)).strip():
            sys.stdout.write(f"{sum(price in tab.last for tab in tabs)}\n")
            sys.stdout.flush()
        for task in tasks:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(connect(sys.argv[1], sys.argv[2]))
