"""What programs may do in development only. In production these routes do not exist."""

from fastapi import APIRouter

from shophub.api.dependencies import SameOrigin, VisitorBeforeDep
from shophub.api.description.refusals import refuses
from shophub.api.permissions import PUBLIC
from shophub.api.rest.checkouts import CheckoutSecret
from shophub.errors import CheckoutNotFoundError, NotPaidError, ProviderError
from shophub.schemas.api.checkouts import CheckoutRef, OrderedOut
from shophub.services.flows.place_paid_order import place_paid_order

router = APIRouter(prefix="/api", tags=["development"], dependencies=[SameOrigin])


@router.post(
    "/test-create-order",
    status_code=201,
    dependencies=[PUBLIC],
    openapi_extra=refuses(CheckoutNotFoundError, NotPaidError, ProviderError),
)
async def post_test_order(
    form: CheckoutRef, visitor: VisitorBeforeDep, checkout_secret: CheckoutSecret = ""
) -> OrderedOut:
    """Make the order of the caller's own checkout without waiting for the webhook; 409 if it is not paid."""
    return OrderedOut(order_number=await place_paid_order(visitor, form.checkout_id, checkout_secret))
