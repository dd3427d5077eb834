"""What can be done with an order next: one table for the page that offers it and the lists that count it."""

from dataclasses import dataclass
from enum import StrEnum

from shophub.domain.statuses import ORDER_STEPS, OrderStatus, PaymentStatus

# A part of the money may have gone back: the rest of the goods is still wanted.
PAID = frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED})


class OrderAction(StrEnum):
    """A step that somebody of the staff takes."""

    REVIEW = "review"
    PACK = "pack"
    SHIP = "ship"
    DELIVER = "deliver"
    CANCEL = "cancel"
    REFUND = "refund"


@dataclass(frozen=True)
class OrderStanding:
    """What the next steps depend on. ``left_minor`` is None where there was nothing to pay."""

    status: OrderStatus
    payment_status: PaymentStatus
    needs_review: bool = False
    is_packed: bool = False
    left_minor: int | None = None
    has_open_dispute: bool = False


def legal_actions(order: OrderStanding) -> frozenset[OrderAction]:
    """Return the steps that would not be refused. The services refuse the others whatever a page offers."""
    following = ORDER_STEPS[order.status]
    actions = set()
    if order.needs_review:
        actions.add(OrderAction.REVIEW)
    if OrderStatus.SHIPPED in following and _may_leave(order):
        actions.add(OrderAction.SHIP)
        if not order.is_packed:
            actions.add(OrderAction.PACK)
    if OrderStatus.DELIVERED in following:
        actions.add(OrderAction.DELIVER)
    if OrderStatus.CANCELLED in following and not order.has_open_dispute:
        actions.add(OrderAction.CANCEL)
    if order.left_minor and not order.has_open_dispute:
        actions.add(OrderAction.REFUND)
    return frozenset(actions)


def _may_leave(order: OrderStanding) -> bool:
    return not order.needs_review and order.payment_status in PAID and order.left_minor != 0
