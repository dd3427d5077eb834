"""The clock's work on the catalog: what is in stock, which words there are."""

from sqlalchemy import text

from shophub.db import transaction
from shophub.jobs.catalog import note_stock, refresh_search
from shophub.schemas.catalog import ListingQuery
from shophub.services import spelling
from shophub.services.listings import list_listing
from tests.factories import make_product, variants_of


async def test_stock_is_noted_and_every_turn_taken_over(database):
    async with transaction() as session:
        lamp = await make_product(session, name="Lamp", stock=3)
        await make_product(session, name="Chair", stock=0)
        (variant,) = await variants_of(session, lamp)

    await note_stock()

    async with transaction() as session:
        rows = await session.execute(text("SELECT name, in_stock FROM products ORDER BY name"))
        assert [tuple(row) for row in rows] == [("Chair", False), ("Lamp", True)]
        await session.execute(text("UPDATE variants SET stock = 0 WHERE id = :id"), {"id": variant.id})
    async with transaction() as session:
        assert (await list_listing(session, ListingQuery(in_stock=True))).total == 0

    await note_stock()

    async with transaction() as session:
        assert (await session.execute(text("SELECT count(*) FROM stock_turns"))).scalar_one() == 0
        assert (await session.execute(text("SELECT count(*) FROM products WHERE in_stock"))).scalar_one() == 0


async def test_words_are_learnt_and_misspelt_ones_corrected_by_them(database):
    async with transaction() as session:
        await make_product(session, name="Brass Lantern")

    await refresh_search()

    async with transaction() as session:
        assert await spelling.correct(session, "lanterm") == "lantern"
        assert (await session.execute(text("SELECT count(*) FROM listing_counts"))).scalar_one() == 0
