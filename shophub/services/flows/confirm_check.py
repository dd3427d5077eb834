"""Pressing Pay: do the revision and its goods still stand?"""

from uuid import UUID

from shophub.db import transaction
from shophub.domain.statuses import CheckoutStatus
from shophub.errors import CheckoutExpiredError, PaymentInProgressError
from shophub.lib.clock import utc_now
from shophub.repositories import checkouts
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import PaymentView
from shophub.services.checkouts import find_own_checkout, renewed_end
from shophub.services.views.checkouts import payment_view
from shophub.settings import get_settings


async def check_before_confirm(visitor: Visitor, checkout_id: UUID) -> PaymentView:
    """Return what is about to be paid, and hold it for a while longer.

    Raises:
        CheckoutNotFoundError: Not the visitor's.
        CheckoutExpiredError: Its time is over; paying starts anew from the cart.
        PaymentInProgressError: It is being paid, or was.
    """
    async with transaction() as session:
        checkout = await find_own_checkout(session, visitor, checkout_id)
        if checkout.status in (CheckoutStatus.PROCESSING, CheckoutStatus.COMPLETED):
            raise PaymentInProgressError("This has been paid already.")
        if not checkout.is_live or checkout.expires_at <= utc_now():
            raise CheckoutExpiredError("We could hold your items no longer. Please check your cart and try again.")
        revision = await checkouts.find_revision(session, checkout.id, checkout.revision)
        if revision is None or checkout.stripe_client_secret is None:
            raise CheckoutExpiredError("Please start the payment again.")
        await checkouts.extend(session, checkout.id, renewed_end(checkout))
    return payment_view(checkout, revision, get_settings())
