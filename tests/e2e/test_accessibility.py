"""axe finds nothing on any page, in both themes, on both screens, with overlays open and errors shown."""

from functools import lru_cache

import pytest
from playwright.async_api import Browser, Page

from tests.e2e.conftest import DESKTOP, PHONE, go_live, listen
from tests.e2e.shop_server import PROJECT, ShopServer

AXE = PROJECT / ".cache" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => (await axe.run(document, { runOnly: rules })).violations.map(
  (found) => `${found.id}: ${found.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`)"""

PAGES = (
    "/",
    "/products",
    "/categories/kitchen",
    "/search?q=nothing-like-it",
    "/products/oak-desk-lamp",
    "/products/sold-out-mug",
    "/cart",
    "/login?error=wrong_credentials",
    "/register",
    "/contact",
    "/returns",
    "/privacy",
    "/terms",
)


@lru_cache
def axe() -> str:
    """Return axe's source."""
    return AXE.read_text()


async def check(page: Page, where: str) -> None:
    """Fail with what axe finds in the page as it is."""
    await page.wait_for_timeout(300)  # what is still fading has half a contrast
    await page.evaluate(axe())
    assert await page.evaluate(RUN, RULES) == [], where


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing(
    viewport: dict[str, int], theme: str, chromium: Browser, shop: ShopServer, complaints: list[str]
) -> None:
    context = await chromium.new_context(
        base_url=shop.url, viewport=viewport, color_scheme=theme, reduced_motion="reduce"
    )
    page = listen(await context.new_page(), complaints)
    for path in PAGES:
        await go_live(page, path)
        await check(page, path)

    await go_live(page, "/products/plain-thing-8")
    await page.get_by_role("button", name="Add to cart").click()
    await page.locator("#cart-drawer[open]").wait_for()
    await check(page, "cart drawer")
    await page.get_by_role("link", name="View cart").click()
    await page.get_by_text("Add a coupon code").click()
    await check(page, "filled cart")
    await page.get_by_role("link", name="Check out").click()
    await page.get_by_role("button", name="Continue to payment").click()
    await page.locator("#checkout-problems").wait_for()
    await check(page, "checkout with errors")
    await go_live(page, "/products/oak-desk-lamp")
    await page.get_by_role("button", name="Enlarge the picture").click()
    await check(page, "enlarged picture")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Menu" if viewport is PHONE else "Categories").click()
    await check(page, "menu")
    await context.close()
    assert complaints == []
