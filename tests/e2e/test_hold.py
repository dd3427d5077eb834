"""How long the checkout holds what is in it, as its page shows it."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.goods import Goods
from tests.e2e.records import Records
from tests.e2e.shopper import GOOD_CARD, Shopper

pytestmark = pytest.mark.browser
MISSING = ("E-mail address", "Full name", "Address", "Postal code", "City")


async def send_blank_checkout(page: Page) -> None:
    """Send the checkout's form as it is; all that is missing is said, and leads to its field."""
    await page.get_by_role("button", name="Continue to payment").click()
    summary = page.get_by_role("alert").filter(has_text="Please check these details")
    await expect(summary).to_be_focused()
    links = summary.get_by_role("link")
    await expect(links).to_have_text([re.compile(f"^{name}:") for name in MISSING])
    for place, name in enumerate(MISSING):
        await links.nth(place).click()
        await expect(page.get_by_label(name, exact=True)).to_be_focused()
    await expect(page).to_have_title(re.compile("^Error: Checkout"))


async def test_items_are_held_for_who_is_there_and_the_page_says_when_they_no_longer_are(
    cold_page: Page, goods: Goods, records: Records, quiet_log: None
) -> None:
    page = cold_page  # its clock is its browser's
    await page.clock.install()
    shopper = Shopper(page, "Hanna Hold")
    slug = goods.product("Held thing")
    await shopper.take(slug)
    await shopper.check_out()
    await send_blank_checkout(page)
    await shopper.give_address(as_guest=True)
    await shopper.go_on_to_payment()
    hold = page.locator("#hold")
    await expect(hold.get_by_role("status")).to_have_text(
        re.compile(r"^We hold your items for you until [\d:]+( [AP]M)?\.$")
    )
    before = await hold.inner_text()

    await page.get_by_role("heading", name="Payment").click()  # somebody is there
    await page.clock.fast_forward("21:00")
    await expect(hold).not_to_have_text(before)
    await expect(hold).to_contain_text(re.compile(r"(29|30) min$"))

    await page.clock.fast_forward("26:00")
    await expect(hold).to_have_attribute("data-look", "hurry")
    await expect(hold.get_by_role("status")).to_contain_text("After that somebody else may buy them.")
    await page.clock.fast_forward("05:00")
    await expect(hold).to_have_attribute("data-look", "over")
    await expect(hold.get_by_role("status")).to_have_text(re.compile("^We hold your items no longer"))

    goods.rows("UPDATE checkouts SET opened_at = opened_at - interval '31 minutes', expires_at = now() "
               "WHERE email = %(email)s", email=shopper.email)  # fmt: skip
    await shopper.pay_with(GOOD_CARD)
    await expect(page.get_by_text("Your items had been held too long and are held anew now.")).to_be_visible()
    await expect(hold).to_have_attribute("data-look", "held")
    await shopper.pay_with(GOOD_CARD)
    number = await shopper.read_order_number()
    assert [order["number"] for order in records.orders(shopper.email)] == [number]
