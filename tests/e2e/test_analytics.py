"""Somebody looks around, fills a cart and buys, while the open page of analytics shows how far that came."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import go_live, listen
from tests.e2e.people import person
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import Shopper

# The tests' own browser calls itself headless, and is not counted.
PERSONS = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
STEPS = ("Visits", "Saw a product", "Had something in the cart", "Began a checkout", "Ordered")
COUNTS = """
SELECT coalesce(sum(visits), 0) AS a, coalesce(sum(saw_product), 0) AS b, coalesce(sum(added_to_cart), 0) AS c,
  coalesce(sum(started_checkout), 0) AS d, coalesce(sum(ordered), 0) AS e FROM visit_days
"""
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet_log")]


async def test_visit_moves_through_the_open_funnel_until_it_is_an_order(
    shop: ShopServer, chromium: Browser, page: Page, records: Records, complaints: list[str], tmp_path: Path
) -> None:
    (before,) = records.rows(COUNTS)
    counts = list(before.values())
    await person(shop, records, "Ann Alytics", "ADMIN").sit_down_at(page, "/admin/analytics")
    await page.get_by_role("navigation", name="Range").get_by_role("link", name="Last 7 days").click()
    await expect(page).to_have_url(re.compile(r"/admin/analytics\?range=7d$"))
    funnel = page.get_by_role("region", name="From visit to order").get_by_role("listitem")

    async def see(reached: int) -> None:
        for place in range(reached + 1):
            step = funnel.filter(has_text=STEPS[place])
            await expect(step.locator(".font-semibold")).to_have_text(f"{counts[place] + 1:,}")

    context = await chromium.new_context(base_url=shop.url, user_agent=PERSONS)
    context.set_default_timeout(20_000)
    buyer = Shopper(listen(await context.new_page(), complaints), "Una Funnel")
    await go_live(buyer.page, "/")
    await see(0)
    await buyer.take("plain-thing-9")
    await see(2)
    await buyer.check_out()
    await buyer.give_address(as_guest=True)
    await buyer.go_on_to_payment()
    await see(3)
    await buyer.pay_with("4242 4242 4242 4242")
    await buyer.read_order_number()
    await see(4)
    await context.close()

    await page.reload()
    await expect(page.get_by_role("region", name="Sales over time").locator(".recharts-surface").first).to_be_visible()
    assert await scan_all(page, "analytics") == []
    async with page.expect_download() as awaited:
        await page.get_by_role("link", name="CSV of Products").click()
    download = await awaited.value
    await download.save_as(tmp_path / "products.csv")
    assert re.fullmatch(r"products-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv", download.suggested_filename)
    assert '"Plain Thing 9","USD"' in (tmp_path / "products.csv").read_text("utf-8-sig")
    await page.get_by_role("link", name="Compare").click()
    await expect(page).to_have_url(re.compile("compare=no"))
    await expect(page.get_by_text("The range before")).to_have_count(0)
