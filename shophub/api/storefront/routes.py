"""The public pages' routes."""

from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shophub.api.permissions import PUBLIC
from shophub.api.storefront.document import document, render
from shophub.api.storefront.heads import Head, home_head, listing_head, product_head
from shophub.api.storefront.page_cache import CachedPage, PageCache
from shophub.db import transaction
from shophub.errors import InvalidInputError, NotFoundError, ProductGoneError, SlugMovedError
from shophub.lib import ui_classes, ui_texts
from shophub.schemas.catalog import CardView, LinkView
from shophub.services import catalog, orders, stores, visitors
from shophub.services.listing_address import parameters_of, parse_listing
from shophub.settings import get_settings

router = APIRouter(include_in_schema=False)
cache = PageCache()

_METHODS = ["GET", "HEAD"]


@router.api_route("/", methods=_METHODS, dependencies=[PUBLIC])
async def get_home(request: Request) -> Response:
    """The front page."""
    return await _answer(request, "/", _home)


@router.api_route("/products", methods=_METHODS, dependencies=[PUBLIC])
async def get_products(request: Request) -> Response:
    """All products."""
    return await _listing(request, "/products")


@router.api_route("/search", methods=_METHODS, dependencies=[PUBLIC])
async def get_search(request: Request) -> Response:
    """What a search finds."""
    return await _listing(request, "/search")


@router.api_route("/categories/{slug}", methods=_METHODS, dependencies=[PUBLIC])
async def get_category(request: Request, slug: str) -> Response:
    """A category; an old slug leads to its new one for good."""
    return await _listing(request, f"/categories/{slug}")


@router.api_route("/products/{slug}", methods=_METHODS, dependencies=[PUBLIC])
async def get_product(request: Request, slug: str) -> Response:
    """A product; an old slug leads to its new one for good."""
    path, selection = f"/products/{slug}", dict(request.query_params)
    # Of an address that a campaign or a network has written into, only what chooses a variant tells pages apart.
    known = cache.parameters_of(path)
    address = _address(
        path, ((name, value) for name, value in selection.items() if known is None or name.casefold() in known)
    )

    async def make() -> CachedPage:
        since = cache.moment
        async with transaction() as session:
            view = await catalog.get_product(session, slug, selection)
        if since == cache.moment:
            cache.know_parameters(path, view.id, frozenset(option.name.casefold() for option in view.options))
        head = product_head(view, get_settings(), ui_classes.PRODUCT_SIZES)
        body = render("product.html", view=view, store_name=head.store_name, logo_url=view.logo_url)
        shown = ids_of(view.related) | {view.id}
        return CachedPage.of(document(render("head.html", head=head), body), 200, shown)

    return await _answer(request, address, make)


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
    return cache.find("404") or await _missing_page("404", 404, ui_texts.MISSING_TITLE, ui_texts.MISSING_LEAD)


async def _gone_page(address: str, gone: ProductGoneError) -> CachedPage:
    """Return the page for a product that is not sold any more: search engines forget it sooner than one that is 404."""
    shelf = LinkView(gone.category_name, f"/categories/{gone.category_slug}")
    return await _missing_page(address, 410, gone.message, ui_texts.GONE_LEAD, shelf)


async def _missing_page(address: str, status: int, title: str, lead: str, shelf: LinkView | None = None) -> CachedPage:
    since = cache.moment
    async with transaction() as session:
        categories = await catalog.list_categories(session)
        store = await stores.get_store(session)
    head = Head("Page not found" if status == HTTPStatus.NOT_FOUND else title, store.name, is_indexed=False)
    body = render(
        "missing.html",
        categories=categories,
        store_name=store.name,
        logo_url=store.logo_url,
        status=status,
        title=title,
        lead=lead,
        shelf=shelf,
    )
    page = CachedPage.of(document(render("head.html", head=head), body), status)
    cache.keep(address, page, since)
    return page


async def _home() -> CachedPage:
    async with transaction() as session:
        view = await catalog.get_home(session)
    head = home_head(view, get_settings(), heading=ui_texts.HOME_HEADING, description=ui_texts.HOME_DESCRIPTION)
    html = document(
        render("head.html", head=head),
        render("home.html", view=view, store_name=head.store_name, logo_url=view.logo_url),
    )
    return CachedPage.of(html, 200, ids_of(view.new_arrivals, view.offers, view.best_sellers))


async def _listing(request: Request, path: str) -> Response:
    query = parse_listing(path, request.query_params.multi_items())

    async def make() -> CachedPage:
        async with transaction() as session:
            view = await catalog.list_listing(session, query)
        head = listing_head(view, get_settings())
        body = render("listing.html", view=view, query=view.query, store_name=head.store_name, logo_url=view.logo_url)
        return CachedPage.of(document(render("head.html", head=head), body), 200, ids_of(view.items))

    return await _answer(request, _address(path, parameters_of(query)), make)


async def _answer(request: Request, address: str, make: Callable[[], Awaitable[CachedPage]]) -> Response:
    """Send a page, from the cache where it is there; what is missing, gone or moved says so by its status."""
    page = cache.find(address)
    if page is None:
        since = cache.moment
        try:
            page = await make()
        except SlugMovedError as moved:
            return _moved(request, moved.slug)
        except ProductGoneError as gone:
            page = await _gone_page(address, gone)
        except (NotFoundError, InvalidInputError):
            page = await not_found_page()
        else:
            cache.keep(address, page, since)
    return answer_page(page, request)


def _moved(request: Request, slug: str) -> Response:
    """Lead to the same page under its new slug for good, with whatever else stood in the address.

    Browsers ask again the next time: a slug that is changed back would otherwise lead in a circle.
    """
    query = f"?{request.url.query}" if request.url.query else ""
    above = request.url.path.rpartition("/")[0]
    headers = {"cache-control": "no-cache"}
    return RedirectResponse(f"{above}/{slug}{query}", HTTPStatus.MOVED_PERMANENTLY, headers)


def answer_page(page: CachedPage, request: Request) -> Response:
    """Return the answer for ``request``: compressed where it may be, nothing where it knows the page already."""
    headers = {"etag": page.etag, "cache-control": "private, no-cache", "vary": "Accept-Encoding"}
    if page.status == HTTPStatus.OK and page.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = page.body
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = page.compressed
        headers["content-encoding"] = "gzip"
    return Response(body, page.status, headers, media_type="text/html")


def ids_of(*rows: tuple[CardView, ...]) -> frozenset[str]:
    """Return which products stand in rows of cards."""
    return frozenset(card.id for row in rows for card in row)


def _address(path: str, parameters: Iterable[tuple[str, str]]) -> str:
    query = urlencode(sorted(parameters))
    return f"{path}?{query}" if query else path
