"""axe finds nothing on any page, in both themes, on both screens, with overlays open and errors shown."""

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import DESKTOP, PHONE, go_live

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/products",
    "/categories/kitchen",
    "/search?q=plain",
    "/search?q=nothing-like-it",
    "/products/oak-desk-lamp",
    "/products/sold-out-mug",
    "/cart",
    "/login?error=wrong_credentials",
    "/register",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/order-lookup",
    "/contact",
    "/returns",
    "/privacy",
    "/terms",
)


async def test_axe_finds_nothing_on_any_page(page: Page) -> None:
    found: list[str] = []
    for path in PAGES:
        await go_live(page, path)
        found += await scan_all(page, path)
    assert found == []


async def test_axe_finds_nothing_in_what_opens(page: Page) -> None:
    found: list[str] = []
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await go_live(page, "/products")
    await page.get_by_role("button", name="Filter").click()
    await expect(page.get_by_role("dialog", name="Filter")).to_be_visible()
    found += await scan_all(page, "filter sheet", widths=(PHONE,))
    await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    await go_live(page, "/products/oak-desk-lamp")
    await page.get_by_role("button", name="Enlarge the picture").click()
    found += await scan_all(page, "enlarged picture")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Categories").click()
    found += await scan_all(page, "categories", widths=(DESKTOP,))
    await page.keyboard.press("Escape")
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Menu").click()
    found += await scan_all(page, "menu", widths=(PHONE,))
    await page.keyboard.press("Escape")
    await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]

    await page.locator("main").get_by_role("button", name="Add to cart").first.click()
    await page.locator("#cart-drawer[open]").wait_for()
    found += await scan_all(page, "cart drawer")
    await page.get_by_role("link", name="View cart").click()
    await page.get_by_text("Add a coupon code").click()
    await page.get_by_label("Coupon code").fill("NOSUCH")
    await page.get_by_role("button", name="Apply").click()
    await expect(page.get_by_role("alert").filter(has_text="do not know")).to_be_visible()
    found += await scan_all(page, "filled cart with a wrong coupon")
    await page.get_by_role("link", name="Check out").click()
    await page.get_by_role("button", name="Continue to payment").click()
    await page.locator("#checkout-problems").wait_for()
    found += await scan_all(page, "checkout with errors")
    assert found == []
