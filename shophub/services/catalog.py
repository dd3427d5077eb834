"""What shoppers look at: the front page, listings, search, products."""

import re
from collections.abc import Mapping

from shophub.db import AsyncSession
from shophub.errors import CategoryNotFoundError, InvalidInputError, ProductNotFoundError, SlugMovedError
from shophub.lib.clock import utc_now
from shophub.lib.pagination import DEFAULT_PAGE_SIZE, PageRequest
from shophub.repositories import catalog, listings
from shophub.repositories.catalog import CategoryRow
from shophub.repositories.listings import Search
from shophub.schemas.catalog import CardView, CategoryView, HomeView, LinkView, ListingQuery, ListingView, ProductView
from shophub.schemas.stores import StoreView
from shophub.services import stores
from shophub.services.views.cards import card_view, category_views, family_ids
from shophub.services.views.listings import SORT_LABELS, listing_view
from shophub.services.views.products import product_view

__all__ = [
    "ListingQuery",
    "SlugMovedError",
    "get_home",
    "get_product",
    "list_categories",
    "list_listing",
    "suggest",
]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_SLUG = 250
MAX_QUERY = 200
MAX_WORDS = 12
MIN_SUGGEST = 2
RAIL_LENGTH = 12
RELATED_LENGTH = 8
# Quotes, a minus before a word, "or": the database's own search syntax, where no word is a mere beginning.
OPERATORS = re.compile(r'"|(?:^|\s)-\w|\sor\s', re.IGNORECASE)


async def get_home(session: AsyncSession) -> HomeView:
    """Return the front page: categories, new arrivals, offers, best sellers. Five statements for any catalog."""
    store = await stores.get_store(session)
    rows = await catalog.list_categories(session, counted=True)
    _, newest = await listings.list_cards(session, sort="newest", limit=RAIL_LENGTH, offset=0)
    offers = await listings.list_offers(session, RAIL_LENGTH)
    _, best = await listings.list_cards(session, sort="best_selling", limit=RAIL_LENGTH, offset=0)
    now = utc_now()
    return HomeView(
        store_name=store.name,
        hero=store.hero,
        categories=category_views(rows),
        new_arrivals=tuple(card_view(row, store, now) for row in newest),
        offers=tuple(card_view(row, store, now) for row in offers),
        best_sellers=tuple(card_view(row, store, now) for row in best),
        free_shipping_text=store.shipping_text,
    )


async def list_categories(session: AsyncSession) -> tuple[CategoryView, ...]:
    """Return the top categories in the merchant's order, with how many products are in and below each."""
    return category_views(await catalog.list_categories(session, counted=True))


async def list_listing(session: AsyncSession, query: ListingQuery) -> ListingView:
    """Return one page of 24 products. Three statements.

    A page past the end is empty and links back. The total is exact up to 10,000.

    Raises:
        CategoryNotFoundError: No such category.
        InvalidInputError: An unknown sort, or a page that cannot be.
    """
    request = PageRequest(query.page, DEFAULT_PAGE_SIZE)
    if query.sort and query.sort not in SORT_LABELS:
        raise InvalidInputError("Products cannot be sorted that way.", {"sort": ", ".join(SORT_LABELS)})
    text = clean_query(query.q)
    store = await stores.get_store(session)
    categories = await catalog.list_categories(session)
    category = _category(categories, query.category_slug) if query.category_slug else None
    sort = _sort(query.sort, is_search=bool(text))
    total, rows = await listings.list_cards(
        session,
        sort=sort,
        limit=request.page_size,
        offset=request.offset,
        category_ids=family_ids(categories, category) if category else None,
        search=_search(text) if text else None,
    )
    return listing_view(
        store_name=store.name,
        cards=_cards(rows, store),
        total=total,
        page=request.page,
        page_size=request.page_size,
        sort=sort,
        text=text,
        category=category,
        categories=categories,
    )


def _cards(rows: list[listings.CardRow], store: StoreView) -> tuple[CardView, ...]:
    now = utc_now()
    return tuple(card_view(row, store, now) for row in rows)


def _sort(asked: str, *, is_search: bool) -> str:
    if asked and (is_search or asked != "relevance"):
        return asked
    return "relevance" if is_search else "best_selling"


def _category(categories: list[CategoryRow], slug: str) -> CategoryRow:
    for row in categories:
        if row.slug == slug:
            return row
    raise CategoryNotFoundError("We do not have that category.")


async def get_product(session: AsyncSession, slug: str, selection: Mapping[str, str]) -> ProductView:
    """Return a product's page with the variant that fits ``selection`` (option name to value, from the address).

    What the selection does not say, or says wrongly, is chosen for the shopper. Three statements.

    Raises:
        SlugMovedError: The product has another address now.
        ProductNotFoundError: No such product, or it is not on sale.
    """
    missing = ProductNotFoundError("We do not have that product.")
    if len(slug) > MAX_SLUG or not SLUG.fullmatch(slug):
        raise missing
    row = await catalog.find_product(session, slug)
    if row is None:
        moved_to = await catalog.find_new_slug(session, slug)
        if moved_to is None:
            raise missing
        raise SlugMovedError("This product has a new address.", moved_to)
    store = await stores.get_store(session)
    related = await listings.list_related(session, row.category_id, row.id, RELATED_LENGTH)
    return product_view(row, _cards(related, store), store, selection, utc_now())


async def suggest(session: AsyncSession, q: str) -> tuple[LinkView, ...]:
    """Return categories and products in whose names the typed words begin, at most eight; none below two letters."""
    words = _words(clean_query(q))
    if len("".join(words)) < MIN_SUGGEST:
        return ()
    found = await catalog.list_suggestions(session, words)
    paths = {"category": "/categories/", "product": "/products/"}
    return tuple(LinkView(name, paths[kind] + slug) for kind, slug, name in found)


def clean_query(typed: str) -> str:
    """Return what was typed without control characters, in single spaces, at most 200 characters of it."""
    printable = "".join(char if char.isprintable() else " " for char in typed[: MAX_QUERY * 4])
    return " ".join(printable.split())[:MAX_QUERY].strip()


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())[:MAX_WORDS]


def _search(text: str) -> Search:
    return Search(text, () if OPERATORS.search(text) else tuple(_words(text)))
