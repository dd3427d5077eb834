"""An order's way as its customer reads it: what happened, each refund, and what lies ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from shophub.domain.statuses import OrderStatus, RefundStatus
from shophub.lib.money import format_money
from shophub.repositories.orders import OrderRefundRow, OrderStepRow, RefundedLineRow, ShipmentRow
from shophub.schemas.orders import TimelineStep
from shophub.services.views.carts import options_text
from shophub.services.views.moments import recent_text
from shophub.services.views.products import day_text

_WAY = (
    ("placed", "Placed"),
    ("paid", "Paid"),
    ("packed", "Packed"),
    ("shipped", "Shipped"),
    ("delivered", "Delivered"),
)
_LABELS = dict(_WAY) | {"cancelled": "Cancelled", "refunded": "Refunded"}
# How many steps of the way are behind an order of that status, whatever its events say.
_STEPS_BEHIND = {
    OrderStatus.PENDING: 1,
    OrderStatus.PROCESSING: 2,
    OrderStatus.SHIPPED: 4,
    OrderStatus.DELIVERED: 5,
}
_REFUNDS = {
    RefundStatus.PENDING: ("Refund of {} on its way", "It can take some days until your bank shows it."),
    RefundStatus.SUCCEEDED: ("{} refunded", ""),
    RefundStatus.FAILED: ("Refund of {} did not go through", "We are looking into it."),
}


@dataclass(frozen=True)
class OrderHistory:
    """What happened to an order, as rows: public steps, the newest parcel, refunds and their lines."""

    steps: Sequence[OrderStepRow] = ()
    shipment: ShipmentRow | None = None
    refunds: Sequence[OrderRefundRow] = ()
    refunded_lines: Mapping[UUID, Sequence[RefundedLineRow]] = field(default_factory=dict)


def timeline(status: OrderStatus, history: OrderHistory, now: datetime) -> tuple[TimelineStep, ...]:
    """Return the order's whole way; what lies ahead has no time yet. Refunds stand where they belong in time.

    What happened within a week before ``now`` also says how long ago that is.
    """
    behind, ahead = _way(status, history)
    refunds = [
        _refund_step(refund, history.refunded_lines.get(refund.id, ()))
        for refund in history.refunds
        if refund.amount_minor > 0  # without it, goods came back that had cost nothing
    ]
    for at, step in refunds:
        later = (place for place, (other, _) in enumerate(behind) if other is not None and other > at)
        behind.insert(next(later, len(behind)), (at, step))
    return tuple(
        replace(step, ago_text=recent_text(at, now)) if at is not None else step for at, step in (*behind, *ahead)
    )


_Entry = tuple[datetime | None, TimelineStep]


def _way(status: OrderStatus, history: OrderHistory) -> tuple[list[_Entry], list[_Entry]]:
    """Return what is behind the order and what lies ahead of it, refunds apart."""
    events = {step.type: step for step in history.steps if step.type != "refunded" or not history.refunds}
    if status is OrderStatus.CANCELLED:
        kinds = [kind for kind, _ in (*_WAY, ("cancelled", "")) if kind in events]
        count = len(kinds)
    else:
        kinds = [kind for kind, _ in _WAY]
        count = _STEPS_BEHIND[status]
        if status is OrderStatus.PROCESSING and "packed" in events:
            count += 1
    entries = [
        _step(kind, events.get(kind), history.shipment, is_done=place < count, is_current=place == count - 1)
        for place, kind in enumerate(kinds)
    ]
    behind, ahead = entries[:count], entries[count:]
    others = [event for kind, event in events.items() if kind not in kinds]
    for event in others:
        later = (place for place, (at, _) in enumerate(behind) if at is not None and at > event.created_at)
        behind.insert(next(later, len(behind)), _step(event.type, event, None, is_done=True, is_current=False))
    return behind, ahead


def _step(
    kind: str, event: OrderStepRow | None, shipment: ShipmentRow | None, *, is_done: bool, is_current: bool
) -> _Entry:
    sent = shipment if kind == "shipped" and is_done else None
    step = TimelineStep(
        label=_LABELS.get(kind, kind.replace("_", " ").capitalize()),
        at_iso=event.created_at.isoformat() if event else "",
        at_text=moment_text(event.created_at) if event else "",
        note=event.note if event and sent is None and kind != "refunded" else "",
        link_text=tracking_text(sent),
        link_url=safe_url(sent.tracking_url) if sent else "",
        state="stopped" if kind == "cancelled" else "done" if is_done else "ahead",
        is_done=is_done,
        is_current=is_current,
    )
    return event.created_at if event else None, step


def _refund_step(refund: OrderRefundRow, lines: Sequence[RefundedLineRow]) -> tuple[datetime, TimelineStep]:
    status = RefundStatus(refund.status)
    label, note = _REFUNDS[status]
    at = refund.ended_at or refund.created_at
    return at, TimelineStep(
        label=label.format(format_money(refund.amount_minor, refund.currency)),
        at_iso=at.isoformat(),
        at_text=moment_text(at),
        note=note,
        lines=tuple(refunded_line_text(line, refund.currency) for line in lines),
        state={RefundStatus.SUCCEEDED: "done", RefundStatus.PENDING: "pending"}.get(status, "failed"),
        is_done=status is RefundStatus.SUCCEEDED,
    )


def refunded_line_text(line: RefundedLineRow, currency: str) -> str:
    """Return ``1 × Desk Lamp (Size: M), $20.00``."""
    options = f" ({options_text(line.options)})" if line.options else ""
    return f"{line.quantity} × {line.name}{options}, {format_money(line.amount_minor, currency)}"


def moment_text(moment: datetime) -> str:
    """Return a moment with its zone: ``Fri 20 Nov, 09:30 UTC``."""
    return f"{day_text(moment.date())}, {moment:%H:%M} UTC"


def tracking_text(shipment: ShipmentRow | None) -> str:
    """Return carrier and number of a parcel."""
    if shipment is None:
        return ""
    return " ".join(part for part in (shipment.carrier, shipment.tracking_number) if part)


def safe_url(url: str) -> str:
    """Return an address that a browser opens as a page, or nothing: the text came from a form."""
    return url if urlsplit(url).scheme in {"http", "https"} else ""
