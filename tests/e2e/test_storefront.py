"""Looking around: listings, products, cart, theme, by mouse and keyboard."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.conftest import go_live
from tests.e2e.shop_server import ShopServer


async def test_more_products_come_in_place_and_are_still_there_after_back(page: Page) -> None:
    await go_live(page, "/products")
    cards = page.locator("#listing-items article")
    await expect(cards).to_have_count(24)

    await page.get_by_role("link", name="Show 9 more").click()
    await expect(cards).to_have_count(33)
    assert page.url.endswith("?page=2")
    await expect(page.locator("#listing-items h2 a").nth(24)).to_be_focused()

    await page.locator("#listing-items h2 a").nth(26).click()
    await expect(page.get_by_role("button", name=re.compile("Add to cart|Sold out"))).to_be_visible()
    await page.go_back()

    await expect(cards).to_have_count(33)
    await page.wait_for_function("window.scrollY > 1000")


async def test_second_page_of_a_listing_is_a_page_of_its_own(page: Page) -> None:
    await go_live(page, "/products?page=2")

    await expect(page.locator("#listing-items article")).to_have_count(9)
    await page.get_by_role("link", name="Show earlier products").click()
    await expect(page.locator("#listing-items article")).to_have_count(24)


async def test_sorting_goes_to_an_address_that_can_be_shared(page: Page) -> None:
    await go_live(page, "/categories/office")

    await page.get_by_label("Sort by").select_option(label="Price: high to low")

    await page.wait_for_url("**/categories/office?sort=price_desc")
    await expect(page.locator("#listing-items h2").first).to_have_text("Oak Desk Lamp")


async def test_options_are_radio_groups_that_move_the_address(page: Page) -> None:
    await go_live(page, "/products/oak-desk-lamp")
    colour = page.get_by_role("group", name=re.compile("Colour"))
    await expect(colour.get_by_role("radio", name="Oak")).to_be_checked()

    await colour.get_by_role("radio", name="Oak").focus()
    await page.keyboard.press("ArrowRight")

    await expect(colour.get_by_role("radio", name="Ink")).to_be_checked()
    await page.wait_for_url("**/products/oak-desk-lamp?Colour=Ink&Size=S")
    await page.reload()
    await page.wait_for_function("!document.querySelector('[data-ssr]')")
    await expect(colour.get_by_role("radio", name="Ink")).to_be_checked()


async def test_gallery_moves_by_thumbnail_and_arrow_and_enlarges(page: Page) -> None:
    await go_live(page, "/products/oak-desk-lamp")

    await page.get_by_role("button", name="Picture 2 of 3: The lamp, view 2").click()
    await expect(page.locator("main").get_by_role("img", name="The lamp, view 2")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("main").get_by_role("img", name="The lamp, view 3")).to_be_visible()
    await page.get_by_role("button", name="Enlarge the picture").click()
    dialog = page.get_by_role("dialog", name="Pictures of Oak Desk Lamp")
    await expect(dialog.get_by_text("3 / 3")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(dialog).not_to_be_visible()


async def test_removed_line_comes_back_by_undo(page: Page) -> None:
    await go_live(page, "/products/plain-thing-5")
    await page.get_by_role("button", name="One more").click()
    await page.get_by_role("button", name="Add to cart").click()
    drawer = page.get_by_role("dialog", name=re.compile("Cart"))
    await expect(drawer.get_by_label("Quantity", exact=True)).to_have_value("2")

    await drawer.get_by_role("link", name="View cart").click()
    await page.get_by_role("button", name="Remove Plain Thing 5").click()
    await expect(page.get_by_role("heading", name="Your cart is empty")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()

    await expect(page.get_by_label("Quantity", exact=True)).to_have_value("2")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cart (2)")


async def test_unknown_coupon_says_so_beside_the_field(page: Page) -> None:
    await go_live(page, "/products/plain-thing-6")
    await page.get_by_role("button", name="Add to cart").click()
    await page.get_by_role("link", name="View cart").click()
    await page.get_by_text("Add a coupon code").click()

    await page.get_by_label("Coupon code").fill("NOSUCH")
    await page.get_by_role("button", name="Apply").click()

    await expect(page.get_by_role("alert").filter(has_text="We do not know that code")).to_be_visible()


@pytest.mark.parametrize("released_later", [False, True], ids=["click", "half a click"])
async def test_press_before_the_page_is_live_is_kept(released_later: bool, page: Page) -> None:
    pressed = asyncio.Event()

    async def wait_for_press(route: Route) -> None:
        await pressed.wait()
        await route.continue_()

    await page.route("**/assets/*.js", wait_for_press)
    await page.goto("/products/plain-thing-7", wait_until="commit")
    await page.locator("[data-ssr] button[data-replay=add-to-cart]").hover()

    await page.mouse.down()
    if not released_later:
        await page.mouse.up()
    pressed.set()

    await expect(page.get_by_role("dialog", name=re.compile("Cart"))).to_be_visible()
    await page.mouse.up()
    await expect(page.get_by_role("button", name="Cart, 1 item")).to_be_attached()


async def test_navigation_moves_title_focus_and_scroll(page: Page) -> None:
    await go_live(page, "/products")
    await page.evaluate("window.scrollTo(0, 900)")

    await page.locator("#listing-items h2 a").nth(8).click()

    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    name = await page.get_by_role("heading", level=1).inner_text()
    assert await page.title() == f"{name} · ShopHub"
    assert await page.evaluate("window.scrollY") == 0


async def test_chosen_theme_is_there_before_the_first_paint(page: Page) -> None:
    await go_live(page, "/contact")
    await page.get_by_role("radio", name="Dark").check(force=True)
    await page.add_init_script(
        "document.addEventListener('readystatechange', () => { window.themes = [...(window.themes || []), "
        "document.documentElement.className]; })"
    )

    await go_live(page, "/products/oak-desk-lamp")

    assert set(await page.evaluate("window.themes")) == {"dark"}
    background = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "oklch(0.17 0.01 250)"


async def test_menu_and_cart_give_the_focus_back(page: Page) -> None:
    await go_live(page, "/products")

    for name in ("Categories", "Cart, empty"):
        button = page.get_by_role("button", name=name)
        await button.press("Enter")
        await page.keyboard.press("Escape")
        await expect(button).to_be_focused()


async def test_unknown_page_and_product_help_and_say_404(page: Page, complaints: list[str]) -> None:
    for path in ("/no/such/page", "/products/no-such-thing", "/categories/none"):
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == 404
        await page.wait_for_function("!document.querySelector('[data-ssr]')")
        await expect(page.get_by_role("heading", level=1)).to_have_text("This page is not here")
        await expect(page.locator("main").get_by_role("link", name="Kitchen")).to_be_visible()
    assert len(complaints) == 3  # the browser notes each 404
    complaints.clear()


async def test_lost_server_is_told_calmly_and_what_was_pressed_is_done_later(
    shop: ShopServer, page: Page, complaints: list[str]
) -> None:
    await go_live(page, "/products/plain-thing-10")
    await asyncio.to_thread(shop.stop)
    try:
        await expect(page.get_by_text("Reconnecting… your cart is safe.")).to_be_visible()
        await page.get_by_role("button", name="One more").click()
        await page.get_by_role("button", name="Add to cart").click()
    finally:
        await asyncio.to_thread(shop.start)

    await expect(page.get_by_role("dialog", name="Cart (2)")).to_be_visible(timeout=20_000)
    await expect(page.get_by_text("Reconnecting… your cart is safe.")).not_to_be_visible()
    complaints.clear()  # the browser notes each try that found nobody
