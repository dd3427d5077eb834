"""Checking out for programs."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from shophub.api.cookies import guest_cookie
from shophub.api.dependencies import OriginDep, SameOrigin, SessionDep, VisitorBeforeDep, VisitorDep
from shophub.api.description.refusals import refuses
from shophub.api.permissions import PUBLIC
from shophub.errors import (
    AmountNotChargeableError,
    AmountTooLargeError,
    AmountTooSmallError,
    CheckoutBusyError,
    CheckoutChangedError,
    CheckoutNotFoundError,
    CouponExhaustedError,
    CouponNotApplicableError,
    CouponNotFoundError,
    CurrencyNotChargeableError,
    EmailRequiredError,
    EmptyCartError,
    GuestCheckoutDisabledError,
    HoardingError,
    InsufficientStockError,
    PaymentInProgressError,
    ProductNotFoundError,
    ProviderError,
)
from shophub.lib.ids import new_token
from shophub.schemas.api.checkouts import CheckoutForm, CheckoutOut, OrderedOut, StartedOut
from shophub.services.flows.check_out import check_out
from shophub.services.rest import checkouts

router = APIRouter(prefix="/api/checkout", tags=["checkout"], dependencies=[SameOrigin])

CheckoutSecret = Annotated[
    str,
    Header(
        alias="Checkout-Secret",
        max_length=300,
        description="The client secret of the checkout, for who has neither the account nor the cookie that began it.",
    ),
]


@router.post(
    "",
    dependencies=[PUBLIC],
    openapi_extra=refuses(
        ProductNotFoundError,
        EmailRequiredError,
        GuestCheckoutDisabledError,
        EmptyCartError,
        InsufficientStockError,
        HoardingError,
        CouponNotFoundError,
        CouponNotApplicableError,
        CouponExhaustedError,
        AmountTooSmallError,
        AmountTooLargeError,
        AmountNotChargeableError,
        CurrencyNotChargeableError,
        CheckoutChangedError,
        CheckoutBusyError,
        PaymentInProgressError,
        ProviderError,
    ),
)
async def post_checkout(
    form: CheckoutForm, response: Response, visitor: VisitorBeforeDep, origin: OriginDep
) -> StartedOut | OrderedOut:
    """Start paying for the given items, or for the cart: goods are set aside, and the prices stand until it expires.

    Prices are the store's own. The cart has one checkout, and so have given items: the same caller asking for the same
    again, before it is paid, goes on with it. Guests give their e-mail address, and are given a cookie that the
    checkout is theirs by.
    """
    response.headers["Cache-Control"] = "no-store"
    if visitor.user is None and visitor.guest_token is None:
        visitor = replace(visitor, guest_token=new_token())
        response.headers.append("set-cookie", guest_cookie(visitor.guest_token or ""))
    return checkouts.started(await check_out(visitor, form, origin.network_address))


@router.get("/{checkout_id}", dependencies=[PUBLIC], openapi_extra=refuses(CheckoutNotFoundError))
async def get_checkout(
    checkout_id: UUID,
    response: Response,
    session: SessionDep,
    visitor: VisitorDep,
    checkout_secret: CheckoutSecret = "",
) -> CheckoutOut:
    """Say where a checkout stands, to who began it or has its client secret."""
    response.headers["Cache-Control"] = "no-store"
    return await checkouts.get_checkout(session, checkout_id, visitor, checkout_secret)
