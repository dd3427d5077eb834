"""Asking Stripe where payments stand, so that a lost webhook loses no order, no refund and no dispute.

Four sweeps, each harmless when repeated: live checkouts, events that never came, refunds that never ended, and payments
that Stripe knows and the shop does not.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from shophub.db import transaction
from shophub.domain.statuses import AlertKind, ProviderEventStatus
from shophub.integrations import stripe
from shophub.integrations.stripe import PaymentIntentStateError, StripeEvent, StripePaymentIntent
from shophub.lib.clock import utc_now
from shophub.repositories import checkouts, marks, provider_events, refunds, stores
from shophub.services.alerts import raise_alert
from shophub.services.flows.handle_event import EVENTS, handle_event
from shophub.services.flows.refund import finish_refund
from shophub.services.flows.sweeping import each
from shophub.services.settlement import MOVED, end_checkout, settle

log = structlog.get_logger(__name__)
# What was asked about, or changed, this recently is left to its webhook.
PATIENCE = timedelta(seconds=20)
EVENT_PATIENCE = timedelta(seconds=60)
# Events are listed by the time they were made; clocks differ, and some become visible late.
OVERLAP = timedelta(minutes=10)
# The first run goes back as far as Stripe itself keeps trying; after a pause, as far as Stripe keeps events.
REACH = timedelta(days=3)
KEPT = timedelta(days=30)
REFUND_PATIENCE = timedelta(minutes=2)
# A checkout lives for an hour at most; a payment of one is begun, confirmed and known well within this. Each night the
# days before are looked through as well, for what an outage or a wrong key has hidden.
PAYMENTS_SINCE = timedelta(hours=6)
PAYMENTS_SINCE_NIGHTLY = timedelta(days=4)
ORPHAN_AGE = timedelta(minutes=5)


async def reconcile_checkout(checkout_id: UUID) -> None:
    """Ask Stripe about one checkout and finish what it says: make the order, note the processing, or end it.

    Raises:
        ProviderError: Stripe cannot be reached; nothing was changed.
    """
    async with transaction() as session:
        checkout = await checkouts.find(session, checkout_id)
    if checkout is None or checkout.stripe_payment_intent_id is None:
        return
    asked_at = utc_now()
    intent = await stripe.get_payment_intent(checkout.stripe_payment_intent_id)
    async with transaction() as session:
        store = await stores.get_store(session)
        if intent.status == "canceled":
            await end_checkout(session, checkout_id)
        else:
            await settle(session, intent, store.store_id, asked_at)
        await checkouts.touch(session, checkout_id)


async def reconcile_open_checkouts() -> int:
    """Reconcile every live checkout that has been quiet for a while. Returns how many were asked about."""
    async with transaction() as session:
        waiting = await checkouts.list_live_with_payment(session, utc_now() - PATIENCE)
    return await each(waiting, reconcile_checkout, "checkout", failed=_touch)


async def _touch(checkout_id: UUID) -> None:
    async with transaction() as session:
        await checkouts.touch(session, checkout_id)  # to the end of the line: others must have their turn


async def reconcile_events(*, now: datetime | None = None) -> int:
    """Handle the events whose webhook never came, oldest first. Returns how many there were.

    How far it has come is kept by Stripe's clock, not by ours. One that cannot be handled does not hold up the others;
    it is asked for again each time until it can.

    Raises:
        ProviderError: Stripe cannot be reached.
        Exception: What went wrong with the first that could not be handled, once all others are.
    """
    now = now or utc_now()
    async with transaction() as session:
        reached = await marks.find(session, "stripe_events")
    since = max(reached - OVERLAP, now - KEPT) if reached else now - REACH
    until = now - EVENT_PATIENCE
    made = [event for event in await stripe.list_events(since, EVENTS) if event.created_at <= until]
    async with transaction() as session:
        known = await provider_events.list_known(session, [event.id for event in made])
    missing = [event for event in reversed(made) if event.id not in known]
    failed: list[StripeEvent] = []

    async def handle(event: StripeEvent) -> None:
        failed.append(event)
        await handle_event(event)
        failed.remove(event)

    try:
        return await each(missing, handle, "event", failed=_give_up_in_time)
    finally:
        done = [event.created_at for event in made if all(event.created_at < other.created_at for other in failed)]
        if done:
            async with transaction() as session:
                await marks.move(session, "stripe_events", max(done))


async def _give_up_in_time(event: StripeEvent) -> None:
    """Tell somebody of an event that cannot be handled; after three days, as Stripe does, stop asking for it."""
    message = f"Stripe's event {event.id} ({event.type}) cannot be handled."
    async with transaction() as session:
        await raise_alert(session, AlertKind.EVENT_FAILED, event.id, message)
        if utc_now() - event.created_at > REACH:
            await provider_events.insert_once(
                session,
                event_id=event.id,
                kind=event.type,
                object_id=event.object_id,
                status=ProviderEventStatus.ALERT,
                message=message,
                payload={},
                occurred_at=event.created_at,
            )


async def reconcile_refunds(*, now: datetime | None = None) -> int:
    """Finish every refund that was recorded and never ended. Returns how many were asked about."""
    async with transaction() as session:
        waiting = await refunds.list_pending(session, (now or utc_now()) - REFUND_PATIENCE)
    return await each(waiting, finish_refund, "refund")


async def reconcile_payments(*, now: datetime | None = None, since: timedelta = PAYMENTS_SINCE) -> int:
    """Look through Stripe's own list for payments of this store that the shop does not know. Returns how many.

    What was paid is settled (an order, or an alert). What nobody can pay, because the shop never learnt of it and so
    never gave it to a browser, is cancelled.
    """
    now = now or utc_now()
    async with transaction() as session:
        store = await stores.get_store(session)
    listed = await stripe.list_payment_intents(now - since)
    own = [one for one in listed if one.metadata.get("store_id") == store.store_id and one.status != "canceled"]
    async with transaction() as session:
        settled = await checkouts.list_settled_intents(session, [one.id for one in own])
    unsettled = [one for one in own if one.id not in settled]

    async def take_over(intent: StripePaymentIntent) -> None:
        await _take_over(intent, store.store_id, now)

    return await each(unsettled, take_over, "payment")


async def _take_over(intent: StripePaymentIntent, store_id: str, now: datetime) -> None:
    if intent.status in MOVED:
        async with transaction() as session:
            await settle(session, intent, store_id)
        return
    async with transaction() as session:
        is_payable = await checkouts.is_payable(session, intent.id)
    if is_payable or now - intent.created_at < ORPHAN_AGE:
        return
    try:
        await stripe.cancel_payment_intent(intent.id)
    except PaymentIntentStateError:
        log.warning("orphan_moved", intent_id=intent.id)  # paid in this very moment: the next run settles it
