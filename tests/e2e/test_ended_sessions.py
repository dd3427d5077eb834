"""Signing out, a new password, a deactivation and a demotion, seen from other open tabs and devices."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Frame, Page, expect

from tests.e2e.conftest import OpenTab, go_live
from tests.e2e.people import PASSWORD, change, person
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet_log")]
ALLOWED_SECONDS = 2.0
NO_ORDERS = "Once you have bought something, you can follow it here."


async def expect_orders(page: Page) -> None:
    """Wait until the list has been read: before that, the page itself sends away who is signed out, without a word."""
    await expect(page.get_by_text(NO_ORDERS)).to_be_visible()


class Watch:
    """Takes the time until a page leaves for the sign-in page."""

    def __init__(self, page: Page) -> None:
        """Look at where ``page`` goes from now on."""
        self._page = page
        self._left_at: float | None = None
        page.on("framenavigated", self._note_leaving)

    def _note_leaving(self, frame: Frame) -> None:
        if self._left_at is None and urlsplit(frame.url).path == "/login":
            self._left_at = time.monotonic()

    async def sent_away(self, since: float) -> float:
        """Return after how many seconds the page had left."""
        await self._page.wait_for_url("**/login?**", wait_until="commit")
        assert self._left_at is not None
        return self._left_at - since


async def expect_sign_in_page(page: Page, sentence: str) -> None:
    await expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    await expect(page.get_by_text(sentence)).to_be_visible()
    # The sentence is shown once: neither a reload nor a copied address says it again.
    await page.wait_for_function("!location.search.includes('notice')")


async def test_sign_out_in_one_tab_is_felt_in_the_others_and_sign_in_leads_back(
    page: Page, shop: ShopServer, records: Records
) -> None:
    ada = person(shop, records, "Ada Tabs")
    await ada.sit_down_at(page, "/")
    other = await page.context.new_page()
    watch = Watch(other)
    await go_live(other, "/orders")
    await expect_orders(other)

    await page.get_by_role("button", name="Account").click()
    async with page.expect_response("**/auth/logout") as answered:
        await page.get_by_role("button", name="Sign out").click()
    await answered.value
    seconds = await watch.sent_away(time.monotonic())

    assert seconds < ALLOWED_SECONDS
    await expect_sign_in_page(other, "You have been signed out. Sign in to go on.")
    assert parse_qs(urlsplit(other.url).query)["next"] == ["/orders"]
    await other.get_by_label("E-mail address").fill(ada.email)
    await other.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
    await other.get_by_role("button", name="Sign in", exact=True).click()
    await expect_orders(other)


async def test_page_that_was_just_turned_away_by_itself_still_comes_back_to_where_it_was(
    page: Page, open_tab: OpenTab, shop: ShopServer, records: Records
) -> None:
    ada = person(shop, records, "Ada Between")
    phone = await open_tab()
    token = await ada.sit_down_at(page, "/orders")
    await ada.sit_down_at(phone, "/orders")
    await expect_orders(phone)
    # What a page does by itself whose press of a button was refused, before anybody told it that its session is over.
    await phone.evaluate("history.replaceState(history.state, '', '/login?next=%2Forders')")

    ada.change_password(token)

    await phone.wait_for_url("**/login?notice=**")
    assert parse_qs(urlsplit(phone.url).query)["next"] == ["/orders"]


async def test_known_failure_26_deactivation_ends_every_open_page_of_that_person_only(
    page: Page, open_tab: OpenTab, shop: ShopServer, records: Records
) -> None:
    """Known failure 26: a deactivated user goes on, and signs in again."""
    ada, ben = person(shop, records, "Ada Gone"), person(shop, records, "Ben Stays")
    phone, stranger = await open_tab(), await open_tab()
    watches = [Watch(page), Watch(phone)]
    await ada.sit_down_at(page, "/orders")
    await expect_orders(page)
    await ada.sit_down_at(phone, "/products/oak-desk-lamp")
    await ben.sit_down_at(stranger, "/orders")

    done_at = change(shop, records, ada, {"isActive": False})
    seconds = [await watch.sent_away(done_at) for watch in watches]

    assert max(seconds) < ALLOWED_SECONDS
    for gone in (page, phone):
        await expect_sign_in_page(gone, "This account has been deactivated.")
    await page.get_by_label("E-mail address").fill(ada.email)
    await page.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="not right")).to_be_visible()
    assert stranger.url.endswith("/orders")
    await expect_orders(stranger)


async def test_new_password_ends_the_other_devices_and_not_this_one(
    page: Page, open_tab: OpenTab, shop: ShopServer, records: Records
) -> None:
    ada = person(shop, records, "Ada Password")
    phone = await open_tab()
    watch = Watch(phone)
    token = await ada.sit_down_at(page, "/orders")
    await ada.sit_down_at(phone, "/orders")
    await expect_orders(phone)

    seconds = await watch.sent_away(ada.change_password(token))

    assert seconds < ALLOWED_SECONDS
    await expect_sign_in_page(phone, "You have been signed out.")
    await go_live(page, "/orders")
    await expect_orders(page)


async def test_known_failure_26_demoted_admin_sees_the_page_loaded_again(
    page: Page, shop: ShopServer, records: Records
) -> None:
    """Known failure 26: a demoted admin keeps admin access until the token ends, a month later."""
    ada = person(shop, records, "Ada Admin", "ADMIN")
    await ada.sit_down_at(page, "/orders")
    await expect_orders(page)
    await page.evaluate("window.before = true")

    done_at = change(shop, records, ada, {"role": "CUSTOMER"})
    await page.wait_for_function("!window.before")
    seconds = time.monotonic() - done_at

    assert seconds < ALLOWED_SECONDS
    await expect_orders(page)
