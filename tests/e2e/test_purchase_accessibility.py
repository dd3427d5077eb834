"""Axe finds nothing on the way from the cart to the order, whatever is open and whatever went wrong."""

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import go_live
from tests.e2e.records import Records
from tests.e2e.shopper import ASKING_CARD, GOOD_CARD, PASSWORD, Shopper

pytestmark = pytest.mark.browser


async def test_way_of_a_customer(page: Page, records: Records, complaints: list[str]) -> None:
    customer = Shopper(page, "Axel Customer")
    await customer.begin("plain-thing-24", as_guest=False)
    found = await scan_all(page, "checkout")

    await customer.go_on_to_payment()
    found += await scan_all(page, "payment")
    await customer.pay_button.click()
    await expect(page.get_by_label("Card number")).to_have_attribute("aria-invalid", "true")
    found += await scan_all(page, "payment without a card")
    await customer.pay_with(ASKING_CARD)
    await expect(customer.bank).to_be_visible()
    found += await scan_all(page, "bank's question")
    await customer.bank.get_by_role("button", name="Fail authentication").click()
    await expect(page.get_by_role("alert").filter(has_text="authenticate")).to_be_visible()
    found += await scan_all(page, "failed payment")

    await customer.pay_with(GOOD_CARD)
    number = await customer.read_order_number()
    found += await scan_all(page, "confirmation")
    await page.get_by_role("link", name="View the order").click()
    await expect(page.get_by_role("heading", name=f"Order {number}")).to_be_visible()
    found += await scan_all(page, "order")
    await go_live(page, "/orders")
    found += await scan_all(page, "orders")
    await page.get_by_role("button", name="Account").click()
    await expect(page.get_by_text("Signed in as")).to_be_visible()
    found += await scan_all(page, "account menu")

    assert found == []


async def test_what_goes_wrong(page: Page, records: Records, complaints: list[str]) -> None:
    guest = Shopper(page, "Astrid Error")
    await go_live(page, "/register?error=weak_password&email=a%40example.com")
    found = await scan_all(page, "refused registration")
    await go_live(page, "/orders")
    await expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    found += await scan_all(page, "sign in first")
    await page.get_by_label("E-mail address").fill("nobody@example.com")
    await page.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert").filter(has_text="not right")).to_be_visible()
    found += await scan_all(page, "refused sign-in")
    await go_live(page, "/checkout/success?checkout=unknown")
    found += await scan_all(page, "unknown checkout")

    records.restock("plain-thing-26", 1)
    await guest.take("plain-thing-26")
    await guest.begin("plain-thing-25")
    records.reprice("plain-thing-25", 5_000)
    await page.get_by_role("button", name="Continue to payment").click()
    await expect(page.get_by_role("dialog", name="Something changed")).to_be_visible()
    found += await scan_all(page, "question about changes")
    records.restock("plain-thing-26", 0)
    await go_live(page, "/cart")
    await expect(page.get_by_text("Sold out.")).to_be_visible()
    found += await scan_all(page, "cart with a line that sold out")
    await page.get_by_role("button", name="Remove Plain Thing 25").click()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    found += await scan_all(page, "undo")

    assert found == []
