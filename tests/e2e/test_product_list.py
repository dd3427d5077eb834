"""The staff's list of products: numbers edited in place by keyboard, and many products changed at once."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import OpenTab
from tests.e2e.goods import Goods
from tests.e2e.people import person
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet_log")]
STOCKS = (
    "SELECT stock FROM variants v JOIN products p ON p.id = v.product_id WHERE p.name LIKE %(name)s ORDER BY p.name"
)
STATUSES = "SELECT status, count(*) FROM products WHERE name LIKE 'Bulky thing%%' GROUP BY status ORDER BY status"
HOLD = """
WITH held AS (
  UPDATE variants SET reserved = 5 FROM products p WHERE p.id = product_id AND p.slug = %(slug)s RETURNING variants.id),
checkout AS (
  INSERT INTO checkouts (id, email, email_key, status, currency, opened_at, expires_at)
  VALUES (gen_random_uuid(), 'a@shop.example', 'a@shop.example', 'open', 'USD', now(), now() + interval '1 hour')
  RETURNING id)
INSERT INTO reservations (id, checkout_id, variant_id, quantity, state, expires_at)
SELECT gen_random_uuid(), checkout.id, held.id, 5, 'held', now() + interval '1 hour' FROM checkout, held
"""
FREE = """
WITH gone AS (DELETE FROM reservations r USING variants v, products p
  WHERE v.id = r.variant_id AND p.id = v.product_id AND p.slug = %(slug)s RETURNING checkout_id, variant_id),
checkout AS (DELETE FROM checkouts USING gone WHERE checkouts.id = gone.checkout_id)
UPDATE variants SET reserved = 0 FROM gone WHERE variants.id = gone.variant_id
"""


def tick(field: Locator) -> Locator:
    """Return what stands beside a cell once it is saved."""
    return field.locator("xpath=following-sibling::span//*[name()='svg']")


async def test_stock_is_edited_in_place_by_keyboard(
    page: Page, shop: ShopServer, records: Records, goods: Goods, open_tab: OpenTab
) -> None:
    slugs = [goods.product(f"Typed thing {letter}", stock=20) for letter in "abc"]
    address = "/admin/products?q=typed+thing&sort=name"
    await person(shop, records, "Ana Admin", "ADMIN").sit_down_at(page, address)
    fields = [page.get_by_label(f"Stock of Typed thing {letter}") for letter in "abc"]

    await fields[0].focus()
    for number in ("31", "32", "33"):
        await page.keyboard.type(number)
        await page.keyboard.press("Enter")
    await expect(tick(fields[2])).to_be_visible()
    for field, number in zip(fields, ("31", "32", "33"), strict=True):
        await expect(field).to_have_value(number)
    assert goods.rows(STOCKS, name="Typed thing%") == [(31,), (32,), (33,)]

    await fields[0].fill("99")
    await fields[0].press("Escape")
    await expect(fields[0]).to_have_value("31")

    other = await open_tab()
    await person(shop, records, "Ben Admin", "ADMIN").sit_down_at(other, address)
    await other.get_by_label("Stock of Typed thing a").fill("40")
    await other.get_by_label("Stock of Typed thing a").press("Enter")
    await expect(tick(other.get_by_label("Stock of Typed thing a"))).to_be_visible()
    await fields[0].fill("50")
    await fields[0].press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="Changed by Ben Admin: 40 now")).to_be_visible()

    goods.rows(HOLD, slug=slugs[1])
    await fields[1].fill("4")
    await fields[1].press("Enter")
    await expect(page.get_by_text("5 are set aside in checkouts. It cannot be fewer.")).to_be_visible()
    found = await scan_all(page, "cells that were refused")
    goods.rows(FREE, slug=slugs[1])
    assert goods.rows(STOCKS, name="Typed thing%") == [(40,), (32,), (33,)]
    assert found == []


async def _open_view(page: Page) -> list[str]:
    """Come back to a saved view from the plain list; return what axe finds in the menu of views."""
    await page.goto("/admin/products")
    await page.get_by_role("button", name="Views").click()
    found = await scan_all(page, "saved views")
    await page.get_by_role("link", name="Empty shelves").click()
    await expect(page).to_have_url(re.compile(r"\?tab=active&q=bulky&stock=out&sort=name&hide=category"))
    return found


async def test_all_that_is_found_is_archived_and_comes_back(
    page: Page, shop: ShopServer, records: Records, goods: Goods
) -> None:
    for number in range(52):
        goods.product(f"Bulky thing {number:02}", stock=0)
    staff = person(shop, records, "Ana Admin", "ADMIN")
    await staff.sit_down_at(page, "/admin/products?q=bulky")
    await page.get_by_role("checkbox", name="Select all on this page").click()
    await page.get_by_role("button", name="Select all 52").click()

    await page.get_by_role("button", name="Archive", exact=True).click()
    dialog = page.get_by_role("dialog", name="Archive 52 products")
    await dialog.get_by_label("Type 52 to go on").fill("51")
    await dialog.get_by_role("button", name="Archive").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Type 52 to go on.")
    found = await scan_all(page, "question before many are archived")
    await dialog.get_by_label("Type 52 to go on").fill("52")
    await dialog.get_by_role("button", name="Archive").click()
    await expect(page.get_by_text("52 products archived.")).to_be_visible()
    assert goods.rows(STATUSES) == [("archived", 52)]
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("52 products as before.")).to_be_visible()
    assert goods.rows(STATUSES) == [("active", 52)]

    active = page.get_by_role("navigation", name="Tabs").get_by_role("link", name="Active")
    await active.click()
    await expect(active).to_have_attribute("aria-current", "page")
    await page.get_by_role("combobox", name="Stock").select_option("Sold out")
    # Before the filter's answer: the link was made without it.
    await page.get_by_role("columnheader", name="Product").get_by_role("link").click()
    await expect(page.get_by_role("columnheader", name="Product")).to_have_attribute("aria-sort", "ascending")
    await page.get_by_role("button", name="Columns").click()
    await page.get_by_role("checkbox", name="Category").click()
    await expect(page).to_have_url(re.compile(r"\?tab=active&q=bulky&stock=out&sort=name&hide=category"))
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Views").click()
    await page.get_by_role("button", name="Save this view").click()
    await page.get_by_label("Name", exact=True).fill("Empty shelves")
    await page.get_by_role("button", name="Save view").click()
    await page.get_by_role("link", name="Next").click()
    await expect(page.get_by_role("link", name="Bulky thing 51")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("link", name="Bulky thing 00")).to_be_visible()
    await expect(page.get_by_role("columnheader", name="Category")).to_have_count(0)
    assert [*found, *await _open_view(page)] == []


async def test_link_that_is_followed_while_the_search_waits_for_more_letters_is_not_taken_back(
    page: Page, shop: ShopServer, records: Records, goods: Goods
) -> None:
    goods.product("Sought thing")
    await person(shop, records, "Ana Admin", "ADMIN").sit_down_at(page, "/admin/products?q=sought+thing")
    link = page.locator("main").get_by_role("link", name="Sought thing", exact=True)
    await expect(link).to_be_visible()
    fetched = 0

    async def hold(route: Route) -> None:
        nonlocal fetched
        fetched += 1
        await asyncio.sleep(0.6)  # twice as long as the search waits
        await route.continue_()

    await page.route("**/assets/*.js", hold)
    await page.locator("main").get_by_role("searchbox", name="Search", exact=True).press("End")
    await page.keyboard.type("s")
    await link.click()

    await expect(page.get_by_label("Name", exact=True)).to_have_value("Sought thing")
    assert fetched > 0
    await page.unroute_all(behavior="wait")
