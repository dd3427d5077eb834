"""What programs may do in development only. In production these routes do not exist."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from shophub.api.dependencies import SameOrigin, current_visitor
from shophub.api.permissions import PUBLIC
from shophub.db import transaction
from shophub.services.flows.place_paid_order import place_paid_order

router = APIRouter(prefix="/api", tags=["development"], dependencies=[SameOrigin])


class CheckoutRef(BaseModel):
    """Which checkout."""

    model_config = ConfigDict(extra="forbid")

    checkout_id: UUID = Field(alias="checkoutId")


class PlacedOut(BaseModel):
    """The order that there is now."""

    order_number: str = Field(serialization_alias="orderNumber")


@router.post("/test-create-order", status_code=201, dependencies=[PUBLIC])
async def post_test_order(body: CheckoutRef, request: Request) -> PlacedOut:
    """Make the order of the caller's own checkout without waiting for the webhook; 409 if it is not paid."""
    async with transaction() as session:  # over before Stripe is asked
        visitor = await current_visitor(request, session)
    return PlacedOut(order_number=await place_paid_order(visitor, body.checkout_id))
