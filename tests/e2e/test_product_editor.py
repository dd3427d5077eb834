"""A product with three pictures and two options is made, bought, and changed by two admins at once."""

import asyncio
import io
import re

import pytest
from PIL import Image
from playwright.async_api import FilePayload, Page, Route, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import DESKTOP, PHONE, OpenTab, go_live
from tests.e2e.goods import Goods
from tests.e2e.people import Person, person
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import GOOD_CARD, Shopper

COLOURS = ("maroon", "teal", "orange", "navy")
NEW = "/admin/products/new"
BOUGHT = """
SELECT l.name, v.stock FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN variants v ON v.id = l.variant_id
WHERE o.number = %(number)s
"""


def picture(name: str, colour: str) -> FilePayload:
    """Return a picture of one colour as a file."""
    kept = io.BytesIO()
    Image.new("RGB", (400, 500), colour).save(kept, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": kept.getvalue()}


async def open_editor(page: Page, who: Person, path: str) -> None:
    """Sit down at the editor."""
    await page.context.add_cookies([{"name": "shophub_session", "value": who.sign_in(), "url": who.shop.url}])
    await go_live(page, path)
    await expect(page.get_by_label("Name", exact=True)).to_be_visible()


async def upload(page: Page) -> None:
    """Add four pictures of which one is cancelled and one fails at first, and two files that are none."""
    gate = asyncio.Event()

    async def wait_for_it(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.route("**/api/admin/upload", wait_for_it)
    await page.request.post("/sandbox/cloudinary/_test/fail", data={"count": 1, "status": 500})
    script: FilePayload = {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    lying: FilePayload = {"name": "lying.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}
    pictures = [picture(f"{name}.png", colour) for name, colour in zip("abcd", COLOURS, strict=True)]
    await page.locator("input[type=file]").set_input_files([*pictures, script, lying])
    shown = page.get_by_role("list", name="Pictures")
    await expect(shown.get_by_role("progressbar")).to_have_count(5)
    await page.get_by_role("button", name="Cancel upload of a.png").click()
    gate.set()
    await expect(shown.get_by_role("progressbar")).to_have_count(0)
    await shown.get_by_role("button", name="Try again").first.click()
    await expect(shown.get_by_role("alert")).to_have_count(2)
    for name in ("x.svg", "lying.png"):
        await page.get_by_role("button", name=f"Remove {name}").click()
    await page.unroute("**/api/admin/upload")


async def describe(page: Page) -> None:
    """Say what the pictures show, and make the second the cover by keyboard."""
    for place, words in enumerate(("Folded", "Spread out", "A corner")):
        await page.get_by_label("What the picture shows").nth(place).fill(words)
    await page.get_by_role("button", name="Move Spread out earlier").press("Enter")
    cover = page.get_by_role("list", name="Pictures").get_by_role("listitem").first
    await expect(cover.get_by_text("Cover")).to_be_visible()
    await expect(page.get_by_role("button", name="Move Spread out later")).to_be_focused()


async def add_option(page: Page, place: int, name: str, choices: str) -> None:
    """Add an option with its choices."""
    await page.get_by_role("button", name="Add an option").click()
    await page.get_by_label("Option name").nth(place).fill(name)
    field = page.get_by_label(f"Add a choice to {name}")
    await field.fill(choices)
    await field.press("Enter")


async def buy_it(guest: Shopper) -> str:
    """Buy one of the new product's kinds; returns the order's number."""
    await go_live(guest.page, "/products/woven-blanket?size=L&colour=Rust")
    await expect(guest.page.get_by_role("img", name="Spread out").first).to_be_visible()
    await guest.page.locator("#add-to-cart").click()
    await expect(guest.drawer.get_by_text("$49.50").first).to_be_visible()
    await guest.check_out()
    await guest.give_address(as_guest=True)
    await guest.go_on_to_payment()
    await guest.pay_with(GOOD_CARD)
    return await guest.read_order_number()


@pytest.mark.browser
async def test_product_with_pictures_and_options_is_made_and_can_be_bought(
    shop: ShopServer, page: Page, records: Records, open_tab: OpenTab, complaints: list[str]
) -> None:
    await open_editor(page, person(shop, records, "Ana Admin", "ADMIN"), NEW)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="things are not right yet")).to_be_focused()
    found = await scan_all(page, "empty product editor", widths=(DESKTOP, PHONE))

    await page.get_by_label("Name", exact=True).fill("Woven Blanket")
    await page.get_by_role("textbox", name="Description").fill("Keeps **warm**. <script>alert(1)</script>")
    await page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="How the shop shows it")
    await expect(preview.locator("strong")).to_have_text("warm")
    await expect(preview.locator("script")).to_have_count(0)
    await upload(page)
    # One picture that is none, one that the picture service refused at first.
    assert [complaint for complaint in complaints if not re.search("400|502|503", complaint)] == []
    complaints.clear()
    await describe(page)
    await add_option(page, 0, "Size", "S, L")
    await add_option(page, 1, "Colour", "Grey, Rust")
    await page.get_by_label("Price of S / Grey", exact=True).fill("49.50")
    await page.get_by_role("button", name="Copy the first row’s price down").click()
    await page.get_by_label("Stock of L / Rust").fill("3")
    await page.get_by_label("Category").select_option(index=1)
    await page.get_by_label("Who sees it").select_option("active")
    found += await scan_all(page, "filled product editor", widths=(DESKTOP, PHONE))
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("All changes saved")).to_be_visible()
    await expect(page).not_to_have_url(f"{shop.url}{NEW}")

    number = await buy_it(Shopper(await open_tab(), "Bea Blanket"))
    assert records.rows(BOUGHT, number=int(number[3:])) == [{"name": "Woven Blanket", "stock": 2}]

    await page.get_by_role("button", name="Delete…").click()
    await page.get_by_role("button", name="Delete product").click()
    kept = page.get_by_role("dialog", name="Woven Blanket cannot be deleted")
    await expect(kept.get_by_role("alert")).to_contain_text("has been ordered")
    found += await scan_all(page, "product that cannot be deleted")
    await kept.get_by_role("button", name="Archive it").click()
    await expect(page.get_by_text("All changes saved")).to_be_visible()
    assert records.rows("SELECT status FROM products WHERE slug = 'woven-blanket'") == [{"status": "archived"}]
    assert found == []


