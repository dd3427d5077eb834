"""The search field while somebody types, and the ways into the catalog beside it."""

import asyncio
import re
import secrets

from playwright.async_api import Browser, Page, Route, expect

from shophub.lib.ids import new_id
from tests.e2e.axe import scan_all
from tests.e2e.conftest import DESKTOP, PHONE, OpenTab, go_live
from tests.e2e.goods import Goods
from tests.e2e.shop_server import ShopServer

RECENT = "localStorage.getItem('shophub-searches')"


async def test_suggestions_by_keyboard_alone(goods: Goods, page: Page) -> None:
    word = "quince" + secrets.token_hex(3).translate(str.maketrans("0123456789", "ghijklmnop"))
    goods.product(f"{word.capitalize()} Bowl")
    await go_live(page, "/contact")
    field, options = page.locator("#q-wide"), page.locator("div[role=option]")

    await page.keyboard.press("/")
    await expect(field).to_be_focused()
    await page.keyboard.type("q")
    await expect(field).to_have_attribute("aria-expanded", "false")
    await page.keyboard.type("uince")
    await expect(field).to_have_attribute("aria-expanded", "true")
    await expect(page.get_by_role("search").get_by_role("status").first).to_have_text(re.compile(r"\d suggestions"))
    await expect(options.first).to_have_text(word)
    assert await options.first.locator("span.font-semibold").inner_text() == word.removeprefix("quince")
    assert await scan_all(page, "suggestions", widths=(DESKTOP,)) == []

    await page.keyboard.press("ArrowDown")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await expect(field).to_have_attribute("aria-activedescendant", await options.first.get_attribute("id") or "")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(options.last).to_have_attribute("aria-selected", "true")
    await expect(options.last).to_contain_text("$20.00")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"{word.capitalize()} Bowl")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await expect(field).to_have_value("")

    await page.keyboard.press("/")
    await page.keyboard.type("xylophone")
    await expect(page.get_by_text("No suggestions, press Enter to search").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("No suggestions, press Enter to search").first).not_to_be_visible()
    await expect(field).to_have_value("xylophone")
    await page.keyboard.press("Escape")
    await expect(field).to_have_value("")
    await expect(field).to_be_focused()

    await page.get_by_label("Search with the / key").uncheck()
    await page.keyboard.press("/")
    await expect(field).not_to_be_focused()
    await page.get_by_label("Search with the / key").check()
    await page.keyboard.press("/")
    await expect(field).to_be_focused()


async def test_recent_searches_stay_in_this_browser_until_cleared(page: Page, open_tab: OpenTab) -> None:
    await go_live(page, "/contact")
    field, options = page.locator("#q-wide"), page.locator("div[role=option]")
    await field.click()
    await expect(options).to_have_count(0)
    for typed in ("plain thing", "Mug", "mug"):
        await field.fill(typed)
        await field.press("Enter")
        await page.wait_for_url(f"**/search?q={typed.replace(' ', '+')}")
        await expect(page.get_by_role("heading", level=1)).to_contain_text(typed)
        await expect(field).to_have_value(typed)
    assert await page.evaluate(RECENT) == '["mug","plain thing"]'

    await field.fill("")
    await expect(options).to_have_text(["mug", "plain thing"])
    await options.last.click()
    await page.wait_for_url("**/search?q=plain+thing")
    await field.fill("")
    await page.get_by_role("button", name="Clear recent searches").click()
    await expect(options).to_have_count(0)
    await expect(field).to_be_focused()
    assert await page.evaluate(RECENT) is None

    other = await open_tab()
    await go_live(other, "/contact")
    assert await other.evaluate(RECENT) is None


