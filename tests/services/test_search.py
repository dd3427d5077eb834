"""Searches: corrected, widened by synonyms, marked, ranked, and kept where they found nothing."""

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.spelling import correct_words, nearest
from shophub.errors import InvalidInputError, SynonymsChangedError
from shophub.schemas.catalog import LinkView, ListingQuery, ListingView
from shophub.schemas.search import TextPart
from shophub.services import search_upkeep, searches, spelling, throttles
from shophub.services.audit import SHOP
from shophub.services.listings import list_listing
from shophub.services.synonyms import get_synonyms, replace_synonyms
from shophub.settings import get_settings
from tests.factories import make_category, make_product
from tests.statements import counted_statements


async def _search(session: AsyncSession, q: str, **query: object) -> ListingView:
    return await list_listing(session, ListingQuery(q=q, **query))  # type: ignore[arg-type]


async def _lamps(session: AsyncSession) -> None:
    lighting = await make_category(session, name="Lighting", slug="lighting")
    for name in ("Oak Lamp", "Brass Lamp", "Paper Lantern", "Chair"):
        await make_product(session, name=name, category=lighting, brand="Fernhill")
    await search_upkeep.refresh_words(session)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("lmap", "lamp"),
        ("lapm", "lamp"),
        ("lanterm", "lantern"),
        ("oak lmap", "oak lamp"),
        ("fernhil oak", "fernhill oak"),
    ],
)
async def test_search_for_a_misspelt_word_shows_what_was_meant(session: AsyncSession, typed: str, shown: str) -> None:
    await _lamps(session)

    view = await _search(session, typed)

    meant = await _search(session, shown)
    assert (view.searched_for, view.query, view.heading) == (typed, shown, f"Results for “{shown}”")
    assert [card.name for card in view.items] == [card.name for card in meant.items]
    assert view.items


async def test_pages_and_filters_of_a_corrected_search_are_those_of_the_correction(session: AsyncSession) -> None:
    await _lamps(session)

    view = await _search(session, "lmap")

    assert view.sorts[1].url == "/search?q=lamp&sort=best_selling"
    assert view.facets[0].values[0].url == "/search?q=lamp&category=lighting"


async def test_search_that_finds_little_offers_what_was_perhaps_meant(session: AsyncSession) -> None:
    await _lamps(session)
    await make_product(session, name="Stool", description="Designed by Lanterm.")

    view = await _search(session, "lanterm")

    assert ([card.name for card in view.items], view.searched_for) == (["Stool"], "")
    assert view.did_you_mean == LinkView("lantern", "/search?q=lantern")


async def test_search_in_vain_shows_popular_categories(session: AsyncSession) -> None:
    await _lamps(session)
    await make_category(session, name="Empty", slug="empty")

    view = await _search(session, "xylophone")

    assert (view.total, view.query, view.searched_for, view.did_you_mean.url) == (0, "xylophone", "", "")
    assert [(one.name, one.product_count) for one in view.popular] == [("Lighting", 4)]


async def test_correct_search_is_left_alone_and_filters_in_vain_are_not_corrected(session: AsyncSession) -> None:
    await _lamps(session)

    filtered = await _search(session, "lamp", price_max="1")

    assert (filtered.total, filtered.query, filtered.searched_for, filtered.popular) == (0, "lamp", "", ())
    assert filtered.did_you_mean == LinkView()


async def test_name_is_marked_where_it_matches(session: AsyncSession) -> None:
    await make_product(session, name="Oak <b>lamps</b> & more")
    await make_product(session, name="Stool", description="Goes with a lamp.")

    by_name = {card.name: card.name_parts for card in (await _search(session, "lamp")).items}

    assert by_name["Stool"] == ()
    plain = await make_product(session, name="Two Lamps for a lamp shade")
    parts = {card.id: card.name_parts for card in (await _search(session, "lamp")).items}[str(plain.id)]
    assert parts == (
        TextPart("Two "),
        TextPart("Lamps", is_match=True),
        TextPart(" for a "),
        TextPart("lamp", is_match=True),
        TextPart(" shade"),
    )
    assert (await list_listing(session, ListingQuery())).items[0].name_parts == ()


async def test_unfinished_word_is_marked(session: AsyncSession) -> None:
    await make_product(session, name="Brass Lamp")

    (card,) = (await _search(session, "lam")).items

    assert card.name_parts == (TextPart("Brass "), TextPart("Lamp", is_match=True))


async def test_synonyms_hold_from_the_next_search_on(session: AsyncSession) -> None:
    await make_product(session, name="Grey Sofa")
    await make_product(session, name="Mobile phone stand")
    await make_product(session, name="Smartphone case")
    before = await get_synonyms(session)
    assert (await _search(session, "couch")).total == 0

    kept = await replace_synonyms(
        session, [["Couch", "sofa!"], ["mobile phone", "smartphone"]], version=before.version, actor=SHOP
    )

    assert kept.groups == (("couch", "sofa"), ("mobile phone", "smartphone"))
    assert [card.name for card in (await _search(session, "couch")).items] == ["Grey Sofa"]
    assert [card.name for card in (await _search(session, "grey couch")).items] == ["Grey Sofa"]
    for q in ("smartphone", "mobile phone"):
        assert {card.name for card in (await _search(session, q)).items} == {"Mobile phone stand", "Smartphone case"}
    assert (await _search(session, "phone sofa")).total == 0
    with counted_statements(session) as statements:
        await _search(session, "couch")
    assert len(statements) == 3


