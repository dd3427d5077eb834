"""Each setting, switched in one browser and seen in another: on pages that are open already, and within two seconds."""

import io
import re
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Locator, Page, expect

from tests.databases import TestServer
from tests.e2e.axe import scan
from tests.e2e.conftest import DESKTOP, Desks, go_live, listen
from tests.e2e.people import Person, person
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer

pytestmark = pytest.mark.browser
# From the press to what the other browser shows; a busy machine is given a little more than the shop promises.
SOON = 4_000


@pytest.fixture(scope="module")
def own_shop(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopServer]:
    """A shop of this module's own: its settings are everybody's, and its currency changes."""
    with database_server.clone() as url:
        server = ShopServer(url, tmp_path_factory.mktemp("settings"))
        with server.running():
            server.run("tests.e2e.catalogue")
            yield server


@pytest.fixture(scope="module")
def own_desks(chromium: Browser, own_shop: ShopServer) -> Desks:
    """Browsers in front of it."""
    return Desks(chromium, own_shop)


class Desk:
    """The settings' page, as an owner works with it."""

    def __init__(self, page: Page) -> None:
        """Work on ``page``."""
        self.page = page

    def part(self, name: str) -> Locator:
        """Return the form of a part."""
        return self.page.get_by_role("form", name=name)

    async def save(self, part: str, **fields: str) -> None:
        """Fill fields in and save their part."""
        form = self.part(part)
        for name, value in fields.items():
            await form.locator(f"[name={name}]").fill(value)
        await form.get_by_role("button", name="Save").click()
        await expect(self.page.get_by_text("Saved.").first).to_be_visible()

    async def switch(self, name: str, *, on: bool) -> None:
        """Press a switch, which shows so at once."""
        switch = self.page.get_by_role("switch", name=name, exact=True)
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", str(on).lower(), timeout=300)


@pytest_asyncio.fixture
async def desk(own_desks: Desks, own_shop: ShopServer, complaints: list[str]) -> AsyncIterator[Desk]:
    """The owner's browser, on the page of the settings."""
    records = Records(own_shop)
    owner = person(own_shop, records, "Olga Owner", "SUPER_ADMIN")
    async with own_desks.browser() as context:
        page = listen(await context.new_page(), complaints)
        await owner.sit_down_at(page, "/admin/settings")
        await expect(page.get_by_role("form", name="Store")).to_be_visible()
        yield Desk(page)
    records.close()
    assert complaints == []


@pytest_asyncio.fixture
async def visitor(own_desks: Desks, complaints: list[str]) -> AsyncIterator[Page]:
    """Somebody else's browser, on a product's page, with two of it in the cart."""
    async with own_desks.browser() as context:
        page = listen(await context.new_page(), complaints)
        await go_live(page, "/products/plain-thing-1")
        await page.get_by_role("button", name="Add to cart").click()
        drawer = page.get_by_role("dialog", name=re.compile("^Cart"))
        await drawer.get_by_role("button", name=re.compile("Close")).click()
        yield page


def logo() -> bytes:
    data = io.BytesIO()
    Image.new("RGBA", (240, 80), (27, 98, 118, 255)).save(data, "PNG")
    return data.getvalue()


async def test_every_setting_is_seen_in_another_browser(desk: Desk, visitor: Page, own_shop: ShopServer) -> None:
    cart = await visitor.context.new_page()
    await go_live(cart, "/cart")
    await expect(cart.locator("main")).to_contain_text("$29.99")  # 19.99 and 10 for delivery

    await _name_and_logo(desk, visitor)
    await _prices_and_delivery(desk, visitor, cart.locator("main"))
    await _features(desk, visitor)

    # Checkout without an account.
    await desk.switch("Checkout without an account", on=False)
    await cart.goto("/checkout")
    await expect(cart.locator("main")).to_contain_text("Sign in", timeout=SOON)

    assert await scan(desk.page, "settings") == []
    await _close_and_open(desk, visitor)


async def _name_and_logo(desk: Desk, visitor: Page) -> None:
    """The store: its name and logo, and how to reach it."""
    home = visitor.locator("header").get_by_role("link", name=re.compile(", home$"))
    await desk.page.locator("#logo_public_id").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": logo()}
    )
    await expect(desk.page.get_by_role("img", name="The logo as it is")).to_be_visible()
    await desk.save("Store", store_name="Oak & Sons", store_email="oak@example.com", store_phone="+49 30 1",
                    store_address="Allee 1, Berlin")  # fmt: skip
    await expect(home).to_have_accessible_name("Oak & Sons, home", timeout=SOON)
    await expect(home.locator("img")).to_be_visible(timeout=SOON)
    contact = await (await visitor.context.request.get("/contact")).text()
    assert [
        word for word in ("oak@example.com", "+49 30 1", "Allee 1, Berlin", "<img src=") if word not in contact
    ] == []


