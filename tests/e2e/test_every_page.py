"""What holds for every page: it answers, its links lead somewhere, it says what it is, and it fits a small screen."""

import re
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import go_live
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import Shopper

pytestmark = pytest.mark.browser
SMALL = {"width": 320, "height": 640}
PAGES = (
    "/",
    "/products",
    "/categories/office",
    "/search?q=lamp",
    "/products/oak-desk-lamp",
    "/products/sold-out-mug",
    "/products/sharp-name",
    "/login",
    "/register",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/order-lookup",
    "/contact",
    "/returns",
    "/privacy",
    "/terms",
)
LINKS = "[...document.querySelectorAll('a[href]')].map((link) => link.href)"
DEAD_JUMPS = """
[...document.querySelectorAll("a[href*='#']")]
  .filter((link) => link.pathname === location.pathname)
  .filter((link) => !document.getElementById(decodeURIComponent(link.hash.slice(1))))
  .map((link) => link.href)
"""


async def look_at(page: Page, path: str) -> tuple[str, set[str]]:
    """Check what every page must be and return its title and its links."""
    await expect(page.locator("h1")).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], path
    assert await page.evaluate(DEAD_JUMPS) == [], path
    return await page.title(), {urldefrag(link).url for link in await page.evaluate(LINKS)}


async def test_every_page_says_what_it_is_fits_and_leads_somewhere(
    shop: ShopServer, page: Page, records: Records
) -> None:
    titles: dict[str, str] = {}
    links: set[str] = set()

    async def look(path: str) -> None:
        titles[path], found = await look_at(page, path)
        links.update(found)

    await page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    for path in PAGES:
        await go_live(page, path)
        await look(path)
    shopper = Shopper(page, "Eve Everywhere")
    await go_live(page, "/cart")
    await look("empty cart")
    await shopper.begin("plain-thing-27", as_guest=False)
    await look("/checkout")
    await page.goto("/cart")
    await expect(page.get_by_role("heading", name="Cart (1)")).to_be_visible()
    await look_at(page, "filled cart")
    await page.get_by_role("link", name="Check out").click()
    await shopper.give_address()
    await shopper.go_on_to_payment()
    await look_at(page, "payment")
    await shopper.pay_with("4242 4242 4242 4242")
    number = await shopper.read_order_number()
    await look("/checkout/success")
    await go_live(page, "/orders")
    await look("/orders")
    await go_live(page, f"/orders/{number}")
    await look(f"/orders/{number}")
    for path in ("/account", "/account/addresses", "/account/profile", "/account/security"):
        await go_live(page, path)
        await look(path)

    assert len(set(titles.values())) == len(titles), titles
    cookies = {cookie["name"]: cookie["value"] for cookie in await page.context.cookies()}
    await follow(shop, links, cookies)


async def follow(shop: ShopServer, links: set[str], cookies: dict[str, str]) -> None:
    """Fail unless every link of the shop, and every link on what it leads to, is answered."""
    assert {urlsplit(link).scheme for link in links} <= {"http", "mailto", "tel"}
    seen: set[str] = set()
    dead: list[str] = []
    async with httpx.AsyncClient(cookies=cookies, follow_redirects=True, trust_env=False, timeout=20) as client:
        waiting = {link for link in links if link.startswith("http")}
        while waiting:
            following: set[str] = set()
            for link in sorted(waiting):
                seen.add(link)
                answer = await client.get(link)
                if answer.status_code >= 400:
                    dead.append(f"{link}: {answer.status_code}")
                following |= {
                    urldefrag(urljoin(link, found.replace("&amp;", "&"))).url
                    for found in re.findall(r"<a [^>]*href=\"([^\"]+)\"", answer.text)
                }
            waiting = {link for link in following if link.startswith(shop.url + "/")} - seen
    assert dead == []
    assert len(seen) > 40


async def test_unknown_pages_fit_and_help(page: Page, complaints: list[str]) -> None:
    await page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    for path in ("/nothing/here", "/products/nothing-here"):
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == 404
        await expect(page.get_by_role("heading", level=1)).to_have_text("This page is not here")
        await expect(page.locator("main").get_by_role("link", name="Office")).to_be_visible()
        await look_at(page, path)
        await expect(page).to_have_title("Page not found · ShopHub")
    assert all("404" in said for said in complaints)
    complaints.clear()  # browsers mention the status
