"""Listings and searches: filtered, sorted, counted, a page at a time."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.price_ranges import price_edges, price_in_minor
from shophub.errors import CategoryNotFoundError, InvalidInputError, SlugMovedError
from shophub.lib.clock import utc_now
from shophub.lib.pagination import DEFAULT_PAGE_SIZE, PageRequest
from shophub.lib.slugs import is_slug
from shophub.repositories import catalog, listing_pages, stores
from shophub.repositories.catalog import CategoryRow
from shophub.repositories.listing_filters import AfterKey, Filters, Order, Scope, key_of
from shophub.repositories.listing_pages import PageRow
from shophub.repositories.stores import StoreRow
from shophub.schemas.catalog import LinkView, ListingQuery, ListingView
from shophub.services import spelling
from shophub.services.listing_address import listing_url
from shophub.services.search_text import clean_query, has_operators, to_search
from shophub.services.stores import logo_url, store_view
from shophub.services.views.cards import card_view, category_views, family_ids
from shophub.services.views.facets import Choices, facets, price_form
from shophub.services.views.listings import SORT_LABELS, Shelf, followed, listing_view

MAX_STARS = 5
# So few results may well be those of a slip of the finger.
FEW = 3
POPULAR = 6
MAX_PAGES = 50
HIGHEST_PRICE = 2**63 - 1
MAX_CURSOR_LENGTH = 300


def _number(bits: int) -> Callable[[Any], int]:
    """Return what reads a whole number that a column of so many bits can hold."""

    def read(value: Any) -> int:
        if type(value) is not int or not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
            raise ValueError
        return value

    return read


def _text(parse: Callable[[str], object]) -> Callable[[Any], str]:
    return lambda value: str(parse(value))


# What the key of each order holds, as the database takes it.
_KEY_TYPES: dict[str, tuple[Callable[[Any], int | str], ...]] = {
    "newest": (_text(datetime.fromisoformat), _text(UUID)),
    "price_asc": (_number(64), _text(UUID)),
    "price_desc": (_number(64), _text(UUID)),
    "rating": (_number(64), _number(32), _text(UUID)),
    "best_selling": (_number(32), _text(UUID)),
}


async def list_listing(session: AsyncSession, query: ListingQuery) -> ListingView:
    """Return one page of 24 products with the filters that narrow them. Three statements; four from 10,000 products on.

    A page past the end is empty and links back. Total and counts are exact up to 10,000. With ``query.after`` the page
    begins exactly behind the one before, and filters are not counted again: those of the first page still stand.
    A search that finds nothing at all is corrected where the catalog knows a word like it.

    Raises:
        SlugMovedError: The category has another address now.
        CategoryNotFoundError: No such category.
        InvalidInputError: An unknown sort, a page that cannot be, something else that no listing links to.
    """
    request = PageRequest(query.page, DEFAULT_PAGE_SIZE)
    if not 1 <= query.pages <= MAX_PAGES:
        raise InvalidInputError("So many pages are not read at once.", {"pages": f"1 to {MAX_PAGES}"})
    if query.sort and query.sort not in SORT_LABELS:
        raise InvalidInputError("Products cannot be sorted that way.", {"sort": ", ".join(SORT_LABELS)})
    store = await stores.get_store(session)
    query = replace(query, q=clean_query(query.q))
    if not store.reviews_enabled:
        query = replace(query, rating=0, sort="" if query.sort == "rating" else query.sort)
    categories = await catalog.list_categories(session)
    category = await _category(session, categories, query.category_slug) if query.category_slug else None
    shelf = _shelf(query, category, categories, store)
    page = await _page(session, shelf, store, request)
    if query.q and page.size == 0 and not has_operators(query.q):
        corrected = await spelling.correct(session, query.q)
        if corrected:
            better = _shelf(replace(query, q=corrected), category, categories, store)
            found = await _page(session, better, store, request)
            if found.size:
                return replace(_view(better, found, store, request), searched_for=query.q)
    view = _view(shelf, page, store, request)
    if query.q and page.size < FEW:
        view = replace(view, did_you_mean=await _offer(session, shelf, page.size))
    if query.q and page.size == 0:
        rows = await catalog.list_categories(session, counted=True)
        popular = sorted(category_views(rows), key=lambda one: -one.product_count)
        view = replace(view, popular=tuple(one for one in popular if one.product_count)[:POPULAR])
    return view


async def list_more(session: AsyncSession, query: ListingQuery, view: ListingView) -> ListingView:
    """Return what is shown of a listing with the next page below it, beginning exactly behind its last product.

    An order that has no such place (relevance) is read from the first product on: what is not there yet is added.

    Raises:
        SlugMovedError: The category has another address now.
        CategoryNotFoundError: The category is gone.
        InvalidInputError: No listing goes on that far.
    """
    # A corrected search goes on with what was found.
    query = replace(query, q=view.query, page=view.page + 1, after=view.cursor)
    if not view.cursor:
        first = view.skipped // DEFAULT_PAGE_SIZE + 1
        query = replace(query, page=first, pages=view.page + 2 - first)
    return followed(view, await list_listing(session, query))


def _shelf(
    query: ListingQuery, category: CategoryRow | None, categories: Sequence[CategoryRow], store: StoreRow
) -> Shelf:
    own = "relevance" if query.q else "best_selling"
    sort = own if query.sort in ("", own) or (query.sort == "relevance" and not query.q) else query.sort
    return Shelf(replace(query, sort="" if sort == own else sort), sort, category, categories, store)


async def _page(session: AsyncSession, shelf: Shelf, store: StoreRow, request: PageRequest) -> PageRow:
    query = shelf.query
    scope = Scope(
        tuple(family_ids(shelf.categories, shelf.category)) if shelf.category else None,
        to_search(query.q, store.synonyms) if query.q else None,
    )
    after = _key(query.after, shelf.sort) if query.after else None
    order = Order(shelf.sort, request.page_size * query.pages, 0 if after else request.offset, after)
    return await listing_pages.list_page(
        session, scope, _filters(shelf), order, edges=price_edges(store.currency), counted=after is None
    )


def _filters(shelf: Shelf) -> Filters:
    query = shelf.query
    if not 0 <= query.rating <= MAX_STARS:
        raise InvalidInputError("Products have one to five stars.", {"rating": "1 to 5"})
    category_ids = None
    if query.categories:
        chosen = [row for row in shelf.categories if row.slug in query.categories]
        category_ids = tuple({one: None for row in chosen for one in family_ids(shelf.categories, row)})
    price = None
    if query.price_min or query.price_max:
        low, high = (
            price_in_minor(typed, shelf.store.currency) if typed else None
            for typed in (query.price_min, query.price_max)
        )
        price = (low or 0, HIGHEST_PRICE if high is None else high)
    return Filters(category_ids, query.brands or None, price, query.rating or None, query.in_stock)


def _view(shelf: Shelf, page: PageRow, store: StoreRow, request: PageRequest) -> ListingView:
    shown, now = store_view(store), utc_now()
    view = listing_view(
        shelf,
        page,
        store_name=store.store_name,
        logo_url=logo_url(store.logo_public_id),
        cards=tuple(card_view(row, shown, now) for row in page.cards),
        page_size=request.page_size,
        cursor=_cursor(page, shelf.sort),
    )
    choices = Choices(
        query=shelf.query,
        total=page.total,
        counts=page.counts,
        capped=page.capped,
        categories=shelf.categories,
        category=shelf.category,
        currency=store.currency,
        with_ratings=store.reviews_enabled,
    )
    return replace(view, facets=facets(choices) if page.counts else (), price_form=price_form(choices))


async def _offer(session: AsyncSession, shelf: Shelf, size: int) -> LinkView:
    """Return a search that was perhaps meant, where little was found; after a correction in vain there is none."""
    corrected = "" if size == 0 or has_operators(shelf.query.q) else await spelling.correct(session, shelf.query.q)
    return LinkView(corrected, listing_url(ListingQuery(q=corrected))) if corrected else LinkView()


async def _category(session: AsyncSession, categories: Sequence[CategoryRow], slug: str) -> CategoryRow:
    for row in categories:
        if row.slug == slug:
            return row
    moved_to = await catalog.find_new_category_slug(session, slug) if is_slug(slug) else None
    if moved_to is not None:
        raise SlugMovedError("This category has a new address.", moved_to)
    raise CategoryNotFoundError("We do not have that category.")


def _cursor(page: PageRow, sort: str) -> str:
    """Return the place of the page's last product in the order."""
    key = key_of(page.cards[-1], sort) if page.cards else ()
    return base64.urlsafe_b64encode(json.dumps([sort, *key]).encode()).decode() if key else ""


def _key(cursor: str, sort: str) -> AfterKey:
    """Read a cursor.

    Raises:
        InvalidInputError: It is none, or that of another order.
    """
    try:
        if len(cursor) <= MAX_CURSOR_LENGTH:
            known, *values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            if known == sort:
                return tuple(read(value) for read, value in zip(_KEY_TYPES[sort], values, strict=True))
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error):
        pass
    raise InvalidInputError("That page does not exist.", {"after": "the cursor of the page before"})
