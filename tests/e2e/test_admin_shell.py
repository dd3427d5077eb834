"""The back office by keyboard: what comes in while somebody looks, jumping about, and who is kept out."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.axe import scan
from tests.e2e.conftest import PHONE, OpenTab, go_live
from tests.e2e.people import person
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import Shopper

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet_log")]


async def enter(page: Page, shop: ShopServer, records: Records, role: str, path: str = "/admin") -> None:
    """Open a page of the back office as somebody new of a role."""
    token = person(shop, records, "Ada Admin", role).sign_in()
    await page.context.add_cookies([{"name": "shophub_session", "value": token, "url": shop.url}])
    await go_live(page, path)


async def jump(page: Page, typed: str) -> None:
    """Type into the palette and press Enter at once."""
    await page.keyboard.press("Control+k")
    await page.keyboard.type(typed)
    await page.keyboard.press("Enter")


async def test_order_comes_in_and_is_opened_by_its_number(
    page: Page, shop: ShopServer, records: Records, open_tab: OpenTab
) -> None:
    await enter(page, shop, records, "ADMIN")
    await expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible()

    number = await Shopper(await open_tab(), "Nora").buy("oak-desk-lamp")

    feed = page.get_by_role("region", name="Latest orders")
    await expect(feed.get_by_role("link", name=number)).to_be_visible()
    await expect(feed.get_by_role("listitem").first).to_contain_text("New")
    await jump(page, number.removeprefix("SH-"))
    await expect(page).to_have_url(re.compile(f"/admin/orders/{number}$"))
    await jump(page, "prod")
    await expect(page).to_have_url(re.compile("/admin/products$"))
    await expect(page.get_by_role("heading", name="Products", level=1)).to_be_focused()
    await page.keyboard.press("g")
    await page.keyboard.press("d")
    await expect(page).to_have_url(re.compile("/admin$"))


@pytest.mark.parametrize("is_hurried", [False, True], ids=["typing", "after-enter"])
async def test_palette_goes_on_when_the_next_page_comes_meanwhile(
    cold_page: Page, shop: ShopServer, records: Records, is_hurried: bool
) -> None:
    page = cold_page  # it has yet to ask for the next page's script
    may_pass = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_pass.wait()
        await route.continue_()

    await enter(page, shop, records, "ADMIN")
    await page.route("**/*.js", hold)
    await page.get_by_role("complementary", name="Sidebar").get_by_role("link", name="Coupons").click()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("prod")
    if is_hurried:
        await page.route("**/api/admin/palette?*", lambda route: None, times=1)  # no answer on this page
        await page.keyboard.press("Enter")
    may_pass.set()
    await expect(page).to_have_url(re.compile("/admin/coupons$"))
    if not is_hurried:
        await expect(page.get_by_role("heading", name="Coupons", level=1, include_hidden=True)).to_be_visible()
        await expect(page.get_by_role("combobox", name="Page, order number")).to_have_value("prod")
        await page.keyboard.type("ucts")
        await page.keyboard.press("Enter")

    await expect(page).to_have_url(re.compile("/admin/products$"))
    await expect(page.get_by_role("heading", name="Products", level=1)).to_be_focused()


async def test_dashboard_keeps_its_range_in_the_address_and_its_chart_in_a_table(
    page: Page, shop: ShopServer, records: Records
) -> None:
    await enter(page, shop, records, "ADMIN")

    await page.get_by_role("navigation", name="Range").get_by_role("link", name="Last 7 days").click()

    await expect(page).to_have_url(re.compile(r"/admin\?range=7d$"))
    await expect(page.locator("main").get_by_text("Last 7 days:").first).to_be_visible()
    await page.reload()
    await expect(page.locator("main").get_by_text("Last 7 days:").first).to_be_visible()
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("option", name="Dashboard")).to_be_visible()
    assert await scan(page, "palette") == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("combobox")).to_be_hidden()


async def test_keys_can_be_switched_off_and_the_sidebar_be_narrow(
    cold_page: Page, shop: ShopServer, records: Records, complaints: list[str]
) -> None:
    page = cold_page  # going offline is a matter of a whole process, which others would share
    await enter(page, shop, records, "ADMIN", "/admin/products")

    await page.keyboard.press("?")

    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(keys).to_be_visible()
    assert await scan(page, "keys") == []
    await keys.get_by_role("checkbox").uncheck()
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await page.keyboard.press("g")
    await page.keyboard.press("d")
    await expect(keys).to_be_hidden()
    await expect(page).to_have_url(re.compile("/admin/products$"))
    await jump(page, "keyboard")
    await expect(keys).to_be_visible()
    await page.keyboard.press("Escape")
    side = page.get_by_role("complementary", name="Sidebar")
    await page.get_by_role("button", name="Collapse").click()
    await expect(page.get_by_role("button", name="Expand the sidebar")).to_be_visible()
    assert await side.evaluate("element => element.clientWidth") < 70
    await page.context.set_offline(True)
    await expect(page.get_by_text("Reconnecting… nothing you saved is lost.")).to_be_visible(timeout=20_000)
    await page.context.set_offline(False)
    await expect(page.get_by_text("Reconnecting… nothing you saved is lost.")).to_be_hidden()
    complaints.clear()  # the browser noted each try that found no line


async def test_phone_has_the_sidebar_in_a_dialog(page: Page, shop: ShopServer, records: Records) -> None:
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await enter(page, shop, records, "SUPER_ADMIN")

    await page.get_by_role("button", name="Menu of the back office").click()

    menu = page.get_by_role("dialog", name="Menu")
    await expect(menu.get_by_role("link", name="Dashboard")).to_have_attribute("aria-current", "page")
    assert await scan(page, "menu") == []
    await menu.get_by_role("link", name="Products").click()
    await expect(page).to_have_url(re.compile("/admin/products$"))
    await expect(menu).to_be_hidden()
