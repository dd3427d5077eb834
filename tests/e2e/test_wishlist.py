"""Hearts, the wishlist, its link, and being told when something is back."""

from playwright.async_api import Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import PHONE, OpenTab, go_live
from tests.e2e.goods import Goods
from tests.e2e.test_reviews import signed_up


async def test_wishes_are_kept_shared_and_moved_to_the_cart(goods: Goods, page: Page, open_tab: OpenTab) -> None:
    plain, sized = goods.product("Wished Vase"), goods.product("Wished Coat", option=("Size", ("S", "M")))
    await signed_up(page, "Wilma Wish")
    await go_live(page, "/wishlist")
    await expect(page.get_by_role("heading", name="Your wishlist is empty")).to_be_visible()
    for slug in (plain, sized):
        await go_live(page, f"/products/{slug}")
        heart = page.locator("#wish-button")
        await expect(heart).to_have_attribute("aria-pressed", "false")
        await heart.click()
        await expect(heart).to_have_attribute("aria-pressed", "true")
        await expect(page.locator("#live-polite")).to_have_text("Added to your wishlist")
    goods.reprice(plain, 1_500)

    await go_live(page, "/wishlist")
    items = page.locator("#wishlist-items > li")
    await expect(items).to_have_count(2)
    await expect(items.nth(1)).to_contain_text("$5.00 less than when you added it")
    await expect(items.nth(0).get_by_role("link", name="Choose options: Wished Coat")).to_be_visible()
    assert await scan_all(page, "wishlist") == []
    await page.get_by_role("button", name="Share").click()
    address = await page.get_by_label("Anybody with this link sees your list").input_value()
    path = address[address.index("/wishlist/") :]

    friend = await open_tab()
    await go_live(friend, path)
    await expect(friend.get_by_role("heading", level=1)).to_have_text("Wilma’s wishlist")
    await expect(friend.locator("#wishlist-items > li")).to_have_count(2)

    await items.nth(1).get_by_role("button", name="Move to cart").click()
    await expect(page.get_by_role("dialog", name="Cart (1)")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(items).to_have_count(1)
    await items.get_by_role("button", name="Remove from the wishlist").click()
    await expect(items).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(items).to_have_count(1)

    await page.get_by_role("button", name="Stop sharing").click()
    await expect(page.get_by_role("button", name="Share")).to_be_visible()
    answer = await page.request.get(path)
    assert answer.status == 404


async def test_guests_hearts_are_on_the_list_after_the_sign_in(goods: Goods, page: Page) -> None:
    slug = goods.product("Guest Vase")
    await go_live(page, f"/products/{slug}")
    heart = page.locator("#wish-button")

    await heart.click()
    await expect(heart).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_text("Saved. Sign in to find it in your wishlist")).to_be_visible()
    await page.reload()
    await expect(heart).to_have_attribute("aria-pressed", "true")
    await signed_up(page, "Gina Guest")

    await go_live(page, "/wishlist")
    await expect(page.locator("#wishlist-items > li")).to_have_count(1)
    await expect(page.locator("#wishlist-items")).to_contain_text("Guest Vase")


async def test_wishlist_switched_off_is_gone(goods: Goods, page: Page, complaints: list[str]) -> None:
    slug = goods.product("Unwished Vase")
    goods.review(slug, 5, "Fine.")
    await go_live(page, f"/products/{slug}")
    await expect(page.locator("#wish-button")).to_be_visible()
    try:
        goods.rows("UPDATE store_settings SET wishlist_enabled = false, reviews_enabled = false")
        await expect(page.locator("#reviews")).not_to_be_attached()
        await expect(page.locator("#wish-button")).not_to_be_attached()
        await page.reload()
        await page.wait_for_function("!document.querySelector('[data-ssr]')")
        await expect(page.locator("#wish-button")).not_to_be_attached()
        await expect(page.get_by_text("No reviews yet")).to_have_count(0)
        assert (await page.request.get("/wishlist")).status == 404
    finally:
        goods.rows("UPDATE store_settings SET wishlist_enabled = true, reviews_enabled = true")


async def test_sold_out_says_why_and_takes_an_address(goods: Goods, page: Page) -> None:
    slug = goods.product("Rare Coat", option=("Size", ("S", "M")), stocks=(3, 0))
    await go_live(page, f"/products/{slug}")
    await expect(page.get_by_text("M: sold out")).to_be_visible()
    await expect(page.get_by_role("button", name="Email me")).not_to_be_attached()

    await page.get_by_text("M", exact=True).click()
    await expect(page.get_by_role("button", name="Sold out").first).to_be_disabled()
    await page.get_by_role("button", name="Email me").click()
    await expect(page.get_by_text("Enter your e-mail address, such as name@example.com.")).to_be_visible()
    await expect(page.get_by_label("E-mail address")).to_be_focused()
    assert await scan_all(page, "sold out") == []
    await page.get_by_label("E-mail address").fill("waiting@example.com")
    await page.get_by_role("button", name="Email me").click()

    await expect(page.get_by_text("Thank you. We will write to you once, when this is back.")).to_be_visible()
    waiting = goods.rows(
        "SELECT a.email FROM stock_alerts a JOIN variants v ON v.id = a.variant_id JOIN products p ON"
        " p.id = v.product_id WHERE p.slug = %(slug)s",
        slug=slug,
    )
    assert waiting == [("waiting@example.com",)]


async def test_product_and_what_stands_beside_it_are_live(goods: Goods, page: Page) -> None:
    first, second = goods.product("Live Vase"), goods.product("Live Jug")
    await go_live(page, f"/products/{first}")
    await go_live(page, f"/products/{second}")
    recent = page.get_by_role("region", name="Recently viewed")
    await expect(recent.get_by_role("article").first).to_contain_text("Live Vase")

    goods.reprice(first, 4_321)
    goods.restock(first, 2)
    goods.reprice(second, 1_234)

    await expect(page.get_by_role("main")).to_contain_text("$12.34")
    await expect(recent.get_by_role("article").first).to_contain_text("$43.21")
    await expect(recent.get_by_role("article").first).to_contain_text("Only 2 left")


async def test_gallery_works_by_thumbnail_key_and_dialog_on_a_phone(page: Page) -> None:
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await go_live(page, "/products/oak-desk-lamp")
    await page.get_by_role("button", name="Picture 2 of 3").click()
    await expect(page.get_by_role("img", name="The lamp, view 2").first).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("img", name="The lamp, view 3").first).to_be_visible()
    await page.get_by_role("button", name="Enlarge the picture").click()
    dialog = page.get_by_role("dialog", name="Pictures of Oak Desk Lamp")
    await expect(dialog).to_contain_text("3 / 3")
    await page.keyboard.press("ArrowRight")
    await expect(dialog).to_contain_text("1 / 3")
    assert await scan_all(page, "pictures", widths=(PHONE,)) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Enlarge the picture")).to_be_focused()


async def test_cards_of_an_open_listing_follow_price_and_stock(goods: Goods, page: Page) -> None:
    slug = goods.product("Followed Vase")
    await go_live(page, "/search?q=Followed+Vase")
    card = page.get_by_role("article").filter(has_text="Followed Vase").first
    await expect(card).to_contain_text("$20.00")

    goods.reprice(slug, 1_777)
    goods.restock(slug, 0)

    await expect(card).to_contain_text("$17.77")
    await expect(card).to_contain_text("Out of stock")
