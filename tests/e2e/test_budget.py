"""Bytes over the wire of a cold visit: scripts and styles compressed, all chunks; pictures as they arrive at first."""

import asyncio
import gzip

import pytest
from playwright.async_api import Page, Response, expect

from tests.e2e.conftest import go_live
from tests.e2e.people import person
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import Shopper

KIB = 1024
STOREFRONT_CSS, STAFF_CSS = 14, 16


@pytest.mark.parametrize(
    ("path", "scripts", "styles", "pictures"),
    [
        ("/", 190, STOREFRONT_CSS, 180),
        ("/products", 195, STOREFRONT_CSS, 220),
        ("/search?q=thing", 195, STOREFRONT_CSS, 220),
        ("/products/oak-desk-lamp", 200, STOREFRONT_CSS, 180),
        ("/cart", 195, STOREFRONT_CSS, 80),
        ("/login", 195, STOREFRONT_CSS, 80),
        ("/account", 195, STOREFRONT_CSS, 80),
        ("/orders", 195, STOREFRONT_CSS, 80),
        ("/checkout", 205, STOREFRONT_CSS, 40),
        ("/admin/accept-invite", 235, STAFF_CSS, 120),
    ],
)
async def test_page_keeps_its_byte_budget(path: str, scripts: int, styles: int, pictures: int, cold_page: Page) -> None:
    page = cold_page
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))

    await go_live(page, path)
    await page.wait_for_load_state("networkidle")

    assert await _over(answers, {"script": scripts, "stylesheet": styles, "image": pictures}) == {}


async def _over(answers: list[Response], budgets: dict[str, int]) -> dict[str, float]:
    """Return what weighs more than it may, in kilobytes."""

    async def bodies(kind: str) -> list[bytes]:
        chosen = [answer for answer in answers if answer.request.resource_type == kind and answer.ok]
        return await asyncio.gather(*(answer.body() for answer in chosen))

    used = {kind: sum(len(gzip.compress(body)) for body in await bodies(kind)) for kind in ("script", "stylesheet")}
    used["image"] = sum(len(body) for body in await bodies("image"))
    assert min(used["script"], used["stylesheet"]) > 0
    return {kind: round(size / KIB, 1) for kind, size in used.items() if size > budgets[kind] * KIB}


# When the figures were in the page, and when what draws the charts was asked for.
FIGURES_SHOWN = """
new MutationObserver((_, observer) => {
  if (document.querySelector("main dl dd")) { window.figuresAt = performance.now(); observer.disconnect(); }
}).observe(document, { childList: true, subtree: true });
"""
CHARTS_ASKED_FOR = """
() => performance.getEntriesByType("resource").filter((one) => one.name.includes("admin_chart_lines"))
  .map((one) => one.startTime > window.figuresAt)
"""


async def test_back_office_keeps_its_budget_and_charts_come_after_the_figures(
    shop: ShopServer, records: Records, cold_page: Page
) -> None:
    page = cold_page
    await Shopper(page, "Olga Order").buy("plain-thing-7")  # without sales there is nothing to draw
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    await page.add_init_script(FIGURES_SHOWN)
    token = person(shop, records, "Wanda Weight", "ADMIN").sign_in()
    await page.context.add_cookies([{"name": "shophub_session", "value": token, "url": shop.url}])

    for path, has_charts in (("/admin/orders", False), ("/admin", True), ("/admin/analytics", True)):
        answers.clear()
        await go_live(page, path)
        if has_charts:
            await expect(page.locator(".recharts-surface").first).to_be_visible()
        await page.wait_for_load_state("networkidle")

        at_first = [answer for answer in answers if "admin_chart_lines" not in answer.url]
        assert (path, await _over(at_first, {"script": 235, "stylesheet": STAFF_CSS, "image": 120})) == (path, {})
        asked_for = await page.evaluate(CHARTS_ASKED_FOR)
        assert (path, asked_for) == (path, [True] if has_charts else [])