async def test_synonyms_changed_by_somebody_else_are_not_overwritten(session: AsyncSession) -> None:
    before = await get_synonyms(session)
    changed = await replace_synonyms(session, [["a1", "b1"]], version=before.version, actor=SHOP)

    with pytest.raises(SynonymsChangedError):
        await replace_synonyms(session, [], version=before.version, actor=SHOP)

    assert await get_synonyms(session) == changed
    assert (await replace_synonyms(session, [], version=changed.version, actor=SHOP)).groups == ()
    rows = (
        await session.execute(text("SELECT after FROM audit_log WHERE action = 'synonyms.replace' ORDER BY id"))
    ).all()
    assert [row.after for row in rows] == [{"groups": ["a1, b1"]}, {"groups": []}]


@pytest.mark.parametrize(
    "groups", [[["one"]], [["one", "ONE!"]], [["x" * 41, "y"]], [[f"w{n}" for n in range(11)]], [["a", "b"]] * 201]
)
async def test_synonyms_that_cannot_be_are_refused(session: AsyncSession, groups: list[list[str]]) -> None:
    before = await get_synonyms(session)

    with pytest.raises(InvalidInputError):
        await replace_synonyms(session, groups, version=before.version, actor=SHOP)

    assert await get_synonyms(session) == before


async def test_searches_in_vain_are_listed_by_how_often(session: AsyncSession) -> None:
    await _lamps(session)
    for q in ("Xylophone", "xylophone ", "harp", "lmap", "lamp"):
        await searches.note(session, await _search(session, q))
    await searches.note(session, await _search(session, "lamp", price_max="1"))

    total, rows = await searches.list_empty(session)

    assert total == 3
    assert (rows[0].query, rows[0].count, rows[0].last_seen_text) == ("xylophone", 2, "today")
    assert {row.query for row in rows} == {"xylophone", "harp", "lmap"}
    assert await searches.list_empty(session, page=2) == (3, [])


async def test_one_network_address_fills_no_table_with_searches_in_vain(session: AsyncSession) -> None:
    await throttles.reset()
    allowed = get_settings().throttle_empty_search_address
    view = await _search(session, "xylophone")

    kept = [await searches.note(session, view, "203.0.113.7") for _ in range(allowed + 5)]

    assert kept == [True] * allowed + [False] * 5
    assert await searches.note(session, view, "198.51.100.7")
    await throttles.reset()


@pytest.mark.parametrize("q", ["ada@shop.example", "+49 30 901820", "4242 4242 4242 4242"])
async def test_searches_that_may_say_who_searched_are_not_kept(session: AsyncSession, q: str) -> None:
    assert not await searches.note(session, await _search(session, q))
    assert await searches.list_empty(session) == (0, [])


async def test_words_follow_the_catalog(session: AsyncSession) -> None:
    product = await make_product(session, name="Zither", tags=["plucked"], brand="Kestrel9")
    assert await search_upkeep.refresh_words(session) > 0
    words = await spelling.vocabulary(session)
    assert (words["zither"], words["plucked"], words["kestrel"]) == (1, 1, 1)

    await session.execute(text("UPDATE products SET name = 'Harp' WHERE id = :id"), {"id": product.id})
    changed = await search_upkeep.refresh_words(session)

    left = set((await session.execute(text("SELECT word FROM search_words"))).scalars())
    assert ("harp" in left, "zither" in left, changed) == (True, False, 2)
    assert await search_upkeep.refresh_words(session) == 0


def test_nearest_word_is_the_most_alike_then_the_commonest() -> None:
    known = {"lamp": 9, "lamps": 4, "clamp": 20, "lantern": 3, "table": 7}

    assert nearest("lmap", known) == ["lamp"]
    assert nearest("lanp", known, limit=2) == ["lamp"]
    assert nearest("tabel", known) == ["table"]
    assert nearest("zzzz", known) == []
    assert nearest("x" * 500, known) == []
    assert correct_words(["oak", "lmap", "12"], known | {"oak": 1}) == ["oak", "lamp", "12"]


async def test_best_named_come_first_among_thousands_of_matches(session: AsyncSession) -> None:
    category = await make_category(session)
    await session.execute(text("ALTER TABLE variants DISABLE TRIGGER USER"))
    await session.execute(
        text("""
        WITH made AS (
          INSERT INTO products (id, name, slug, category_id, status, price_from_minor, description, sold_count)
          SELECT gen_random_uuid(), 'Thing ' || i, 'thing-' || i, :category, 'active', 900, 'For a zither.', i
          FROM generate_series(1, 3000) i RETURNING id, slug)
        INSERT INTO variants (id, product_id, sku, price_minor) SELECT id, id, slug, 900 FROM made"""),
        {"category": category.id},
    )
    await session.execute(text("ALTER TABLE variants ENABLE TRIGGER USER"))
    await make_product(session, name="Zither", sold_count=0)

    view = await _search(session, "zither")

    assert (view.total, view.items[0].name, view.items[1].name) == (3_001, "Zither", "Thing 3000")
