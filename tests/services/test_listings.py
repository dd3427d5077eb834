"""Listings and search: order, pages, totals, hostile input."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import ProductStatus
from shophub.errors import CategoryNotFoundError, InvalidInputError
from shophub.schemas.catalog import LinkView, ListingQuery
from shophub.services import catalog, suggestions
from tests.factories import make_category, make_product, make_variant
from tests.statements import counted_statements


async def _names(session: AsyncSession, **query: object) -> list[str]:
    view = await catalog.list_listing(session, ListingQuery(**query))  # type: ignore[arg-type]
    return [card.name for card in view.items]


async def test_pages_hold_24_and_link_to_each_other(session: AsyncSession) -> None:
    category = await make_category(session, name="Mugs", slug="mugs")
    for number in range(50):
        await make_product(session, name=f"Mug {number}", category=category, price_minor=1_000 + number)

    pages = [
        await catalog.list_listing(session, ListingQuery(category_slug="mugs", sort="price_asc", page=page))
        for page in (1, 2, 3, 4)
    ]

    assert [len(page.items) for page in pages] == [24, 24, 2, 0]
    assert [card.name for page in pages for card in page.items] == [f"Mug {number}" for number in range(50)]
    assert [page.shown_text for page in pages] == [
        "Showing 24 of 50",
        "Showing 48 of 50",
        "Showing 50 of 50",
        "Showing 50 of 50",
    ]
    assert [page.progress_percent for page in pages] == [48, 96, 100, 100]
    assert [page.next_url for page in pages] == [
        "/categories/mugs?sort=price_asc&page=2",
        "/categories/mugs?sort=price_asc&page=3",
        "",
        "",
    ]
    assert [page.previous_url for page in pages] == [
        "",
        "/categories/mugs?sort=price_asc",
        "/categories/mugs?sort=price_asc&page=2",
        "/categories/mugs?sort=price_asc&page=3",
    ]
    assert (pages[0].heading, pages[0].total, pages[0].total_text) == ("Mugs", 50, "50")


async def test_page_of_a_narrowed_or_sorted_list_is_no_page_of_the_whole_one(session: AsyncSession) -> None:
    category = await make_category(session, slug="mugs")
    for _ in range(25):
        await make_product(session, category=category, brand="Alder")
    own = ListingQuery(category_slug="mugs", page=2)

    for query, canonical in (
        (own, "/categories/mugs?page=2"),
        (replace(own, sort="best_selling"), "/categories/mugs?page=2"),  # the list's own order
        (replace(own, sort="newest"), "/categories/mugs"),
        (replace(own, in_stock=True), "/categories/mugs"),
        (replace(own, brands=("Alder",)), "/categories/mugs"),
    ):
        assert (await catalog.list_listing(session, query)).canonical_path == canonical, query


async def test_listing_takes_three_statements(session: AsyncSession) -> None:
    category = await make_category(session, slug="mugs")
    for _ in range(24):
        await make_product(session, category=category, options={"Size": ["S", "M"]})

    for query in (ListingQuery(), ListingQuery(category_slug="mugs"), ListingQuery(q="product")):
        with counted_statements(session) as statements:
            view = await catalog.list_listing(session, query)
        assert (len(view.items), len(statements)) == (24, 3)


async def test_each_sort_has_its_order(session: AsyncSession) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for day, (name, price_minor, sold, ratings) in enumerate(
        [("A", 300, 5, (2, 1)), ("B", 100, 7, (9, 2)), ("C", 200, 6, (5, 1)), ("D", 400, 1, (0, 0))]
    ):
        product = await make_product(
            session, name=name, price_minor=price_minor, sold_count=sold, created_at=start + timedelta(days=day)
        )
        product.rating_sum, product.rating_count = ratings
    await session.flush()

    orders = {
        sort: "".join(await _names(session, sort=sort))
        for sort in ("", "relevance", "newest", "price_asc", "price_desc", "rating", "best_selling")
    }

    assert orders == {
        "": "BCAD",
        "relevance": "BCAD",
        "newest": "DCBA",
        "price_asc": "BCAD",
        "price_desc": "DACB",
        "rating": "CBAD",
        "best_selling": "BCAD",
    }


async def test_category_includes_its_children_and_hides_what_is_not_on_sale(session: AsyncSession) -> None:
    top = await make_category(session, name="Home", slug="home", position=1)
    child = await make_category(session, name="Lamps", slug="lamps", parent=top)
    grandchild = await make_category(session, name="Desk lamps", slug="desk-lamps", parent=child)
    await make_category(session, name="Other", slug="other", position=2)
    for name, category in (("In top", top), ("In child", child), ("In grandchild", grandchild)):
        await make_product(session, name=name, category=category)
    await make_product(session, name="Draft", category=child, status=ProductStatus.DRAFT)
    await make_product(session, name="Archived", category=child, status=ProductStatus.ARCHIVED)
    await make_product(session, name="No variants", category=child, with_variants=False)

    view = await catalog.list_listing(session, ListingQuery(category_slug="lamps"))

    assert sorted(await _names(session, category_slug="home")) == ["In child", "In grandchild", "In top"]
    assert sorted(card.name for card in view.items) == ["In child", "In grandchild"]
    assert view.breadcrumbs == (
        LinkView("Home", "/"),
        LinkView("Home", "/categories/home"),
        LinkView("Lamps", "/categories/lamps", is_current=True),
    )
    assert view.subcategories == (LinkView("Desk lamps", "/categories/desk-lamps"),)
    assert [(one.slug, one.product_count) for one in await catalog.list_categories(session)] == [
        ("home", 3),
        ("other", 0),
    ]


async def test_card_sums_up_the_variants(session: AsyncSession) -> None:
    product = await make_product(
        session, options={"Colour": ["Red", "Blue"], "Battery": ["Small"]}, price_minor=5_000, stock=1
    )
    await make_variant(
        session,
        product,
        option_values=["Green", "Small"],
        price_minor=4_000,
        compare_at_minor=5_000,
        stock=9,
        reserved=4,
    )

    (card,) = (await catalog.list_listing(session, ListingQuery())).items

    assert (card.price_text, card.compare_at_text, card.badge) == ("From $40.00", "$50.00", "Save 20%")
    assert (card.stock_note, card.is_available, card.options_text) == ("Only 7 left", True, "2 colours")


async def test_sold_out_card_says_so(session: AsyncSession) -> None:
    await make_product(session, stock=0)

    (card,) = (await catalog.list_listing(session, ListingQuery())).items

    assert (card.stock_note, card.is_available) == ("Out of stock", False)


async def test_search_ranks_name_over_tags_over_description(session: AsyncSession) -> None:
    await make_product(session, name="Side table", description="Goes with a lantern.")
    await make_product(session, name="Camping set", tags=["lantern"])
    await make_product(session, name="Paper lantern")
    await make_product(session, name="Chair")

    assert await _names(session, q="lantern") == ["Paper lantern", "Camping set", "Side table"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("lamp", {"Oak Desk Lamp", "Brass Lamp"}),
        ("LAMPS", {"Oak Desk Lamp", "Brass Lamp"}),
        ("lam", {"Oak Desk Lamp", "Brass Lamp"}),
        ("the lamp", {"Oak Desk Lamp", "Brass Lamp"}),
        ("oak la", {"Oak Desk Lamp"}),
        ("sonos lamp", {"Brass Lamp"}),
        ("lamp -oak", {"Brass Lamp"}),
        ('"desk lamp"', {"Oak Desk Lamp"}),
        ('"lamp desk"', set()),
        ("hub or oak", {"Oak Desk Lamp", "USB-C Hub"}),
        ("usb-c", {"USB-C Hub"}),
        ("usb c hu", {"USB-C Hub"}),
        ("zebra", set()),
    ],
)
async def test_search_finds(session: AsyncSession, q: str, found: set[str]) -> None:
    await make_product(session, name="Oak Desk Lamp", description="For reading.")
    await make_product(session, name="Brass Lamp", brand="Sonos", description="For reading.")
    await make_product(session, name="USB-C Hub", description="Seven ports.")
    await make_product(session, name="Oak Lamp Draft", status=ProductStatus.DRAFT)

    assert set(await _names(session, q=q)) == found


async def test_search_page_says_what_was_searched(session: AsyncSession) -> None:
    for _ in range(25):
        await make_product(session, name="Lamp")

    view = await catalog.list_listing(session, ListingQuery(q="  lamp \n"))
    by_price = await catalog.list_listing(session, ListingQuery(q="lamp", sort="price_asc"))

    assert (view.heading, view.query, view.sort) == ("Results for “lamp”", "lamp", "relevance")
    assert (view.next_url, view.canonical_path) == ("/search?q=lamp&page=2", "/search?q=lamp")
    assert by_price.next_url == "/search?q=lamp&sort=price_asc&page=2"
    assert [(sort.url, sort.is_current) for sort in view.sorts[:2]] == [
        ("/search?q=lamp", True),
        ("/search?q=lamp&sort=best_selling", False),
    ]


async def test_totals_are_exact_up_to_ten_thousand(session: AsyncSession) -> None:
    category = await make_category(session, slug="many")
    await session.execute(text("ALTER TABLE variants DISABLE TRIGGER USER"))
    for count, expected in ((10_000, (10_000, "10,000")), (1, (10_000, "10,000+"))):
        await session.execute(
            text("""
            WITH made AS (
              INSERT INTO products (id, name, slug, category_id, status, price_from_minor)
              SELECT gen_random_uuid(), 'Thing', 'thing-' || gen_random_uuid(), :category, 'active', 100
              FROM generate_series(1, :count) RETURNING id)
            INSERT INTO variants (id, product_id, sku, price_minor) SELECT id, id, 'SKU-' || id, 100 FROM made"""),
            {"category": category.id, "count": count},
        )
        for query in (ListingQuery(category_slug="many"), ListingQuery(q="thing", sort="newest")):
            view = await catalog.list_listing(session, query)
            assert (view.total, view.total_text) == expected
    last_ranked = await catalog.list_listing(session, ListingQuery(q="thing", page=42))
    assert (len(last_ranked.items), last_ranked.next_url) == (16, "")


@pytest.mark.parametrize(
    "query",
    [
        ListingQuery(sort="drop"),
        ListingQuery(sort="id; DROP TABLE products"),
        ListingQuery(page=-1),
        ListingQuery(page=0),
        ListingQuery(page=10**12),
    ],
)
async def test_unknown_sort_or_page_is_refused(session: AsyncSession, query: ListingQuery) -> None:
    with pytest.raises(InvalidInputError):
        await catalog.list_listing(session, query)


@pytest.mark.parametrize("slug", ["nope", "LAMPS", "a\x00b", "x" * 5_000, "' OR 1=1 --"])
async def test_unknown_category_is_not_found(session: AsyncSession, slug: str) -> None:
    with pytest.raises(CategoryNotFoundError):
        await catalog.list_listing(session, ListingQuery(category_slug=slug))


@pytest.mark.parametrize(
    "q",
    ["x\0y", "lamp" * 1_250, "a " * 2_500, "'", "\\", "!!!", '"', '"a', "(", "a:*b", "<->", "or", "- -", "%", "_",
     "½", "²", "x ①", "Ⅻ x"],
)  # fmt: skip
async def test_hostile_search_finds_nothing_and_breaks_nothing(session: AsyncSession, q: str) -> None:
    await make_product(session, name="Chair", description="Wood.")

    view = await catalog.list_listing(session, ListingQuery(q=q))

    assert (view.total, view.items) == (0, ())
    assert len(view.query) <= 200
    assert (await suggestions.suggest(session, q)).count == 0


ODD_LETTERS = st.text(st.characters(categories=["Nl", "No", "Lm", "Lo", "Mn", "Pc"]), max_size=8)


@given(q=st.one_of(st.text(max_size=60), ODD_LETTERS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_text_can_be_searched_for(session: AsyncSession, q: str) -> None:
    view = await catalog.list_listing(session, ListingQuery(q=q))

    assert view.total == 0
    assert (await suggestions.suggest(session, q)).count == 0


NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("price_asc", [10**30, NOBODY]),
        ("price_asc", [2**63, NOBODY]),
        ("price_asc", [True, NOBODY]),
        ("price_asc", ["1", NOBODY]),
        ("best_selling", [2**31, NOBODY]),
        ("rating", [1, -(2**31) - 1, NOBODY]),
        ("newest", ["yesterday", NOBODY]),
        ("newest", ["2026-01-01", None]),
        ("price_asc", [1]),
    ],
)
async def test_cursor_with_what_no_column_holds_is_no_cursor(
    session: AsyncSession, sort: str, key: list[object]
) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([sort, *key]).encode()).decode()

    with pytest.raises(InvalidInputError):
        await catalog.list_listing(session, ListingQuery(sort=sort, after=cursor))


@pytest.mark.parametrize("typed", ["[" * 100_000, "[", "{}", "1", "null", '["price_asc"'], ids=range(6))
async def test_cursor_that_is_none_is_refused(session: AsyncSession, typed: str) -> None:
    for cursor in (typed, base64.urlsafe_b64encode(typed.encode()).decode()):
        with pytest.raises(InvalidInputError):
            await catalog.list_listing(session, ListingQuery(sort="price_asc", after=cursor))


async def test_stocks_that_no_integer_holds_together_keep_no_list_from_being_shown(session: AsyncSession) -> None:
    await make_product(session, options={"Size": ["S", "M"]}, stock=2**31 - 1)

    view = await catalog.list_listing(session, ListingQuery())

    assert len(view.items) == 1
