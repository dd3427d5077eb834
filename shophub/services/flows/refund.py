"""Giving money back: the row first, then Stripe under the row's id, then the outcome. A crash between is repeated."""

from uuid import UUID

from shophub.db import transaction
from shophub.domain.statuses import RefundStatus
from shophub.errors import NotFoundError
from shophub.integrations import stripe
from shophub.repositories import refunds


async def finish_refund(refund_id: UUID) -> None:
    """Ask Stripe for a refund that was recorded, and record what came of it. Any number of calls pay once.

    Raises:
        NotFoundError: No such refund.
        ProviderError: Stripe cannot be reached; the refund stays pending.
    """
    async with transaction() as session:
        refund = await refunds.find(session, refund_id)
    if refund is None:
        raise NotFoundError("No such refund.")
    if refund.status != RefundStatus.PENDING:
        return
    answer = await stripe.create_refund(
        payment_intent_id=refund.stripe_payment_intent_id,
        amount_minor=refund.amount_minor,
        metadata={"refund_id": str(refund.id)},
        idempotency_key=f"refund-{refund.id}",
    )
    async with transaction() as session:
        if answer.status == "succeeded":
            await refunds.succeed(session, refund, answer.id)
        elif answer.status in ("failed", "canceled"):
            await refunds.fail(session, refund, answer.id, answer.failure_reason or answer.status)
        else:
            await refunds.note_provider_id(session, refund, answer.id)
