"""What shoppers look at: the front page, listings, search, products."""

from collections.abc import Mapping

from shophub.db import AsyncSession
from shophub.errors import ProductGoneError, ProductNotFoundError, SlugMovedError
from shophub.lib.clock import utc_now
from shophub.lib.slugs import is_slug
from shophub.repositories import catalog, listings, rails
from shophub.schemas.catalog import CardView, CategoryView, HomeView, ListingQuery, ProductView
from shophub.schemas.stores import StoreView
from shophub.services import stores
from shophub.services.listings import list_listing, list_more
from shophub.services.views.cards import card_view, category_views
from shophub.services.views.products import product_view

__all__ = [
    "ListingQuery",
    "SlugMovedError",
    "get_home",
    "get_product",
    "list_categories",
    "list_listing",
    "list_more",
]

# More than these few look at, and each card costs a slow phone its share of the time to the first touch.
RAIL_LENGTH = 8
RELATED_LENGTH = 8


async def get_home(session: AsyncSession) -> HomeView:
    """Return the front page: categories, new arrivals, offers, best sellers. Five statements for any catalog."""
    store = await stores.get_store(session)
    rows = await catalog.list_categories(session, counted=True)
    newest = await listings.list_first(session, "newest", RAIL_LENGTH)
    offers = await listings.list_offers(session, RAIL_LENGTH)
    best = await listings.list_first(session, "best_selling", RAIL_LENGTH)
    now = utc_now()
    return HomeView(
        store_name=store.name,
        logo_url=store.logo_url,
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


def _cards(rows: list[listings.CardRow], store: StoreView) -> tuple[CardView, ...]:
    now = utc_now()
    return tuple(card_view(row, store, now) for row in rows)


async def get_product(session: AsyncSession, slug: str, selection: Mapping[str, str]) -> ProductView:
    """Return a product's page with the variant that fits ``selection`` (option name to value, from the address).

    What the selection does not say, or says wrongly, is chosen for the shopper. Three statements.

    Raises:
        SlugMovedError: The product has another address now.
        ProductGoneError: It was sold here, and is not any more.
        ProductNotFoundError: No such product, or it is not on sale.
    """
    missing = ProductNotFoundError("We do not have that product.")
    if not is_slug(slug):
        raise missing
    row = await catalog.find_product(session, slug)
    if row is None:
        former = await catalog.find_former(session, slug)
        if former is not None and former.is_archived:
            sentence = f"We do not sell {former.name} any more."
            raise ProductGoneError(sentence, former.category_slug, former.category_name)
        if former is None or not former.is_visible:
            raise missing
        raise SlugMovedError("This product has a new address.", former.slug)
    store = await stores.get_store(session)
    related = await rails.list_related(session, row.category_id, row.id, RELATED_LENGTH)
    return product_view(row, _cards(related, store), store, selection, utc_now())
