"""The address book, from the account to the checkout: nothing that is known has to be typed again."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import scan
from tests.e2e.conftest import go_live
from tests.e2e.goods import Goods
from tests.e2e.records import Records
from tests.e2e.shopper import GOOD_CARD, Shopper

pytestmark = pytest.mark.browser


async def fill(page: Page, label: str, street: str) -> None:
    """Fill in an address under a label and save it."""
    for name, text in {
        "Label": label,
        "Address": street,
        "Postal code": "94105",
        "City": "San Francisco",
    }.items():
        await page.get_by_role("textbox", name=name, exact=name == "Address").fill(text)
    await page.get_by_role("button", name="Save address").click()


async def say_what_is_missing(page: Page) -> None:
    """Send the empty form of an account; all that is missing is said, and leads to its field."""
    await page.get_by_role("button", name="Create account").click()
    summary = page.get_by_role("alert").filter(has_text="Please check these details")
    await expect(summary).to_be_focused()
    await expect(summary.get_by_role("link")).to_have_count(3)
    await summary.get_by_role("link", name=re.compile("^E-mail address")).click()
    await expect(page.get_by_label("E-mail address")).to_be_focused()


async def begin_address(page: Page, shopper: Shopper) -> None:
    """Open the form of a first address, and send it as it is: all that is missing is said."""
    await page.get_by_role("heading", name="No addresses yet").wait_for()
    await page.get_by_role("button", name="Add an address").click()
    await expect(page.get_by_role("heading", name="New address")).to_be_focused()
    await expect(page.get_by_label("Full name")).to_have_value(shopper.name)
    await page.get_by_role("button", name="Save address").click()
    summary = page.get_by_role("alert").filter(has_text="Please check these details")
    await expect(summary).to_be_focused()
    await expect(page).to_have_title(re.compile("^Error: New address"))
    await summary.get_by_role("link", name=re.compile("^Postal code")).click()
    await expect(page.get_by_label("Postal code")).to_be_focused()
    assert await scan(page, "errors of an address") == []


async def pick_address(page: Page, shopper: Shopper) -> None:
    """Look at the book in the checkout; end with the one that is not the default."""
    await expect(page.get_by_role("radio", name=re.compile("^Office"))).to_be_checked()
    await expect(page.get_by_label("Full name")).to_be_hidden()
    await page.get_by_role("radio", name="Another address").check()
    await expect(page.get_by_label("Full name")).to_have_value(shopper.name)
    await page.get_by_role("radio", name=re.compile("^Home")).check()
    assert await scan(page, "addresses in the checkout") == []


async def look_at_paper(page: Page) -> None:
    """See what would be printed of an order."""
    await page.emulate_media(media="print")
    await expect(page.get_by_text("hello@shophub.example")).to_be_visible()
    for left_out in (page.locator("header"), page.get_by_role("search"), page.get_by_role("button", name="Buy again")):
        await expect(left_out.first).to_be_hidden()
    await page.emulate_media(media="screen")


async def test_addresses_are_saved_undone_and_picked_in_the_checkout(
    tab: Page, goods: Goods, records: Records, quiet_log: None
) -> None:
    page, phone = tab, (tab.viewport_size or {})["width"] < 500
    shopper = Shopper(page, "Adele Phone" if phone else "Adele Book")
    await go_live(page, "/register?next=/account/addresses")
    await say_what_is_missing(page)
    await shopper.register()
    await begin_address(page, shopper)

    await fill(page, "Home", "1 Market Street")
    await expect(page.get_by_role("heading", name="Addresses", level=1)).to_be_focused()
    await page.get_by_role("button", name="Add an address").click()
    await fill(page, "Office", "2 Desk Street")
    cards = page.locator("#addresses > li")
    await expect(cards).to_have_count(2)
    await expect(cards.first).to_contain_text("Default")
    await cards.last.get_by_role("button", name="Make default").click()
    await expect(cards.first).to_contain_text("Office")

    await cards.first.get_by_role("button", name="Delete Office").click()
    await expect(cards).to_have_count(1)
    await expect(cards.first.get_by_role("button", name="Edit")).to_be_focused()
    await page.get_by_role("button", name="Undo").click()
    await expect(cards).to_have_count(2)
    await expect(cards.first).to_contain_text(re.compile("Office.*Default", re.DOTALL))
    assert await scan(page, "address book") == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await shopper.take(goods.product("Deliverable"))
    await shopper.check_out()
    await pick_address(page, shopper)
    await shopper.go_on_to_payment()
    await expect(page.locator("#hold")).to_contain_text(re.compile(r"We hold your items for you until \d+:\d\d"))
    await shopper.pay_with(GOOD_CARD)
    number = await shopper.read_order_number()
    assert records.orders(shopper.email)[0]["number"] == number

    await go_live(page, "/account")
    await expect(page.get_by_role("heading", name=f"Hello, {shopper.name}")).to_be_visible()
    await page.get_by_role("link", name=f"Track {number}").click()
    await expect(page.locator("#progress")).to_be_focused()
    await expect(page.locator("main")).to_contain_text("1 Market Street")
    await look_at_paper(page)
