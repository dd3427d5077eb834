"""The merchant changes what a page about the shop says, in its place, and everybody sees it at once."""

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import DESKTOP, PHONE, OpenTab, go_live
from tests.e2e.people import person
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer

TEXT = "We plant a tree for every order.\n\n## Trees\n\n- oak\n- [beech](/products)"


@pytest.mark.browser
async def test_owner_rewrites_a_page_and_others_see_it_at_once(
    shop: ShopServer, page: Page, records: Records, open_tab: OpenTab
) -> None:
    owner = person(shop, records, "Olga Owner", "SUPER_ADMIN")
    guest = await open_tab()
    await go_live(guest, "/returns")
    await expect(guest.get_by_role("button", name="Edit text")).to_have_count(0)
    await owner.sit_down_at(page, "/returns")

    await page.get_by_role("button", name="Edit text").click()
    field = page.get_by_label("Text", exact=True)
    await expect(field).to_be_focused()
    found = await scan_all(page, "editor of a text", widths=(DESKTOP,))
    await field.fill(TEXT)
    preview = page.get_by_role("region", name="How it will look")
    await expect(preview.get_by_role("heading", name="Trees")).to_be_visible()
    await expect(guest.get_by_role("heading", name="Trees")).to_have_count(0)
    await page.get_by_role("button", name="Save", exact=True).click()

    for tab in (page, guest):
        await expect(tab.locator("article").get_by_role("heading", name="Trees")).to_be_visible()
        await expect(tab.get_by_role("link", name="beech")).to_have_attribute("href", "/products")
    await expect(page.get_by_role("button", name="Edit text")).to_be_focused()
    html = await (await guest.request.get("/returns")).text()
    assert "<h2>Trees</h2>" in html
    assert 'name="description" content="We plant a tree for every order.' in html

    await page.get_by_role("button", name="Edit text").click()
    await page.get_by_role("button", name="Go back to our own text").click()
    await expect(guest.get_by_role("heading", name="Something is broken or missing")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(guest.get_by_role("heading", name="Trees")).to_be_visible()
    records.rows("UPDATE information_texts SET body = NULL")
    await expect(guest.get_by_role("heading", name="Trees")).to_have_count(0)
    assert found == []


@pytest.mark.browser
async def test_help_is_one_press_away_at_the_same_place_of_every_page(page: Page) -> None:
    places = set()
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for path in ("/", "/products", "/products/oak-desk-lamp", "/cart", "/checkout", "/login", "/contact"):
        await go_live(page, path)
        links = page.get_by_role("contentinfo").get_by_role("navigation", name="Help").get_by_role("link")
        places.add(tuple(await links.all_inner_texts()))
    assert len(places) == 1
    assert places.pop()[:2] == ("Contact", "Delivery and returns")


def test_contact_page_leads_to_the_store_without_scripts(shop: ShopServer, records: Records) -> None:
    records.rows("UPDATE store_settings SET store_phone = '+1 555 0100', store_address = '1 Market Street'")
    try:
        html = httpx.get(f"{shop.url}/contact", trust_env=False).text
    finally:
        records.rows("UPDATE store_settings SET store_phone = '', store_address = ''")

    assert 'href="mailto:hello@shophub.example"' in html
    assert 'href="tel:+15550100"' in html
    assert "1 Market Street" in html
    assert "<title data-ssr>Contact · ShopHub</title>" in html
    assert '<a href="/returns"' in html
