"""A bank that takes its time, holds that outlive it, payments nobody knows, and guests who set too much aside."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from shophub.db import transaction
from shophub.errors import (
    AmountTooLargeError,
    CheckoutChangedError,
    CouponExhaustedError,
    HoardingError,
    InsufficientStockError,
    PaymentInProgressError,
    ProviderError,
)
from shophub.integrations import stripe
from shophub.lib.clock import utc_now
from shophub.repositories import stores
from shophub.schemas.carts import CartOwner
from shophub.services import carts
from shophub.services.flows.expire import expire_due_checkouts
from shophub.services.flows.fill_cart import add_to_cart
from shophub.services.flows.reconcile import ORPHAN_AGE, reconcile_checkout, reconcile_payments
from shophub.services.settlement import settle
from tests.checkout.conftest import Shop
from tests.checkout.test_paying import deliver
from tests.sandbox.conftest import Controls


def intent_id(payment) -> str:
    return payment.client_secret.split("_secret_")[0]


async def outlive(shop: Shop) -> None:
    await shop.rows("UPDATE checkouts SET expires_at = now() - interval '1 minute' RETURNING 1")


async def test_last_units_of_an_outlived_checkout_are_free_at_once(shop: Shop):
    gone = await shop.guest("gone", (shop.lamp, 5))
    await shop.pay_start(gone)
    buyer = await shop.guest("buyer", (shop.mug, 1))
    owner = CartOwner(guest_token=buyer.guest_token)
    with pytest.raises(InsufficientStockError):
        await add_to_cart(owner, shop.lamp, 5)
    await outlive(shop)

    cart = await add_to_cart(owner, shop.lamp, 5)

    assert [(line.name, line.quantity) for line in cart.lines] == [("Mug", 1), ("Lamp", 5)]
    assert await shop.stock(shop.lamp) == (5, 0)
    assert (await shop.pay_start(buyer)).amount_minor == 5 * 4_500 + 1_999


async def test_shortage_at_the_start_of_a_payment_frees_what_has_outlived_its_time(shop: Shop):
    buyer = await shop.guest("buyer", (shop.lamp, 3))
    gone = await shop.guest("gone", (shop.lamp, 4))
    await shop.pay_start(gone)
    with pytest.raises(CheckoutChangedError):
        await shop.pay_start(buyer)
    await outlive(shop)

    payment = await shop.pay_start(buyer)

    assert payment.amount_minor == 3 * 4_500
    assert await shop.stock(shop.lamp) == (5, 3)
    assert await shop.rows("SELECT status FROM checkouts ORDER BY opened_at") == [("expired",), ("open",)]


async def test_units_of_an_outlived_checkout_that_was_paid_are_not_given_away(shop: Shop):
    paid = await shop.guest("paid", (shop.lamp, 5))
    shop.confirm(await shop.pay_start(paid))
    await outlive(shop)
    buyer = await shop.guest("buyer", (shop.mug, 1))

    with pytest.raises(InsufficientStockError):
        await add_to_cart(CartOwner(guest_token=buyer.guest_token), shop.lamp, 1)

    assert await shop.rows("SELECT name, quantity FROM order_lines") == [("Lamp", 5)]


async def test_guests_of_one_network_hold_five_or_a_fifth_however_many_ask_at_once(shop: Shop):
    await shop.rows("UPDATE variants SET stock = 60 WHERE id = :id RETURNING 1", id=shop.mug)
    await shop.rows(
        "INSERT INTO stock_ledger (variant_id, delta, reason) VALUES (:id, 50, 'restock') RETURNING 1", id=shop.mug
    )
    crowd = [await shop.guest(f"crowd-{number}", (shop.mug, 2)) for number in range(20)]

    starts = (shop.pay_start(guest, network_address="203.0.113.7") for guest in crowd)
    outcomes = await asyncio.gather(*starts, return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert {type(refusal) for refusal in refused} == {HoardingError}
    assert len(refused) == 14
    assert await shop.stock(shop.mug) == (60, 12)
    elsewhere = await shop.guest("elsewhere", (shop.mug, 2))
    await shop.pay_start(elsewhere, network_address="203.0.113.8")
    account = await shop.customer((shop.mug, 20))
    await shop.pay_start(account, network_address="203.0.113.7")
    assert await shop.stock(shop.mug) == (60, 34)


async def test_one_guest_may_hold_five_of_few_but_not_six(shop: Shop):
    guest = await shop.guest("ada", (shop.mug, 6))

    with pytest.raises(HoardingError) as refusal:
        await shop.pay_start(guest, network_address="203.0.113.7")

    assert (refusal.value.allowed, await shop.stock(shop.mug)) == (5, (10, 0))
    assert await shop.rows("SELECT count(*) FROM checkouts") == [(0,)]


async def test_server_error_kept_under_its_key_does_not_bar_the_checkout(shop: Shop, controls: Controls):
    visitor = await shop.guest("ada", (shop.mug, 1))
    controls.post("/faults", count=3, status=500, after_effect=True, method="POST", path_contains="/payment_intents")
    with pytest.raises(ProviderError):
        await shop.pay_start(visitor)

    payment = await shop.pay_start(visitor)

    # The first one exists at Stripe; nobody was ever given it, and it is cancelled once it is old enough.
    listed = shop.stripe.v1.payment_intents.list().data
    assert sorted(one.status for one in listed) == ["requires_payment_method"] * 2
    await reconcile_payments(now=utc_now() + ORPHAN_AGE + timedelta(seconds=5))
    states = {one.id: one.status for one in shop.stripe.v1.payment_intents.list().data}
    assert states.pop(intent_id(payment)) == "requires_payment_method"
    assert list(states.values()) == ["canceled"]
    await deliver("payment_intent.canceled")
    assert await shop.rows("SELECT status FROM checkouts") == [("open",)]
    shop.confirm(payment)
    await deliver()
    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]


async def test_payment_that_only_stripe_knows_is_found(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    payment = await shop.pay_start(visitor)
    shop.confirm(payment)
    await shop.rows("UPDATE checkouts SET stripe_payment_intent_id = NULL RETURNING 1")

    assert await reconcile_payments() == 1

    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
    assert await shop.rows("SELECT stripe_payment_intent_id FROM payments") == [(intent_id(payment),)]


async def test_payment_of_a_checkout_that_nobody_knows_is_an_alert(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    payment = await shop.pay_start(visitor)
    shop.confirm(payment)
    await shop.rows("UPDATE variants SET reserved = 0 RETURNING 1")
    await shop.rows("DELETE FROM checkouts RETURNING 1")

    await deliver()
    await reconcile_payments()

    assert await shop.rows("SELECT status FROM provider_events") == [("alert",)]
    assert await shop.rows("SELECT kind, subject, seen FROM alerts") == [("unknown_payment", intent_id(payment), 2)]


async def test_bank_debit_keeps_its_goods_for_days_and_becomes_an_order(shop: Shop, controls: Controls):
    visitor = await shop.guest("ada", (shop.lamp, 2))
    payment = await shop.pay_start(visitor)
    assert shop.confirm(payment, "pm_usBankAccount_processing").status == "processing"
    await deliver("payment_intent.processing")
    assert await shop.rows("SELECT status FROM checkouts") == [("processing",)]
    await outlive(shop)
    await expire_due_checkouts()
    assert await shop.stock(shop.lamp) == (5, 2)
    with pytest.raises(PaymentInProgressError):
        await shop.pay_start(visitor)

    controls.post(f"/payment_intents/{intent_id(payment)}/settle", outcome="succeeded").raise_for_status()
    await deliver()

    assert await shop.rows("SELECT status, payment_status FROM orders") == [("PROCESSING", "PAID")]
    assert await shop.stock(shop.lamp) == (3, 0)


async def test_bank_debit_that_fails_gives_everything_back_and_writes_to_the_shopper(shop: Shop, controls: Controls):
    visitor = await shop.guest("ada", (shop.lamp, 2))
    payment = await shop.pay_start(visitor)
    shop.confirm(payment, "pm_usBankAccount_processing")
    await deliver("payment_intent.processing")
    await outlive(shop)
    controls.post(f"/payment_intents/{intent_id(payment)}/settle", outcome="failed").raise_for_status()

    await deliver("payment_intent.payment_failed")
    await reconcile_checkout(UUID(payment.checkout_id))

    assert await shop.rows("SELECT status FROM checkouts") == [("open",)]
    assert await shop.rows("SELECT args ->> 'kind' FROM procrastinate_jobs") == [("payment_failed",)]
    await expire_due_checkouts()
    assert await shop.stock(shop.lamp) == (5, 0)
    again = await shop.pay_start(visitor)
    shop.confirm(again)
    await deliver()
    assert await shop.stock(shop.lamp) == (3, 0)


async def test_change_of_currency_cancels_the_payment_and_makes_another(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    dollars = await shop.pay_start(visitor)
    await shop.rows("UPDATE store_settings SET currency = 'EUR' RETURNING 1")

    euros = await shop.pay_start(visitor)

    assert (euros.currency, euros.amount_minor) == ("EUR", 2_999)
    assert (await stripe.get_payment_intent(intent_id(dollars))).status == "canceled"
    assert (await stripe.get_payment_intent(intent_id(euros))).currency == "EUR"
    assert await shop.stock(shop.mug) == (10, 1)


async def test_checkout_whose_payment_lost_its_metadata_still_ends(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 2))
    payment = await shop.pay_start(visitor)
    shop.stripe.v1.payment_intents.update(intent_id(payment), {"metadata": {"store_id": ""}})
    await outlive(shop)

    await expire_due_checkouts()

    assert await shop.stock(shop.mug) == (10, 0)


async def test_total_above_stripes_maximum_is_refused_in_words_and_holds_nothing(shop: Shop):
    await shop.rows("UPDATE variants SET price_minor = 60000000 WHERE id = :id RETURNING 1", id=shop.mug)
    visitor = await shop.guest("ada", (shop.mug, 2))

    with pytest.raises(AmountTooLargeError):
        await shop.pay_start(visitor)

    assert await shop.stock(shop.mug) == (10, 0)


async def test_first_order_coupon_is_held_by_one_of_three_checkouts_of_one_customer(shop: Shop):
    await shop.coupon("FIRST", percent_bp=5_000, first_order_only=True)
    guests = [await shop.guest(name, (shop.mug, 1)) for name in ("one", "two", "three")]
    for guest in guests:
        async with transaction() as session:
            await carts.apply_coupon(session, CartOwner(guest_token=guest.guest_token), "FIRST")

    starts = (shop.pay_start(guest, email="ada@example.com") for guest in guests)
    outcomes = await asyncio.gather(*starts, return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [type(refusal) for refusal in refused] == [CouponExhaustedError] * 2


async def test_old_answer_does_not_say_that_a_payment_failed_which_a_bank_is_settling(shop: Shop):
    visitor = await shop.guest("ada", (shop.lamp, 2))
    payment = await shop.pay_start(visitor)
    asked_at = utc_now()
    old = await stripe.get_payment_intent(intent_id(payment))
    shop.confirm(payment, "pm_usBankAccount_processing")
    await deliver("payment_intent.processing")

    async with transaction() as session:
        store = await stores.get_store(session)
        await settle(session, old, store.store_id, asked_at)

    assert await shop.rows("SELECT status FROM checkouts") == [("processing",)]
    assert await shop.rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)]


async def test_alert_about_a_payment_that_somebody_has_dealt_with_stays_closed(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    shop.confirm(await shop.pay_start(visitor))
    await shop.rows("UPDATE variants SET reserved = 0 RETURNING 1")
    await shop.rows("DELETE FROM checkouts RETURNING 1")
    await reconcile_payments()
    await shop.rows("UPDATE alerts SET resolved_at = now() RETURNING 1")

    await reconcile_payments()

    assert await shop.rows("SELECT count(*) FROM alerts") == [(1,)]
