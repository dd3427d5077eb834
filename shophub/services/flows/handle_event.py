"""A signed event from Stripe: ask what is true now, then record the event and its effect in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import ProviderEventStatus
from shophub.errors import NotFoundError, ProviderError
from shophub.integrations import stripe
from shophub.integrations.stripe import StripeDispute, StripeEvent, StripePaymentIntent, StripeRefund
from shophub.integrations.stripe_objects import event_of
from shophub.lib.clock import utc_now
from shophub.repositories import provider_events, refunds, stores
from shophub.services import audit
from shophub.services.audit import Actor
from shophub.services.disputes import sync_dispute
from shophub.services.event_payloads import without_persons
from shophub.services.refunds import sync_refund
from shophub.services.settlement import Outcome, settle

PAYMENT_EVENTS = frozenset(
    {
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payment_intent.canceled",
        # Of Stripe's own payment page, which the shop does not open: their payment counts like any other.
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
    }
)
REFUND_EVENTS = frozenset({"charge.refunded", "refund.created", "refund.updated", "refund.failed"})
DISPUTE_EVENTS = frozenset(
    {
        "charge.dispute.created",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
    }
)
EVENTS = PAYMENT_EVENTS | REFUND_EVENTS | DISPUTE_EVENTS


@dataclass(frozen=True)
class _Facts:
    """What Stripe says now of the payment that an event is about."""

    intent: StripePaymentIntent | None = None
    refunds: Sequence[StripeRefund] = ()
    disputes: Sequence[StripeDispute] = ()


async def handle_event(event: StripeEvent) -> None:
    """Handle one event, once: twins and late-comers find it recorded and do nothing.

    What the event says is not believed: Stripe is asked how the payment, its refunds and disputes stand, so that events
    may come in any order and one that contradicts the present has no effect. An event without a payment of ours is
    kept and ignored.

    Raises:
        ProviderError: Stripe cannot be reached; nothing was stored, so that Stripe sends the event again.
    """
    async with transaction() as session:
        if await provider_events.is_known(session, event.id):
            return
        store = await stores.get_store(session)
    asked_at = utc_now()
    facts = await _ask(event, store.store_id)
    async with transaction() as session:
        outcome = await _apply(session, facts, store.store_id, asked_at)
        await provider_events.insert_once(
            session,
            event_id=event.id,
            kind=event.type,
            object_id=event.object_id,
            status=outcome[0],
            message=outcome[1],
            payload=without_persons(event.payload),
            occurred_at=event.created_at,
        )


async def handle_again(event_id: str, *, actor: Actor) -> ProviderEventStatus:
    """Handle an event that is known once more, for somebody who has put right what was in the way.

    What has happened already does not happen twice: every effect follows from how the payment stands at Stripe now.

    Raises:
        NotFoundError: No such event, or nothing is kept of it because it was not about a payment of this store.
        ProviderError: Stripe cannot be reached; nothing has changed.
    """
    async with transaction() as session:
        payload = await provider_events.find_payload(session, event_id)
        store = await stores.get_store(session)
    if not payload:
        raise NotFoundError("Nothing is kept of that event that could be handled again.")
    event = event_of(payload)
    asked_at = utc_now()
    facts = await _ask(event, store.store_id)
    async with transaction() as session:
        status, message = await _apply(session, facts, store.store_id, asked_at)
        await provider_events.set_outcome(session, event_id, status, message)
        await audit.record(
            session, actor, "payment_event.handle_again", target="payment_event", target_id=event_id,
            after={"outcome": status.value},
        )  # fmt: skip
    return status


async def _ask(event: StripeEvent, store_id: str) -> _Facts:
    intent_id = event.payment_intent_id
    if event.type not in EVENTS or intent_id is None:
        return _Facts()
    try:
        intent = await stripe.get_payment_intent(intent_id)
        refunded = await stripe.list_refunds(intent_id) if event.type in REFUND_EVENTS else ()
        disputed = await stripe.list_disputes(intent_id) if event.type in DISPUTE_EVENTS else ()
    except ProviderError as error:
        if error.provider_code != "resource_missing":
            raise
        if event.store_id == store_id:  # ours, and not there: the key is another account's, and will be put right
            raise ProviderError("Stripe does not know a payment of this store.", retryable=True) from error
        return _Facts()
    return _Facts(intent, refunded, disputed)


async def _apply(session: AsyncSession, facts: _Facts, store_id: str, asked_at: datetime) -> Outcome:
    if facts.intent is None:
        return ProviderEventStatus.IGNORED, "Not an event that the shop acts on."
    outcome = await settle(session, facts.intent, store_id, asked_at)
    if outcome[0] is ProviderEventStatus.IGNORED or not (facts.refunds or facts.disputes):
        return outcome
    order_id = await refunds.find_order_of_intent(session, facts.intent.id)
    if order_id is None:
        return ProviderEventStatus.ALERT, "A refund or dispute of a payment that made no order."
    for refund in facts.refunds:
        await sync_refund(session, order_id, refund)
    for dispute in facts.disputes:
        await sync_dispute(session, order_id, dispute)
    return outcome
