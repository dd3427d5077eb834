"""Narrowing a listing: beside the products, in the sheet of a phone, by address, without any script, and back."""

import re
import secrets
import urllib.request

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import scan
from tests.e2e.conftest import PHONE, OpenTab, go_live
from tests.e2e.goods import Goods
from tests.e2e.shop_server import ShopServer

WATCH_BUSY = """
window.busy = [];
new MutationObserver((changes) => changes.forEach(({ target }) => window.busy.push(target.getAttribute("aria-busy"))))
  .observe(document, { subtree: true, attributes: true, attributeFilter: ["aria-busy"] });
"""
NAMES = "[...document.querySelectorAll('#listing-items h2 a')].map((link) => link.textContent)"


@pytest.fixture
def word(goods: Goods) -> str:
    """A word that thirty products of two brands are called by, from $20.00 on; four are sold out."""
    word = f"zeb{secrets.token_hex(3)}"
    for number in range(30):
        slug = goods.product(f"{word} Thing {number}", price_minor=2_000 + number * 100, stock=0 if number < 4 else 9)
        goods.rows(
            "UPDATE products SET brand = %(brand)s, created_at = now() - make_interval(secs => %(age)s) "
            "WHERE slug = %(slug)s",
            brand="Alderwood" if number % 2 else "Birchmere",
            slug=slug,
            age=number,
        )
    return word


async def test_filters_and_sort_stand_in_the_address_and_another_person_sees_the_same(
    word: str, page: Page, open_tab: OpenTab
) -> None:
    await go_live(page, f"/search?q={word}")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("(30)")
    first = page.locator("#listing-items h2 a").first
    assert await first.locator("mark").inner_text() == word
    await page.evaluate(WATCH_BUSY)
    filters = page.get_by_role("complementary", name="Filters")

    await filters.get_by_role("checkbox", name=re.compile("Alderwood")).press("Space")
    await expect(page.locator("#listing-items article")).to_have_count(15)
    await expect(page.locator("#live-polite")).to_have_text("15 results")
    assert await page.evaluate("window.busy") == ["true", "false"]
    await expect(filters.get_by_role("checkbox", name=re.compile("Alderwood"))).to_be_focused()
    await filters.get_by_role("checkbox", name=re.compile("In stock")).click()
    await expect(page.locator("#listing-items article")).to_have_count(13)
    await filters.get_by_label("From").fill("30")
    await filters.get_by_label("From").press("Enter")
    await expect(page.locator("#listing-items article")).to_have_count(10)
    await page.get_by_label("Sort by").select_option(label="Price: high to low")
    await expect(page.locator("#listing-items h2 a").first).to_have_text(f"{word} Thing 29")

    assert page.url.endswith(f"/search?q={word}&brand=Alderwood&min_price=30&in_stock=1&sort=price_desc")
    other = await open_tab()
    await go_live(other, page.url)
    assert await other.evaluate(NAMES) == await page.evaluate(NAMES)
    await expect(other.get_by_label("Sort by")).to_have_value("price_desc")
    await expect(other.get_by_role("complementary", name="Filters").get_by_label("From")).to_have_value("30")

    chips = page.get_by_role("list", name="Filters in force")
    await chips.get_by_role("link", name="Remove filter Alderwood").click()
    await expect(page.locator("#listing-items article")).to_have_count(20)
    await expect(chips.get_by_role("link", name=re.compile("Remove filter"))).to_have_count(2)
    await expect(chips.get_by_role("link", name=re.compile("Remove filter")).first).to_be_focused()
    await page.go_back()
    await expect(page.locator("#listing-items article")).to_have_count(10)


async def test_boxes_ticked_one_after_the_other_all_count(word: str, page: Page) -> None:
    await go_live(page, f"/search?q={word}")
    filters = page.get_by_role("complementary", name="Filters")

    brands = filters.get_by_role("checkbox", name=re.compile("Alderwood|Birchmere"))
    await brands.evaluate_all("(boxes) => boxes.forEach((box) => box.click())")
    await filters.get_by_role("checkbox", name="In stock").click()
    await page.get_by_label("Sort by").select_option(label="Price: low to high")

    await expect(page.locator("#listing-items h2 a").first).to_have_text(f"{word} Thing 4")
    await expect(page.locator("#listing-items article")).to_have_count(24)
    assert page.url.endswith(f"/search?q={word}&brand=Alderwood&brand=Birchmere&in_stock=1&sort=price_asc")
    await expect(filters.get_by_role("checkbox", checked=True)).to_have_count(3)


async def test_reload_of_an_opened_list_shows_what_has_come(word: str, goods: Goods, page: Page) -> None:
    await go_live(page, f"/search?q={word}&sort=newest")
    cards = page.locator("#listing-items article")
    await page.get_by_role("link", name="Show 6 more").click()
    await expect(cards).to_have_count(30)
    goods.product(f"{word} News", price_minor=1_000)

    await page.reload()

    await expect(page.get_by_role("heading", level=1)).to_contain_text("(31)")
    await expect(page.locator("[data-ssr]")).to_have_count(0)
    await expect(page.get_by_text("Showing 31 of 31", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name=f"{word} News")).to_be_visible()


