"""Looking after a payment whose page is open: finish what Stripe says, and tell whether it can be tried again."""

from uuid import UUID

from shophub.db import transaction
from shophub.domain.statuses import CheckoutStatus
from shophub.integrations import stripe
from shophub.schemas.accounts import Visitor
from shophub.services.checkouts import find_own_checkout
from shophub.services.flows.reconcile import reconcile_checkout

_UNDER_WAY = frozenset({"succeeded", "processing"})


async def follow_payment(visitor: Visitor, checkout_id: UUID) -> bool:
    """Reconcile the visitor's checkout with Stripe. Returns whether its payment came to nothing and may be tried again.

    Raises:
        CheckoutNotFoundError: Not the visitor's.
        ProviderError: Stripe cannot be reached; nothing was changed.
    """
    async with transaction() as session:
        await find_own_checkout(session, visitor, checkout_id)
    await reconcile_checkout(checkout_id)
    async with transaction() as session:
        checkout = await find_own_checkout(session, visitor, checkout_id)
    if checkout.status != CheckoutStatus.OPEN or checkout.stripe_payment_intent_id is None:
        return False
    intent = await stripe.get_payment_intent(checkout.stripe_payment_intent_id)
    return intent.status not in _UNDER_WAY
