"""A payment that did not come about leaves the shopper free to change the order and pay it, at once."""

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import go_live
from tests.e2e.records import Records
from tests.e2e.shopper import ASKING_CARD, DECLINED_CARD, GOOD_CARD, Shopper

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet_log")]


async def change_and_pay(shopper: Shopper, slug_name: str) -> str:
    """Take one more of it, pay with a good card, and return the order's number."""
    page = shopper.page
    await page.get_by_role("group", name=f"Quantity of {slug_name}").get_by_role("button", name="One more").click()
    await expect(page.get_by_role("heading", name="Cart (2)")).to_be_visible()
    await page.locator("main").get_by_role("link", name="Check out").click()
    await expect(page.get_by_role("heading", name="Checkout", exact=True)).to_be_visible()
    await shopper.give_address(as_guest=True)
    await shopper.go_on_to_payment()
    await shopper.pay_with(GOOD_CARD)
    return await shopper.read_order_number()


async def test_order_can_be_changed_at_once_after_a_declined_card(
    page: Page, records: Records, complaints: list[str]
) -> None:
    dee = Shopper(page, "Della Declined")
    await dee.begin("plain-thing-17")
    await dee.go_on_to_payment()
    await dee.pay_with(DECLINED_CARD)
    await expect(page.get_by_role("alert").filter(has_text="declined")).to_be_visible()

    await page.get_by_role("link", name="Back to cart").click()
    number = await change_and_pay(dee, "Plain Thing 17")

    assert [(order["number"], order["bought"]) for order in records.orders(dee.email)] == [
        (number, {"plain-thing-17": 2})
    ]
    (intent,) = records.intents(dee.email)
    assert intent.amount_received == 2 * 3_599 + 1_000
    assert [said for said in complaints if "402" not in said] == []
    complaints.clear()  # browsers mention the status of the declined card


async def test_order_can_be_changed_at_once_after_leaving_the_banks_question(page: Page, records: Records) -> None:
    liv = Shopper(page, "Liv Leaving")
    await liv.begin("plain-thing-18")
    await liv.go_on_to_payment()
    await liv.pay_with(ASKING_CARD)
    await expect(liv.bank).to_be_visible()

    await page.reload()
    await expect(page.get_by_role("heading", name="Checkout", exact=True)).to_be_visible()
    await expect(page.get_by_label("Address", exact=True)).to_have_value("1 Market Street")
    await go_live(page, "/cart")
    number = await change_and_pay(liv, "Plain Thing 18")

    assert [(order["number"], order["bought"]) for order in records.orders(liv.email)] == [
        (number, {"plain-thing-18": 2})
    ]
    assert [intent.status for intent in records.intents(liv.email)] == ["succeeded"]
