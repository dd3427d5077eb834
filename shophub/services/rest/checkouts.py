"""Checkouts as programs see them."""

from datetime import datetime
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.statuses import CheckoutStatus
from shophub.schemas.accounts import Visitor
from shophub.schemas.api.checkouts import CheckoutOut, OrderedOut, StartedOut
from shophub.schemas.checkouts import PaymentView
from shophub.services.checkouts import get_status


def started(payment: PaymentView) -> StartedOut | OrderedOut:
    """Return what a program needs to have a checkout paid, or the order that needed no payment."""
    if payment.order_number:
        return OrderedOut(order_number=payment.order_number)
    return StartedOut(
        checkout_id=UUID(payment.checkout_id),
        client_secret=payment.client_secret,
        amount=payment.amount_minor,
        currency=payment.currency,
        expires_at=datetime.fromisoformat(payment.expires_at_iso),
    )


async def get_checkout(session: AsyncSession, checkout_id: UUID, visitor: Visitor, client_secret: str) -> CheckoutOut:
    """Return where a checkout stands, for its owner or who has its client secret.

    Raises:
        CheckoutNotFoundError: None with that id is theirs.
    """
    status = await get_status(session, checkout_id, visitor, client_secret)
    return CheckoutOut(
        status=CheckoutStatus(status.status),
        order_number=status.order_number or None,
        amount=status.amount_minor,
        currency=status.currency,
        expires_at=datetime.fromisoformat(status.expires_at_iso),
    )
