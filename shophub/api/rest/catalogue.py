"""The catalog for programs: products, categories and what customers say. The same for everybody."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from shophub.api.catalogue_cache import Answer, answers
from shophub.api.description.refusals import refuses
from shophub.api.notice_cache import ANY_PRODUCT
from shophub.api.permissions import PUBLIC
from shophub.db import reading
from shophub.errors import (
    CategoryNotFoundError,
    FeatureOffError,
    ProductGoneError,
    ProductNotFoundError,
    SlugMovedError,
)
from shophub.lib.slugs import MAX_SLUG
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.catalogue import (
    CategoriesOut,
    FilterQuery,
    Prepared,
    ProductOut,
    ProductQuery,
    ProductSort,
    ProductsOut,
    ReviewOut,
    ReviewsQuery,
)
from shophub.services.rest import catalogue

router = APIRouter(prefix="/api", tags=["catalogue"])

MOVED: dict[int | str, dict[str, Any]] = {
    301: {
        "description": "It has another address now.",
        "headers": {"Location": {"schema": {"type": "string"}, "description": "The same of the new address."}},
    }
}

Key = Annotated[str, Path(max_length=MAX_SLUG, description="Id or slug. A former slug leads to the present one.")]
Slug = Annotated[str, Path(max_length=MAX_SLUG, description="A former slug leads to the present one.")]


@router.head("/products", dependencies=[PUBLIC], include_in_schema=False)
@router.get("/products", dependencies=[PUBLIC], response_model=ProductsOut)
async def get_products(request: Request, query: Annotated[ProductQuery, Query()]) -> Response:
    """List what is on sale. ``relevance`` without words to search for is what sells best."""

    async def make(known: int | None) -> Prepared:
        async with reading() as session:
            return await catalogue.list_products(session, query, known)

    return await answers.get(request, partial(_list, query, make))


@router.head("/products/category/{slug}", dependencies=[PUBLIC], include_in_schema=False)
@router.get(
    "/products/category/{slug}",
    dependencies=[PUBLIC],
    response_model=ProductsOut,
    responses=MOVED,
    openapi_extra=refuses(CategoryNotFoundError),
)
async def get_products_of_category(request: Request, slug: Slug, filters: Annotated[FilterQuery, Query()]) -> Response:
    """List what is on sale in a category and below it."""
    query = ProductQuery.model_construct(**vars(filters), category=slug)

    async def make(known: int | None) -> Prepared:
        async with reading() as session:
            return await catalogue.list_in_category(session, slug, query, known)

    try:
        return await answers.get(request, partial(_list, query, make))
    except SlugMovedError as moved:
        return _moved(request, f"/api/products/category/{moved.slug}")


@router.head("/products/{key}", dependencies=[PUBLIC], include_in_schema=False)
@router.get(
    "/products/{key}",
    dependencies=[PUBLIC],
    response_model=ProductOut,
    responses=MOVED,
    openapi_extra=refuses(ProductNotFoundError, ProductGoneError),
)
async def get_product(request: Request, key: Key) -> Response:
    """Return a product that is on sale."""

    async def make() -> Answer:
        async with reading() as session:
            found = await catalogue.get_product(session, key)
        return Answer(found.body, found.products)

    try:
        return await answers.get(request, make)
    except SlugMovedError as moved:
        return _moved(request, f"/api/products/{moved.slug}")


@router.head("/products/{key}/reviews", dependencies=[PUBLIC], include_in_schema=False)
@router.get(
    "/products/{key}/reviews",
    dependencies=[PUBLIC],
    response_model=PageOut[ReviewOut],
    responses=MOVED,
    openapi_extra=refuses(ProductNotFoundError, ProductGoneError, FeatureOffError),
)
async def get_product_reviews(request: Request, key: Key, query: Annotated[ReviewsQuery, Query()]) -> Response:
    """List what customers say about a product."""

    async def make() -> Answer:
        async with reading() as session:
            found = await catalogue.list_reviews(session, key, query.sort.value, query.request)
        return Answer(found.body, found.products)

    try:
        return await answers.get(request, make)
    except SlugMovedError as moved:
        return _moved(request, f"/api/products/{moved.slug}/reviews")


@router.head("/categories", dependencies=[PUBLIC], include_in_schema=False)
@router.get("/categories", dependencies=[PUBLIC], response_model=CategoriesOut)
async def get_categories(request: Request) -> Response:
    """List all categories in the merchant's order, with how much is on sale in each."""

    async def make() -> Answer:
        async with reading() as session:
            return Answer((await catalogue.list_categories(session)).body)

    return await answers.get(request, make)


async def _list(query: ProductQuery, make: Any) -> Answer:
    """Make a page of a list whose total is known for as long as nothing has changed that it depends on."""
    narrowing = repr((query.q, query.category, query.min_price, query.max_price, query.rating, query.in_stock))
    # Another product's review may bring it into a list by rating.
    by_rating = query.rating is not None or query.sort is ProductSort.RATING
    return await answers.counted(narrowing, frozenset({ANY_PRODUCT}) if by_rating else frozenset(), make)


def _moved(request: Request, path: str) -> Response:
    """Lead to the same under its present slug. A slug may be changed back: programs ask again the next time."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{path}{query}", HTTPStatus.MOVED_PERMANENTLY, {"Cache-Control": "no-cache"})
