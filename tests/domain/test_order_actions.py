"""Which steps are offered next."""

from dataclasses import replace

import pytest

from shophub.domain.order_actions import OrderAction, OrderStanding, legal_actions
from shophub.domain.statuses import OrderStatus, PaymentStatus

READY = OrderStanding(OrderStatus.PROCESSING, PaymentStatus.PAID, left_minor=5_000)
A = OrderAction


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {A.PACK, A.SHIP, A.CANCEL, A.REFUND}),
        ({"is_packed": True}, {A.SHIP, A.CANCEL, A.REFUND}),
        ({"needs_review": True}, {A.REVIEW, A.CANCEL, A.REFUND}),
        ({"has_open_dispute": True}, {A.PACK, A.SHIP}),
        ({"left_minor": None}, {A.PACK, A.SHIP, A.CANCEL}),
        ({"left_minor": 0}, {A.CANCEL}),
        ({"payment_status": PaymentStatus.PARTIALLY_REFUNDED}, {A.PACK, A.SHIP, A.CANCEL, A.REFUND}),
        ({"status": OrderStatus.PENDING, "payment_status": PaymentStatus.PENDING, "left_minor": None}, {A.CANCEL}),
        ({"status": OrderStatus.SHIPPED}, {A.DELIVER, A.REFUND}),
        ({"status": OrderStatus.DELIVERED}, {A.REFUND}),
        ({"status": OrderStatus.CANCELLED, "payment_status": PaymentStatus.REFUNDED, "left_minor": 0}, set()),
    ],
    ids=(
        "ready",
        "packed",
        "flagged",
        "disputed",
        "cost_nothing",
        "all_given_back",
        "partly_refunded",
        "not_paid",
        "shipped",
        "delivered",
        "cancelled",
    ),
)
def test_only_steps_that_would_not_be_refused_are_offered(change: dict[str, object], expected: set[OrderAction]):
    assert legal_actions(replace(READY, **change)) == expected
