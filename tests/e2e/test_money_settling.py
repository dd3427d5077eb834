"""Payments that a bank settles in its own time, and a payment service that is out of reach."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import go_live
from tests.e2e.records import Records, Shelf
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import GOOD_CARD, SLOW_ACCOUNT, Shopper

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet_log")]


async def pay_slowly(shopper: Shopper, slug: str) -> None:
    """Pay for one of a product from a bank account, and read that the bank takes its time."""
    await shopper.begin(slug)
    await shopper.go_on_to_payment()
    await shopper.pay_by_bank_account(SLOW_ACCOUNT)
    await expect(shopper.page.get_by_role("heading", name="Your bank is confirming the payment")).to_be_visible()


def let_an_hour_pass(shop: ShopServer, records: Records, email: str) -> None:
    """Have a checkout begin, end and be touched an hour earlier; then do what the worker does by the clock."""
    records.rows(
        "UPDATE checkouts SET opened_at = opened_at - interval '1 h', expires_at = expires_at - interval '1 h',"
        " updated_at = updated_at - interval '1 h' WHERE email = %(email)s",
        email=email,
    )
    shop.run("tests.e2e.clockwork")


async def test_payment_that_settles_after_an_hour_becomes_an_order_on_the_open_page(
    shop: ShopServer, page: Page, records: Records
) -> None:
    bo = Shopper(page, "Bo Bankaccount")
    before = records.shelf("plain-thing-27").stock
    await pay_slowly(bo, "plain-thing-27")
    await expect(page.locator("main")).to_contain_text("We keep your items and write to bo.bankaccount@example.com.")
    assert await scan_all(page, "payment that is settling") == []

    let_an_hour_pass(shop, records, bo.email)
    assert records.orders(bo.email) == []
    assert records.shelf("plain-thing-27") == Shelf(before, reserved=1)
    elsewhere = await page.context.new_page()
    await elsewhere.goto("/checkout")
    await expect(elsewhere.get_by_role("heading", name="Your bank is confirming the payment")).to_be_visible()
    assert await scan_all(elsewhere, "checkout of a cart that is settling") == []
    loads: list[str] = []
    page.on("domcontentloaded", lambda: loads.append(page.url))

    (intent,) = records.intents(bo.email)
    records.stripe_controls.post(f"/payment_intents/{intent.id}/settle", outcome="succeeded").raise_for_status()

    number = await bo.read_order_number()
    await expect(page.get_by_role("heading", name="Thank you for your order")).to_be_visible()
    await expect(elsewhere.get_by_role("heading", name="Nothing to check out")).to_be_visible()
    assert loads == []
    assert [order["number"] for order in records.orders(bo.email)] == [number]
    assert records.shelf("plain-thing-27") == Shelf(before - 1, reserved=0)


async def test_payment_that_fails_after_an_hour_says_so_and_the_cart_can_be_paid_otherwise(
    shop: ShopServer, page: Page, records: Records
) -> None:
    fay = Shopper(page, "Fay Failing")
    before = records.shelf("plain-thing-28").stock
    await pay_slowly(fay, "plain-thing-28")
    let_an_hour_pass(shop, records, fay.email)

    (intent,) = records.intents(fay.email)
    records.stripe_controls.post(f"/payment_intents/{intent.id}/settle", outcome="failed").raise_for_status()

    await expect(page.get_by_role("heading", name="The payment did not go through")).to_be_visible()
    await expect(page.locator("main")).to_contain_text("Nothing was charged. Your cart is as it was.")
    assert await scan_all(page, "payment that failed") == []
    await page.reload()
    await expect(page.get_by_role("heading", name=re.compile("did not go through|has ended"))).to_be_visible()
    assert records.orders(fay.email) == []

    await page.get_by_role("link", name="Try again").click()
    await expect(page.get_by_role("heading", name="Checkout", exact=True)).to_be_visible()
    await fay.give_address(as_guest=True)
    await fay.go_on_to_payment()
    await fay.pay_with(GOOD_CARD)
    number = await fay.read_order_number()

    assert [order["number"] for order in records.orders(fay.email)] == [number]
    assert records.shelf("plain-thing-28") == Shelf(before - 1, reserved=0)


@pytest.mark.parametrize("status", [500, 429], ids=["broken", "busy"])
async def test_payment_service_out_of_reach_is_said_and_the_same_press_works_later(
    status: int, page: Page, records: Records
) -> None:
    stu = Shopper(page, f"Stu Stripedown {status}")
    await stu.begin("plain-thing-21")
    records.stripe_controls.post("/faults", status=status, count=50, method="POST", path_contains="payment_intents")

    await page.get_by_role("button", name="Continue to payment").click()

    await expect(page.locator("#checkout-message")).to_contain_text("cannot be reached", timeout=40_000)
    await expect(page.get_by_label("Address", exact=True)).to_have_value("1 Market Street")
    assert await scan_all(page, "payment service out of reach") == []
    records.rows("DELETE FROM sandbox.stripe_faults")
    await stu.go_on_to_payment()
    await stu.pay_with(GOOD_CARD)
    number = await stu.read_order_number()
    assert [order["number"] for order in records.orders(stu.email)] == [number]
    await go_live(page, "/cart")
    await expect(page.get_by_role("heading", name="Your cart is empty")).to_be_visible()
