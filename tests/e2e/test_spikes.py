"""The joints that the design stands on. Each was a spike first; when one breaks, look here before anywhere else."""

import asyncio
import json
import re
import urllib.request

import psycopg
import pytest
from playwright.async_api import BrowserContext, Page, WebSocket, expect

from tests.e2e.conftest import PHONE, go_live
from tests.e2e.shop_server import ShopServer

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/products",
    "/products?in_stock=1&max_price=25&category=office",
    "/categories/office",
    "/search?q=lamp",
    "/search?q=qqqqq",
    "/products/oak-desk-lamp",
    "/products/sold-out-mug",
)
LAYOUT_SHIFT = """
window.shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shift += entry.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


def fetch(address: str) -> tuple[int, dict[str, str], str]:
    """Ask for an address without a browser."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode()


async def test_one_port_serves_pages_events_and_routes(shop: ShopServer, page: Page) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))

    await go_live(page, "/cart")

    assert [address.split("?")[0] for address in sockets] == [f"ws://127.0.0.1:{shop.port}/_event/"]
    assert (await asyncio.to_thread(fetch, shop.url + "/api/health"))[0] == 200
    assert (await asyncio.to_thread(fetch, shop.url + "/sandbox/stripe/stripe.js"))[0] == 200


async def test_live_page_takes_over_without_moving_anything(cold_tab: Page) -> None:
    await cold_tab.add_init_script(LAYOUT_SHIFT)
    wire = await cold_tab.context.new_cdp_session(cold_tab)
    seen: dict[str, tuple[bool, int, bool]] = {}

    for path in PAGES:
        await wire.send("Network.clearBrowserCache")  # typeface, pictures and scripts come late again
        await cold_tab.goto(path)
        served = await cold_tab.evaluate("document.querySelector('#ssr-root h1')?.innerText")
        await cold_tab.wait_for_function("!document.querySelector('[data-ssr]')")
        await cold_tab.wait_for_timeout(300)
        headings = await cold_tab.locator("h1").all_inner_texts()
        # Without a served one the live page was quicker than we were.
        seen[path] = (await cold_tab.evaluate("window.shift") < 0.02, len(headings), served in (None, *headings))

    assert seen == dict.fromkeys(PAGES, (True, 1, True))


async def test_server_html_stands_exactly_where_the_live_page_stands(shop: ShopServer, context: BrowserContext) -> None:
    assert context.browser is not None
    still = await context.browser.new_context(
        base_url=shop.url, java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    frozen, live = await still.new_page(), await context.new_page()
    for path in PAGES:
        await context.clear_cookies()  # who has looked at something before has a row of it below all else
        await frozen.goto(path)
        await frozen.evaluate("document.querySelector('noscript')?.remove()")  # who has scripts does not see it
        await go_live(live, path)
        for selector in ("main", "main h1", "footer"):
            there = await live.locator(selector).bounding_box()
            assert await frozen.locator(selector).bounding_box() == pytest.approx(there, abs=0.5), path
    await still.close()


async def test_rail_below_the_window_is_drawn_when_it_comes_near_and_takes_the_room_kept_for_it(page: Page) -> None:
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await go_live(page, "/")
    card = page.locator("main section article").last
    drawn = "(card) => card.checkVisibility({ contentVisibilityAuto: true })"
    height = "document.documentElement.scrollHeight"
    before, kept = await card.evaluate(drawn), await page.evaluate(height)

    await page.evaluate("document.querySelector('footer').scrollIntoView({ block: 'end' })")
    await page.wait_for_function(drawn, arg=await card.element_handle())

    assert before is False
    assert await page.evaluate(height) == pytest.approx(kept, abs=100)


async def test_cookie_reaches_handlers_but_neither_page_nor_frames(
    context: BrowserContext, page: Page, complaints: list[str]
) -> None:
    frames: list[str] = []

    def record(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))
        socket.on("framesent", lambda frame: frames.append(str(frame)))

    page.on("websocket", record)
    await go_live(page, "/register?next=/products/oak-desk-lamp")
    await page.get_by_label("Full name").fill("Ada Shopper")
    await page.get_by_label("E-mail address").fill("ada.cookie@example.com")
    await page.locator("main").get_by_label("Password", exact=True).fill("a rather long one 7")
    await page.get_by_role("button", name="Create account").click()
    await page.wait_for_url("**/products/oak-desk-lamp")
    await page.get_by_role("button", name="Account").click()
    await expect(page.get_by_text("Signed in as Ada Shopper")).to_be_visible()

    cookies = {cookie["name"]: cookie for cookie in await context.cookies()}
    assert cookies["shophub_session"]["httpOnly"]
    assert cookies["shophub_guest"]["httpOnly"]
    assert await page.evaluate("document.cookie") == ""
    seen = await page.content() + "".join(frames)
    for name in ("shophub_session", "shophub_guest"):
        assert cookies[name]["value"] not in seen