@pytest.mark.browser
async def test_two_admins_edit_the_same_product(
    shop: ShopServer, page: Page, records: Records, goods: Goods, open_tab: OpenTab
) -> None:
    slug = goods.product("Disputed thing")
    (product,) = records.rows("SELECT id FROM products WHERE slug = %(slug)s", slug=slug)
    path = f"/admin/products/{product['id']}"
    await open_editor(page, person(shop, records, "Ana Admin", "ADMIN"), path)
    other = await open_tab()
    await open_editor(other, person(shop, records, "Ben Admin", "ADMIN"), path)

    await page.get_by_label("Brand").fill("Ana’s")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("All changes saved")).to_be_visible()
    await other.get_by_label("Brand").fill("Ben’s")
    await other.get_by_role("button", name="Save", exact=True).click()
    told = other.get_by_role("alert").filter(has_text="Ana Admin changed this product")
    await expect(told).to_be_focused()
    assert records.rows("SELECT brand FROM products WHERE slug = %(slug)s", slug=slug) == [{"brand": "Ana’s"}]

    await expect(other.get_by_label("Brand")).to_have_value("Ben’s")

    await other.get_by_role("link", name="Products", exact=True).first.click()
    await expect(other.get_by_role("heading", name="Leave without saving?")).to_be_visible()
    await other.get_by_role("button", name="Stay").click()
    await other.get_by_role("button", name="Save mine over it").click()
    await expect(other.get_by_text("All changes saved")).to_be_visible()
    assert records.rows("SELECT brand FROM products WHERE slug = %(slug)s", slug=slug) == [{"brand": "Ben’s"}]

    await page.get_by_label("Brand").fill("Ana’s again")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_role("alert").filter(has_text="Ben Admin changed this product")).to_be_focused()
    await page.get_by_role("button", name="Show what is there now").click()
    await expect(page.get_by_label("Brand")).to_have_value("Ben’s")
