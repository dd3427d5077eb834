"""What a PaymentIntent's present state means for its checkout.

A function of that state alone, so that the order in which events arrive does not matter.
"""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.revisions import Revision
from shophub.domain.statuses import CheckoutStatus, ProviderEventStatus
from shophub.integrations.stripe import StripePaymentIntent
from shophub.repositories import checkouts, coupons, inventory
from shophub.services.placing import place_order

Outcome = tuple[ProviderEventStatus, str]


async def settle(session: AsyncSession, intent: StripePaymentIntent, store_id: str) -> Outcome:
    """Bring the checkout to where its payment is: ordered, processing, given up, or unchanged.

    Returns what became of it: handled; ignored (another application's payment); or an alert (ours, but unknown).
    """
    if intent.metadata.get("store_id") != store_id:
        return ProviderEventStatus.IGNORED, "Not of this store."
    checkout_id, revision = _reference(intent)
    checkout = await checkouts.find(session, checkout_id) if checkout_id else None
    if checkout is None or checkout_id is None:
        return ProviderEventStatus.ALERT, "A payment of this store for a checkout that is not known."
    if checkout.stripe_payment_intent_id not in (None, intent.id):
        return ProviderEventStatus.ALERT, "A payment for a checkout that is paid by another PaymentIntent."
    match intent.status:
        case "succeeded":
            if await checkouts.find_revision(session, checkout_id, revision) is None:
                return ProviderEventStatus.ALERT, "A payment for a revision that is not known."
            placed = await place_order(session, checkout_id, revision, intent)
            if placed.is_paid_otherwise:
                return ProviderEventStatus.ALERT, f"A second payment for SH-{placed.number}: refund it at Stripe."
            return ProviderEventStatus.HANDLED, f"SH-{placed.number}"
        case "processing":
            await checkouts.set_status(session, checkout_id, CheckoutStatus.PROCESSING)
        case "canceled":
            await end_checkout(session, checkout_id)
        case _:
            await checkouts.reopen(session, checkout_id)
    return ProviderEventStatus.HANDLED, intent.status


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
