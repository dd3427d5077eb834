"""The catalog for programs: products, categories and reviews, as JSON that is ready to send."""

from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from shophub.db import AsyncSession
from shophub.errors import (
    CategoryNotFoundError,
    FeatureOffError,
    ProductGoneError,
    ProductNotFoundError,
    SlugMovedError,
)
from shophub.integrations.cloudinary import image_url
from shophub.lib.pagination import PageRequest
from shophub.lib.slugs import is_slug
from shophub.repositories import catalog, product_pages, product_records, stores
from shophub.repositories.catalog import COUNT_LIMIT, CategoryRow
from shophub.schemas.api.catalogue import (
    HIGHEST_PRICE,
    CategoriesOut,
    CategoryOut,
    Prepared,
    ProductQuery,
    ProductSort,
)
from shophub.services import spelling
from shophub.services.search_text import clean_query, has_operators, to_search
from shophub.services.views.cards import family_ids

PICTURE_WIDTH = 1_200
MISSING = "We do not have that product."


async def list_products(session: AsyncSession, query: ProductQuery, known_total: int | None = None) -> Prepared:
    """Return a page of what is on sale. A page past the end is empty, and so is a category that there is not.

    ``known_total`` is the list's total, where it was counted lately. One statement; a search asks for synonyms first,
    and is corrected, as on its page, where nothing is found at all and the catalog knows a word like it.
    """
    request = query.request
    wanted = await _wanted(session, query)
    if wanted is None:
        return Prepared(_page([], 0, request, correctedQuery=None))
    page = await product_pages.list_page(session, wanted, known_total)
    corrected, found = "", page
    if page.total == 0 and query.q and not has_operators(query.q):
        corrected = await spelling.correct(session, clean_query(query.q))
        better = await _wanted(session, query.model_copy(update={"q": corrected})) if corrected else None
        found = await product_pages.list_page(session, better) if better else page
    items: list[dict[str, Any]] = from_json(found.items)
    for item in items:
        address_pictures(item)
    shown = frozenset(item["id"] for item in items)
    body = _page(items, found.total, request, correctedQuery=corrected if corrected and found.total else None)
    # The total is that of what was asked for: it is kept by that.
    return Prepared(body, shown, page.total, page.category)


async def list_in_category(
    session: AsyncSession, slug: str, query: ProductQuery, known_total: int | None = None
) -> Prepared:
    """Return a page of what is on sale in a category and below.

    Raises:
        SlugMovedError: The category has another address now.
        CategoryNotFoundError: No such category.
    """
    found = await list_products(session, query, known_total)
    if found.category is None:
        raise CategoryNotFoundError("We do not have that category.")
    if found.category != slug:
        raise SlugMovedError("This category has a new address.", found.category)
    return found


async def get_product(session: AsyncSession, key: str) -> Prepared:
    """Return a product on sale, by id or slug. One statement; another where there is none.

    Raises:
        SlugMovedError: The product has another address now.
        ProductGoneError: It was sold here, and is not any more.
        ProductNotFoundError: No such product, or it is not on sale.
    """
    product_id = _as_id(key)
    found = None
    if product_id is not None:
        found = await product_records.find_by_id(session, product_id)
    if found is None and is_slug(key):
        found = await product_records.find_by_slug(session, key)
    if found is None:
        await _explain(session, key)
        raise ProductNotFoundError(MISSING)
    product = from_json(found)
    address_pictures(product)
    return Prepared(to_json(product), frozenset({product["id"]}))


async def list_categories(session: AsyncSession) -> Prepared:
    """Return every category in the merchant's order, with how many products are on sale in it and below."""
    rows = await catalog.list_categories(session, counted=True)
    by_id = {row.id: row for row in rows}
    found = CategoriesOut(items=[_category(rows, by_id, row) for row in rows])
    return Prepared(found.model_dump_json(by_alias=True).encode())


async def list_reviews(session: AsyncSession, key: str, sort: str, request: PageRequest) -> Prepared:
    """Return a page of a product's published reviews. One statement; another where there is no such product.

    Raises:
        FeatureOffError: The store shows no reviews.
        SlugMovedError: The product has another address now.
        ProductGoneError: It was sold here, and is not any more.
        ProductNotFoundError: No such product, or it is not on sale.
    """
    names: list[str | UUID | None] = [_as_id(key), key if is_slug(key) else None]
    for name in names:
        if name is None:
            continue
        page = await product_records.list_reviews(
            session, name, sort=sort, limit=request.page_size, offset=request.offset, most=COUNT_LIMIT + 1
        )
        if not page.is_on:
            raise FeatureOffError("This store does not show reviews.")
        if page.product_id is not None:
            return Prepared(_page(from_json(page.items), page.total, request), frozenset({str(page.product_id)}))
    await _explain(session, key)
    raise ProductNotFoundError(MISSING)


async def _wanted(session: AsyncSession, query: ProductQuery) -> product_pages.Wanted | None:
    """Return what the database is asked for; None where nothing can be found."""
    if query.category is not None and not is_slug(query.category):
        return None
    typed = clean_query(query.q)
    search = to_search(typed, (await stores.get_store(session)).synonyms) if typed else None
    price = None
    if query.min_price is not None or query.max_price is not None:
        price = (query.min_price or 0, HIGHEST_PRICE if query.max_price is None else query.max_price)
    is_unranked = search is None and query.sort is ProductSort.RELEVANCE
    return product_pages.Wanted(
        sort=(ProductSort.BEST_SELLING if is_unranked else query.sort).value,
        limit=query.page_size,
        offset=query.request.offset,
        category=query.category,
        search=search,
        price=price,
        stars=query.rating,
        in_stock=query.in_stock,
    )


async def _explain(session: AsyncSession, key: str) -> None:
    """Say why there is no product at an address, where something is known of it."""
    former = await catalog.find_former(session, key) if is_slug(key) else None
    if former is not None and former.is_archived:
        sentence = f"We do not sell {former.name} any more."
        raise ProductGoneError(sentence, former.category_slug, former.category_name)
    if former is not None and former.is_visible:
        raise SlugMovedError("This product has a new address.", former.slug)


def _as_id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _page(items: list[Any], total: int, request: PageRequest, **more: str | None) -> bytes:
    return to_json(
        {
            "items": items,
            "total": min(total, COUNT_LIMIT),
            "totalIsExact": total <= COUNT_LIMIT,
            "page": request.page,
            "pageSize": request.page_size,
            **more,
        }
    )


def address_pictures(product: dict[str, Any]) -> None:
    """Put addresses in the place of public ids; a picture without a text is called as its product."""
    product["images"] = [
        {"url": image_url(public_id, width=PICTURE_WIDTH), "altText": alt or product["name"]}
        for public_id, alt in product["images"]
    ]
    product["image"] = product["images"][0]["url"] if product["images"] else ""


def _category(rows: list[CategoryRow], by_id: dict[UUID, CategoryRow], row: CategoryRow) -> CategoryOut:
    count = sum(by_id[one].count for one in family_ids(rows, row))
    return CategoryOut(
        id=row.id,
        slug=row.slug,
        name=row.name,
        description=row.description,
        parent=by_id[row.parent_id].slug if row.parent_id else None,
        image=image_url(row.image_public_id, width=PICTURE_WIDTH) if row.image_public_id else "",
        product_count=min(count, COUNT_LIMIT),
        count_is_exact=count <= COUNT_LIMIT,
    )
