"""What becomes of a paid order, as its customer and the staff see it: parcels, refunds, an end, a dispute."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import OpenTab, go_live
from tests.e2e.records import Records, Shelf
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import Shopper

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet_log")]


def step(page: Page, label: str) -> Locator:
    """A step of the order's way."""
    return page.get_by_role("region", name="Progress").get_by_role("listitem").filter(has_text=label)


def facts_of(records: Records, number: str) -> dict[str, object]:
    """Return what the books say of an order."""
    (row,) = records.rows(
        "SELECT o.status, o.payment_status, o.refunded_minor, p.refunded_minor AS given_back, p.disputed_minor,"
        " p.stripe_charge_id AS charge, (SELECT min(sku) FROM order_lines l WHERE l.order_id = o.id) AS sku"
        " FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.number = %(number)s",
        number=int(number.removeprefix("SH-")),
    )
    return row


async def open_order(shopper: Shopper, number: str) -> None:
    """Open the order's page."""
    await go_live(shopper.page, f"/orders/{number}")
    await expect(shopper.page.get_by_role("heading", name=f"Order {number}", level=1)).to_be_visible()


async def buy_two(shopper: Shopper, slug: str) -> str:
    """Buy two of a product with an account and open the order's page."""
    await go_live(shopper.page, f"/register?next=/products/{slug}")
    await shopper.register()
    await shopper.page.wait_for_url(f"**/products/{slug}")
    await shopper.take(slug, 2)
    await shopper.check_out()
    await shopper.give_address()
    await shopper.go_on_to_payment()
    await shopper.pay_with("4242 4242 4242 4242")
    number = await shopper.read_order_number()
    await open_order(shopper, number)
    return number


async def test_open_order_follows_its_parcel_and_a_refund_of_one_line(
    shop: ShopServer, page: Page, records: Records
) -> None:
    rae = Shopper(page, "Rae Refunded")
    number = await buy_two(rae, "plain-thing-19")
    loads: list[str] = []
    page.on("domcontentloaded", lambda: loads.append(page.url))

    shop.run("tests.e2e.backoffice", "pack", number)
    await expect(step(page, "Packed").locator("time")).to_be_visible(timeout=3_000)
    await expect(step(page, "Packed")).to_have_attribute("aria-current", "step")
    shop.run("tests.e2e.backoffice", "ship", number)
    await expect(step(page, "Shipped").get_by_role("link", name="Parcelway PW123456789012")).to_have_attribute(
        "href", "https://parcelway.example/track/PW123456789012", timeout=3_000
    )
    await expect(page.get_by_role("button", name="Cancel order")).to_have_count(0)

    shop.run("tests.e2e.backoffice", "refund", number, str(facts_of(records, number)["sku"]), "1")

    refund = step(page, "$37.99 refunded")
    await expect(refund).to_contain_text("1 × Plain Thing 19, $37.99", timeout=3_000)
    await expect(page.get_by_role("region", name="Items")).to_contain_text("1 refunded")
    payment = page.get_by_role("region", name="Payment")
    await expect(payment).to_contain_text("Refunded−$37.99")
    await expect(payment).to_contain_text("Paid in the end$47.99")
    await expect(page.get_by_text("Partly refunded")).to_be_visible()
    await expect(page.locator("main")).not_to_contain_text("Arrived scratched")  # between the staff
    assert loads == []
    assert await scan_all(page, "order with a refund") == []
    facts = facts_of(records, number)
    assert (facts["payment_status"], facts["refunded_minor"], facts["given_back"]) == (
        "PARTIALLY_REFUNDED",
        3_799,
        3_799,
    )
    assert "1 × Plain Thing 19" in await rae.read_mail(f"$37.99 refunded for your order {number}")


async def test_customer_cancels_an_order_and_gets_everything_back(page: Page, records: Records) -> None:
    cal = Shopper(page, "Cal Cancelling")
    before = records.shelf("plain-thing-22").stock
    number = await buy_two(cal, "plain-thing-22")
    dialog = page.get_by_role("dialog", name=f"Cancel order {number}?")

    await page.get_by_role("button", name="Cancel order").click()
    await expect(dialog).to_contain_text("You get $91.98 back")
    await expect(dialog.get_by_role("button", name="Keep the order")).to_be_focused()
    assert await scan_all(page, "question whether to cancel") == []
    await dialog.get_by_role("button", name="Keep the order").click()
    assert facts_of(records, number)["status"] == "PROCESSING"
    await page.get_by_role("button", name="Cancel order").click()
    await dialog.get_by_role("button", name="Cancel order").click()

    await expect(step(page, "Cancelled")).to_contain_text("Cancelled by the customer.")
    await expect(step(page, "$91.98 refunded")).to_be_visible()
    await expect(page.get_by_role("button", name="Cancel order")).to_have_count(0)
    assert await scan_all(page, "cancelled order") == []
    facts = facts_of(records, number)
    assert (facts["status"], facts["payment_status"], facts["given_back"]) == ("CANCELLED", "REFUNDED", 9_198)
    assert records.shelf("plain-thing-22") == Shelf(before, reserved=0)
    (intent,) = records.intents(cal.email)
    refunds = records.stripe.v1.refunds.list({"payment_intent": intent.id}).data
    assert [(refund.amount, refund.status) for refund in refunds] == [(9_198, "succeeded")]