async def test_way_back_leads_to_the_same_place_in_the_list(word: str, page: Page) -> None:
    await go_live(page, f"/search?q={word}&min_price=20")
    cards = page.locator("#listing-items article")
    await page.get_by_role("link", name="Show 6 more").click()
    await expect(cards).to_have_count(30)
    await expect(page.get_by_text("Showing 30 of 30", exact=True)).to_be_visible()
    await expect(page.locator("#live-polite")).to_have_text("6 more products. Showing 30 of 30")
    await expect(page.locator("#listing-items h2 a").nth(24)).to_be_focused()
    address, link = page.url, page.locator("#listing-items h2 a").nth(26)

    await link.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Thing")
    # Beyond the product to another list and a product of that: the first list is read again.
    await page.get_by_role("link", name="Home").first.click()
    await page.get_by_role("link", name="Shop all products").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("All products")
    for _ in range(3):
        await page.go_back()

    await expect(cards).to_have_count(30)
    assert page.url == address
    await expect(link).to_be_focused()
    await expect(link).to_be_in_viewport()
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)


async def test_filters_that_exclude_each_other_say_so_and_lead_out(word: str, page: Page) -> None:
    await go_live(page, f"/search?q={word}&brand=Alderwood&max_price=5")

    await expect(page.get_by_role("heading", name="Nothing fits all of these filters")).to_be_visible()
    await expect(page.get_by_text("Alderwood, Up to $5")).to_be_visible()
    assert await page.locator("main [role=checkbox][aria-disabled=true]").count() > 0
    assert await scan(page, "nothing fits") == []
    await page.get_by_role("link", name="Without “Up to $5”").click()

    await expect(page.locator("#listing-items article")).to_have_count(15)
    await expect(page.get_by_role("heading", level=1)).to_be_focused()


async def test_filters_of_a_phone_are_in_a_sheet_that_says_what_it_will_show(word: str, page: Page) -> None:
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await go_live(page, f"/search?q={word}")
    await page.get_by_role("button", name="Filter").click()
    sheet = page.get_by_role("dialog", name="Filter")
    await expect(sheet.get_by_role("button", name="Show 30 results")).to_be_visible()

    await sheet.get_by_role("checkbox", name=re.compile("Birchmere")).click()
    await expect(sheet.get_by_role("button", name="Show 15 results")).to_be_visible()
    assert await scan(page, "filter sheet") == []
    await sheet.get_by_role("button", name="Show 15 results").click()

    await expect(sheet).not_to_be_visible()
    await expect(page.get_by_role("button", name="Filter (1)")).to_be_focused()
    await page.evaluate("window.scrollTo(0, 1500)")
    await expect(page.get_by_role("button", name="Filter (1)")).to_be_in_viewport()
    await page.go_back()
    await expect(page.get_by_role("button", name="Filter", exact=True)).to_be_visible()


async def test_lists_are_narrowed_and_ordered_without_any_script(
    word: str, chromium: Browser, shop: ShopServer
) -> None:
    context = await chromium.new_context(base_url=shop.url, java_script_enabled=False, viewport=PHONE)
    page = await context.new_page()
    await page.goto(f"/search?q={word}")

    await page.get_by_role("link", name="Filter").click()
    await page.get_by_role("link", name=re.compile("Birchmere")).click()
    await page.get_by_label("To", exact=True).fill("28.00")
    await page.get_by_role("button", name="Apply price").click()
    await page.locator("main").get_by_label("Sort by").select_option(label="Price: high to low")
    await page.get_by_role("button", name="Sort", exact=True).click()

    names = await page.locator("article h2 a").all_inner_texts()
    assert names == [f"{word} Thing {number}" for number in (8, 6, 4, 2, 0)]
    await page.get_by_role("link", name="Remove filter Birchmere").click()
    assert await page.locator("article").count() == 9
    await context.close()


async def test_search_in_vain_offers_words_and_categories(page: Page) -> None:
    await go_live(page, "/search?q=qqqzzzx")

    await expect(page.get_by_role("heading", level=1)).to_contain_text("qqqzzzx")
    await expect(page.get_by_role("heading", name="No match for that")).to_be_visible()
    popular = page.get_by_role("region", name="Popular categories")
    await popular.get_by_role("link", name=re.compile("Kitchen")).click()

    await expect(page.get_by_role("heading", level=1)).to_contain_text("Kitchen")


def test_pages_of_one_address_in_other_words_are_one_page(word: str, shop: ShopServer) -> None:
    pages = []
    for query in (
        f"q={word}&in_stock=1&brand=Alderwood",
        f"brand=Alderwood&utm_source=x&in_stock=true&q={word}&page=1",
    ):
        with urllib.request.urlopen(f"{shop.url}/search?{query}", timeout=10) as answer:  # noqa: S310 - our own address
            pages.append((answer.headers["etag"], answer.read()))

    assert pages[0] == pages[1]
    assert b'aria-current="true"' in pages[0][1]
