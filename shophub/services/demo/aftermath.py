"""What follows an order of the demo store: payment, refund, parcel, timeline, stock."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shophub.domain.statuses import RefundStatus, StockReason
from shophub.lib.money import format_money
from shophub.services.demo.catalog_data import CURRENCY
from shophub.services.demo.chance import chance_for, demo_id
from shophub.services.demo.deals import WHOLLY_GIVEN_BACK, Deal
from shophub.services.demo.people import OWNER, user_id
from shophub.services.demo.sales import Fate

CARRIERS = (("Parcelway", "PW"), ("Northline", "NL"), ("Harborpost", "HP"))
SECOND = timedelta(seconds=1)

Row = dict[str, Any]


def payment_row(deal: Deal) -> Row:
    """Return the money received."""
    return {
        "id": deal.id_of("payment"),
        "order_id": deal.order_id,
        "stripe_payment_intent_id": deal.stripe_id("pi"),
        "stripe_charge_id": deal.stripe_id("ch"),
        "revision": 1,
        "amount_minor": deal.sums.total_minor,
        "currency": CURRENCY,
        "refunded_minor": deal.refund_minor,
        "created_at": deal.sale.placed_at,
        "updated_at": deal.ended_at,
    }


def refund_row(deal: Deal, returned_at: datetime) -> Row:
    """Return the refund of a sale that was given back."""
    is_cancelled = deal.sale.fate is Fate.CANCELLED
    return {
        "id": deal.id_of("refund"),
        "payment_id": deal.id_of("payment"),
        "order_id": deal.order_id,
        "amount_minor": deal.refund_minor,
        "currency": CURRENCY,
        "status": RefundStatus.SUCCEEDED.value,
        "stripe_refund_id": deal.stripe_id("re"),
        "reason": "Cancelled by the customer" if is_cancelled else "Sent back",
        "restock": deal.sale.fate in WHOLLY_GIVEN_BACK,
        "requested_by_id": deal.account_id if is_cancelled else user_id(OWNER, deal.now),
        "created_at": returned_at,
        "ended_at": returned_at + SECOND,
    }


def refund_line_rows(deal: Deal) -> list[Row]:
    """Return which pieces the refund is for."""
    return [
        {
            "id": deal.id_of("refund line", position),
            "refund_id": deal.id_of("refund"),
            "order_line_id": deal.id_of("line", position),
            "quantity": pieces,
            "amount_minor": amount,
        }
        for position, (pieces, amount) in enumerate(deal.given_back)
        if pieces
    ]


def event_rows(deal: Deal) -> list[Row]:
    """Return the timeline."""
    owner, course, placed_at = user_id(OWNER, deal.now), deal.course, deal.sale.placed_at
    is_cancelled = deal.sale.fate is Fate.CANCELLED
    steps: tuple[tuple[str, datetime | None, UUID | None, str], ...] = (
        ("placed", placed_at, deal.account_id, ""),
        ("paid", placed_at + SECOND, None, ""),
        ("shipped", course.shipped_at, owner, ""),
        ("delivered", course.delivered_at, owner, ""),
        ("cancelled", course.returned_at if is_cancelled else None, deal.account_id, ""),
        (
            "refunded",
            course.returned_at + SECOND if course.returned_at else None,
            None if is_cancelled else owner,
            format_money(deal.refund_minor, CURRENCY),
        ),
    )
    return [
        {
            "id": demo_id("event", f"{deal.sale.key}/{kind}", at),
            "order_id": deal.order_id,
            "type": kind,
            "actor_id": actor,
            "note": note,
            "created_at": at,
        }
        for kind, at, actor, note in steps
        if at is not None
    ]


def shipment_row(deal: Deal, shipped_at: datetime) -> Row:
    """Return the parcel."""
    chance = chance_for("parcel", deal.sale.key)
    carrier, letters = chance.choice(CARRIERS)
    tracking = f"{letters}{chance.randrange(10**11, 10**12)}"
    return {
        "id": deal.id_of("shipment"),
        "order_id": deal.order_id,
        "carrier": carrier,
        "tracking_number": tracking,
        "tracking_url": f"https://{carrier.lower()}.example/track/{tracking}",
        "shipped_at": shipped_at,
        "delivered_at": deal.course.delivered_at,
        "created_at": shipped_at,
    }


def movement_rows(deal: Deal) -> list[Row]:
    """Return what the sale took from the stock, and what a cancellation or return put back."""
    sold = [
        _movement(deal, line.variant_id, -line.quantity, StockReason.ORDER, deal.sale.placed_at) for line in deal.lines
    ]
    returned_at = deal.course.returned_at
    if returned_at is None or deal.sale.fate not in WHOLLY_GIVEN_BACK:
        return sold
    reason = StockReason.CANCELLATION if deal.sale.fate is Fate.CANCELLED else StockReason.REFUND
    return sold + [_movement(deal, line.variant_id, line.quantity, reason, returned_at) for line in deal.lines]


def _movement(deal: Deal, variant_id: UUID, delta: int, reason: StockReason, at: datetime) -> Row:
    return {
        "variant_id": variant_id,
        "delta": delta,
        "reason": reason.value,
        "reference": f"SH-{deal.number}",
        "actor_id": None,
        "created_at": at,
    }
