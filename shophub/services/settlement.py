"""What a PaymentIntent's present state means for its checkout.

A function of that state alone, so that the order in which events arrive does not matter.
"""

from datetime import datetime
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.order_numbers import order_number
from shophub.domain.revisions import Revision
from shophub.domain.statuses import AlertKind, CheckoutStatus, ProviderEventStatus
from shophub.integrations.stripe import StripePaymentIntent
from shophub.repositories import checkouts, coupons, inventory
from shophub.services.alerts import raise_alert
from shophub.services.emails.outbox import EmailKind, enqueue_email
from shophub.services.placing import place_order

Outcome = tuple[ProviderEventStatus, str]
# Money has moved or is about to: such a payment can never be passed over.
MOVED = frozenset({"succeeded", "processing"})


async def settle(
    session: AsyncSession, intent: StripePaymentIntent, store_id: str, asked_at: datetime | None = None
) -> Outcome:
    """Bring the checkout to where its payment is: ordered, processing, given up, or unchanged.

    Returns what became of it: handled; ignored (another application's payment, or one that nobody was ever given); or
    an alert (ours, but unknown, or a second payment). ``asked_at`` is when Stripe was asked: an answer older than the
    checkout's last change opens nothing again.
    """
    if intent.metadata.get("store_id") != store_id:
        return ProviderEventStatus.IGNORED, "Not of this store."
    checkout_id, revision = _reference(intent)
    checkout = await checkouts.find(session, checkout_id) if checkout_id else None
    if checkout is None or checkout_id is None:
        return await _alert(session, intent, "A payment of this store for a checkout that is not known.")
    if checkout.stripe_payment_intent_id != intent.id and intent.status not in MOVED:
        return ProviderEventStatus.IGNORED, "Not the payment of its checkout, and nothing was paid."
    if checkout.stripe_payment_intent_id not in (None, intent.id):
        return await _alert(session, intent, "A payment for a checkout that is paid by another PaymentIntent.")
    if checkout.stripe_payment_intent_id is None:  # the shop was stopped before it could note it
        await checkouts.set_payment_intent(session, checkout_id, intent.id, intent.client_secret)
    match intent.status:
        case "succeeded":
            return await _order(session, intent, checkout_id, revision)
        case "processing":
            await checkouts.set_status(session, checkout_id, CheckoutStatus.PROCESSING)
        case "canceled":
            await end_checkout(session, checkout_id)
        case _:
            if await checkouts.reopen(session, checkout_id, asked_at):
                # It was being settled by a bank, perhaps for days: nobody waits in front of a page any more.
                await enqueue_email(session, EmailKind.PAYMENT_FAILED, checkout_id)
    return ProviderEventStatus.HANDLED, intent.status


async def _order(session: AsyncSession, intent: StripePaymentIntent, checkout_id: UUID, revision: int) -> Outcome:
    if await checkouts.find_revision(session, checkout_id, revision) is None:
        return await _alert(session, intent, "A payment for a revision that is not known.")
    placed = await place_order(session, checkout_id, revision, intent)
    name = order_number(placed.number)
    if placed.is_paid_otherwise:
        message = f"A second payment for {name}: refund it at Stripe."
        await raise_alert(session, AlertKind.SECOND_PAYMENT, intent.id, message, once=True)
        return ProviderEventStatus.ALERT, message
    return ProviderEventStatus.HANDLED, name


async def _alert(session: AsyncSession, intent: StripePaymentIntent, message: str) -> Outcome:
    if intent.status in MOVED:
        await raise_alert(session, AlertKind.UNKNOWN_PAYMENT, intent.id, message, once=True)
    return ProviderEventStatus.ALERT, message


async def end_checkout(session: AsyncSession, checkout_id: UUID) -> None:
    """Let a checkout end without an order: stock and coupon use are given back. Nothing happens where it had ended."""
    if await checkouts.set_status(session, checkout_id, CheckoutStatus.EXPIRED):
        await inventory.release(session, checkout_id)
        await coupons.release_use(session, checkout_id)


def intent_metadata(store_id: str, revision: Revision) -> dict[str, str]:
    """Return what a PaymentIntent carries, by which ``settle`` finds its revision again."""
    return {"store_id": store_id, "checkout_id": str(revision.checkout_id), "revision": str(revision.number)}


def _reference(intent: StripePaymentIntent) -> tuple[UUID | None, int]:
    try:
        return UUID(intent.metadata["checkout_id"]), int(intent.metadata["revision"])
    except (KeyError, ValueError):
        return None, 0
