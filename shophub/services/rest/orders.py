"""Orders as programs see them: whole, with lines, timeline and parcel, in a fixed number of statements."""

from collections.abc import Sequence
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.order_numbers import order_number
from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.lib.pagination import PageRequest
from shophub.repositories import orders
from shophub.repositories.orders import OrderLineRow, OrderRow, OrderStepRow, ShipmentRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.orders import OrderEventOut, OrderItemOut, OrderOut, ShippingAddressOut, TrackingOut
from shophub.services.orders import get_visible


async def list_own(session: AsyncSession, user_id: UUID, page: PageRequest) -> PageOut[OrderOut]:
    """Return a page of an account's orders, newest first. Four statements, however many orders."""
    rows, total = await orders.list_own(session, user_id, limit=page.page_size, offset=page.offset)
    return PageOut[OrderOut](
        items=await describe_orders(session, rows), total=total, page=page.page, page_size=page.page_size
    )


async def get_order(session: AsyncSession, number: str, visitor: Visitor, cookie_header: str) -> OrderOut:
    """Return an order to its owner, an admin, or who holds the signed link in a cookie.

    Raises:
        OrderNotFoundError: No such order, or it is not the caller's to see.
    """
    (order,) = await describe_orders(session, [await get_visible(session, number, visitor, cookie_header)])
    return order


async def describe_orders(session: AsyncSession, rows: Sequence[OrderRow]) -> list[OrderOut]:
    """Return orders whole, in the order given. Three statements."""
    if not rows:
        return []
    order_ids = [row.id for row in rows]
    lines = await orders.list_lines(session, order_ids)
    steps = await orders.list_steps_of(session, order_ids)
    parcels = await orders.list_shipments(session, order_ids)
    return [_order(row, lines[row.id], steps[row.id], parcels.get(row.id)) for row in rows]


def _order(
    row: OrderRow, lines: Sequence[OrderLineRow], steps: Sequence[OrderStepRow], parcel: ShipmentRow | None
) -> OrderOut:
    return OrderOut(
        number=order_number(row.number),
        status=OrderStatus(row.status),
        payment_status=PaymentStatus(row.payment_status),
        needs_review=row.needs_review,
        items=[_item(line) for line in lines],
        subtotal=row.subtotal_minor,
        discount=row.discount_minor,
        coupon_code=row.coupon_code,
        shipping=row.shipping_minor,
        shipping_tax=row.shipping_tax_minor,
        tax=row.tax_minor,
        total=row.total_minor,
        refunded=row.refunded_minor,
        currency=row.currency,
        shipping_address=_address(row.shipping_address),
        email=row.email,
        note=row.note or None,
        tracking=_tracking(parcel),
        events=[OrderEventOut(type=step.type, at=step.created_at, note=step.note or None) for step in steps],
        created_at=row.placed_at,
    )


def _item(line: OrderLineRow) -> OrderItemOut:
    return OrderItemOut(
        name=line.name,
        sku=line.sku,
        options=line.options,
        quantity=line.quantity,
        refunded_quantity=line.refunded_quantity,
        price=line.price_minor,
        discount=line.discount_minor,
        tax=line.tax_minor,
        total=line.total_minor,
    )


def _address(kept: dict[str, str]) -> ShippingAddressOut:
    return ShippingAddressOut(
        full_name=kept.get("full_name", ""),
        address=kept.get("address", ""),
        address2=kept.get("address2") or None,
        city=kept.get("city", ""),
        state=kept.get("state") or None,
        zip_code=kept.get("zip_code", ""),
        country=kept.get("country", ""),
        phone=kept.get("phone") or None,
    )


def _tracking(parcel: ShipmentRow | None) -> TrackingOut | None:
    if parcel is None:
        return None
    return TrackingOut(
        carrier=parcel.carrier, tracking_number=parcel.tracking_number, tracking_url=parcel.tracking_url or None
    )
