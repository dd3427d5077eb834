"""Orders for the staff's programs: lists, the next step of each, and giving money back."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from shophub.api.dependencies import PageDep, SameOrigin, SessionDep, current_visitor
from shophub.api.description.refusals import refuses
from shophub.api.permissions import requires, requires_first
from shophub.db import transaction
from shophub.domain.order_numbers import parse_order_number
from shophub.domain.permissions import Permission
from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.errors import (
    AmountNotChargeableError,
    IllegalTransitionError,
    NeedsReviewError,
    NotPaidError,
    OrderNotFoundError,
    PaymentDisputedError,
    RefundTooLargeError,
    StepUpRequiredError,
)
from shophub.schemas.api.admin_orders import OrderDeskOut, OrderPatch, RefundedOut, RefundForm, StaffOrderOut
from shophub.schemas.api.base import Day, PageOut
from shophub.schemas.fulfilment import ShipmentForm
from shophub.services import authorisation, fulfilment
from shophub.services.audit import Actor
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.flows.refund_order import refund_order
from shophub.services.rest import admin_orders as orders
from shophub.services.rest.admin_orders import OrderQuery

router = APIRouter(prefix="/api/admin/orders", tags=["orders, for the staff"], dependencies=[SameOrigin])

Number = Annotated[str, Path(max_length=40, description="The order's number.", examples=["SH-1001"])]
NO_STORE = {"Cache-Control": "no-store"}


@router.get("", dependencies=[requires(Permission.MANAGE_ORDERS)])
async def get_admin_orders(
    response: Response,
    session: SessionDep,
    page: PageDep,
    q: Annotated[str, Query(max_length=254, description="A number, or how an e-mail or a SKU begins.")] = "",
    status: OrderStatus | None = None,
    payment_status: Annotated[PaymentStatus | None, Query(alias="paymentStatus")] = None,
    needs_review: Annotated[bool | None, Query(alias="needsReview")] = None,
    first: Annotated[Day | None, Query(alias="from", description="The first day, UTC.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="The last day, UTC.")] = None,
) -> PageOut[StaffOrderOut]:
    """List orders, the newest first."""
    response.headers.update(NO_STORE)
    query = OrderQuery(q, status, payment_status, needs_review, first, last)
    return await orders.list_all(session, query, page)


@router.get("/{number}", dependencies=[requires(Permission.MANAGE_ORDERS)], openapi_extra=refuses(OrderNotFoundError))
async def get_admin_order(number: Number, response: Response, session: SessionDep) -> OrderDeskOut:
    """Show an order with its refunds and all of its steps."""
    response.headers.update(NO_STORE)
    return await orders.get_desk(session, number)


@router.patch(
    "/{number}",
    openapi_extra=refuses(
        OrderNotFoundError,
        IllegalTransitionError,
        NeedsReviewError,
        NotPaidError,
        PaymentDisputedError,
        StepUpRequiredError,
    ),
)
async def patch_admin_order(
    number: Number,
    patch: OrderPatch,
    request: Request,
    response: Response,
    actor: Annotated[Actor, requires_first(Permission.MANAGE_ORDERS)],
) -> OrderDeskOut:
    """Take an order to SHIPPED, DELIVERED or CANCELLED; the last gives money back, and needs a step-up as that does."""
    known = parse_order_number(number)
    if patch.status is OrderStatus.CANCELLED:
        async with transaction() as session:
            visitor = await current_visitor(request, session)
            await authorisation.require(session, visitor, Permission.REFUND_ORDERS, step_up=True)
        await cancel_order(known, actor=actor, by_customer=False)
    else:
        async with transaction() as session:
            await _advance(session, known, patch, actor)
    return await _desk(number, response)


@router.post(
    "/{number}/refunds",
    status_code=201,
    openapi_extra=refuses(
        OrderNotFoundError, NotPaidError, PaymentDisputedError, RefundTooLargeError, AmountNotChargeableError
    ),
)
async def post_admin_refund(
    number: Number,
    form: RefundForm,
    request: Request,
    response: Response,
    actor: Annotated[Actor, requires_first(Permission.REFUND_ORDERS, step_up=True)],
) -> RefundedOut:
    """Give back units of lines, or an amount, or all that is left. ``pending``: Stripe has not said how it ended."""
    known = parse_order_number(number)
    made = await refund_order(
        known,
        lines=form.units,
        amount_minor=form.amount,
        restock=form.restock,
        reason=form.reason or "",
        actor=actor,
        request_id=orders.refund_id(actor, known, request.headers.get("idempotency-key"), form),
    )
    return RefundedOut(
        id=made.id,
        status=made.status,
        amount=made.amount_minor,
        currency=made.currency,
        order=await _desk(number, response),
    )


async def _advance(session: SessionDep, number: int, patch: OrderPatch, actor: Actor) -> None:
    if patch.status is OrderStatus.SHIPPED:
        form = ShipmentForm(
            carrier=patch.carrier or "",
            tracking_number=patch.tracking_number or "",
            tracking_url=patch.tracking_url or "",
        )
        await fulfilment.mark_shipped(session, number, form, actor=actor)
    elif patch.status is OrderStatus.DELIVERED:
        await fulfilment.mark_delivered(session, number, actor=actor)
    else:
        await fulfilment.refuse_step(session, number, patch.status)


async def _desk(number: str, response: Response) -> OrderDeskOut:
    response.headers.update(NO_STORE)
    async with transaction() as session:
        return await orders.get_desk(session, number)
