"""The public pages' routes."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shophub.api.permissions import PUBLIC
from shophub.api.storefront.document import document, render
from shophub.api.storefront.heads import Head, home_head, listing_head, product_head
from shophub.api.storefront.page_cache import CachedPage, PageCache
from shophub.db import transaction
from shophub.errors import InvalidInputError, NotFoundError, SlugMovedError
from shophub.lib import ui_classes, ui_texts
from shophub.lib.pagination import page_number
from shophub.schemas.catalog import ListingQuery
from shophub.services import catalog, orders, stores, visitors
from shophub.settings import get_settings

router = APIRouter(include_in_schema=False)
cache = PageCache()

_METHODS = ["GET", "HEAD"]
_LISTING_PARAMETERS = ("q", "sort", "page")


@router.api_route("/", methods=_METHODS, dependencies=[PUBLIC])
async def get_home(request: Request) -> Response:
    """The front page."""
    return await _answer(request, "/", _home)


@router.api_route("/products", methods=_METHODS, dependencies=[PUBLIC])
async def get_products(request: Request) -> Response:
    """All products."""
    return await _listing(request, "/products", "")


@router.api_route("/search", methods=_METHODS, dependencies=[PUBLIC])
async def get_search(request: Request) -> Response:
    """What a search finds."""
    return await _listing(request, "/search", "")


@router.api_route("/categories/{slug}", methods=_METHODS, dependencies=[PUBLIC])
async def get_category(request: Request, slug: str) -> Response:
    """A category."""
    return await _listing(request, f"/categories/{slug}", slug)


@router.api_route("/products/{slug}", methods=_METHODS, dependencies=[PUBLIC])
async def get_product(request: Request, slug: str) -> Response:
    """A product; an old slug leads to its new one for good."""
    selection = dict(request.query_params)

    async def make() -> str:
        async with transaction() as session:
            view = await catalog.get_product(session, slug, selection)
        head = product_head(view, get_settings(), ui_classes.PRODUCT_SIZES)
        return document(render("head.html", head=head), render("product.html", view=view, store_name=head.store_name))

    try:
        return await _answer(request, _address(f"/products/{slug}", selection), make)
    except SlugMovedError as moved:
        query = f"?{urlencode(selection)}" if selection else ""
        return RedirectResponse(f"/products/{moved.slug}{query}", status_code=301)


@router.api_route("/orders/{number}", methods=_METHODS, dependencies=[PUBLIC])
async def get_order(request: Request, number: str) -> Response:
    """An order, drawn by the live page. Who is signed in and may not see it gets 404; others may sign in first."""
    cookies = request.headers.get("cookie", "")
    async with transaction() as session:
        visitor = await visitors.identify(session, cookies)
        try:
            view = await orders.get_order(session, number, visitor, cookies)
        except NotFoundError:
            if visitor.user is None:
                target = f"/login?{urlencode({'next': f'/orders/{number}'})}"
                return RedirectResponse(target, status_code=303, headers={"cache-control": "no-store"})
            return answer_page(await not_found_page(), request)
        store = await stores.get_store(session)
    head = Head(f"Order {view.number}", store.name, is_indexed=False)
    return answer_page(CachedPage.of(document(render("head.html", head=head), ""), 200), request)


async def not_found_page() -> CachedPage:
    """Return the page for an address where nothing is."""
    kept = cache.find("404")
    if kept is not None:
        return kept
    async with transaction() as session:
        categories = await catalog.list_categories(session)
        store = await stores.get_store(session)
    head = Head("Page not found", store.name, is_indexed=False)
    body = render("missing.html", categories=categories, store_name=store.name)
    html = document(render("head.html", head=head), body)
    page = CachedPage.of(html, 404)
    cache.keep("404", page)
    return page


async def _home() -> str:
    async with transaction() as session:
        view = await catalog.get_home(session)
    head = home_head(view, get_settings(), heading=ui_texts.HOME_HEADING, description=ui_texts.HOME_DESCRIPTION)
    return document(render("head.html", head=head), render("home.html", view=view, store_name=head.store_name))


async def _listing(request: Request, path: str, category_slug: str) -> Response:
    given = {name: request.query_params[name] for name in _LISTING_PARAMETERS if name in request.query_params}
    query = ListingQuery(
        category_slug=category_slug,
        q=given.get("q", "").strip()[:100] if path == "/search" else "",
        sort=given.get("sort", ""),
        page=page_number(given.get("page", "1")),
    )

    async def make() -> str:
        async with transaction() as session:
            view = await catalog.list_listing(session, query)
        head = listing_head(view, get_settings())
        body = render("listing.html", view=view, query=view.query, store_name=head.store_name)
        return document(render("head.html", head=head), body)

    return await _answer(request, _address(path, given), make)


async def _answer(request: Request, address: str, make: Callable[[], Awaitable[str]]) -> Response:
    """Send a page, from the cache where it is there; a missing thing is the 404 page with that status."""
    page = cache.find(address)
    if page is None:
        try:
            page = CachedPage.of(await make(), 200)
        except SlugMovedError:
            raise
        except (NotFoundError, InvalidInputError):
            page = await not_found_page()
        else:
            cache.keep(address, page)
    return answer_page(page, request)


def answer_page(page: CachedPage, request: Request) -> Response:
    """Return the answer for ``request``: compressed where it may be, nothing where it knows the page already."""
    headers = {"etag": page.etag, "cache-control": "private, no-cache", "vary": "Accept-Encoding"}
    if page.status == 200 and page.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = page.body
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = page.compressed
        headers["content-encoding"] = "gzip"
    return Response(body, page.status, headers, media_type="text/html")


def _address(path: str, parameters: dict[str, str]) -> str:
    return f"{path}?{urlencode(sorted(parameters.items()))}" if parameters else path
