"""The wishlists' pages: drawn by the live page, answered with the right status."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shophub.api.permissions import PUBLIC
from shophub.api.storefront.document import document, render
from shophub.api.storefront.heads import Head
from shophub.api.storefront.page_cache import CachedPage
from shophub.api.storefront.routes import answer_page, not_found_page
from shophub.db import transaction
from shophub.errors import NotFoundError
from shophub.services import stores, visitors, wishlists

router = APIRouter(include_in_schema=False)

_METHODS = ["GET", "HEAD"]


@router.api_route("/wishlist", methods=_METHODS, dependencies=[PUBLIC])
async def get_wishlist(request: Request) -> Response:
    """One's own wishlist; who is not signed in signs in first. Where the store keeps none there is no such page."""
    async with transaction() as session:
        visitor = await visitors.identify(session, request.headers.get("cookie", ""))
        store = await stores.get_store(session)
    if not store.wishlist_enabled:
        return answer_page(await not_found_page(), request)
    if visitor.user is None:
        target = f"/login?{urlencode({'next': '/wishlist'})}"
        return RedirectResponse(target, status_code=303, headers={"cache-control": "no-store"})
    return answer_page(_page("Your wishlist", store.name), request)


@router.api_route("/wishlist/shared/{token}", methods=_METHODS, dependencies=[PUBLIC])
async def get_shared_wishlist(request: Request, token: str) -> Response:
    """A wishlist that its owner shares; not for search engines. Without a list behind the link it is 404."""
    try:
        async with transaction() as session:
            view = await wishlists.get_shared(session, token)
            store = await stores.get_store(session)
    except NotFoundError:
        return answer_page(await not_found_page(), request)
    return answer_page(_page(f"{view.owner}’s wishlist", store.name), request)


def _page(title: str, store_name: str) -> CachedPage:
    return CachedPage.of(document(render("head.html", head=Head(title, store_name, is_indexed=False)), ""), 200)
