"""How an order is shown."""

from collections.abc import Sequence

from shophub.domain.order_numbers import order_number
from shophub.domain.statuses import ORDER_STEPS, OrderStatus, PaymentStatus, RefundStatus
from shophub.lib.clock import utc_now
from shophub.lib.money import format_money
from shophub.repositories.orders import OrderLineRow, OrderRow
from shophub.schemas.orders import OrderLineView, OrderView
from shophub.services.views.carts import options_text, thumbnail
from shophub.services.views.checkouts import address_view
from shophub.services.views.moments import date_text
from shophub.services.views.order_timeline import OrderHistory, safe_url, timeline, tracking_text
from shophub.services.views.products import delivery_text
from shophub.services.views.quotes import quote_view

DEFAULT_COLOUR = "#e8e4dc"

STATUS = {
    OrderStatus.PENDING: ("Waiting for payment", "warning"),
    OrderStatus.PROCESSING: ("Being prepared", "brand"),
    OrderStatus.SHIPPED: ("On its way", "brand"),
    OrderStatus.DELIVERED: ("Delivered", "success"),
    OrderStatus.CANCELLED: ("Cancelled", "danger"),
}
PAYMENT = {
    PaymentStatus.PENDING: ("Payment pending", "warning"),
    PaymentStatus.PROCESSING: ("Payment processing", "warning"),
    PaymentStatus.PAID: ("Paid", "success"),
    PaymentStatus.FAILED: ("Payment failed", "danger"),
    PaymentStatus.PARTIALLY_REFUNDED: ("Partly refunded", "brand"),
    PaymentStatus.REFUNDED: ("Refunded", "brand"),
}
_UNDER_WAY = frozenset({OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.SHIPPED})


def order_view(
    order: OrderRow,
    lines: Sequence[OrderLineRow],
    history: OrderHistory | None = None,
    *,
    is_own: bool = False,
) -> OrderView:
    """Return an order with all its texts. A list leaves the history out; only an owner is offered what owners do."""
    status = OrderStatus(order.status)
    label, tone = STATUS[status]
    payment_label, payment_tone = PAYMENT[PaymentStatus(order.payment_status)]
    shipment = history.shipment if history else None
    url = f"/orders/{order_number(order.number)}"
    return OrderView(
        id=str(order.id),
        number=order_number(order.number),
        url=url,
        invoice_url=f"{url}/invoice.pdf",
        status=order.status,
        status_label=label,
        status_tone=tone,
        payment_status=order.payment_status,
        payment_label=payment_label,
        payment_tone=payment_tone,
        email=order.email,
        placed_iso=order.placed_at.isoformat(),
        placed_text=date_text(order.placed_at),
        delivery_text=_delivery(order, status),
        lines=tuple(line_view(line, order.currency) for line in lines),
        item_count=sum(line.quantity for line in lines),
        quote=quote_view(order, order.currency, order.coupon_code),
        refunded_text=format_money(order.refunded_minor, order.currency) if order.refunded_minor else "",
        refund_pending_text=_pending(order, history),
        kept_text=format_money(order.total_minor - order.refunded_minor, order.currency),
        address=address_view(order.shipping_address),
        timeline=timeline(status, history, utc_now()) if history else (),
        tracking_text=tracking_text(shipment),
        tracking_url=safe_url(shipment.tracking_url) if shipment else "",
        note=order.note,
        is_own=is_own,
        can_cancel=is_own and OrderStatus.CANCELLED in ORDER_STEPS[status],
    )


def line_view(line: OrderLineRow, currency: str) -> OrderLineView:
    """Return a bought line; it links to the product while that is on sale."""
    return OrderLineView(
        name=line.name,
        sku=line.sku,
        options_text=options_text(line.options),
        url=f"/products/{line.slug}" if line.slug else "",
        image=thumbnail(line.image_public_id, line.image_alt or line.name, line.image_colour or DEFAULT_COLOUR),
        quantity=line.quantity,
        to_pack=line.quantity - line.refunded_quantity,
        price_text=format_money(line.price_minor, currency),
        total_text=format_money(line.quantity * line.price_minor, currency),
        refunded_text=_refunded(line),
    )


def _refunded(line: OrderLineRow) -> str:
    if not line.refunded_quantity:
        return ""
    return "Refunded" if line.refunded_quantity == line.quantity else f"{line.refunded_quantity} refunded"


def _pending(order: OrderRow, history: OrderHistory | None) -> str:
    """Return what is being given back and has not arrived."""
    waiting = [refund for refund in history.refunds if refund.status == RefundStatus.PENDING] if history else []
    return format_money(sum(refund.amount_minor for refund in waiting), order.currency) if waiting else ""


def _delivery(order: OrderRow, status: OrderStatus) -> str:
    if status not in _UNDER_WAY:
        return ""
    return delivery_text(order.placed_at, order.shipping_address.get("country", ""))
