"""Deleting products, and copying them."""

import asyncio

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.errors import NotFoundError, ProductNotFoundError
from shophub.lib.ids import new_id
from shophub.services import product_editor, product_removal
from shophub.services.audit import SHOP
from shophub.services.product_removal import ProductKeptError
from tests.factories import make_cart, make_image, make_order, make_product, variants_of
from tests.rows import execute, rows


async def test_product_goes_with_all_of_its_own(session: AsyncSession):
    product = await make_product(session, name="Mug", options={"Size": ["S", "L"]})
    await make_image(session, product)
    (small, _) = await variants_of(session, product)
    await make_cart(session, lines=[(small, 1)])

    name = await product_removal.delete(session, product.id, actor=SHOP)

    assert name == "Mug"
    for table in ("products", "variants", "images", "product_options", "cart_lines", "stock_ledger"):
        left = await session.execute(text(f"SELECT count(*) FROM {table}"))
        assert (table, left.scalar_one()) == (table, 0)
    logged = await session.execute(text("SELECT action, before ->> 'name' FROM audit_log"))
    assert [tuple(one) for one in logged] == [("product.delete", "Mug")]


async def test_product_that_was_ordered_stays_with_variants_it_has_lost_too(session: AsyncSession):
    product = await make_product(session, name="Mug", options={"Size": ["S", "L"]})
    (small, _) = await variants_of(session, product)
    await make_order(session, variants=[small])
    await execute(session, "DELETE FROM variants WHERE id = :id", id=small.id)

    with pytest.raises(ProductKeptError, match=r"Mug has been ordered.*Archive it instead"):
        await product_removal.delete(session, product.id, actor=SHOP)


async def test_product_that_is_being_paid_for_stays(session: AsyncSession):
    product = await make_product(session, name="Mug", stock=5)
    await execute(session, "UPDATE variants SET reserved = 1")

    with pytest.raises(ProductKeptError, match="being paid for"):
        await product_removal.delete(session, product.id, actor=SHOP)


async def test_two_who_delete_at_once_delete_it_once(database: str):
    async with transaction() as session:
        product = await make_product(session)

    async def delete() -> str:
        async with transaction() as session:
            return await product_removal.delete(session, product.id, actor=SHOP)

    found = await asyncio.gather(delete(), delete(), return_exceptions=True)

    assert sorted(type(one).__name__ for one in found) == ["ProductNotFoundError", "str"]
    assert await rows("SELECT count(*) FROM audit_log") == [(1,)]


async def test_save_of_a_deleted_product_says_so(session: AsyncSession):
    product = await make_product(session)
    view = await product_editor.get_product(session, product.id, "USD")
    await product_removal.delete(session, product.id, actor=SHOP)

    with pytest.raises(NotFoundError):
        await product_editor.get_product(session, product.id, "USD")
    assert view.version == 1


async def test_copy_is_a_draft_of_its_own_and_writes_nothing(session: AsyncSession):
    product = await make_product(session, name="Mug", options={"Size": ["S", "L"]}, price_minor=950, stock=4)
    await make_image(session, product)

    view = await product_removal.copy_of(session, product.id, "USD")

    assert (view.name, view.status, view.version, view.slug, view.pictures) == ("Copy of Mug", "draft", 0, "", ())
    assert view.id != str(product.id)
    assert [(one.id, one.choices, one.sku, one.price, one.stock) for one in view.variants] == [
        ("", ("S",), "", "9.50", 0), ("", ("L",), "", "9.50", 0)
    ]  # fmt: skip
    with pytest.raises(ProductNotFoundError):
        await product_removal.copy_of(session, new_id(), "USD")