async def _prices_and_delivery(desk: Desk, visitor: Page, totals: Locator) -> None:
    """Tax of 10 % on the goods, then on the delivery, then within the prices; the currency; fee and countries."""
    await desk.save("Tax", tax_rate_ppm="10")
    await expect(totals).to_contain_text("$31.99", timeout=SOON)
    await desk.switch("Tax on delivery", on=True)
    await expect(totals).to_contain_text("$32.99", timeout=SOON)
    await desk.switch("Prices include tax", on=True)
    await expect(totals).not_to_contain_text("$32.99", timeout=SOON)
    await expect(totals).to_contain_text("$29.99", timeout=SOON)

    # Currency: nothing is open, so it may change.
    await desk.page.locator("#currency").select_option("EUR")
    await desk.page.get_by_role("button", name="Change…").click()
    await desk.page.get_by_role("button", name="Change to EUR").click()
    await expect(totals).to_contain_text("€29.99", timeout=SOON)
    await expect(visitor.locator("main")).to_contain_text("€19.99", timeout=SOON)

    # Delivery: fee, threshold, countries.
    await desk.save("Delivery", shipping_fee_minor="7")
    await expect(totals).to_contain_text("€26.99", timeout=SOON)
    await desk.save("Delivery", free_shipping_threshold_minor="15")
    await expect(totals).to_contain_text("Free", timeout=SOON)
    delivery = desk.part("Delivery")
    await delivery.get_by_role("button", name="None").click()
    await delivery.get_by_role("searchbox", name="Find a country").fill("germ")
    await delivery.get_by_label("Germany", exact=True).check()
    await desk.save("Delivery")
    await _until_answer(visitor, "/api/public-settings", '"shipToCountries":["DE"]')


async def _features(desk: Desk, visitor: Page) -> None:
    """What is said of stock; reviews and wishlists."""
    await desk.save("Stock", low_stock_threshold="50")
    await expect(visitor.locator("main")).to_contain_text("Only 20 left", timeout=SOON)
    reviews = visitor.get_by_role("heading", name="Reviews", exact=True)
    await expect(reviews).to_be_visible()
    await desk.switch("Reviews", on=False)
    await expect(reviews).to_have_count(0, timeout=SOON)
    wishlist = visitor.locator("header").get_by_role("link", name="Wishlist")
    await expect(wishlist).to_be_visible()
    await desk.switch("Wishlists", on=False)
    await expect(wishlist).to_have_count(0, timeout=SOON)
    # The one before it may still be there, below this one.
    said = desk.page.locator("[data-sonner-toast]").filter(has_text="Wishlists: off.")
    await said.get_by_role("button", name="Undo").click()
    await expect(wishlist).to_be_visible(timeout=SOON)


async def _close_and_open(desk: Desk, visitor: Page) -> None:
    """Maintenance with its message, and back."""
    await desk.save("Maintenance", maintenance_message="New shelves until noon.")
    await desk.switch("Closed for maintenance", on=True)
    await _until_answer(visitor, "/", "New shelves until noon.", status=503)
    await desk.switch("Closed for maintenance", on=False)
    await _until_answer(visitor, "/", "Oak &amp; Sons")


async def _until_answer(visitor: Page, path: str, held: str, *, status: int = 200) -> None:
    """Ask until the shop answers so, which it does soon."""
    began = time.monotonic()
    while True:
        answer = await visitor.context.request.get(path)
        said = await answer.text()
        if answer.status == status and held in said:
            return
        assert time.monotonic() - began < SOON / 1_000, (answer.status, said[:2_000])


async def test_staff_need_a_second_factor_once_that_is_asked_of_them(
    desk: Desk, chromium: Browser, own_shop: ShopServer
) -> None:
    records = Records(own_shop)
    ana: Person = person(own_shop, records, "Ana Admin", "ADMIN")
    context = await chromium.new_context(base_url=own_shop.url, viewport=DESKTOP)
    page = await context.new_page()
    await ana.sit_down_at(page, "/admin/orders")

    await desk.page.get_by_role("switch", name="Second factor for the staff").click()
    await expect(desk.page.get_by_text("Set up your own second factor first")).to_be_visible()
    await expect(desk.page.get_by_role("switch", name="Second factor for the staff")).to_have_attribute(
        "aria-checked", "false"
    )
    records.rows(
        "INSERT INTO second_factors (user_id, secret_encrypted, confirmed_at)"
        " SELECT id, 'x', now() FROM users WHERE full_name = 'Olga Owner'"
    )
    await desk.switch("Second factor for the staff", on=True)
    await page.get_by_role("link", name="Products").click()

    await expect(page).to_have_url(re.compile("/account/security"), timeout=SOON)
    await context.close()
    records.close()