async def test_handshake_without_guest_cookie_is_sent_away_with_one(
    context: BrowserContext, page: Page, complaints: list[str]
) -> None:
    await go_live(page, "/contact")
    await context.clear_cookies()
    opens = """() => new Promise((done) => {
      const address = location.origin.replace("http", "ws") + "/_event/?token=x&EIO=4&transport=websocket";
      const socket = new WebSocket(address);
      socket.onopen = () => { socket.close(); done(true); };
      socket.onerror = () => done(false);
    })"""

    first = await page.evaluate(opens)
    cookies = [cookie["name"] for cookie in await context.cookies()]
    second = await page.evaluate(opens)

    assert (first, cookies, second) == (False, ["shophub_guest"], True)
    assert len(complaints) == 1  # the browser notes the refused handshake
    complaints.clear()


async def test_tab_token_alone_opens_no_state(shop: ShopServer, context: BrowserContext, page: Page) -> None:
    await go_live(page, "/products/plain-thing-2")
    await page.get_by_role("button", name="Add to cart").click()
    await expect(page.get_by_role("button", name="Cart, 1 item")).to_be_attached()
    token = await page.evaluate("sessionStorage.getItem('token')")
    await page.close()
    assert context.browser is not None
    thief = await context.browser.new_context(base_url=shop.url)
    tab = await thief.new_page()
    await tab.add_init_script(f"sessionStorage.setItem('token', {json.dumps(token)})")

    await go_live(tab, "/products/plain-thing-2")

    await expect(tab.get_by_role("button", name="Cart, empty")).to_be_attached()
    await thief.close()


async def test_websocket_of_another_site_is_refused(shop: ShopServer) -> None:
    import websockets

    address = f"ws://127.0.0.1:{shop.port}/_event/?token=x&EIO=4&transport=websocket"
    with pytest.raises(websockets.InvalidStatus, match="403"):
        await websockets.connect(address, origin=websockets.Origin("https://evil.example"))


async def test_payment_form_comes_from_a_script_named_at_run_time(page: Page) -> None:
    scripts: list[str] = []
    page.on("request", lambda asked: scripts.append(asked.url) if asked.resource_type == "script" else None)
    await go_live(page, "/products/plain-thing-3")
    await page.get_by_role("button", name="Add to cart").click()
    await page.locator("#cart-drawer").get_by_role("link", name="Check out").click()
    await page.get_by_label("E-mail address").fill("payer@example.com")
    await page.get_by_label("Full name").fill("Pat Payer")
    await page.get_by_label("Address", exact=True).fill("1 Market Street")
    await page.get_by_label("Postal code").fill("94105")
    await page.get_by_label("City").fill("San Francisco")
    assert not any("stripe.js" in address for address in scripts)

    await page.get_by_role("button", name="Continue to payment").click()

    await expect(page.get_by_label("Card number")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile(r"^Pay \$"))).to_be_enabled()
    (script,) = [address for address in scripts if "stripe.js" in address]
    assert script == page.url.removesuffix("/checkout") + "/sandbox/stripe/stripe.js"


async def test_change_in_the_database_shows_in_an_open_tab_within_a_second(shop: ShopServer, page: Page) -> None:
    await go_live(page, "/products/plain-thing-5")
    await expect(page.get_by_text("$23.99").first).to_be_visible()

    with psycopg.connect(shop.database_url, autocommit=True) as other_process:
        other_process.execute(
            "UPDATE variants SET price_minor = 4242 WHERE product_id = (SELECT id FROM products WHERE slug = %s)",
            ("plain-thing-5",),
        )

    await expect(page.locator("main").get_by_text("$42.42").first).to_be_visible(timeout=1_000)


async def test_pages_run_under_the_policy(shop: ShopServer, page: Page) -> None:
    _, headers, _ = await asyncio.to_thread(fetch, shop.url + "/products/oak-desk-lamp")
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert "'unsafe-inline'" not in policy["script-src"]
    assert policy["frame-ancestors"] == "'none'"
    assert policy["default-src"] == "'self'"

    # The fixture fails the test if any of these pages says a word, and a violation would.
    for path in (*PAGES, "/cart", "/login", "/register", "/contact", "/checkout", "/orders"):
        await go_live(page, path)