async def test_who_types_on_while_the_results_are_on_their_way_keeps_the_suggestions(page: Page) -> None:
    await go_live(page, "/search?q=lamp")
    field = page.locator("#q-wide")
    await field.fill("mug")
    await field.evaluate(
        """field => {
          field.form.requestSubmit();
          field.value = "";
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )

    await expect(page.get_by_role("heading", level=1)).to_contain_text("mug")
    await expect(page.get_by_role("listbox", name="Suggestions")).to_contain_text("mug")
    await expect(field).to_be_focused()
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("lamp")
    await expect(page.get_by_role("listbox", name="Suggestions")).to_be_hidden()


async def test_late_answer_for_what_was_typed_before_is_dropped(page: Page) -> None:
    asked, released = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await released.wait()
        await route.fulfill(json={"queries": [], "scopes": [], "products": [], "corrected": "", "countText": "Late"})

    await go_live(page, "/contact")
    await page.route("**/api/search/suggestions?q=pl", hold)
    field = page.locator("#q-wide")

    await field.fill("pl")
    await asked.wait()
    await field.fill("desk lamp")
    await expect(page.get_by_role("option", name="Oak Desk Lamp")).to_be_visible()
    released.set()
    await page.evaluate("fetch('/api/health').then(() => 1)")

    await expect(page.get_by_role("option", name="Oak Desk Lamp")).to_be_visible()
    await expect(page.get_by_text("Late", exact=True)).to_have_count(0)


async def test_categories_open_in_columns_on_a_desk_and_one_by_one_on_a_phone(goods: Goods, page: Page) -> None:
    child, slug = new_id(), f"cups-{secrets.token_hex(4)}"
    goods.rows(
        """INSERT INTO categories (id, name, slug, parent_id, created_at, updated_at)
        SELECT %(id)s, 'Cups', %(slug)s, id, now(), now() FROM categories WHERE slug = 'kitchen'""",
        id=child,
        slug=slug,
    )
    try:
        await go_live(page, "/contact")
        await page.get_by_role("button", name="Categories").press("Enter")
        columns = page.get_by_role("navigation", name="Categories")
        await expect(columns.get_by_role("link", name="All Kitchen")).to_be_visible()
        await expect(columns.get_by_role("link", name="Cups")).to_be_visible()
        assert await scan_all(page, "categories", widths=(DESKTOP,)) == []
        for name, address in (("All products", "/products"), ("Best sellers", "/products?sort=best_selling")):
            await columns.get_by_role("link", name=name).press("Enter")
            await page.wait_for_url(f"**{address}")
            # The next page brings a header of its own, with its panel closed.
            await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^All products"))
            await expect(columns).not_to_be_visible()
            await page.get_by_role("button", name="Categories").click()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Categories")).to_be_focused()

        await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        menu = page.get_by_role("dialog", name="Menu")
        await page.get_by_role("button", name="Menu").press("Enter")
        await menu.get_by_role("button", name="Kitchen").press("Enter")
        await expect(menu.get_by_role("button", name="Back to all categories")).to_be_focused()
        assert await scan_all(page, "categories below one", widths=(PHONE,)) == []
        await page.keyboard.press("Enter")
        await expect(menu.get_by_role("button", name="Kitchen")).to_be_focused()
        await page.keyboard.press("Enter")
        await menu.get_by_role("link", name="Cups").click()
        await expect(page).to_have_url(re.compile(slug))
        await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Cups"))
        await expect(menu).not_to_be_visible()

        await page.get_by_role("button", name="Menu").click()
        await menu.get_by_role("button", name="Kitchen").click()
        await expect(menu.get_by_role("link", name="Cups")).to_have_attribute("aria-current", "page")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Menu")).to_be_focused()
    finally:
        goods.rows("DELETE FROM categories WHERE id = %(id)s", id=child)


async def test_phone_suggests_below_the_field_and_the_next_card_peeks_out_of_a_row(
    chromium: Browser, shop: ShopServer
) -> None:
    context = await chromium.new_context(base_url=shop.url, viewport=PHONE, has_touch=True, is_mobile=True)
    page = await context.new_page()
    await go_live(page, "/")
    places = await page.evaluate(
        "[...document.querySelectorAll('main ul[tabindex] > li')].slice(0, 3).map((one) => one.getBoundingClientRect())"
        ".map((box) => [box.left, box.right])"
    )
    assert places[2][0] < PHONE["width"] < places[2][1]

    await page.locator("#q-narrow").tap()
    await page.keyboard.type("plain")
    await page.get_by_role("option", name=re.compile(r"plain in Kitchen")).tap()
    await page.wait_for_url("**/search?q=plain&category=kitchen")
    await expect(page.locator("#q-narrow")).not_to_be_focused()
    await context.close()


async def test_phone_keeps_the_button_in_reach_and_swipes_through_the_pictures(
    chromium: Browser, shop: ShopServer
) -> None:
    context = await chromium.new_context(base_url=shop.url, viewport=PHONE, has_touch=True, is_mobile=True)
    page = await context.new_page()
    await go_live(page, "/products/oak-desk-lamp")
    picture = page.get_by_role("button", name="Enlarge the picture")

    async def swipe(start: int, end: int) -> None:
        for kind, at in (("touchstart", start), ("touchend", end)):
            touch = [{"identifier": 0, "clientX": at, "clientY": 300}]
            await picture.dispatch_event(kind, {"touches": touch, "changedTouches": touch, "targetTouches": touch})

    await swipe(300, 100)
    await expect(page.locator("main").get_by_role("img", name="The lamp, view 2")).to_be_visible()
    await swipe(100, 110)  # a tap that slipped
    await expect(page.locator("main").get_by_role("img", name="The lamp, view 2")).to_be_visible()
    await swipe(100, 300)
    await expect(page.locator("main").get_by_role("img", name="The lamp, view 1")).to_be_visible()

    adds = page.get_by_role("button", name="Add to cart")
    await expect(adds).to_have_count(1)
    await page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    await expect(adds).to_have_count(2)
    await adds.last.tap()
    await expect(page.get_by_role("dialog", name="Cart (1)")).to_be_visible()
    await context.close()
