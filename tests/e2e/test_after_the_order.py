"""What a customer gets when the order is made: its invoice, and e-mails that can be ended."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import go_live
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import Shopper

pytestmark = pytest.mark.browser

ASK = """
INSERT INTO stock_alerts (id, variant_id, email, email_key)
SELECT %(id)s, v.id, %(email)s, %(email)s FROM variants v JOIN products p ON p.id = v.product_id WHERE p.slug = %(slug)s
"""


async def test_customer_downloads_the_invoice_from_the_orders_page(page: Page, records: Records) -> None:
    ada = Shopper(page, "Ada Invoice")
    number = await ada.buy("plain-thing-9", as_guest=False)
    await go_live(page, f"/orders/{number}")

    async with page.expect_download() as started:
        await page.get_by_role("link", name="Invoice (PDF)").click()
    download = await started.value

    assert download.suggested_filename == f"invoice-{number}.pdf"
    text = PdfReader(await download.path()).pages[0].extract_text()
    for part in (f"Invoice {number}", "Plain Thing 9", "Ada Invoice", "1 Market Street", "Paid"):
        assert part in text
    await expect(page).to_have_url(re.compile(f"/orders/{number}$"))


async def test_link_in_a_back_in_stock_mail_ends_such_mails(page: Page, records: Records, shop: ShopServer) -> None:
    ben = Shopper(page, "Ben Waiting")
    records.rows(ASK, id=uuid4(), email=ben.email, slug="plain-thing-9")
    shop.run("tests.e2e.clockwork")
    mail = await ben.read_mail("Back in stock: Plain Thing 9")
    records.rows(ASK, id=uuid4(), email=ben.email, slug="plain-thing-10")
    found = re.search(r"Unsubscribe: (\S+)", mail)
    assert found is not None
    link = urlsplit(found[1])

    await page.goto(f"{link.path}?{link.query}")
    await expect(page.get_by_role("heading", name="Fewer e-mails?")).to_be_visible()
    assert len(records.rows("SELECT 1 FROM stock_alerts WHERE email = %(email)s", email=ben.email)) == 2
    await page.get_by_role("button", name="Unsubscribe").click()

    await expect(page.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    assert len(records.rows("SELECT 1 FROM stock_alerts WHERE email = %(email)s", email=ben.email)) == 1
