"""From a full cart to a paid order, against the Stripe sandbox."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
import stripe as sdk
from sqlalchemy import event as sa_event

from shophub.db import get_database, transaction
from shophub.errors import (
    CheckoutChangedError,
    CheckoutNotFoundError,
    EmptyCartError,
    InvalidInputError,
    PaymentInProgressError,
)
from shophub.integrations import stripe
from shophub.lib.clock import utc_now
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.schemas.checkouts import AddressForm
from shophub.services import carts
from shophub.services.checkouts import get_status
from shophub.services.flows.confirm_check import check_before_confirm
from shophub.services.flows.handle_event import handle_event
from shophub.services.flows.reconcile import reconcile_checkout
from tests.checkout.conftest import ADDRESS, Shop


async def paid_events(kind: str = "payment_intent.succeeded") -> list[stripe.StripeEvent]:
    return [event for event in await stripe.list_events(utc_now() - timedelta(hours=1)) if event.type == kind]


async def deliver(kind: str = "payment_intent.succeeded") -> None:
    for event in await paid_events(kind):
        await handle_event(event)


async def test_paid_cart_becomes_one_order_with_stock_and_payment(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 3), (shop.lamp, 1))

    payment = await shop.pay_start(visitor)

    assert (payment.amount_minor, payment.currency) == (3 * 1_999 + 4_500, "USD")
    assert await shop.stock(shop.mug) == (10, 3)

    shop.confirm(payment)
    await deliver()

    assert await shop.stock(shop.mug) == (7, 0)
    assert await shop.stock(shop.lamp) == (4, 0)
    ((number, status, paid, total, email),) = await shop.rows(
        "SELECT number, status, payment_status, total_minor, email FROM orders"
    )
    assert (number, status, paid, total) == (1001, "PROCESSING", "PAID", 10_497)
    assert email == "guest-token-of-ada@example.com"
    assert await shop.rows("SELECT amount_minor, currency FROM payments") == [(10_497, "USD")]
    assert await shop.rows("SELECT name, quantity, price_minor FROM order_lines ORDER BY name") == [
        ("Lamp", 1, 4_500),
        ("Mug", 3, 1_999),
    ]
    assert await shop.rows("SELECT delta, reason, reference FROM stock_ledger WHERE delta < 0 ORDER BY delta") == [
        (-3, "order", "SH-1001"),
        (-1, "order", "SH-1001"),
    ]
    assert await shop.rows("SELECT count(*) FROM cart_lines") == [(0,)]
    assert await shop.rows("SELECT task_name FROM procrastinate_jobs") == [("emails.send",)]
    async with transaction() as session:
        shown = await get_status(session, UUID(payment.checkout_id), visitor)
        with pytest.raises(CheckoutNotFoundError):
            await get_status(session, UUID(payment.checkout_id), Visitor(guest_token="somebody-else-entirely"))
    assert (shown.status, shown.order_number) == ("completed", "SH-1001")


async def test_second_click_on_pay_finds_the_same_payment_intent(shop: Shop):
    """Known failure 16: each click on Pay makes a new PaymentIntent."""
    visitor = await shop.guest("ada", (shop.mug, 1))

    payments = await asyncio.gather(*(shop.pay_start(visitor) for _ in range(8)))

    assert len({payment.client_secret for payment in payments}) == 1
    assert len(shop.stripe.v1.payment_intents.list().data) == 1
    assert await shop.stock(shop.mug) == (10, 1)


async def test_changed_cart_moves_the_same_payment_intent_to_a_new_revision(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1), (shop.lamp, 1))
    first = await shop.pay_start(visitor)
    await shop.add(visitor, (shop.mug, 1))

    second = await shop.pay_start(visitor)

    assert second.client_secret == first.client_secret
    assert second.amount_minor == first.amount_minor + 1_999
    (intent,) = shop.stripe.v1.payment_intents.list().data
    assert (intent.amount, intent.metadata.to_dict()["revision"]) == (second.amount_minor, "2")
    assert await shop.stock(shop.mug) == (10, 2)


async def test_order_holds_what_was_paid_not_what_the_cart_became(shop: Shop):
    """Known failure 5: the order is built from the cart as it is when the webhook comes."""
    visitor = await shop.guest("ada", (shop.mug, 1))
    payment = await shop.pay_start(visitor)
    await shop.add(visitor, (shop.mug, 1), (shop.lamp, 2))

    shop.confirm(payment)
    await deliver()

    assert await shop.rows("SELECT name, quantity FROM order_lines") == [("Mug", 1)]
    assert sorted(await shop.rows("SELECT quantity FROM cart_lines")) == [(1,), (2,)]


async def test_empty_cart_at_webhook_time_still_becomes_an_order(shop: Shop):
    """Known failure 9: an empty cart at webhook time is paid, answered 200, and no order."""
    visitor = await shop.guest("ada", (shop.mug, 1))
    payment = await shop.pay_start(visitor)
    shop.confirm(payment)
    await shop.rows("DELETE FROM cart_lines RETURNING 1")
    await shop.rows("DELETE FROM carts RETURNING 1")

    await deliver()

    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]


async def test_two_writers_for_one_order_do_not_fail_each_other(shop: Shop):
    """Known failure 8: two writers for one order, and whichever is second fails."""
    visitor = await shop.guest("ada", (shop.mug, 2))
    payment = await shop.pay_start(visitor)
    shop.confirm(payment)
    (event,) = await paid_events()
    twins = [handle_event(event) for _ in range(8)]
    reconcilers = [reconcile_checkout(UUID(payment.checkout_id)) for _ in range(8)]
    await asyncio.gather(*twins, *reconcilers)

    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
    assert await shop.rows("SELECT count(*) FROM payments") == [(1,)]
    assert await shop.rows("SELECT count(*) FROM procrastinate_jobs") == [(1,)]
    assert await shop.stock(shop.mug) == (8, 0)


async def test_lost_webhook_is_made_up_for_by_reconciliation(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    payment = await shop.pay_start(visitor)
    shop.confirm(payment)
    await reconcile_checkout(UUID(payment.checkout_id))

    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]


async def test_declined_card_leaves_everything_and_a_second_one_works(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    payment = await shop.pay_start(visitor)
    with pytest.raises(sdk.CardError):
        shop.confirm(payment, "pm_card_visa_chargeDeclined")
    await deliver("payment_intent.payment_failed")

    assert await shop.rows("SELECT status FROM checkouts") == [("open",)]
    assert await shop.rows("SELECT count(*) FROM orders") == [(0,)]
    assert await shop.stock(shop.mug) == (10, 1)

    shop.confirm(payment)
    await deliver()

    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]


async def test_paid_checkout_cannot_be_started_or_confirmed_again(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    payment = await shop.pay_start(visitor)
    shop.confirm(payment)
    await shop.add(visitor, (shop.lamp, 1))
    with pytest.raises(PaymentInProgressError):
        await shop.pay_start(visitor)  # Stripe refuses to change what has succeeded

    # …and by that refusal the shop has learnt of the payment.
    assert await shop.rows("SELECT name FROM order_lines") == [("Mug",)]
    with pytest.raises(PaymentInProgressError):
        await check_before_confirm(visitor, UUID(payment.checkout_id))
    assert await shop.stock(shop.lamp) == (5, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"zip_code": "9410"}, "zip_code"),
        ({"zip_code": "94105-12"}, "zip_code"),
        ({"country": "KP"}, "country"),
        ({"country": "DE", "zip_code": "94105-1234"}, "zip_code"),
    ],
)
async def test_address_that_cannot_be_shipped_to_is_refused_and_nothing_held(shop: Shop, changes, field):
    visitor = await shop.guest("ada", (shop.mug, 1))
    address = AddressForm(**{**ADDRESS.model_dump(), **changes})

    with pytest.raises(InvalidInputError) as refusal:
        await shop.pay_start(visitor, address=address)

    assert list(refusal.value.fields) == [field]
    assert await shop.rows("SELECT count(*) FROM checkouts") == [(0,)]
    assert await shop.stock(shop.mug) == (10, 0)


async def test_guest_without_address_or_goods_is_refused(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))

    with pytest.raises(InvalidInputError) as refusal:
        await shop.pay_start(visitor, email="")
    with pytest.raises(EmptyCartError):
        await shop.pay_start(Visitor(guest_token="nothing-in-this-one"))

    assert refusal.value.fields == {"email": "Enter your e-mail address."}


async def test_price_that_changed_is_asked_about_before_paying(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 2))
    await shop.rows("UPDATE variants SET price_minor = 2499 WHERE id = :id RETURNING 1", id=shop.mug)

    with pytest.raises(CheckoutChangedError) as asked:
        await shop.pay_start(visitor, accepted_total_minor=2 * 1_999 + 1_000)

    assert asked.value.changes == (
        "Mug: Price changed from $19.99 to $24.99.",
        "The total is now $59.98 instead of $49.98.",
    )
    assert await shop.rows("SELECT count(*) FROM checkouts") == [(0,)]

    agreed = await shop.pay_start(visitor, accepted_total_minor=5_998)

    assert agreed.amount_minor == 5_998


async def test_order_costs_at_most_25_statements(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1), (shop.lamp, 1))
    await shop.coupon("TEN", percent_bp=1_000)
    async with transaction() as session:
        await carts.apply_coupon(session, CartOwner(guest_token=visitor.guest_token), "ten")
    payment = await shop.pay_start(visitor)
    shop.confirm(payment)
    (event,) = await paid_events()
    seen: list[str] = []
    engine = get_database().engine.sync_engine
    sa_event.listen(engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))

    await handle_event(event)

    assert await shop.rows("SELECT discount_minor FROM orders") == [(650,)]
    assert 10 < len(seen) <= 25, "\n".join(seen)


async def test_guest_who_signs_in_while_paying_gets_the_order_in_the_account(shop: Shop):
    guest = await shop.guest("ada", (shop.mug, 1))
    payment = await shop.pay_start(guest)
    customer = await shop.customer((shop.lamp, 1))
    assert customer.user is not None
    async with transaction() as session:
        await carts.merge_guest_cart(session, guest.guest_token or "", customer.user.id)

    shop.confirm(payment)
    await deliver()

    assert await shop.rows("SELECT user_id FROM orders") == [(customer.user.id,)]
    assert await shop.rows(
        "SELECT p.name FROM cart_lines l JOIN variants v ON v.id = l.variant_id JOIN products p ON p.id = v.product_id"
    ) == [("Lamp",)]
