"""The books of the demo store: what the sales leave behind, exactly as the shop itself would have written it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID

from shophub.domain.coupons import CouponTerms
from shophub.domain.revisions import line_to_json
from shophub.domain.statuses import CheckoutStatus, OrderStatus, PaymentStatus, RedemptionState, StockReason
from shophub.services.demo import aftermath
from shophub.services.demo.catalog_data import CURRENCY
from shophub.services.demo.chance import chance_for
from shophub.services.demo.deals import WHOLLY_GIVEN_BACK, Deal
from shophub.services.demo.sales import Fate, Sale

FIRST_NUMBER = 1001
CHECKOUT_TIME = timedelta(minutes=30)
STATUSES = {
    Fate.PROCESSING: (OrderStatus.PROCESSING, PaymentStatus.PAID),
    Fate.SHIPPED: (OrderStatus.SHIPPED, PaymentStatus.PAID),
    Fate.DELIVERED: (OrderStatus.DELIVERED, PaymentStatus.PAID),
    Fate.CANCELLED: (OrderStatus.CANCELLED, PaymentStatus.REFUNDED),
    Fate.REFUNDED: (OrderStatus.DELIVERED, PaymentStatus.REFUNDED),
    Fate.PARTLY_REFUNDED: (OrderStatus.DELIVERED, PaymentStatus.PARTIALLY_REFUNDED),
}

Row = dict[str, Any]


@dataclass
class Books:
    """Rows, one list per table."""

    checkouts: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    refunds: list[Row] = field(default_factory=list)
    refund_lines: list[Row] = field(default_factory=list)
    shipments: list[Row] = field(default_factory=list)
    redemptions: list[Row] = field(default_factory=list)
    movements: list[Row] = field(default_factory=list)

    @property
    def coupon_uses(self) -> dict[str, int]:
        """Return how many uses of each coupon count."""
        return Counter(row["code"] for row in self.redemptions if row["state"] == RedemptionState.USED.value)


def keep_books(sales: Sequence[Sale], terms: dict[str, CouponTerms], now: datetime) -> Books:
    """Return everything that the sales leave behind; ``sales`` oldest first, numbered from 1001."""
    books = Books()
    for number, sale in enumerate(sales, FIRST_NUMBER):
        _enter(books, Deal(sale, number, terms[sale.coupon_code] if sale.coupon_code else None, now))
    return books


def _enter(books: Books, deal: Deal) -> None:
    books.checkouts.append(_checkout_row(deal))
    books.revisions.append(_revision_row(deal))
    books.orders.append(_order_row(deal))
    books.lines += _line_rows(deal)
    books.payments.append(aftermath.payment_row(deal))
    books.events += aftermath.event_rows(deal)
    books.movements += aftermath.movement_rows(deal)
    if deal.course.shipped_at is not None:
        books.shipments.append(aftermath.shipment_row(deal, deal.course.shipped_at))
    if deal.course.returned_at is not None:
        books.refunds.append(aftermath.refund_row(deal, deal.course.returned_at))
        books.refund_lines += aftermath.refund_line_rows(deal)
    if deal.coupon is not None:
        books.redemptions.append(_redemption_row(books, deal, deal.coupon))


def _opened_at(deal: Deal) -> datetime:
    return deal.sale.placed_at - timedelta(minutes=chance_for("opened", deal.sale.key).randint(2, 20))


def _checkout_row(deal: Deal) -> Row:
    opened_at, customer = _opened_at(deal), deal.sale.customer
    return {
        "id": deal.id_of("checkout"),
        "user_id": deal.account_id,
        "email": customer.email,
        "email_key": customer.email_key,
        "status": CheckoutStatus.COMPLETED.value,
        "revision": 1,
        "currency": CURRENCY,
        "stripe_payment_intent_id": deal.stripe_id("pi"),
        "opened_at": opened_at,
        "expires_at": opened_at + CHECKOUT_TIME,
        "ended_at": deal.sale.placed_at,
        "created_at": opened_at,
        "updated_at": deal.sale.placed_at,
    }


def _revision_row(deal: Deal) -> Row:
    return {
        "id": deal.id_of("revision"),
        "checkout_id": deal.id_of("checkout"),
        "number": 1,
        "currency": CURRENCY,
        "total_minor": deal.sums.total_minor,
        "lines": [line_to_json(line) for line in deal.lines],
        "quote": asdict(deal.sums),
        "shipping_address": dict(deal.sale.customer.address),
        "coupon_id": deal.coupon_id,
        "coupon_code": deal.sale.coupon_code,
        "email": deal.sale.customer.email,
        "created_at": _opened_at(deal),
    }


def _order_row(deal: Deal) -> Row:
    sale = deal.sale
    status, payment_status = STATUSES[sale.fate]
    return {
        "id": deal.order_id,
        "number": deal.number,
        "checkout_id": deal.id_of("checkout"),
        "user_id": deal.account_id,
        "email": sale.customer.email,
        "email_key": sale.customer.email_key,
        "status": status.value,
        "payment_status": payment_status.value,
        "currency": CURRENCY,
        **asdict(deal.sums),
        "refunded_minor": deal.refund_minor,
        "coupon_id": deal.coupon_id,
        "coupon_code": sale.coupon_code,
        "shipping_address": dict(sale.customer.address),
        "placed_at": sale.placed_at,
        "created_at": sale.placed_at,
        "updated_at": deal.ended_at,
    }


def _line_rows(deal: Deal) -> list[Row]:
    return [
        {
            "id": deal.id_of("line", position),
            "order_id": deal.order_id,
            "position": position,
            "variant_id": line.variant_id,
            "product_id": line.product_id,
            "name": line.name,
            "sku": line.sku,
            "options": line.options,
            "image_public_id": line.image_public_id,
            "quantity": line.quantity,
            "price_minor": line.price_minor,
            "discount_minor": line.discount_minor,
            "tax_minor": line.tax_minor,
            "total_minor": line.total_minor,
            "refunded_quantity": pieces,
            "refunded_minor": amount,
            "restocked_quantity": pieces if deal.sale.fate in WHOLLY_GIVEN_BACK else 0,
        }
        for position, (line, (pieces, amount)) in enumerate(zip(deal.lines, deal.given_back, strict=True))
    ]


def _redemption_row(books: Books, deal: Deal, coupon: CouponTerms) -> Row:
    """Return the use of a coupon; the uses of one customer are numbered, cancelled orders give theirs back."""
    is_released = deal.sale.fate is Fate.CANCELLED
    email_key = deal.sale.customer.email_key
    earlier = sum(
        (row["code"], row["email_key"], row["state"]) == (coupon.code, email_key, RedemptionState.USED.value)
        for row in books.redemptions
    )
    return {
        "id": deal.id_of("redemption"),
        "coupon_id": deal.coupon_id,
        "code": coupon.code,
        "checkout_id": deal.id_of("checkout"),
        "order_id": deal.order_id,
        "user_id": deal.account_id,
        "email_key": email_key,
        "use_number": earlier + 1,
        "state": (RedemptionState.RELEASED if is_released else RedemptionState.USED).value,
        "discount_minor": deal.sums.discount_minor,
        "created_at": deal.sale.placed_at,
        "ended_at": deal.course.returned_at if is_released else deal.sale.placed_at,
    }


def stock_ledger(variants: Sequence[Row], movements: Sequence[Row], actor_id: UUID, now: datetime) -> list[Row]:
    """Return the whole ledger, oldest first: what each variant began with, what moved, what a count corrected.

    The sum of a variant's rows is its stock today, and at no moment was it below zero.
    """
    of_variant: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in sorted(movements, key=lambda one: one["created_at"]):
        of_variant[row["variant_id"]].append(row)
    ledger = list(movements)
    for variant in variants:
        balance = list(accumulate((row["delta"] for row in of_variant[variant["id"]]), initial=0))
        first = max(variant["stock"] - balance[-1], -min(balance))
        too_many = first + balance[-1] - variant["stock"]
        counted_at = now - timedelta(hours=1)
        for delta, reason, reference, at in (
            (first, StockReason.INITIAL, "", variant["created_at"]),
            (-too_many, StockReason.CORRECTION, "Returned damaged", counted_at),
        ):
            if delta:
                ledger.append(
                    {
                        "variant_id": variant["id"],
                        "delta": delta,
                        "reason": reason.value,
                        "reference": reference,
                        "actor_id": actor_id,
                        "created_at": at,
                    }
                )
    return sorted(ledger, key=lambda row: (row["created_at"], str(row["variant_id"])))
