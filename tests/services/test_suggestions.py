"""What the search box offers while somebody types."""

import pytest

from shophub.db import AsyncSession
from shophub.domain.statuses import ProductStatus
from shophub.models.catalog import Category
from shophub.schemas.search import TextPart
from shophub.services import search_upkeep
from shophub.services.suggestions import suggest
from tests.factories import make_category, make_image, make_product
from tests.statements import counted_statements


async def _lamps(session: AsyncSession) -> Category:
    lighting = await make_category(session, name="Lighting", slug="lighting")
    oak = await make_product(session, name="Oak Lamp", slug="oak-lamp", category=lighting, sold_count=5)
    await make_image(session, oak, public_id="products/oak-lamp", alt="An oak lamp")
    await make_product(session, name="Lamp Shade", slug="lamp-shade", category=lighting, price_minor=950)
    await make_product(session, name="Chair", slug="chair", description="Put a lamp beside it.")
    await make_product(session, name="Lamp Draft", slug="lamp-draft", status=ProductStatus.DRAFT)
    await search_upkeep.refresh_words(session)
    return lighting


async def test_queries_complete_what_is_typed(session: AsyncSession) -> None:
    await _lamps(session)

    found = await suggest(session, " LAM")

    assert [(query.text, query.url) for query in found.queries] == [
        ("lamp", "/search?q=lamp"),
        ("lamp shade", "/search?q=lamp+shade"),
    ]
    assert found.queries[0].parts == (TextPart("lam"), TextPart("p", is_match=True))
    assert (found.q, found.corrected, found.count, found.count_text) == ("LAM", "", 5, "5 suggestions")


async def test_products_come_with_picture_and_price(session: AsyncSession) -> None:
    await _lamps(session)

    shade, oak = (await suggest(session, "lam")).products

    assert (shade.name, shade.url, shade.price_text, shade.image_url) == (
        "Lamp Shade",
        "/products/lamp-shade",
        "$9.50",
        "",
    )
    assert (oak.name, oak.image_alt) == ("Oak Lamp", "An oak lamp")
    assert "oak-lamp" in oak.image_url
    assert oak.parts == (TextPart("Oak "), TextPart("Lam", is_match=True), TextPart("p"))


async def test_categories_are_offered_by_name_and_as_scopes(session: AsyncSession) -> None:
    await _lamps(session)
    await make_category(session, name="Lamb skins", slug="lamb-skins")

    found = await suggest(session, "lam")

    assert [(scope.text, scope.url) for scope in found.scopes] == [
        ("Lamb skins", "/categories/lamb-skins"),
        ("lamp in Lighting", "/search?q=lamp&category=lighting"),
    ]


async def test_beginning_of_several_words_stays_one_within_a_category(session: AsyncSession) -> None:
    await _lamps(session)
    shoes = await make_category(session, name="Shoes", slug="shoes")
    await make_product(session, name="Lace", slug="lace", category=shoes)
    await search_upkeep.refresh_words(session)

    found = await suggest(session, "la")

    assert [query.text for query in found.queries][:2] == ["lamp", "lace"]
    assert {(scope.text, scope.url) for scope in found.scopes} == {
        ("la in Lighting", "/search?q=la&category=lighting"),
        ("la in Shoes", "/search?q=la&category=shoes"),
    }


async def test_words_before_the_last_are_kept(session: AsyncSession) -> None:
    await _lamps(session)

    found = await suggest(session, "oak la")

    assert [query.text for query in found.queries] == ["oak lamp"]
    assert found.queries[0].parts == (TextPart("oak la"), TextPart("mp", is_match=True))
    assert [product.name for product in found.products] == ["Oak Lamp"]


async def test_swapped_letters_suggest_what_was_meant(session: AsyncSession) -> None:
    await _lamps(session)

    found = await suggest(session, "lmap")

    assert (found.corrected, found.queries[0].text) == ("lamp", "lamp")
    assert found.queries[0].parts == (TextPart("lamp", is_match=True),)
    assert {product.name for product in found.products} == {"Oak Lamp", "Lamp Shade"}


@pytest.mark.parametrize("typed", ["", "l", "  l ", "!!", "%"])
async def test_nothing_is_suggested_below_two_letters(session: AsyncSession, typed: str) -> None:
    await _lamps(session)

    found = await suggest(session, typed)

    assert (found.queries, found.scopes, found.products, found.count_text) == ((), (), (), "")


async def test_no_suggestion_says_so(session: AsyncSession) -> None:
    await _lamps(session)

    assert (await suggest(session, "xylophone")).count_text == "No suggestions, press Enter to search"


async def test_suggestions_are_limited_and_take_three_statements_at_most(session: AsyncSession) -> None:
    for number in range(30):
        category = await make_category(session, name=f"Shelf {number}")
        await make_product(session, name=f"Lamp lamp{chr(97 + number % 26)} shade", category=category)
    await search_upkeep.refresh_words(session)
    await suggest(session, "la")

    with counted_statements(session) as statements:
        found = await suggest(session, "la")

    assert (len(found.queries), len(found.scopes), len(found.products)) == (6, 3, 4)
    assert len(statements) == 2
