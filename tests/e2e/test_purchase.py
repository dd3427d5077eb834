"""The main job, as people do it: find, choose, pay, and have the order."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenTab, go_live
from tests.e2e.records import Records, Shelf
from tests.e2e.shopper import GOOD_CARD, Shopper

pytestmark = pytest.mark.browser


async def find_and_put_three_into_the_cart(page: Page, shopper: Shopper) -> None:
    """Search, choose two on the product's page, and a third in the cart."""
    await go_live(page, "/")
    search = page.get_by_role("search").get_by_label("Search products").first
    await search.fill("plain thing 7")
    await search.press("Enter")
    await page.locator("main").get_by_role("link", name="Plain Thing 7", exact=True).click()

    await page.get_by_role("heading", name="Plain Thing 7", level=1).wait_for()
    await page.locator("main").get_by_role("button", name="One more").click()
    await page.get_by_role("button", name="Add to cart").click()
    await expect(shopper.drawer).to_be_visible()
    await expect(shopper.drawer.get_by_label("Quantity", exact=True)).to_have_value("2")

    await shopper.drawer.get_by_role("link", name="View cart").click()
    await page.get_by_role("group", name="Quantity of Plain Thing 7").get_by_role("button", name="One more").click()
    await expect(page.get_by_role("region", name="Summary").get_by_text("$77.97")).to_have_count(1)
    await expect(page.get_by_role("heading", name="Cart (3)")).to_be_visible()


async def see_order_in_account(page: Page, number: str) -> None:
    """Find the order under Orders and see what it holds."""
    await page.get_by_role("button", name="Account").click()
    await page.get_by_role("link", name="Orders", exact=True).first.click()
    await page.get_by_role("link", name=f"Order {number}").click()
    await expect(page.get_by_role("heading", name=f"Order {number}", level=1)).to_be_visible()
    await expect(page.locator("main")).to_contain_text("$87.97")
    await expect(page.locator("main")).to_contain_text("1 Market Street")
    await expect(page.get_by_role("button", name="Cart, empty")).to_be_attached()


async def test_somebody_new_finds_buys_and_follows_an_order(page: Page, records: Records) -> None:
    ada = Shopper(page, "Ada Newcomer")
    before = records.shelf("plain-thing-7").stock
    await find_and_put_three_into_the_cart(page, ada)

    await go_live(page, "/register?next=/cart")
    await ada.register()
    await expect(page).to_have_url(re.compile("/cart$"))
    await expect(page.get_by_role("heading", name="Cart (3)")).to_be_visible()

    await page.get_by_role("link", name="Check out").click()
    await ada.give_address()
    await ada.go_on_to_payment()
    assert records.shelf("plain-thing-7") == Shelf(before, reserved=3)
    loads: list[str] = []
    page.on("domcontentloaded", lambda: loads.append(page.url))
    await ada.pay_with(GOOD_CARD)
    number = await ada.read_order_number()

    await expect(page).to_have_title("Thank you · ShopHub")
    assert loads == []  # the number came by itself
    assert records.orders(ada.email) == [
        {
            "number": number,
            "status": "PROCESSING",
            "payment_status": "PAID",
            "total_minor": 3 * 2_599 + 1_000,
            "owned": True,
            "bought": {"plain-thing-7": 3},
        }
    ]
    assert records.shelf("plain-thing-7") == Shelf(before - 3, reserved=0)

    await see_order_in_account(page, number)
    mail = await ada.read_mail(f"Your order {number}")
    assert "3 × Plain Thing 7" in mail
    assert "$87.97" in mail


async def test_guest_buys_and_comes_back_by_the_link_of_the_mail(
    page: Page, records: Records, open_tab: OpenTab, complaints: list[str]
) -> None:
    guest = Shopper(page, "Gus Guest")
    before = records.shelf("plain-thing-8").stock
    number = await guest.buy("plain-thing-8")

    await expect(page.locator("main")).to_contain_text(f"We have sent the confirmation to {guest.email}")
    (order,) = records.orders(guest.email)
    assert (order["number"], order["owned"]) == (number, False)
    assert records.shelf("plain-thing-8") == Shelf(before - 1, reserved=0)

    mail = await guest.read_mail(f"Your order {number}")
    (link,) = re.findall(rf"http\S+/orders/{number}/open\S+", mail)
    elsewhere = await open_tab()
    await elsewhere.goto(link)
    await expect(elsewhere.get_by_role("heading", name=f"Order {number}", level=1)).to_be_visible()
    assert "token" not in elsewhere.url

    stranger = await open_tab()
    await stranger.goto(f"/orders/{number}")
    await expect(stranger.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    await Shopper(stranger, "Sam Stranger").register_from_sign_in()
    await expect(stranger.get_by_role("heading", level=1)).to_have_text("This page is not here")
    answer = await stranger.reload()
    assert answer is not None
    assert answer.status == 404
    await expect(stranger.locator("body")).not_to_contain_text(guest.email)
    assert [text for text in complaints if "404" not in text] == []
    complaints.clear()  # browsers mention the status


async def test_confirmation_survives_a_reload_and_opens_for_nobody_else(
    page: Page, records: Records, open_tab: OpenTab
) -> None:
    guest = Shopper(page, "Rita Reload")
    number = await guest.buy("plain-thing-9")

    await page.reload()
    assert await guest.read_order_number() == number
    assert len(records.orders(guest.email)) == 1

    stranger = await open_tab()
    await stranger.goto(page.url)
    await expect(stranger.get_by_role("heading", name="We do not know this checkout")).to_be_visible()


async def test_order_number_comes_although_every_webhook_is_lost(page: Page, records: Records) -> None:
    guest = Shopper(page, "Will Waiting")
    await guest.begin("plain-thing-10")
    await guest.go_on_to_payment()

    with records.webhooks_lost():
        await guest.pay_with(GOOD_CARD)
        await expect(page.get_by_role("heading", name="Confirming your order")).to_be_visible()
        number = await guest.read_order_number()

    assert [order["number"] for order in records.orders(guest.email)] == [number]
