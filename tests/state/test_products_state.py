"""The staff's list of products as a tab meets it: cells that answer, selection over pages, undo, saved views."""

from base64 import b64decode
from collections.abc import Callable

import pytest

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.services import sessions
from shophub.state.admin.export import ExportState
from shophub.state.admin.product_bulk import ProductBulkState
from shophub.state.admin.products import ProductsState
from shophub.state.admin.reviews import ReviewQueueState
from shophub.state.admin.table import TableState
from tests.factories import make_category, make_product, make_user
from tests.rows import execute, rows
from tests.state.conftest import Tab, run, scripts

OpenTab = Callable[..., Tab]
MANY_PRODUCTS = """
INSERT INTO products (id, name, slug, description, category_id)
SELECT gen_random_uuid(), 'More', 'more-' || n, '', (SELECT id FROM categories LIMIT 1) FROM generate_series(1, 5000) n
"""


async def tab_of(open_tab: OpenTab, address: str = "/admin/products", role: Role = Role.ADMIN) -> Tab:
    async with transaction() as session:
        user = await make_user(session, full_name="Ana Admin", role=role)
        tab = open_tab(f"shophub_session={await sessions.start(session, user.id)}")
    await load(tab, address)
    return tab


async def load(tab: Tab, address: str) -> None:
    tab.go(address)
    await run(ProductsState.load.fn(tab.state(ProductsState)))


async def make_products(count: int, **more: object) -> None:
    async with transaction() as session:
        category = await make_category(session)
        for number in range(count):
            await make_product(session, name=f"Thing {number:03}", category=category, **more)  # type: ignore[arg-type]


async def test_customer_is_shown_nothing_and_changes_nothing(open_tab: OpenTab) -> None:
    await make_products(1, stock=20)
    state = (await tab_of(open_tab, role=Role.CUSTOMER)).state(ProductsState)

    await run(ProductBulkState.set_status.fn(state, "archived"))

    assert (state.lines, state.loaded) == ((), "")
    assert await rows("SELECT status FROM products") == [("active",)]


async def test_cell_saves_and_answers_beside_itself(open_tab: OpenTab) -> None:
    await make_products(1, stock=20, price_minor=2_000)
    state = (await tab_of(open_tab)).state(ProductsState)
    variant = state.lines[0].variants[0]

    await run(ProductsState.set_stock.fn(state, variant.id, "1,012"))
    await run(ProductsState.set_price.fn(state, variant.id, "19.5"))
    saved = state.lines[0].variants[0]
    await run(ProductsState.set_price.fn(state, variant.id, "cheap"))
    refused = state.lines[0].variants[0]

    assert (saved.stock.value, saved.stock.epoch, saved.stock.note) == ("1012", 1, "")
    assert (saved.price.value, saved.price.epoch, saved.price.is_error) == ("19.50", 1, False)
    assert (refused.price.value, refused.price.epoch, refused.price.is_error) == ("19.50", 2, True)
    assert refused.price.note.startswith("Type an amount")
    assert await rows("SELECT stock, price_minor FROM variants") == [(1_012, 1_950)]


async def test_cell_that_another_admin_changed_shows_theirs_and_who_it_was(open_tab: OpenTab) -> None:
    await make_products(1, stock=20)
    first = (await tab_of(open_tab)).state(ProductsState)
    second = (await tab_of(open_tab)).state(ProductsState)
    variant = first.lines[0].variants[0]
    await run(ProductsState.set_stock.fn(first, variant.id, "15"))

    await run(ProductsState.set_stock.fn(second, variant.id, "30"))
    conflict = second.lines[0].variants[0].stock
    await run(ProductsState.set_stock.fn(second, variant.id, "30"))

    assert (conflict.value, conflict.is_error) == ("15", True)
    assert conflict.note == "Changed by Ana Admin: 15 now. Yours was not saved."
    assert await rows("SELECT stock FROM variants") == [(30,)]


