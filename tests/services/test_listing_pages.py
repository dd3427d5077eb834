"""Lists have pages: what one costs does not grow with what there is."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.errors import InvalidInputError
from shophub.schemas.catalog import ListingQuery, ListingView
from shophub.services import catalog
from tests.factories.catalog import make_category, make_product
from tests.statements import counted_statements

PAGE = 24


async def _fill(session: AsyncSession, count: int) -> None:
    category = await make_category(session, slug=f"shelf-{count}", name=f"Shelf {count}")
    for number in range(count):
        await make_product(
            session, category=category, name=f"Brass Thing {number}", brand=f"Brand {number % 3}", price_minor=1_000
        )


async def _all_pages(session: AsyncSession, query: ListingQuery) -> tuple[list[ListingView], set[int]]:
    """Follow "show more" to the end; return the pages and how many statements they took."""
    with counted_statements(session) as statements:
        views, costs = [await catalog.list_listing(session, query)], {len(statements)}
    while views[-1].next_url:
        with counted_statements(session) as statements:
            following = replace(query, page=views[-1].page + 1, after=views[-1].cursor)
            views.append(await catalog.list_listing(session, following))
        costs.add(len(statements))
    return views, costs


async def test_known_failure_36_a_list_comes_in_pages_for_a_fixed_number_of_statements(session: AsyncSession) -> None:
    """Known failure 36: no list has pages; one makes a query per row."""
    await _fill(session, 25)
    await _fill(session, 80)

    for query in (
        ListingQuery(category_slug="shelf-25"),
        ListingQuery(category_slug="shelf-80", sort="newest"),
        ListingQuery(category_slug="shelf-80", brands=("Brand 0", "Brand 1"), in_stock=True, sort="price_asc"),
        ListingQuery(q="brass", sort="price_desc"),
    ):
        views, costs = await _all_pages(session, query)

        sizes = [len(view.items) for view in views]
        total = views[0].total
        assert sizes == [PAGE] * (total // PAGE) + ([total % PAGE] if total % PAGE else []), query
        assert len({card.id for view in views for card in view.items}) == total, query
        assert max(costs) <= 3, query


@pytest.mark.parametrize("sort", ["price_asc", "newest", "relevance"])
async def test_last_products_are_reached_when_others_leave_in_between(session: AsyncSession, sort: str) -> None:
    await _fill(session, 49)
    key = ListingQuery(q="brass", sort=sort)
    view = await catalog.list_listing(session, key)
    (gone, *stay) = [card.id for card in view.items]
    left = (
        await session.execute(text("SELECT id::text FROM products WHERE id <> ALL(:seen)"), {"seen": _ids(view)})
    ).scalars()
    expected = {*stay, *left}
    await session.execute(text("UPDATE products SET status = 'archived' WHERE id = :id"), {"id": gone})

    texts = [view.shown_text]
    while view.next_url:
        view = await catalog.list_more(session, key, view)
        texts.append(view.shown_text)

    assert {card.id for card in view.items} == {gone, *expected}
    assert (texts[0], texts[-1], view.progress_percent) == ("Showing 24 of 49", "Showing 49 of 49", 100)
    assert view.total == 48


async def test_button_offers_as_many_as_come(session: AsyncSession) -> None:
    await _fill(session, 50)
    key = ListingQuery(category_slug="shelf-50", sort="price_asc")
    first = await catalog.list_listing(session, key)
    await session.execute(text("UPDATE products SET status = 'archived' WHERE id = :id"), {"id": first.items[0].id})

    second = await catalog.list_more(session, key, first)
    third = await catalog.list_more(session, key, second)

    assert (first.more_text, second.more_text, third.more_text) == ("Show 24 more", "Show 2 more", "")
    assert (second.shown_text, third.shown_text) == ("Showing 48 of 50", "Showing 50 of 50")


async def test_several_pages_are_read_as_one(session: AsyncSession) -> None:
    await _fill(session, 80)
    key = ListingQuery(category_slug="shelf-80", sort="newest")

    with counted_statements(session) as statements:
        view = await catalog.list_listing(session, replace(key, page=2, pages=2))

    assert len(statements) == 3
    alone = [await catalog.list_listing(session, replace(key, page=page)) for page in (2, 3)]
    assert _ids(view) == _ids(alone[0]) + _ids(alone[1])
    assert (view.page, view.shown_text, view.more_text) == (3, "Showing 72 of 80", "Show 8 more")
    assert (view.previous_url, view.next_url) == (alone[0].previous_url, alone[1].next_url)
    with pytest.raises(InvalidInputError):
        await catalog.list_listing(session, replace(key, pages=51))


def _ids(view: ListingView) -> list[str]:
    return [card.id for card in view.items]
