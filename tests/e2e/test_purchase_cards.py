"""Cards that are refused and banks that ask: said in place, nothing lost, one order in the end."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.records import Records, Shelf
from tests.e2e.shopper import ASKING_CARD, DECLINED_CARD, GOOD_CARD, Shopper

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("as_guest", [False, True], ids=["customer", "guest"])
async def test_declined_card_is_said_in_place_and_another_one_pays(
    as_guest: bool, page: Page, records: Records, complaints: list[str]
) -> None:
    dee = Shopper(page, f"Dee Declined{' Guest' if as_guest else ''}")
    before = records.shelf("plain-thing-11").stock
    await dee.begin("plain-thing-11", as_guest=as_guest)
    await dee.go_on_to_payment()

    await dee.pay_with(DECLINED_CARD)

    await expect(page.get_by_role("alert").filter(has_text="declined")).to_have_text("Your card was declined.")
    await expect(dee.pay_button).to_be_enabled()
    await expect(page).to_have_url(re.compile("/checkout$"))
    await expect(page.get_by_label("Card number")).to_have_value(DECLINED_CARD)
    await expect(page.get_by_role("region", name="Contact and delivery")).to_contain_text("1 Market Street")
    assert records.orders(dee.email) == []
    assert records.shelf("plain-thing-11") == Shelf(before, reserved=1)
    assert [said for said in complaints if "402" not in said] == []
    complaints.clear()  # Stripe's API answers a declined card with 402, and browsers mention that

    await dee.pay_with(GOOD_CARD)
    number = await dee.read_order_number()

    assert [order["number"] for order in records.orders(dee.email)] == [number]
    (intent,) = records.intents(dee.email)
    assert (intent.status, intent.amount_received) == ("succeeded", 2_999 + 1_000)
    assert records.shelf("plain-thing-11") == Shelf(before - 1, reserved=0)


@pytest.mark.parametrize("as_guest", [False, True], ids=["customer", "guest"])
async def test_bank_asks_and_both_answers_work(as_guest: bool, page: Page, records: Records) -> None:
    tess = Shopper(page, f"Tess Three{' Guest' if as_guest else ''}")
    before = records.shelf("plain-thing-12").stock
    await tess.begin("plain-thing-12", as_guest=as_guest)
    await tess.go_on_to_payment()

    await tess.pay_with(ASKING_CARD)
    await expect(tess.bank).to_contain_text("$40.99")
    await tess.bank.get_by_role("button", name="Fail authentication").click()

    await expect(page.get_by_role("alert").filter(has_text="authenticate")).to_be_visible()
    await expect(tess.pay_button).to_be_enabled()
    assert records.orders(tess.email) == []
    assert [intent.status for intent in records.intents(tess.email)] == ["requires_payment_method"]

    await tess.pay_button.click()
    await tess.bank.get_by_role("button", name="Complete authentication").click()
    number = await tess.read_order_number()

    assert [order["number"] for order in records.orders(tess.email)] == [number]
    assert [intent.status for intent in records.intents(tess.email)] == ["succeeded"]
    assert records.shelf("plain-thing-12") == Shelf(before - 1, reserved=0)


async def test_card_form_that_cannot_be_loaded_says_so_and_can_be_tried_again(
    page: Page, records: Records, complaints: list[str]
) -> None:
    bea = Shopper(page, "Bea Blocked")
    await page.route("**/stripe.js", lambda route: route.abort())
    await bea.begin("plain-thing-2")
    await page.get_by_role("button", name="Continue to payment").click()
    await expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_contain_text(
        "Nothing was charged"
    )
    assert all("net::ERR_FAILED" in said for said in complaints)
    complaints.clear()

    await page.unroute("**/stripe.js")
    await page.get_by_role("button", name="Try again").click()
    await bea.pay_with(GOOD_CARD)

    number = await bea.read_order_number()
    assert [order["number"] for order in records.orders(bea.email)] == [number]
