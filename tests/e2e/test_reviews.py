"""Reviews on the product page: read, filtered, written, changed, deleted and restored."""

import re

from playwright.async_api import Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import OpenTab, go_live
from tests.e2e.goods import Goods
from tests.e2e.shopper import PASSWORD, Shopper


async def signed_up(page: Page, name: str) -> Shopper:
    """Make an account."""
    shopper = Shopper(page, name)
    await go_live(page, "/register")
    form = page.get_by_role("main")
    await form.get_by_label("Full name").fill(shopper.name)
    await form.get_by_label("E-mail address").fill(shopper.email)
    await form.get_by_label("Password", exact=True).fill(PASSWORD)
    await form.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("button", name="Account")).to_be_visible()
    return shopper


async def test_review_is_shown_at_once_and_can_be_changed_and_deleted(
    goods: Goods, page: Page, open_tab: OpenTab
) -> None:
    slug = goods.product("Reviewed Lamp")
    goods.review(slug, 2, "Flickers a little.")
    reader = await open_tab()
    await go_live(reader, f"/products/{slug}")
    shopper = await signed_up(page, "Rita Review")
    goods.deliver(slug, shopper.email)
    await go_live(page, f"/products/{slug}")

    await page.get_by_role("button", name="Write a review").click()
    await expect(page.get_by_role("radio", name="1 star, Poor")).to_be_focused()
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_text("Choose how many stars you give")).to_be_visible()
    await expect(page.get_by_role("radio", name="1 star, Poor")).to_be_focused()
    for _ in range(4):
        await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="5 stars, Excellent")).to_be_checked()
    text = page.get_by_label("Your review (optional)")
    await text.fill("x" * 2_001)
    await expect(page.get_by_text("1 too many")).to_be_visible()
    await text.fill("A quiet, warm light.")
    await expect(page.get_by_text("1,980 left")).to_be_visible()
    assert await scan_all(page, "review form") == []
    await page.get_by_role("button", name="Publish").click()

    own = page.locator("#your-review")
    await expect(own).to_contain_text("A quiet, warm light.")
    # In another browser, without a reload.
    await expect(reader.locator("#review-items")).to_contain_text("A quiet, warm light.")
    await expect(reader.locator("#review-items")).to_contain_text("Rita R.")
    await expect(reader.get_by_role("link", name="2 reviews")).to_be_visible()

    await own.get_by_role("button", name="Edit").click()
    await expect(page.get_by_label("Your review (optional)")).to_have_value("A quiet, warm light.")
    await page.get_by_text("3 stars, Good").click(force=True)
    await page.get_by_role("button", name="Publish").click()
    await expect(own).to_contain_text("edited")
    await expect(own).to_contain_text("Rated 3 of 5")

    await own.get_by_role("button", name="Delete").click()
    await expect(own).not_to_be_attached()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("#your-review")).to_contain_text("A quiet, warm light.")


async def test_reviews_are_filtered_sorted_and_voted_for(goods: Goods, page: Page) -> None:
    slug = goods.product("Voted Kettle")
    for number in range(12):
        goods.review(slug, 4 + number % 2, f"Word {number}.")
    goods.review(slug, 1, "Leaks.")
    await signed_up(page, "Vera Vote")
    await go_live(page, f"/products/{slug}")
    items = page.locator("#review-items > li")
    await expect(page.get_by_text("You can review this once it has been delivered to you.")).to_be_visible()
    await expect(items).to_have_count(10)

    await page.get_by_role("button", name=re.compile("^1 stars? ")).click()
    await expect(items).to_have_count(1)
    await expect(items).to_contain_text("Leaks.")
    helpful = items.get_by_role("button", name="Helpful")
    await helpful.click()
    await expect(helpful).to_have_attribute("aria-pressed", "true")
    await expect(helpful).to_have_text("Helpful (1)")
    await page.get_by_role("button", name="Show all").click()
    await page.get_by_label("Sort reviews").select_option("helpful")
    await expect(items.first).to_contain_text("Leaks.")
    await expect(items.first).to_contain_text("Helpful (1)")
    await page.get_by_role("button", name="Show 3 more reviews").click()
    await expect(items).to_have_count(13)
    await expect(items.nth(10)).to_be_focused()
    await page.reload()
    await page.wait_for_function("!document.querySelector('[data-ssr]')")
    await expect(items.filter(has_text="Leaks.").get_by_role("button", name="Helpful (1)")).to_have_attribute(
        "aria-pressed", "true"
    )


async def test_guest_is_asked_to_sign_in_and_led_back(goods: Goods, page: Page) -> None:
    slug = goods.product("Unreviewed Mug")
    await go_live(page, f"/products/{slug}")

    await page.get_by_role("link", name="Sign in to write a review").click()

    await expect(page).to_have_url(re.compile(rf"/login\?next=.*{slug}"))
