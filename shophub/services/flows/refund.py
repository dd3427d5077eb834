"""Giving money back: the row first, then Stripe under the row's id, then the outcome. A crash between is repeated."""

from datetime import timedelta
from uuid import UUID

from shophub.db import transaction
from shophub.domain.statuses import RefundStatus
from shophub.errors import NotFoundError, ProviderError
from shophub.integrations import stripe
from shophub.integrations.stripe import PaymentIntentStateError, StripeRefund
from shophub.lib.clock import utc_now
from shophub.repositories import refunds
from shophub.repositories.refunds import RefundRow
from shophub.services.refunds import record_outcome, record_refusal

# Stripe remembers an idempotency key for a day; before that is over it is asked what it has instead.
KEY_LIFETIME = timedelta(hours=20)


async def finish_refund(refund_id: UUID) -> RefundStatus:
    """Ask Stripe for a refund that was recorded, and record what came of it. Any number of calls pay once.

    A refusal for good (refunded elsewhere, disputed) ends it as failed, and somebody is alerted.

    Raises:
        NotFoundError: No such refund.
        ProviderError: Stripe cannot be reached; the refund stays pending.
    """
    async with transaction() as session:
        refund = await refunds.find(session, refund_id)
    if refund is None:
        raise NotFoundError("No such refund.")
    if refund.status != RefundStatus.PENDING:
        return RefundStatus(refund.status)
    try:
        answer = await _ask(refund)
    except (ProviderError, PaymentIntentStateError) as error:
        if isinstance(error, ProviderError) and error.retryable:
            raise
        refusal = error.provider_code if isinstance(error, ProviderError) else error.intent.status
        async with transaction() as session:
            await record_refusal(session, refund_id, refusal or "refused")
        return RefundStatus.FAILED
    async with transaction() as session:
        return await record_outcome(session, refund_id, answer) or RefundStatus.PENDING


async def _ask(refund: RefundRow) -> StripeRefund:
    if refund.stripe_refund_id is not None:
        return await stripe.get_refund(refund.stripe_refund_id)
    if utc_now() - refund.created_at > KEY_LIFETIME:
        for known in await stripe.list_refunds(refund.stripe_payment_intent_id):
            if known.metadata.get("refund_id") == str(refund.id):
                return known
    return await stripe.create_refund(
        payment_intent_id=refund.stripe_payment_intent_id,
        amount_minor=refund.amount_minor,
        metadata={"refund_id": str(refund.id)},
        idempotency_key=f"refund-{refund.id}",
    )
