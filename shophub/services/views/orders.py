"""How an order is shown."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from shophub.domain.order_numbers import order_number
from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.lib.money import format_money
from shophub.repositories.orders import OrderLineRow, OrderRow, OrderStepRow, ShipmentRow
from shophub.schemas.checkouts import QuoteView
from shophub.schemas.orders import OrderLineView, OrderView, TimelineStep
from shophub.services.views.carts import options_text, thumbnail
from shophub.services.views.checkouts import address_view
from shophub.services.views.products import day_text, delivery_text

DEFAULT_COLOUR = "#e8e4dc"

_STATUS = {
    OrderStatus.PENDING: ("Waiting for payment", "warning"),
    OrderStatus.PROCESSING: ("Being prepared", "brand"),
    OrderStatus.SHIPPED: ("On its way", "brand"),
    OrderStatus.DELIVERED: ("Delivered", "success"),
    OrderStatus.CANCELLED: ("Cancelled", "danger"),
}
_PAYMENT = {
    PaymentStatus.PENDING: "Payment pending",
    PaymentStatus.PROCESSING: "Payment processing",
    PaymentStatus.PAID: "Paid",
    PaymentStatus.FAILED: "Payment failed",
    PaymentStatus.PARTIALLY_REFUNDED: "Partly refunded",
    PaymentStatus.REFUNDED: "Refunded",
}
_WAY = (
    ("placed", "Placed"),
    ("paid", "Paid"),
    ("packed", "Packed"),
    ("shipped", "Shipped"),
    ("delivered", "Delivered"),
)
# How many steps of the way are behind an order of that status, whatever its events say.
_STEPS_BEHIND = {
    OrderStatus.PENDING: 1,
    OrderStatus.PROCESSING: 2,
    OrderStatus.SHIPPED: 4,
    OrderStatus.DELIVERED: 5,
}
_UNDER_WAY = frozenset({OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.SHIPPED})


def order_view(
    order: OrderRow,
    lines: Sequence[OrderLineRow],
    steps: Sequence[OrderStepRow] = (),
    shipment: ShipmentRow | None = None,
) -> OrderView:
    """Return an order with all its texts. A list leaves steps and shipment out."""
    status = OrderStatus(order.status)
    label, tone = _STATUS[status]
    return OrderView(
        number=order_number(order.number),
        url=f"/orders/{order_number(order.number)}",
        status=order.status,
        status_label=label,
        status_tone=tone,
        payment_status=order.payment_status,
        payment_label=_PAYMENT[PaymentStatus(order.payment_status)],
        email=order.email,
        placed_iso=order.placed_at.isoformat(),
        placed_text=date_text(order.placed_at),
        delivery_text=_delivery(order, status),
        lines=tuple(line_view(line, order.currency) for line in lines),
        item_count=sum(line.quantity for line in lines),
        quote=quote_view(order),
        refunded_text=format_money(order.refunded_minor, order.currency) if order.refunded_minor else "",
        address=address_view(order.shipping_address),
        timeline=_timeline(status, steps) if steps else (),
        tracking_text=_tracking(shipment),
        tracking_url=_safe_url(shipment.tracking_url) if shipment else "",
        note=order.note,
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
        price_text=format_money(line.price_minor, currency),
        total_text=format_money(line.quantity * line.price_minor, currency),
    )


def quote_view(order: OrderRow) -> QuoteView:
    """Return the sums as they were paid."""
    currency = order.currency
    return QuoteView(
        currency=currency,
        subtotal_text=format_money(order.subtotal_minor, currency),
        discount_text=f"−{format_money(order.discount_minor, currency)}" if order.discount_minor else "",
        coupon_code=order.coupon_code or "",
        shipping_text=format_money(order.shipping_minor, currency) if order.shipping_minor else "Free",
        tax_text=format_money(order.tax_minor, currency) if order.tax_minor else "",
        tax_included=order.tax_included,
        total_minor=order.total_minor,
        total_text=format_money(order.total_minor, currency),
    )


def date_text(moment: datetime) -> str:
    """Return a day with its year: ``5 Dec 2026``."""
    return f"{moment.day} {moment:%b %Y}"


def _delivery(order: OrderRow, status: OrderStatus) -> str:
    if status not in _UNDER_WAY:
        return ""
    return delivery_text(order.placed_at, order.shipping_address.get("country", ""))


def _timeline(status: OrderStatus, steps: Sequence[OrderStepRow]) -> tuple[TimelineStep, ...]:
    """Return the order's whole way; what lies ahead has no time yet."""
    times = {step.type: step.created_at for step in steps}
    if status is OrderStatus.CANCELLED:
        way = [(kind, label) for kind, label in (*_WAY, ("cancelled", "Cancelled"), ("refunded", "Refunded"))]
        way = [(kind, label) for kind, label in way if kind in times]
        behind = len(way)
    else:
        way = list(_WAY)
        if "refunded" in times:
            way.append(("refunded", "Refunded"))
        behind = _STEPS_BEHIND[status]
        if status is OrderStatus.PROCESSING and "packed" in times:
            behind += 1
    return tuple(
        TimelineStep(
            label=label,
            at_iso=times[kind].isoformat() if kind in times else "",
            at_text=_moment_text(times[kind]) if kind in times else "",
            is_done=position < behind or kind == "refunded",
            is_current=position == behind - 1,
        )
        for position, (kind, label) in enumerate(way)
    )


def _moment_text(moment: datetime) -> str:
    return f"{day_text(moment.date())}, {moment:%H:%M} UTC"


def _tracking(shipment: ShipmentRow | None) -> str:
    if shipment is None:
        return ""
    return " ".join(part for part in (shipment.carrier, shipment.tracking_number) if part)


def _safe_url(url: str) -> str:
    """Return an address that a browser opens as a page, or nothing: the text came from a form."""
    return url if urlsplit(url).scheme in {"http", "https"} else ""
