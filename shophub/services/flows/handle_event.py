"""A signed event from Stripe: ask what is true now, then record the event and its effect in one transaction."""

from shophub.db import transaction
from shophub.domain.statuses import ProviderEventStatus
from shophub.integrations import stripe
from shophub.integrations.stripe import StripeEvent
from shophub.repositories import provider_events, stores
from shophub.services.settlement import Outcome, settle

PAYMENT_EVENTS = frozenset(
    {
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payment_intent.canceled",
    }
)


async def handle_event(event: StripeEvent) -> None:
    """Handle one event, once: twins and late-comers find it recorded and do nothing.

    What the event says is not believed: the PaymentIntent's state is asked for, so that events may come in any order.

    Raises:
        ProviderError: Stripe cannot be reached; nothing was stored, so that Stripe sends the event again.
    """
    async with transaction() as session:
        if await provider_events.is_known(session, event.id):
            return
    intent = None
    if event.type in PAYMENT_EVENTS and event.payment_intent_id is not None:
        intent = await stripe.get_payment_intent(event.payment_intent_id)
    async with transaction() as session:
        outcome: Outcome = (ProviderEventStatus.IGNORED, "Not an event that the shop acts on.")
        if intent is not None:
            store = await stores.get_store(session)
            outcome = await settle(session, intent, store.store_id)
        await provider_events.insert_once(
            session,
            event_id=event.id,
            kind=event.type,
            object_id=event.object_id,
            status=outcome[0],
            message=outcome[1],
            payload=event.payload,
            occurred_at=event.created_at,
        )