async def test_product_opens_to_its_variants(open_tab: OpenTab) -> None:
    await make_products(1, stock=20, options={"Size": ["S", "M"]})
    state = (await tab_of(open_tab)).state(ProductsState)

    await run(ProductsState.toggle.fn(state, state.lines[0].id))
    opened = state.lines[0]
    await run(ProductsState.set_stock.fn(state, opened.variants[1].id, "7"))
    changed = state.lines[0]
    await run(ProductsState.toggle.fn(state, opened.id))

    assert [(one.name, one.stock.value) for one in opened.variants] == [("S", "20"), ("M", "20")]
    assert (changed.is_open, changed.stock_text, changed.variants[1].stock.value) == (True, "27", "7")
    assert (state.lines[0].is_open, state.lines[0].variants) == (False, ())


async def test_selection_stays_over_pages_and_ends_with_other_filters(open_tab: OpenTab) -> None:
    await make_products(53)
    tab = await tab_of(open_tab)
    table = tab.state(TableState)
    await run(TableState.select.fn(table, table._ids[3], True))
    await run(TableState.select.fn(table, "not on this page", True))
    await load(tab, table.view.next_url)

    await run(TableState.select_page.fn(table, True))
    over_pages = table.selected_count
    await run(TableState.select_all.fn(table))
    everything = (table.selected_count, table.is_all)
    await load(tab, "/admin/products?q=thing+001")

    assert (over_pages, everything) == (4, (53, True))
    assert (table.selected_count, table.is_all) == (0, False)


async def test_everything_that_is_found_is_archived_and_comes_back(open_tab: OpenTab) -> None:
    await make_products(53)
    await make_products(1, status="draft")
    tab = await tab_of(open_tab, "/admin/products?tab=active")
    table, bulk = tab.state(TableState), tab.state(ProductBulkState)
    await run(TableState.select_all.fn(table))

    asked = await run(ProductBulkState.set_status.fn(bulk, "archived"))
    await run(ProductBulkState.set_status_of_many.fn(bulk, {"count": "52"}))
    refused = (bulk.error, await rows("SELECT status, count(*) FROM products GROUP BY status ORDER BY status"))
    events = await run(ProductBulkState.set_status_of_many.fn(bulk, {"count": " 53 "}))
    archived = await rows("SELECT status, count(*) FROM products GROUP BY status ORDER BY status")
    await run(ProductBulkState.undo.fn(bulk))

    assert "bulk-status" in scripts(asked)
    assert refused == ("Type 53 to go on.", [("active", 53), ("draft", 1)])
    assert "53 products archived." in scripts(events)
    assert "Undo" in scripts(events)
    assert archived == [("archived", 53), ("draft", 1)]
    assert await rows("SELECT status, count(*) FROM products GROUP BY status ORDER BY status") == [
        ("active", 53), ("draft", 1)
    ]  # fmt: skip
    assert (table.selected_count, len(tab.state(ProductsState).lines)) == (0, 50)


async def test_what_came_into_the_list_meanwhile_is_not_changed_with_it(open_tab: OpenTab) -> None:
    await make_products(53)
    tab = await tab_of(open_tab, "/admin/products?tab=active")
    table, bulk = tab.state(TableState), tab.state(ProductBulkState)
    await run(TableState.select_all.fn(table))
    await make_products(1)

    await run(ProductBulkState.set_status.fn(bulk, "archived"))
    await run(ProductBulkState.set_status_of_many.fn(bulk, {"count": "53"}))

    assert bulk.error == "The list has 54 products by now, not 53. Nothing was changed."
    assert table.selected_count == 54
    assert await rows("SELECT status, count(*) FROM products GROUP BY status") == [("active", 54)]


