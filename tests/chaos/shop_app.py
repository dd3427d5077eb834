"""The shop without its pages, as an app that may be killed: its HTTP doors, and what pages ask for as plain JSON.

Pages reach the same services over a websocket.
"""

from uuid import UUID

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from shophub.api.app import create_api
from shophub.db import transaction
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.services import carts
from shophub.services.audit import SHOP
from shophub.services.checkouts import get_status
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.flows.confirm_check import check_before_confirm
from shophub.services.flows.reconcile import reconcile_checkout
from shophub.services.flows.refund_order import refund_order
from shophub.services.flows.start_payment import start_payment
from tests.checkout.conftest import ADDRESS

router = APIRouter(prefix="/shopper")


class Request(BaseModel):
    """Who asks, and about what."""

    guest: str = ""
    variant: UUID | None = None
    quantity: int = 1
    code: str = ""
    checkout: UUID | None = None
    order: int = 0
    amount: int | None = None


@router.post("/cart")
async def fill(body: Request) -> None:
    """Put goods into the cart, and a coupon on it."""
    owner = CartOwner(guest_token=body.guest)
    async with transaction() as session:
        cart = await carts.get_cart(session, owner)
        known = {line.variant_id for line in cart.lines}  # asked again after a lost answer, it is there
        if body.variant is not None and str(body.variant) not in known:
            await carts.add_item(session, owner, body.variant, body.quantity)
        if body.code:
            await carts.apply_coupon(session, owner, body.code)


@router.post("/start")
async def start(body: Request) -> dict[str, str]:
    """Start paying."""
    visitor = Visitor(guest_token=body.guest)
    payment = await start_payment(visitor, email=f"{body.guest}@example.com", address=ADDRESS)
    return {"checkout": payment.checkout_id, "secret": payment.client_secret, "order": payment.order_number}


@router.post("/press")
async def press(body: Request) -> None:
    """Ask whether what is about to be paid still stands."""
    assert body.checkout is not None
    await check_before_confirm(Visitor(guest_token=body.guest), body.checkout)


@router.post("/wait")
async def wait(body: Request) -> dict[str, str]:
    """Do what a success page does that has waited: have its own checkout reconciled, and look."""
    assert body.checkout is not None
    await reconcile_checkout(body.checkout)
    async with transaction() as session:
        status = await get_status(session, body.checkout, Visitor(guest_token=body.guest))
    return {"status": status.status, "order": status.order_number}


@router.post("/refund")
async def refund(body: Request) -> None:
    """Do what the staff does: give an amount of an order back."""
    await refund_order(body.order, amount_minor=body.amount, reason="Chaos")


@router.post("/cancel")
async def cancel(body: Request) -> None:
    """Cancel an order as its customer."""
    await cancel_order(body.order, actor=SHOP, by_customer=True)


def create() -> FastAPI:
    """Return the app."""
    api = create_api()
    api.include_router(router)
    return api
