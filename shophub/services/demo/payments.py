"""Makes the made-up payments of recent demo orders real ones at the Stripe sandbox.

Without it nobody could cancel or refund a demo order: the sandbox would not know its payment. Each step can be
repeated, and a run that was killed is finished by the next.
"""

from datetime import timedelta

import structlog

from shophub.db import transaction
from shophub.errors import NotFoundError
from shophub.integrations import stripe
from shophub.integrations.stripe import PaymentIntentStateError, StripePaymentIntent
from shophub.lib.clock import utc_now
from shophub.repositories import checkouts, demo_payments, stores
from shophub.repositories.demo_payments import DemoPayment
from shophub.services.settlement import intent_metadata
from shophub.settings import get_settings

PAY_ORDERS = "demo.pay_orders"
RECENT = timedelta(days=60)
TEST_CARD = "pm_card_visa"

log = structlog.get_logger(__name__)


async def pay_demo_orders(recent: timedelta = RECENT) -> int:
    """Pay the orders that are under way or not older than ``recent``, newest first; their refunds are made as well.

    Returns how many were paid now. Nothing is done, and nobody asked, unless payments go to the sandbox.

    Raises:
        ProviderError: The sandbox cannot be reached; what was done stays.
    """
    if not get_settings().stripe_is_sandbox:
        return 0
    async with transaction() as session:
        waiting = await demo_payments.list_unpaid(session, utc_now() - recent)
    for payment in waiting:
        await _pay(payment)
    if waiting:
        log.info("demo_orders_paid", count=len(waiting))
    return len(waiting)


async def _pay(payment: DemoPayment) -> None:
    """Have the sandbox take the money, and give back what was given back.

    The shop knows the PaymentIntent before it is confirmed: when the event of it comes, it is that of its order.
    """
    intent_id = await _begin(payment) if payment.is_made_up else payment.intent_id
    intent = await _confirm(payment, intent_id)
    if payment.refund_id is not None and payment.refund_minor is not None:
        refund = await stripe.create_refund(
            payment_intent_id=intent_id,
            amount_minor=payment.refund_minor,
            metadata={"refund_id": str(payment.refund_id)},
            idempotency_key=f"refund-{payment.refund_id}",
        )
        async with transaction() as session:
            await demo_payments.set_refund(session, payment, refund.id)
    async with transaction() as session:
        await demo_payments.set_charge(session, payment, intent.latest_charge_id)


async def _begin(payment: DemoPayment) -> str:
    async with transaction() as session:
        store = await stores.get_store(session)
        revision = await checkouts.find_revision(session, payment.checkout_id, payment.revision)
    if revision is None:
        raise NotFoundError("A demo order without its revision.")
    intent = await stripe.create_payment_intent(
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        metadata=intent_metadata(store.store_id, revision),
        idempotency_key=f"demo-{payment.id}",
    )
    async with transaction() as session:
        await demo_payments.set_intent(session, payment, intent.id, intent.client_secret)
    return intent.id


async def _confirm(payment: DemoPayment, intent_id: str) -> StripePaymentIntent:
    try:
        return await stripe.confirm_payment_intent(
            intent_id,
            payment_method=TEST_CARD,
            return_url=get_settings().public_url,
        )
    except PaymentIntentStateError as error:
        return error.intent  # a run before this one got as far
