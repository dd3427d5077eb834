"""The page that imports products: from the file to the outcome, as a tab meets it."""

from collections.abc import Callable
from urllib.parse import urlsplit

from httpx import ASGITransport, AsyncClient, Response

from shophub.api.app import create_api
from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.jobs import worker
from shophub.lib.csv_reading import read_table
from shophub.lib.ids import new_token
from shophub.schemas.product_import import MAX_IMPORT_BYTES, PATH, TEMPLATE_PATH, UPLOAD_PATH
from shophub.services import sessions
from shophub.services.live import Notice
from shophub.state.admin.product_import import ProductImportState
from tests.factories import make_category, make_user
from tests.rows import rows
from tests.state.conftest import Tab, run

OpenTab = Callable[..., Tab]
FILE = b"Title;Shelf;Item;price\nMug;mugs;M-1;9.50\nCup;mugs;M-2;much\n"


async def staff(role: Role = Role.ADMIN) -> str:
    async with transaction() as session:
        user = await make_user(session, role=role)
        return f"shophub_guest={new_token()}; shophub_session={await sessions.start(session, user.id)}"


async def send(cookie: str, data: bytes) -> Response:
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    async with AsyncClient(transport=ASGITransport(create_api()), base_url="http://localhost:8000") as http:
        return await http.post(UPLOAD_PATH, files={"file": ("mugs.csv", data, "text/csv")}, headers=headers)


async def opened(open_tab: OpenTab, cookie: str, address: str) -> ProductImportState:
    tab = open_tab(cookie)
    tab.go(address)
    page = tab.state(ProductImportState)
    await run(ProductImportState.load.fn(page))
    return page


async def test_file_goes_from_upload_to_outcome(open_tab: OpenTab):
    cookie = await staff()
    async with transaction() as session:
        await make_category(session, slug="mugs")
    sent = await send(cookie, FILE)
    assert sent.status_code == 303
    page = await opened(open_tab, cookie, sent.headers["Location"])

    assert (page.file.file_name, page.file.size_text) == ("mugs.csv", "2 rows, separated by semicolons")
    assert [(one.label, one.column, one.sample) for one in page.file.headers] == [
        ("Title", "name", "Mug · Cup"),
        ("Shelf", "", "mugs"),
        ("Item", "", "M-1 · M-2"),
        ("price", "price", "9.50 · much"),
    ]
    await run(ProductImportState.set_column.fn(page, "1", "category"))
    await run(ProductImportState.set_column.fn(page, "2", "category"))  # takes it from the other
    await run(ProductImportState.set_column.fn(page, "1", "category"))
    await run(ProductImportState.set_column.fn(page, "2", "sku"))
    await run(ProductImportState.set_column.fn(page, "9", "stock"))
    assert page.error == "That column is not in the file."
    assert [one.column for one in page.file.headers] == ["name", "category", "sku", "price"]

    await run(ProductImportState.start_import.fn(page, {}))
    assert page.start_error.startswith("Check the file first")
    await run(ProductImportState.start_check.fn(page))
    await worker.run_due()
    await page._refresh(Notice("work", "whoever"))
    assert [(one.label, one.text) for one in page.check.counts] == [("To be created", "1")]
    assert [(one.row, one.place) for one in page.check.samples] == [("3", "Price")]
    await run(ProductImportState.start_import.fn(page, {}))
    assert page.start_error.startswith("Say what to do with the rows")
    await run(ProductImportState.start_import.fn(page, {"skip": "on"}))
    await worker.run_due()
    await page._refresh(Notice("work", "whoever"))

    assert (page.run.state_text, page.run.problems_text, page.start_error) == ("Done", "1 problem", "")
    assert await rows("SELECT sku, price_minor FROM variants") == [("M-1", 950)]


async def test_file_of_somebody_else_is_not_there(open_tab: OpenTab):
    address = (await send(await staff(), FILE)).headers["Location"]

    page = await opened(open_tab, await staff(Role.SUPER_ADMIN), address)

    assert (page.file.id, page.latest) == ("", ())
    assert page.error.startswith("That file is not here any more")
    await run(ProductImportState.start_check.fn(page))
    assert await rows("SELECT id FROM long_jobs") == []


async def test_what_cannot_be_read_leads_back_with_the_reason(open_tab: OpenTab):
    cookie = await staff()
    for data, sentence in ((b"", "The file is empty."), (b"x" * (MAX_IMPORT_BYTES + 1), "larger than 16 MB")):
        sent = await send(cookie, data)
        assert urlsplit(sent.headers["Location"]).path == PATH
        assert sentence in (await opened(open_tab, cookie, sent.headers["Location"])).error
    assert (await send(await staff(Role.CUSTOMER), FILE)).status_code == 403
    assert await rows("SELECT id FROM product_imports") == []


async def test_template_can_be_read_by_the_import(database: str):
    cookie = await staff()
    async with AsyncClient(transport=ASGITransport(create_api()), base_url="http://localhost:8000") as http:
        given = await http.get(TEMPLATE_PATH, headers={"Cookie": cookie})

    read = read_table(given.content, max_rows=10)
    assert (len(read.rows), read.header[0]) == (3, "slug")
