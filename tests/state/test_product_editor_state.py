"""The product editor's state: who may, and what a save becomes on the page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.lib.ids import new_id
from shophub.models.catalog import Product
from shophub.services import sessions
from shophub.state.admin.product_editor import ProductEditorState
from tests.factories import make_category, make_order, make_product, make_user, variants_of
from tests.rows import rows
from tests.state.conftest import Tab, run

OpenTab = Callable[..., Tab]


async def editor_of(open_tab: OpenTab, address: str, role: Role = Role.ADMIN) -> ProductEditorState:
    """Return the editor at an address, loaded."""
    async with transaction() as session:
        cookie = f"shophub_session={await sessions.start(session, (await make_user(session, role=role)).id)}"
    tab = open_tab(cookie)
    tab.go(address)
    editor = tab.state(ProductEditorState)
    await run(ProductEditorState.load.fn(editor))
    return editor


async def save(editor: ProductEditorState, **values: Any) -> list[Any]:
    """Send the form."""
    form = {"id": editor.view.id, "version": editor.view.version, **values}
    return await run(ProductEditorState.save.fn(editor, form))


async def a_product() -> UUID:
    """Return the id of a product."""
    async with transaction() as session:
        return (await make_product(session, name="Mug")).id


async def test_new_product_moves_to_its_own_address(open_tab: OpenTab) -> None:
    async with transaction() as session:
        category = str((await make_category(session)).id)
    editor = await editor_of(open_tab, "/admin/products/new")
    row = {"sku": "MUG", "price": "5", "stock": 3}

    events = await save(editor, name="Mug", category_id=category, variants=[row])

    assert editor.outcome.kind == "saved"
    assert f"/admin/products/{editor.view.id}" in " ".join(str(event.args) for event in events)
    assert await rows("SELECT name, stock FROM products JOIN variants ON product_id = products.id") == [("Mug", 3)]


@pytest.mark.parametrize("address", ["nothing", str(new_id()), ""], ids=["words", "unknown", "empty"])
async def test_address_without_a_product_says_so(open_tab: OpenTab, address: str) -> None:
    editor = await editor_of(open_tab, f"/admin/products/{address}")

    assert (editor.is_missing, editor.view.id) == (True, "")


async def test_what_is_wrong_leaves_product_and_page_as_they_are(open_tab: OpenTab) -> None:
    editor = await editor_of(open_tab, f"/admin/products/{await a_product()}")
    before = editor.epoch

    await save(editor, name="")

    assert (editor.outcome.kind, "name" in editor.outcome.errors, editor.epoch) == ("invalid", True, before)
    assert await rows("SELECT name FROM products") == [("Mug",)]


@pytest.mark.parametrize(
    "form",
    [{}, {"name": 7}, {"name": "x" * 2_000}, {"variants": "all"}, {"tags": ["x" * 41]}, {"unknown": 1}],
    ids=["nothing", "number", "long", "text", "tag", "unknown"],
)
async def test_what_no_page_sends_is_refused(open_tab: OpenTab, form: dict[str, Any]) -> None:
    editor = await editor_of(open_tab, f"/admin/products/{await a_product()}")

    await save(editor, **form)

    assert editor.outcome.kind in ("invalid", "failed")
    assert await rows("SELECT name, version FROM products") == [("Mug", 1)]


async def test_page_saves_only_the_product_that_it_shows(open_tab: OpenTab) -> None:
    shown, other = await a_product(), await a_product()
    editor = await editor_of(open_tab, f"/admin/products/{shown}")

    await run(ProductEditorState.save.fn(editor, {"id": str(other), "version": 1, "name": "Mine"}))

    assert editor.outcome.kind == "failed"
    assert await rows("SELECT DISTINCT name FROM products") == [("Mug",)]


async def test_customers_see_and_save_nothing(open_tab: OpenTab) -> None:
    product = await a_product()
    editor = await editor_of(open_tab, f"/admin/products/{product}", Role.CUSTOMER)

    await run(ProductEditorState.save.fn(editor, {"id": str(product), "version": 1, "name": "Mine"}))

    assert (editor.view.name, editor.loaded) == ("", "")
    assert await rows("SELECT name FROM products") == [("Mug",)]


async def test_product_is_deleted_and_the_list_shown(open_tab: OpenTab) -> None:
    editor = await editor_of(open_tab, f"/admin/products/{await a_product()}")

    events = await run(ProductEditorState.delete.fn(editor))

    assert editor.outcome.kind == "deleted"
    assert "/admin/products" in " ".join(str(event.args) for event in events)
    assert await rows("SELECT count(*) FROM products") == [(0,)]


async def test_ordered_product_is_kept_and_the_page_says_why(open_tab: OpenTab) -> None:
    product_id = await a_product()
    editor = await editor_of(open_tab, f"/admin/products/{product_id}")
    async with transaction() as session:
        product = await session.get_one(Product, product_id)
        await make_order(session, variants=await variants_of(session, product))

    await run(ProductEditorState.delete.fn(editor))

    assert (editor.outcome.kind, editor.answered) == ("kept", 1)
    assert editor.outcome.message.startswith("Mug has been ordered")
    assert await rows("SELECT count(*) FROM products") == [(1,)]


async def test_new_product_may_begin_as_a_copy(open_tab: OpenTab) -> None:
    copied = await a_product()

    editor = await editor_of(open_tab, f"/admin/products/new?copy={copied}")
    unknown = await editor_of(open_tab, "/admin/products/new?copy=nothing")

    assert (editor.view.name, editor.view.version, editor.view.status) == ("Copy of Mug", 0, "draft")
    assert unknown.is_missing


async def test_preview_is_what_the_shop_would_show(open_tab: OpenTab) -> None:
    editor = await editor_of(open_tab, "/admin/products/new")
    source = "# Warm\n\n**Soft** <script>alert(1)</script> [x](javascript:alert(1))"

    await run(ProductEditorState.show_preview.fn(editor, source))

    assert editor.preview.source == source
    assert "<strong>Soft</strong>" in editor.preview.html
    assert "<script" not in editor.preview.html
    assert 'href="javascript' not in editor.preview.html


async def test_customer_deletes_nothing(open_tab: OpenTab) -> None:
    editor = await editor_of(open_tab, f"/admin/products/{await a_product()}", Role.CUSTOMER)

    await run(ProductEditorState.delete.fn(editor))

    assert await rows("SELECT count(*) FROM products") == [(1,)]
