"""Carts of people with more than one device, and of people who change their mind."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenTab, go_live
from tests.e2e.records import Records
from tests.e2e.shopper import Shopper

pytestmark = pytest.mark.browser


async def cart_of(page: Page) -> dict[str, str]:
    """Read the cart page: names with quantities."""
    groups = page.get_by_role("group", name=re.compile("^Quantity of "))
    return {
        str(await group.get_attribute("aria-label")).removeprefix("Quantity of "): await group.get_by_role(
            "textbox"
        ).input_value()
        for group in await groups.all()
    }


async def test_signing_in_merges_the_carts_of_two_devices(page: Page, open_tab: OpenTab, records: Records) -> None:
    desk, phone = Shopper(page, "Tom Twodevices"), Shopper(await open_tab(), "Tom Twodevices")
    records.restock("plain-thing-20", 3)
    await go_live(page, "/register")
    await desk.register()
    await page.wait_for_url(re.compile(r"/$"))
    await desk.take("plain-thing-18")
    await desk.take("plain-thing-20", 2)
    await phone.take("plain-thing-18", 2)
    await phone.take("plain-thing-19")
    await phone.take("plain-thing-20", 2)

    await go_live(phone.page, "/login?next=/cart")
    await phone.sign_in()
    await phone.page.wait_for_url(re.compile("/cart"))

    merged = {"Plain Thing 18": "3", "Plain Thing 19": "1", "Plain Thing 20": "3"}
    await expect(phone.page.get_by_role("heading", name="Cart (7)")).to_be_visible()
    assert await cart_of(phone.page) == merged
    await expect(phone.page.get_by_text(re.compile("Plain Thing 20.*3"))).to_be_visible()  # told that it was capped
    await go_live(page, "/cart")
    await expect(page.get_by_role("heading", name="Cart (7)")).to_be_visible()
    assert await cart_of(page) == merged


async def test_removed_and_put_aside_lines_come_back(page: Page, records: Records) -> None:
    shopper = Shopper(page, "Mia Minded")
    await shopper.take("plain-thing-21", 2)
    await shopper.take("plain-thing-22")
    await go_live(page, "/cart")
    await expect(page.get_by_role("heading", name="Cart (3)")).to_be_visible()

    await page.get_by_role("button", name="Remove Plain Thing 21").click()
    await expect(page.get_by_role("heading", name="Cart (1)")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("heading", name="Cart (3)")).to_be_visible()
    assert (await cart_of(page))["Plain Thing 21"] == "2"

    await page.get_by_role("button", name=re.compile("Save for later.*Plain Thing 22")).click()
    saved = page.get_by_role("region", name="Saved for later")
    await expect(saved).to_contain_text("Plain Thing 22")
    assert await cart_of(page) == {"Plain Thing 21": "2"}
    await saved.get_by_role("button", name=re.compile("Move to cart.*Plain Thing 22")).click()
    await expect(page.get_by_role("heading", name="Cart (3)")).to_be_visible()
    await expect(saved).to_have_count(0)


async def test_more_than_there_is_cannot_be_had_and_is_said(page: Page, records: Records) -> None:
    shopper = Shopper(page, "Max Many")
    records.restock("plain-thing-23", 2)
    await shopper.take("plain-thing-23", 2)
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Add to cart").click()

    await expect(page.get_by_role("alert").filter(has_text="cart")).to_be_visible()
    await expect(page.get_by_role("button", name="Cart, 2 items")).to_be_attached()
