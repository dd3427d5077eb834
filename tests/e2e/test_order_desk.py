"""The staff ship an order and give a part of it back; its customer's open page tells them at once."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import OpenTab, go_live
from tests.e2e.people import PASSWORD, person
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import Shopper

REFUNDS = """
SELECT r.status, r.amount_minor FROM refunds r JOIN orders o ON o.id = r.order_id WHERE o.number = %(number)s
"""
pytestmark = pytest.mark.browser


async def test_order_is_shipped_and_partly_refunded_and_its_customer_sees_it(
    shop: ShopServer, page: Page, records: Records, open_tab: OpenTab
) -> None:
    buyer = Shopper(page, "Ida Parcel")
    number = await buyer.buy("plain-thing-8", as_guest=False)
    await go_live(page, f"/orders/{number}")
    staff = person(shop, records, "Stan Staff", "ADMIN")
    desk = await open_tab()

    await staff.sit_down_at(desk, "/admin/orders?tab=PROCESSING")
    await desk.get_by_placeholder("Order number, e-mail or SKU").fill(buyer.email)
    await desk.get_by_role("link", name=number).click()
    await expect(desk.get_by_role("heading", name=f"Order {number}")).to_be_visible()
    found = await scan_all(desk, "an order in the back office")

    await desk.get_by_role("button", name="Mark shipped").click()
    dialog = desk.get_by_role("dialog", name=f"Mark {number} shipped")
    await dialog.get_by_label("Carrier").fill("Parcelway")
    await dialog.get_by_label("Tracking number").fill("PW 77")
    await dialog.get_by_role("button", name="Mark shipped").click()
    await expect(dialog).to_be_hidden()
    await expect(desk.get_by_role("button", name="Mark delivered")).to_be_visible()
    await expect(desk.get_by_role("button", name="Cancel order")).to_have_count(0)
    await expect(page.get_by_text("Parcelway PW 77")).to_be_visible()

    await desk.get_by_role("button", name="Refund…").click()
    dialog = desk.get_by_role("dialog", name=f"Refund {number}")
    await dialog.get_by_label("Amount beside the items").fill("2.50")
    await expect(dialog.get_by_role("button", name="Refund $2.50")).to_be_visible()
    found += await scan_all(desk, "the refund dialog")
    records.rows("UPDATE sessions SET step_up_at = now() - interval '11 minutes' WHERE user_id = %(id)s", id=staff.id)
    await dialog.get_by_role("button", name="Refund $2.50").click()
    asked = desk.get_by_role("dialog", name="Is it you?")
    await asked.get_by_label("Password", exact=True).fill(PASSWORD)
    await asked.get_by_role("button", name="Confirm").click()
    await expect(asked).to_be_hidden()
    await dialog.get_by_role("button", name="Refund $2.50").click()
    await expect(dialog).to_be_hidden()

    for tab in (page, desk):
        await expect(tab.get_by_text(re.compile(r"\$2\.50 refunded")).first).to_be_visible()
    await expect(desk.get_by_text("Partly refunded")).to_be_visible()
    assert records.rows(REFUNDS, number=int(number[3:])) == [{"status": "succeeded", "amount_minor": 250}]
    assert found == []
