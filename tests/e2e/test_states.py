"""What shoppers meet when something is in the way: no connection, a product that left, a page that broke."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import scan
from tests.e2e.conftest import go_live
from tests.e2e.goods import Goods
from tests.e2e.shop_server import ShopServer

pytestmark = pytest.mark.browser

BANNER = "Reconnecting… your cart is safe."
# The number field asks this of what is typed while it is drawn.
BREAK = """
const parse = Number.parseInt;
Number.parseInt = (text, base) => { if (text === "77") throw new Error("planted"); return parse(text, base); };
"""
OFFLINE = "You are offline, so the quantity stays as it was."


async def test_quantity_changed_without_a_connection_goes_back_and_works_again(
    cold_page: Page, goods: Goods, complaints: list[str]
) -> None:
    page = cold_page  # going offline is a matter of a whole process, which others would share
    slug = goods.product("Line Thing")
    await go_live(page, f"/products/{slug}")
    await page.get_by_role("button", name="Add to cart").click()
    await expect(page.get_by_role("dialog", name="Cart (1)")).to_be_visible()
    await go_live(page, "/cart")
    quantity = page.get_by_role("group", name="Quantity of Line Thing")
    await expect(quantity).to_be_visible()

    await page.context.set_offline(True)
    await quantity.get_by_role("button", name="One more").click()

    await expect(page.get_by_role("alert").filter(has_text=OFFLINE)).to_be_visible()
    await expect(quantity.get_by_role("textbox")).to_have_value("1")
    await expect(page.get_by_text(BANNER)).to_be_visible()
    assert await scan(page, "page") == []

    await page.context.set_offline(False)
    await expect(page.get_by_text(BANNER)).not_to_be_visible()
    await expect(page.get_by_text(OFFLINE)).not_to_be_visible()
    await quantity.get_by_role("button", name="One more").click()
    await expect(page.get_by_role("heading", name="Cart (2)")).to_be_visible()
    ((kept,),) = await asyncio.to_thread(
        goods.rows,
        "SELECT i.quantity FROM cart_lines i JOIN variants v ON v.id = i.variant_id"
        " JOIN products p ON p.id = v.product_id WHERE p.slug = %(slug)s",
        slug=slug,
    )
    assert kept == 2
    complaints.clear()  # the browser notes each try that found nobody


async def test_known_failure_38_what_is_added_is_in_the_database(page: Page, goods: Goods) -> None:
    """Known failure 38: "Add to cart" changes only the browser; after a reload the cart is empty."""
    slug = goods.product("Kept Thing")
    await go_live(page, f"/products/{slug}")
    await page.get_by_role("button", name="One more").click()
    await page.get_by_role("button", name="Add to cart").click()
    await expect(page.get_by_role("dialog", name="Cart (2)")).to_be_visible()

    await page.reload()
    await go_live(page, "/cart")

    await expect(page.get_by_role("heading", name="Cart (2)")).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("link", name="Kept Thing")).to_be_visible()
    rows = await asyncio.to_thread(
        goods.rows,
        "SELECT i.quantity FROM cart_lines i JOIN variants v ON v.id = i.variant_id"
        " JOIN products p ON p.id = v.product_id WHERE p.slug = %(slug)s",
        slug=slug,
    )
    assert rows == [(2,)]


async def test_quantity_that_is_being_typed_stays_while_the_page_follows_others(page: Page, goods: Goods) -> None:
    slug = goods.product("Wanted Thing", stock=9)
    await go_live(page, f"/products/{slug}")
    field = page.locator("main").get_by_role("textbox", name="Quantity").first

    await field.fill("7")
    goods.restock(slug, 8)

    await expect(page.get_by_text("Only 8 left").first).to_be_visible()
    await expect(field).to_have_value("7")
    await field.press("Enter")
    goods.restock(slug, 5)
    await expect(field).to_have_value("5")


async def test_product_that_leaves_the_shop_says_so_on_open_pages_and_new_ones(
    page: Page, goods: Goods, complaints: list[str]
) -> None:
    slug = goods.product("Leaving Thing")
    gone = page.get_by_role("heading", level=1, name="We do not sell Leaving Thing any more.")
    await go_live(page, f"/products/{slug}")

    goods.rows("UPDATE products SET status = 'archived' WHERE slug = %(slug)s", slug=slug)

    await expect(gone).to_be_visible(timeout=2_000)
    answer = await page.goto(f"/products/{slug}")
    assert answer is not None
    assert answer.status == 410
    await page.wait_for_function("!document.querySelector('[data-ssr]')")
    await expect(gone).to_be_visible()
    await expect(page.get_by_role("link", name="More in Electronics")).to_be_visible()
    assert await scan(page, "page") == []
    assert len(complaints) == 1  # the browser notes the 410
    complaints.clear()


async def test_page_that_breaks_apologises_and_can_be_loaded_again(page: Page, complaints: list[str]) -> None:
    await go_live(page, "/products/plain-thing-11")
    await page.evaluate(BREAK)

    await page.get_by_role("textbox", name="Quantity").fill("77")

    await expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong on this page")
    await expect(page.get_by_text("planted")).to_have_count(0)
    assert await scan(page, "page") == []
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Plain Thing 11")
    assert complaints
    complaints.clear()


async def test_shop_reads_without_any_script(chromium: Browser, shop: ShopServer) -> None:
    """Known failure 37: the page's HTML holds no product, no title; a missing product answers 200."""
    context = await chromium.new_context(base_url=shop.url, java_script_enabled=False)
    page = await context.new_page()

    await page.goto("/products")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("All products")
    await page.get_by_role("link", name="more").last.click()
    assert page.url.endswith("/products?page=2")
    await page.get_by_role("searchbox").first.fill("lamp")
    await page.get_by_role("searchbox").first.press("Enter")
    card = page.get_by_role("article").filter(has_text="Oak Desk Lamp")
    await expect(card).to_contain_text("$64.00")
    await page.wait_for_load_state("load")
    assert await card.get_by_role("img").first.evaluate("image => image.naturalWidth") > 0
    await card.get_by_role("link").click()

    await expect(page).to_have_title("Oak Desk Lamp · ShopHub")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Oak Desk Lamp")
    await expect(page.get_by_text("$64.00").first).to_be_visible()
    await expect(page.get_by_text("In stock").first).to_be_visible()
    await expect(page.get_by_text("warm light", exact=True)).to_be_visible()
    picture = page.get_by_role("img", name="The lamp, view 1")
    await expect(picture).to_be_visible()
    await page.wait_for_load_state("load")
    assert await picture.evaluate("image => image.naturalWidth") > 0
    await page.get_by_role("link", name="Ink").click()
    await expect(page.get_by_text("Colour: Ink")).to_be_visible()
    await page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Office").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Office")
    await context.close()
