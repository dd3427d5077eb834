"""The shop changes while somebody checks out: they are told before they pay, and asked."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import OpenTab, go_live
from tests.e2e.records import Records, Shelf
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import GOOD_CARD, Shopper

pytestmark = pytest.mark.browser


def question(page: Page) -> Locator:
    """The dialog that asks."""
    return page.get_by_role("dialog", name="Something changed")


async def test_last_one_bought_by_somebody_else_is_told_before_paying(
    page: Page, records: Records, open_tab: OpenTab
) -> None:
    slow, quick = Shopper(page, "Sue Slow"), Shopper(await open_tab(), "Quinn Quick")
    records.restock("plain-thing-13", 1)
    await slow.begin("plain-thing-13")
    await quick.buy("plain-thing-13")

    await page.get_by_role("button", name="Continue to payment").click()

    await expect(question(page).get_by_role("listitem").first).to_have_text("Plain Thing 13: Sold out.")
    await expect(question(page)).to_contain_text("Nothing has been charged.")
    assert records.intents(slow.email) == []
    assert records.orders(slow.email) == []
    assert len(records.orders(quick.email)) == 1
    assert records.shelf("plain-thing-13") == Shelf(stock=0, reserved=0)

    await question(page).get_by_role("link", name="Back to cart").click()
    await expect(page.get_by_text("Remove what is not available to check out.")).to_be_visible()
    await expect(page.locator("main").get_by_role("link", name="Check out")).to_have_count(0)


async def test_last_one_held_too_long_and_sold_is_told_when_pay_is_pressed(
    shop: ShopServer, page: Page, records: Records, open_tab: OpenTab
) -> None:
    slow, quick = Shopper(page, "Lou Late"), Shopper(await open_tab(), "Ned Next")
    records.restock("plain-thing-14", 1)
    await slow.begin("plain-thing-14")
    await slow.go_on_to_payment()
    records.rows("UPDATE checkouts SET expires_at = now() WHERE email = %(email)s", email=slow.email)
    shop.run("tests.e2e.clockwork")
    await quick.buy("plain-thing-14")

    await slow.pay_with(GOOD_CARD)

    await expect(question(page).get_by_role("listitem").first).to_have_text("Plain Thing 14: Sold out.")
    assert [(intent.status, intent.amount_received) for intent in records.intents(slow.email)] == [("canceled", 0)]
    assert records.orders(slow.email) == []
    assert records.shelf("plain-thing-14") == Shelf(stock=0, reserved=0)


async def test_new_price_is_asked_about_and_paid_when_accepted(page: Page, records: Records) -> None:
    ann = Shopper(page, "Ann Accepting")
    await ann.begin("plain-thing-15")
    records.reprice("plain-thing-15", 4_500)

    await page.get_by_role("button", name="Continue to payment").click()

    await expect(question(page).get_by_role("listitem")).to_have_text(
        [
            "Plain Thing 15: Price changed from $33.99 to $45.00.",
            "The total is now $55.00 instead of $43.99.",
        ]
    )
    assert records.intents(ann.email) == []

    await question(page).get_by_role("button", name="Go on with this").click()
    await expect(ann.pay_button).to_have_text("Pay $55.00")
    await ann.pay_with(GOOD_CARD)
    number = await ann.read_order_number()

    (order,) = records.orders(ann.email)
    assert (order["number"], order["total_minor"]) == (number, 5_500)
    assert [intent.amount_received for intent in records.intents(ann.email)] == [5_500]


async def test_price_that_changes_after_payment_began_does_not_count(page: Page, records: Records) -> None:
    pia = Shopper(page, "Pia Promised")
    await pia.begin("plain-thing-16")
    await pia.go_on_to_payment()
    records.reprice("plain-thing-16", 9_900)

    await pia.pay_with(GOOD_CARD)
    await pia.read_order_number()

    (order,) = records.orders(pia.email)
    assert order["total_minor"] == 3_499 + 1_000


async def test_second_tab_of_the_same_checkout_pays_nothing_twice(page: Page, records: Records) -> None:
    dora = Shopper(page, "Dora Double")
    await dora.begin("plain-thing-29")
    await dora.go_on_to_payment()
    twin = Shopper(await page.context.new_page(), dora.name)
    await go_live(twin.page, "/checkout")
    await twin.give_address(as_guest=True)
    await twin.go_on_to_payment()
    await dora.pay_with(GOOD_CARD)
    number = await dora.read_order_number()

    await twin.pay_with(GOOD_CARD)

    assert await twin.read_order_number() == number
    assert [order["bought"] for order in records.orders(dora.email)] == [{"plain-thing-29": 1}]
    assert [intent.amount_received for intent in records.intents(dora.email)] == [4_799 + 1_000]


async def test_quantity_changed_after_payment_began_is_paid_as_changed(page: Page, records: Records) -> None:
    cora = Shopper(page, "Cora Changing")
    await cora.begin("plain-thing-30")
    await cora.go_on_to_payment()
    await page.get_by_role("link", name="Back to cart").click()
    await page.get_by_role("group", name="Quantity of Plain Thing 30").get_by_role("button", name="One more").click()
    await expect(page.get_by_role("heading", name="Cart (2)")).to_be_visible()

    await page.get_by_role("link", name="Check out").click()
    await expect(page.get_by_label("Address", exact=True)).to_have_value("1 Market Street")  # not asked for again
    await cora.go_on_to_payment()
    await expect(cora.pay_button).to_have_text("Pay $107.98")
    await cora.pay_with(GOOD_CARD)
    await cora.read_order_number()

    assert [order["bought"] for order in records.orders(cora.email)] == [{"plain-thing-30": 2}]
    (intent,) = records.intents(cora.email)
    assert (intent.amount_received, intent.metadata["revision"]) == (10_798, "2")


async def test_stock_that_changes_elsewhere_shows_in_an_open_tab_within_a_second(page: Page, records: Records) -> None:
    shopper = Shopper(page, "Olga Open")
    await shopper.take("plain-thing-17")
    await page.keyboard.press("Escape")
    main = page.locator("main")

    records.restock("plain-thing-17", 3)
    await expect(main.get_by_text("Only 3 left", exact=True)).to_be_visible(timeout=1_000)
    records.restock("plain-thing-17", 0)
    await expect(main.get_by_role("button", name="Sold out")).to_be_disabled(timeout=1_000)
    records.restock("plain-thing-17", 20)
    await expect(main.get_by_role("button", name=re.compile("Add to cart"))).to_be_enabled(timeout=1_000)
