"""Prices and stock change while somebody looks at the cart: it says so by itself."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import go_live
from tests.e2e.records import Records
from tests.e2e.shopper import Shopper

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet_log")]


async def test_open_cart_tells_a_new_price_and_the_last_unit_gone_without_reload(page: Page, records: Records) -> None:
    shopper = Shopper(page, "Pru Price")
    await shopper.take("plain-thing-4", 2)
    await shopper.drawer.get_by_role("link", name="View cart").click()
    main, summary = page.locator("main"), page.get_by_role("region", name="Summary")
    await expect(summary).to_contain_text("Subtotal$45.98")
    loads: list[str] = []
    page.on("domcontentloaded", lambda: loads.append(page.url))

    records.reprice("plain-thing-4", 2_500)

    await expect(main.get_by_text("Price changed from $22.99 to $25.00.")).to_be_visible(timeout=2_000)
    await expect(summary).to_contain_text("Subtotal$50.00")
    await expect(summary).to_contain_text("Total$60.00")

    records.restock("plain-thing-4", 1)
    await expect(main.get_by_text("Only 1 left. Lower the quantity to check out.")).to_be_visible(timeout=2_000)
    records.restock("plain-thing-4", 0)
    await expect(main.get_by_text("Sold out.")).to_be_visible(timeout=2_000)
    await expect(main.get_by_role("link", name="Check out")).to_have_count(0)
    assert await scan_all(page, "cart that changed") == []

    records.restock("plain-thing-4", 40)
    await expect(main.get_by_role("link", name="Check out")).to_be_visible(timeout=2_000)
    assert loads == []


async def test_open_drawer_tells_a_new_price_and_keeps_what_is_being_typed(page: Page, records: Records) -> None:
    shopper = Shopper(page, "Dan Drawer")
    await shopper.take("plain-thing-6")
    quantity = shopper.drawer.get_by_label("Quantity", exact=True)
    await quantity.fill("3")

    records.reprice("plain-thing-6", 1_250)

    await expect(shopper.drawer.get_by_text("Price changed from $24.99 to $12.50.")).to_be_visible(timeout=2_000)
    await expect(quantity).to_have_value("3")
    await quantity.press("Enter")
    await expect(shopper.drawer.get_by_text("$37.50").first).to_be_visible()
    await go_live(page, "/cart")
    await expect(page.get_by_role("heading", name=re.compile(r"Cart \(3\)"))).to_be_visible()
