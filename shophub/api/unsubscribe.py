"""The link at the foot of e-mails that nobody has to get."""

from fastapi import APIRouter
from fastapi.responses import Response

from shophub.api.permissions import PUBLIC
from shophub.api.plain_page import plain_page
from shophub.db import transaction
from shophub.schemas.stores import StoreView
from shophub.services import stores, subscriptions
from shophub.services.subscriptions import Subscription

router = APIRouter(include_in_schema=False)

_QUESTIONS = {
    Subscription.STOCK: "We will no longer write to you when something that was sold out can be had again.",
    Subscription.CARTS: "We will no longer write to you about what you left in your cart.",
}


@router.get(subscriptions.PATH, dependencies=[PUBLIC])
async def get_unsubscribe(token: str = "") -> Response:
    """Ask before anything ends: mail programs open links before their reader does."""
    known = subscriptions.read(token)
    async with transaction() as session:
        store = await stores.get_store(session)
    if known is None:
        return _not_valid(store)
    return plain_page(store, 200, "Fewer e-mails?", _QUESTIONS[known[0]], button="Unsubscribe")


@router.post(subscriptions.PATH, dependencies=[PUBLIC])
async def post_unsubscribe(token: str = "") -> Response:
    """End these e-mails: the button of the page, or one click in a mail program (RFC 8058).

    The signed link is all it takes, so a request from another site can do no more than its reader could.
    """
    async with transaction() as session:
        ended = await subscriptions.end(session, token)
        store = await stores.get_store(session)
    if ended is None:
        return _not_valid(store)
    return plain_page(store, 200, "You are unsubscribed", _QUESTIONS[ended])


def _not_valid(store: StoreView) -> Response:
    sentence = "The link at the foot of the e-mail may have been cut off. Copy all of it, or write to us."
    return plain_page(store, 400, "This link is not valid", sentence)