async def test_two_tabs_cancel_the_same_order_once(page: Page, records: Records) -> None:
    tia = Shopper(page, "Tia Twotabs")
    number = await buy_two(tia, "plain-thing-23")
    twin = await page.context.new_page()
    await go_live(twin, f"/orders/{number}")
    for tab in (page, twin):
        await tab.get_by_role("button", name="Cancel order").click()
        await expect(tab.get_by_role("dialog").filter(has_text="Cancel order")).to_be_visible()

    for tab in (page, twin):
        await tab.evaluate(
            "() => [...document.querySelectorAll('#cancel-order button')].find((b) => b.innerText === 'Cancel order')"
            ".click()"
        )

    for tab in (page, twin):
        await expect(step(tab, "Cancelled")).to_be_visible()
    (intent,) = records.intents(tia.email)
    assert [refund.amount for refund in records.stripe.v1.refunds.list({"payment_intent": intent.id}).data] == [9_398]


async def test_what_can_still_be_had_is_bought_again_and_the_rest_is_said(page: Page, records: Records) -> None:
    ben = Shopper(page, "Ben Again")
    number = await buy_two(ben, "plain-thing-24")
    records.restock("plain-thing-24", 1)

    await page.get_by_role("button", name="Buy again").click()

    await expect(ben.drawer.get_by_label("Quantity", exact=True)).to_have_value("1")
    await expect(ben.drawer).to_contain_text("Plain Thing 24: only 1 of 2 could be added.")
    assert await scan_all(page, "bought again") == []
    records.restock("plain-thing-24", 0)
    await go_live(page, f"/orders/{number}")
    await page.get_by_role("button", name="Buy again").click()
    await expect(page.locator("#order-problems")).to_contain_text("Plain Thing 24: no more of it can be had right now.")
    records.restock("plain-thing-24", 40)


async def test_disputed_payment_is_seen_by_the_staff_and_not_by_the_customer(
    shop: ShopServer, page: Page, records: Records, open_tab: OpenTab, complaints: list[str]
) -> None:
    dot, boss = Shopper(page, "Dot Doubting"), Shopper(await open_tab(), "Bea Boss")
    number = await buy_two(dot, "plain-thing-25")
    frames: list[str] = []
    tab = await page.context.new_page()  # of its own, for in the first one the payment's secret has been
    tab.on("websocket", lambda socket: socket.on("framereceived", lambda payload: frames.append(str(payload))))
    await go_live(tab, f"/orders/{number}")
    await go_live(boss.page, "/register")
    await boss.register()
    await boss.page.wait_for_url(re.compile(r"/$"))
    records.rows("UPDATE users SET role = 'ADMIN' WHERE email = %(email)s", email=boss.email)
    await open_order(boss, number)
    panel = boss.page.get_by_role("region", name="For the staff")
    await expect(panel).to_contain_text("Customers do not see this.")
    await expect(boss.page.get_by_role("button", name="Cancel order")).to_have_count(0)  # not the boss's own

    charge = facts_of(records, number)["charge"]
    records.stripe_controls.post(f"/charges/{charge}/dispute").raise_for_status()

    dispute = boss.page.get_by_role("region", name="Dispute")
    await expect(dispute).to_contain_text("disputed", timeout=5_000)
    await expect(dispute).to_contain_text("Fraudulent")
    await expect(dispute).to_contain_text("No refund while it is open")
    await expect(dispute).to_contain_text("Since")
    (intent,) = records.intents(dot.email)
    await expect(panel).to_contain_text(intent.id)
    await panel.get_by_text("Provider events").click()
    await expect(panel).to_contain_text("charge.dispute.created")
    assert await scan_all(boss.page, "staff's panel of a disputed order") == []

    await expect(tab.locator("body")).not_to_contain_text(re.compile("disput", re.IGNORECASE))
    await tab.reload()
    await expect(tab.get_by_role("heading", name=f"Order {number}", level=1)).to_be_visible()
    await expect(tab.get_by_text("For the staff")).to_have_count(0)
    sent = " ".join(frames)
    assert number in sent
    assert intent.id not in sent
    assert str(charge) not in sent
    assert "fraudulent" not in sent.lower()

    records.rows("UPDATE users SET role = 'CUSTOMER' WHERE email = %(email)s", email=boss.email)
    # The open page is loaded again by itself.
    await expect(boss.page.get_by_role("heading", level=1)).to_have_text("This page is not here")
    assert [said for said in complaints if "404" not in said] == []
    complaints.clear()  # browsers mention the status
