"""What a listing's page does with filters, with pages, with a way back."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.services import searches
from shophub.services.live import Notice
from shophub.state.store.listing import ListingState
from tests.factories.catalog import make_category, make_product
from tests.state.conftest import Tab, run, scripts


@pytest.fixture
async def shelf(database: str) -> None:
    """Sixty products of two brands in one category, ten of them sold out."""
    async with transaction() as session:
        category = await make_category(session, slug="things", name="Things")
        for number in range(60):
            await make_product(
                session,
                category=category,
                name=f"Brass Thing {number}",
                brand="Alder" if number % 2 else "Birch",
                price_minor=1_000 + number,
                stock=0 if number < 10 else 5,
            )


async def _open(tab: Tab, address: str) -> ListingState:
    tab.go(address)
    listing = tab.state(ListingState)
    await run(ListingState.load.fn(listing))
    return listing


@pytest.mark.usefixtures("shelf")
async def test_page_shows_what_its_whole_address_says(open_tab: Callable[..., Tab]) -> None:
    address = "/categories/things?brand=Alder&in_stock=1&max_price=10.40&sort=price_desc"

    listing = await _open(open_tab(), address)

    assert (listing.loaded, listing.address) == ("/categories/things", address)
    assert listing.view.results_text == "15 results"
    assert [card.name for card in listing.view.items[:2]] == ["Brass Thing 39", "Brass Thing 37"]
    assert [chip.label for chip in listing.view.chips] == ["Alder", "Up to $10.40", "In stock"]


@pytest.mark.usefixtures("shelf")
async def test_next_page_begins_behind_the_last_product_and_keeps_the_filters_counts(
    open_tab: Callable[..., Tab],
) -> None:
    listing = await _open(open_tab(), "/categories/things?brand=Alder&sort=price_asc")
    facets = listing.view.facets
    async with transaction() as session:  # would push everything on by one
        (category_id,) = (await session.execute(text("SELECT id FROM categories WHERE slug = 'things'"))).one()
        await session.execute(
            text("UPDATE products SET brand = 'Alder' WHERE category_id = :id AND name = 'Brass Thing 0'"),
            {"id": category_id},
        )

    events = await run(ListingState.show_more.fn(listing))

    numbers = [int(card.name.rsplit(" ", 1)[1]) for card in listing.view.items]
    assert numbers == list(range(1, 60, 2))
    assert (listing.view.facets, listing.view.next_url, listing.view.more_text) == (facets, "", "")
    assert listing.address == "/categories/things?brand=Alder&sort=price_asc&page=2"
    assert "6 more products. Showing 30 of 30" in scripts(events)


@pytest.mark.usefixtures("shelf")
async def test_coming_back_after_other_listings_opens_as_much_again(open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    listing = await _open(tab, "/categories/things")
    await run(ListingState.show_more.fn(listing))
    await run(ListingState.show_more.fn(listing))
    seen = [card.id for card in listing.view.items]
    assert len(seen) == 60
    await _open(tab, "/products?brand=Birch")
    assert len(listing.view.items) == 24

    await _open(tab, "/categories/things?page=3")

    assert [card.id for card in listing.view.items] == seen
    assert (listing.view.previous_url, listing.view.next_url) == ("", "")


@pytest.mark.usefixtures("shelf")
async def test_opened_listing_that_is_loaded_again_tells_how_it_is_now(open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    listing = await _open(tab, "/categories/things?sort=price_asc")
    await run(ListingState.show_more.fn(listing))
    async with transaction() as session:
        category = (await session.execute(text("SELECT * FROM categories WHERE slug = 'things'"))).one()
        await make_product(session, category=category, name="Brass News", brand="Cedar", price_minor=900)
        await session.execute(text("UPDATE products SET status = 'archived' WHERE name = 'Brass Thing 3'"))
        await session.execute(text("UPDATE products SET status = 'archived' WHERE name = 'Brass Thing 4'"))

    await _open(tab, "/categories/things?sort=price_asc&page=2")

    names = [card.name for card in listing.view.items]
    assert names == ["Brass News", *(f"Brass Thing {n}" for n in range(49) if n not in (3, 4))]
    assert (listing.view.results_text, listing.view.shown_text) == ("59 results", "Showing 48 of 59")
    (brands,) = [facet.values for facet in listing.view.facets if facet.key == "brand"]
    assert [(value.label, value.count) for value in brands] == [("Alder", 29), ("Birch", 29), ("Cedar", 1)]


@pytest.mark.usefixtures("shelf")
async def test_opened_listing_follows_the_settings(open_tab: Callable[..., Tab]) -> None:
    listing = await _open(open_tab(), "/categories/things?sort=price_asc")
    await run(ListingState.show_more.fn(listing))
    async with transaction() as session:
        await session.execute(text("UPDATE store_settings SET currency = 'EUR'"))

    await listing._read_again(Notice("settings", "1"))

    assert {card.price_text[0] for card in listing.view.items} == {"€"}
    (price,) = [facet for facet in listing.view.facets if facet.key == "price"]
    assert price.values[0].label.startswith("€")
    assert len(listing.view.items) == 48
    assert (listing._pages, listing.view.next_url) == ((1, 2), "/categories/things?sort=price_asc&page=3")


@pytest.mark.usefixtures("shelf")
async def test_showing_more_of_a_category_that_moved_leads_to_its_new_address(open_tab: Callable[..., Tab]) -> None:
    listing = await _open(open_tab(), "/categories/things?brand=Alder")
    async with transaction() as session:
        await session.execute(text("UPDATE categories SET slug = 'better-things' WHERE slug = 'things'"))

    events = await run(ListingState.show_more.fn(listing))

    assert "/categories/better-things?brand=Alder&page=2" in scripts(events)


async def test_showing_more_of_a_category_that_is_gone_says_so(open_tab: Callable[..., Tab]) -> None:
    async with transaction() as session:
        category = await make_category(session, slug="fleeting")
        for _ in range(25):
            await make_product(session, category=category)
    listing = await _open(open_tab(), "/categories/fleeting")
    async with transaction() as session:
        await session.execute(text("DELETE FROM products"))
        await session.execute(text("DELETE FROM categories"))

    await run(ListingState.show_more.fn(listing))

    assert listing.is_missing


@pytest.mark.usefixtures("shelf")
async def test_third_page_by_its_address_alone_is_that_page(open_tab: Callable[..., Tab]) -> None:
    listing = await _open(open_tab(), "/categories/things?page=3")

    assert len(listing.view.items) == 12
    assert listing.view.previous_url == "/categories/things?page=2"


@pytest.mark.usefixtures("shelf")
async def test_filters_that_exclude_each_other_are_named(open_tab: Callable[..., Tab]) -> None:
    listing = await _open(open_tab(), "/categories/things?brand=Alder&max_price=1")

    assert (listing.view.items, listing.view.filters_text) == ((), "Alder, Up to $1")
    assert [(chip.label, chip.url) for chip in listing.view.chips] == [
        ("Alder", "/categories/things?max_price=1"),
        ("Up to $1", "/categories/things?brand=Alder"),
    ]
    assert listing.view.clear_url == "/categories/things"


@pytest.mark.usefixtures("shelf")
async def test_search_in_vain_is_noted_once_for_who_looks_at_it_again(open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    await _open(tab, "/search?q=qqqxxx")
    listing = await _open(tab, "/search?q=qqqxxx")
    assert listing.view.items == ()

    async with transaction() as session:
        total, found = await searches.list_empty(session)

    assert (total, [(row.query, row.count) for row in found]) == (1, [("qqqxxx", 1)])
