"""The lowest price of a product, which lists sort and filter by, is that of its cheapest variant."""

import asyncio

from sqlalchemy import text

from shophub.db import transaction
from tests.factories.catalog import make_product, variants_of

PRICE = text("UPDATE variants SET price_minor = :price WHERE id = :id")


async def _lowest() -> list[int]:
    async with transaction() as session:
        rows = await session.execute(text("SELECT price_from_minor FROM products ORDER BY slug"))
        return list(rows.scalars())


async def test_lowest_price_is_right_where_two_variants_change_at_once(database: str) -> None:
    async with transaction() as session:
        product = await make_product(session, options={"Size": ["S", "M"]}, price_minor=1_000)
        small, medium = await variants_of(session, product)
        await session.execute(PRICE, {"id": medium.id, "price": 2_000})

    async def change_the_other() -> None:
        async with transaction() as session:
            await session.execute(PRICE, {"id": medium.id, "price": 2_500})

    async with transaction() as session:
        await session.execute(PRICE, {"id": small.id, "price": 3_000})
        other = asyncio.create_task(change_the_other())
        await asyncio.sleep(0.2)  # it waits for the product
    await other

    assert await _lowest() == [2_500]


async def test_lowest_prices_follow_a_variant_that_moves_to_another_product(database: str) -> None:
    async with transaction() as session:
        cup = await make_product(session, slug="cup", options={"Size": ["S", "M"]}, price_minor=1_000)
        mug = await make_product(session, slug="mug", price_minor=5_000)
        small, medium = await variants_of(session, cup)
        await session.execute(PRICE, {"id": medium.id, "price": 2_000})
        await session.execute(
            text("UPDATE variants SET product_id = :mug, position = 9 WHERE id = :id"),
            {"mug": mug.id, "id": small.id},
        )

    assert await _lowest() == [2_000, 1_000]
