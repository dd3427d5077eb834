"""A thousand rows with ten bad ones are imported; whoever started it leaves the page and finds the outcome later."""

import csv
import io

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import go_live
from tests.e2e.people import person
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer

ROWS = 1_000
BAD = range(0, ROWS, 100)
PATIENCE = 60_000
pytestmark = pytest.mark.browser


def table_of_mugs(category: str) -> FilePayload:
    """Return a file whose every hundredth price is none, as another program would call its columns."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";")
    writer.writerow(("Title", "Shelf", "Variant SKU", "Price", "Quantity", "Remarks"))
    for number in range(ROWS):
        price = "twelve" if number in BAD else "12.50"
        writer.writerow((f"Imported mug {number}", category, f"MUG-{number:04}", price, "3", 'say "hi";\nplease'))
    return {"name": "mugs.csv", "mimeType": "text/csv", "buffer": target.getvalue().encode()}


async def go_to_import(page: Page) -> None:
    """Go there from the list of products, and wait until it is there."""
    await page.get_by_role("link", name="Import", exact=True).click()
    await page.wait_for_url("**/admin/products/import")
    await expect(page.locator("main h1")).to_be_visible()


async def test_thousand_rows_with_ten_bad_ones_are_imported(shop: ShopServer, page: Page, records: Records) -> None:
    staff = person(shop, records, "Imke Import", "ADMIN")
    category = str(records.rows("SELECT slug FROM categories ORDER BY slug LIMIT 1")[0]["slug"])
    await staff.sit_down_at(page, "/admin/products")
    await go_to_import(page)
    found = await scan_all(page, "choosing a file to import")
    await page.locator("input[type=file]").set_input_files(table_of_mugs(category))
    await expect(page.get_by_text("1,000 rows, separated by semicolons")).to_be_visible(timeout=PATIENCE)
    await page.get_by_role("combobox", name="Shelf").select_option("Category")
    await expect(page.get_by_role("combobox", name="Shelf")).to_have_value("category")
    await expect(page.get_by_role("combobox", name="Remarks")).to_have_value("")

    await page.get_by_role("button", name="Check the file").click()
    check = page.get_by_role("region", name="Check")
    await expect(check.get_by_text("10 problems")).to_be_visible(timeout=PATIENCE)
    await expect(check.get_by_role("link", name="import-check.csv")).to_be_visible(timeout=PATIENCE)
    numbers = await check.locator("tbody tr td:first-child").all_inner_texts()
    assert numbers == [f"{number + 2:,}" for number in BAD]
    await expect(check.get_by_role("row", name="202").get_by_text("“twelve” is no amount.")).to_be_visible()
    assert records.rows("SELECT id FROM variants WHERE sku LIKE 'MUG-____'") == []
    found += await scan_all(page, "a checked import")
    await check.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="tick the box")).to_be_visible()
    await check.get_by_label("Leave out the rows with errors").check()
    await check.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_role("region", name="Import")).to_be_visible()
    address = page.url

    await go_live(page, "/admin/jobs")
    await expect(page.get_by_role("heading", name="Import of mugs.csv")).to_be_visible()
    work = page.get_by_role("listitem").filter(has_text="Import of mugs.csv")
    await expect(work.get_by_text("1,000 of 1,000")).to_be_visible(timeout=PATIENCE)
    await expect(work.get_by_text("Done")).to_be_visible(timeout=PATIENCE)
    found += await scan_all(page, "the list of work")

    await page.goto(address)
    done = page.get_by_role("region", name="Import")
    await expect(done.get_by_text("10 problems")).to_be_visible()
    async with page.expect_download() as started:
        await done.get_by_role("link", name="import-result.csv").click()
    kept = await (await started.value).path()
    result = list(csv.DictReader(io.StringIO(kept.read_bytes().decode("utf-8-sig"), newline="")))
    assert [row["row"] for row in result if row["outcome"] == "error"] == [str(number + 2) for number in BAD]
    assert len([row for row in result if row["outcome"] == "created"]) == ROWS - len(BAD)
    (there,) = records.rows("SELECT count(*) AS many, sum(stock) AS units FROM variants WHERE sku LIKE 'MUG-____'")
    assert there == {"many": 990, "units": 2_970}
    await go_live(page, "/admin/products?q=Imported+mug+777")
    await expect(page.get_by_role("link", name="Imported mug 777", exact=True)).to_be_visible()
    records.rows("UPDATE products SET status = 'archived' WHERE name LIKE 'Imported mug%%'")
    assert found == []
