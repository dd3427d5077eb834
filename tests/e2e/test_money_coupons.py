"""A coupon ends while somebody pays: what they have seen counts while it is held; after that they are asked."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import GOOD_CARD, Shopper

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet_log")]


def make_coupon(records: Records, code: str) -> None:
    """Make a coupon of 10 % that ends in an hour."""
    records.rows(
        "INSERT INTO coupons (id, code, description, discount_type, percent_bp, starts_at, ends_at)"
        " VALUES (gen_random_uuid(), %(code)s, '', 'PERCENTAGE', 1000, now() - interval '1 d', now() + interval '1 h')",
        code=code,
    )


def end_coupon(records: Records, code: str) -> None:
    """Have it end a second ago."""
    records.rows("UPDATE coupons SET ends_at = now() - interval '1 second' WHERE code = %(code)s", code=code)


def question(page: Page) -> Locator:
    """The dialog that asks."""
    return page.get_by_role("dialog", name="Something changed")


async def begin_with_coupon(shopper: Shopper, slug: str, code: str) -> None:
    """Go as far as a filled-in address with one of a product and a coupon in the cart."""
    page = shopper.page
    await shopper.take(slug)
    await shopper.drawer.get_by_role("link", name="View cart").click()
    await page.get_by_text("Add a coupon code").click()
    await page.get_by_label("Coupon code").fill(code.lower())
    await page.get_by_role("button", name="Apply").click()
    await expect(page.get_by_role("button", name="Remove coupon")).to_be_visible()
    await page.locator("main").get_by_role("link", name="Check out").click()
    await expect(page.get_by_role("heading", name="Checkout", exact=True)).to_be_visible()
    await shopper.give_address(as_guest=True)


async def test_coupon_that_ended_before_payment_is_asked_about(page: Page, records: Records) -> None:
    make_coupon(records, "EARLY")
    ella = Shopper(page, "Ella Early")
    await begin_with_coupon(ella, "plain-thing-1", "EARLY")
    end_coupon(records, "EARLY")

    await page.get_by_role("button", name="Continue to payment").click()

    await expect(question(page).get_by_role("listitem").last).to_have_text("The total is now $29.99 instead of $27.99.")
    await expect(question(page)).to_contain_text("expired")
    assert records.intents(ella.email) == []
    assert await scan_all(page, "question about a coupon") == []
    await question(page).get_by_role("button", name="Go on with this").click()
    await expect(ella.pay_button).to_have_text("Pay $29.99")
    await ella.pay_with(GOOD_CARD)
    await ella.read_order_number()
    assert [order["total_minor"] for order in records.orders(ella.email)] == [2_999]


async def test_coupon_that_ends_while_paying_still_counts(page: Page, records: Records) -> None:
    make_coupon(records, "DURING")
    dina = Shopper(page, "Dina During")
    await begin_with_coupon(dina, "plain-thing-1", "DURING")
    await dina.go_on_to_payment()
    await expect(dina.pay_button).to_have_text("Pay $27.99")
    end_coupon(records, "DURING")

    await dina.pay_with(GOOD_CARD)
    await dina.read_order_number()

    assert [order["total_minor"] for order in records.orders(dina.email)] == [2_799]
    assert [intent.amount_received for intent in records.intents(dina.email)] == [2_799]
    assert records.rows("SELECT used, held FROM coupons WHERE code = 'DURING'") == [{"used": 1, "held": 0}]


async def test_coupon_that_ends_while_paying_is_asked_about_once_it_is_held_no_longer(
    shop: ShopServer, page: Page, records: Records
) -> None:
    make_coupon(records, "TOOLATE")
    lola = Shopper(page, "Lola Later")
    await begin_with_coupon(lola, "plain-thing-1", "TOOLATE")
    await lola.go_on_to_payment()
    records.rows("UPDATE checkouts SET expires_at = now() WHERE email = %(email)s", email=lola.email)
    shop.run("tests.e2e.clockwork")
    end_coupon(records, "TOOLATE")

    await lola.pay_with(GOOD_CARD)

    await expect(question(page)).to_contain_text("expired")
    await expect(question(page)).to_contain_text("Nothing has been charged.")
    assert [intent.status for intent in records.intents(lola.email)] == ["canceled"]
    await question(page).get_by_role("button", name="Go on with this").click()
    await expect(lola.pay_button).to_have_text("Pay $29.99")
    await lola.pay_with(GOOD_CARD)
    await lola.read_order_number()
    assert [order["total_minor"] for order in records.orders(lola.email)] == [2_999]
    assert records.rows("SELECT used, held FROM coupons WHERE code = 'TOOLATE'") == [{"used": 0, "held": 0}]