@pytest.mark.parametrize(
    ("form", "prices"),
    [
        ({"kind": "percent", "value": "-10"}, [(1_800,)]),
        ({"kind": "amount", "value": "+1.25"}, [(2_125,)]),
        ({"kind": "exact", "value": "9.99"}, [(999,)]),
        ({"kind": "percent", "value": "-100"}, [(2_000,)]),
        ({"kind": "amount", "value": "x"}, [(2_000,)]),
    ],
    ids=["percent", "amount", "exact", "to nothing", "no amount"],
)
async def test_prices_of_what_is_selected_change(
    open_tab: OpenTab, form: dict[str, str], prices: list[tuple[int]]
) -> None:
    await make_products(1, price_minor=2_000)
    tab = await tab_of(open_tab)
    await run(TableState.select_page.fn(tab.state(TableState), True))
    bulk = tab.state(ProductBulkState)

    events = await run(ProductBulkState.change_prices.fn(bulk, form))

    assert await rows("SELECT price_minor FROM variants") == prices
    assert (bulk.error == "", bool(events)) == (prices != [(2_000,)], prices != [(2_000,)])


async def test_more_than_can_be_done_at_once_goes_on_as_work(open_tab: OpenTab) -> None:
    await make_products(1, stock=0)
    async with transaction() as session:
        await execute(session, MANY_PRODUCTS)
    tab = await tab_of(open_tab)
    table, bulk = tab.state(TableState), tab.state(ProductBulkState)
    await run(TableState.select_all.fn(table))

    refused = await run(ProductBulkState.change_tags.fn(bulk, {"add": "", "count": "5001"}))
    error = bulk.error
    events = await run(ProductBulkState.change_tags.fn(bulk, {"add": "summer, gift", "count": "5,001"}))

    assert (refused, error, table.selected_count) == ([], "Type a tag to add or to remove.", 0)
    assert "It goes on under Work." in scripts(events)
    assert await rows("SELECT title, total, state FROM long_jobs") == [
        ("Change tags of 5,001 products", 5_001, "queued")
    ]


async def test_view_is_kept_under_a_name_for_oneself(open_tab: OpenTab) -> None:
    await make_products(1)
    tab = await tab_of(open_tab, "/admin/products?stock=low&sort=name&after=x")
    table = tab.state(TableState)

    await run(TableState.save_view.fn(table, {"name": "  Runs   low "}))
    kept = table.view.views
    other = (await tab_of(open_tab)).state(TableState)
    await run(TableState.remove_view.fn(other, kept[0].id))
    still = await rows("SELECT name, parameters FROM saved_views")
    await run(TableState.remove_view.fn(table, kept[0].id))
    await run(TableState.save_view.fn(table, {"name": " "}))

    assert [(view.name, view.url, view.is_current) for view in kept] == [
        ("Runs low", "/admin/products?stock=low&sort=name", True)
    ]
    assert other.view.views == ()
    assert still == [("Runs low", "stock=low&sort=name")]
    assert (table.view.views, table.view_error) == ((), "Give the view a name of up to 60 characters.")
    assert await rows("SELECT 1 FROM saved_views") == []


async def test_export_holds_the_selected_products_or_leads_to_the_whole_list(open_tab: OpenTab) -> None:
    await make_products(3)
    tab = await tab_of(open_tab, "/admin/products?sort=name")
    table, export = tab.state(TableState), tab.state(ExportState)

    nothing = await run(ExportState.products.fn(export))
    await run(TableState.select.fn(table, table._ids[1], True))
    other_list = await run(ExportState.orders.fn(export))
    some = scripts(await run(ExportState.products.fn(export)))
    await run(TableState.select_all.fn(table))
    everything = scripts(await run(ExportState.products.fn(export)))

    assert (nothing, other_list) == ([], [])
    file = b64decode(some.partition("base64,")[2].partition('"')[0]).decode()
    assert [one for one in ("Thing 000", "Thing 001", "Thing 002") if one in file] == ["Thing 001"]
    assert "products.csv" in some
    assert "/api/admin/products.csv?sort=name" in everything


async def test_what_is_selected_of_another_list_is_not_taken_for_products(open_tab: OpenTab) -> None:
    await make_products(2)
    tab = await tab_of(open_tab)
    tab.go("/admin/reviews")
    await run(ReviewQueueState.load.fn(tab.state(ReviewQueueState)))
    await run(TableState.select_all.fn(tab.state(TableState)))

    await run(ProductBulkState.set_status.fn(tab.state(ProductBulkState), "archived"))

    assert await rows("SELECT DISTINCT status FROM products") == [("active",)]
