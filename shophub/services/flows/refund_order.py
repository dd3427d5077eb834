"""Refunding an order: in full, by line or by amount."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog

from shophub.db import AsyncSession, transaction
from shophub.domain.order_numbers import order_number
from shophub.domain.statuses import RefundStatus
from shophub.errors import ConflictError, OrderNotFoundError, ProviderError, UnavailableError
from shophub.integrations import queue
from shophub.repositories import order_steps, refunds
from shophub.repositories.refunds import RefundRow
from shophub.services import audit
from shophub.services.audit import SHOP, Actor
from shophub.services.flows.refund import finish_refund
from shophub.services.refunds import RefundRequest, request_refund

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class RefundResult:
    """A refund and where it stands. The amount is in minor units of ``currency``."""

    id: UUID
    status: RefundStatus
    amount_minor: int
    currency: str


async def refund_order(
    number: int,
    *,
    lines: Mapping[str, int] | None = None,
    amount_minor: int | None = None,
    restock: bool = False,
    reason: str = "",
    actor: Actor = SHOP,
    request_id: UUID | None = None,
    beside_minor: int = 0,
) -> RefundResult:
    """Give back units of lines (by SKU), an amount in minor units, or, with neither, all that is left.

    ``beside_minor`` is given back together with lines: for delivery, say.

    Never more than was paid, however many ask at once. With Stripe out of reach the refund is recorded, stays pending,
    and a job finishes it; a crash at any point is made up for in the same way. Units go back into stock (``restock``)
    once the money has. With a ``request_id`` (made by whoever asks, new for each refund) a repeated call after a lost
    answer finds the refund that it made before.

    Raises:
        OrderNotFoundError: No such order.
        NotPaidError, PaymentDisputedError, RefundTooLargeError, InvalidInputError: See ``services.refunds``.
    """
    request = RefundRequest(lines, amount_minor, restock, reason, actor.user_id, request_id, beside_minor)
    async with transaction() as session:
        order = await order_steps.lock(session, number)
        if order is None:
            raise OrderNotFoundError("We could not find that order.")
        refund = await refunds.find(session, request_id) if request_id else None
        if refund is None:
            refund = await request_refund(session, order, request)
            await queue.enqueue(session, "refunds.finish", refund_id=str(refund.id))
            await _record(session, actor, number, refund)
        elif refund.order_id != order.id:
            raise ConflictError("That request was for another order.")
    status = await finish_soon(refund.id)
    return RefundResult(refund.id, status, refund.amount_minor, refund.currency)


async def _record(session: AsyncSession, actor: Actor, number: int, refund: RefundRow) -> None:
    await audit.record(
        session,
        actor,
        "order.refund",
        target="order",
        target_id=order_number(number),
        after={"refund": str(refund.id), "amount_minor": refund.amount_minor, "currency": refund.currency},
    )


async def finish_soon(refund_id: UUID) -> RefundStatus:
    """Ask Stripe now rather than when its job's turn comes; with Stripe or the database out of reach, the job does."""
    try:
        return await finish_refund(refund_id)
    except (ProviderError, UnavailableError) as error:
        log.warning("refund_waits", refund_id=str(refund_id), error_type=type(error).__name__)
        return RefundStatus.PENDING
