"""The pages about the shop itself, as HTML. Read anew for each request: what the merchant saved shows at once."""

from fastapi import APIRouter, Request, Response

from shophub.api.permissions import PUBLIC
from shophub.api.storefront.document import document, render
from shophub.api.storefront.heads import Head
from shophub.api.storefront.page_cache import CachedPage
from shophub.api.storefront.routes import answer_page
from shophub.db import transaction
from shophub.domain.information import InformationPage
from shophub.services.information import texts
from shophub.settings import get_settings

router = APIRouter(include_in_schema=False)

_METHODS = ["GET", "HEAD"]


@router.api_route("/contact", methods=_METHODS, dependencies=[PUBLIC])
async def get_contact(request: Request) -> Response:
    """How to reach the shop."""
    return await _answer(request, InformationPage.CONTACT)


@router.api_route("/returns", methods=_METHODS, dependencies=[PUBLIC])
async def get_returns(request: Request) -> Response:
    """Delivery and returns."""
    return await _answer(request, InformationPage.RETURNS)


@router.api_route("/privacy", methods=_METHODS, dependencies=[PUBLIC])
async def get_privacy(request: Request) -> Response:
    """What is kept, and why."""
    return await _answer(request, InformationPage.PRIVACY)


@router.api_route("/terms", methods=_METHODS, dependencies=[PUBLIC])
async def get_terms(request: Request) -> Response:
    """The rules of buying here."""
    return await _answer(request, InformationPage.TERMS)


async def _answer(request: Request, page: InformationPage) -> Response:
    async with transaction() as session:
        view = await texts.get_page(session, page)
    head = Head(view.title, view.store_name, view.summary, canonical=get_settings().public_url + page.path)
    body = render("information.html", view=view, path=page.path, store_name=view.store_name, logo_url=view.logo_url)
    return answer_page(CachedPage.of(document(render("head.html", head=head), body), 200), request)
