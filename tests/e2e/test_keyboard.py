"""The whole purchase without a mouse: Tab, Enter, the letters, and a focus that can be seen all the way."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import go_live
from tests.e2e.records import Records
from tests.e2e.shopper import GOOD_CARD, Shopper

pytestmark = pytest.mark.browser
MANY = 60
FOCUS = """
(element) => {
  if (element !== document.activeElement) return "elsewhere";
  const box = element.getBoundingClientRect();
  const shown = box.top >= 0 && box.bottom <= innerHeight && box.width > 0;
  const drawn = [getComputedStyle(element), getComputedStyle(element, "::after")];
  const ringed = drawn.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none");
  // Nothing that stays while the page is scrolled lies over it.
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const bare = top && (element.contains(top) || top.contains(element));
  return shown && ringed && bare ? "seen" : "unseen";
}
"""


async def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until ``target`` has the focus, and see that it shows."""
    for _ in range(MANY):
        await page.keyboard.press("Tab")
        if await target.count() and await target.first.evaluate(FOCUS) != "elsewhere":
            assert await target.first.evaluate(FOCUS) == "seen", target
            return
    raise AssertionError(f"{target} is not among the next {MANY} stops of the Tab key")


async def test_purchase_by_keyboard_alone(page: Page, records: Records) -> None:
    kay = Shopper(page, "Kay Keys")
    await go_live(page, "/")
    await tab_to(page, page.get_by_role("link", name="Skip to content"))
    await tab_to(page, page.get_by_role("combobox", name="Search products").first)
    await page.keyboard.type("plain thing 28")
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Results for").wait_for()
    await tab_to(page, page.locator("main").get_by_role("link", name="Plain Thing 28", exact=True))
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="Plain Thing 28", level=1)).to_be_focused()
    await tab_to(page, page.locator("main").get_by_role("button", name="Add to cart"))
    await page.keyboard.press("Enter")
    await expect(kay.drawer).to_be_visible()
    await tab_to(page, kay.drawer.get_by_role("link", name="Check out"))
    await page.keyboard.press("Enter")

    for label, text in {
        "E-mail address": kay.email,
        "Full name": kay.name,
        "Address": "1 Market Street",
        "Postal code": "94105",
        "City": "San Francisco",
    }.items():
        await tab_to(page, page.get_by_label(label, exact=True))
        await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Payment", exact=True)).to_be_focused()
    await expect(kay.pay_button).to_be_enabled()

    for label, text in {"Card number": GOOD_CARD, "Expiration date": "1234", "Security code": "123"}.items():
        await tab_to(page, page.get_by_label(label))
        await page.keyboard.type(text)
    await tab_to(page, kay.pay_button)
    await page.keyboard.press("Enter")

    number = await kay.read_order_number()
    assert [order["number"] for order in records.orders(kay.email)] == [number]
