"""Two tabs, a bank that takes its time, holds that outlive it, and guests who set too much aside."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
import stripe as sdk

from shophub.db import transaction
from shophub.errors import (
    AmountTooLargeError,
    CheckoutBusyError,
    CheckoutChangedError,
    CouponExhaustedError,
    HoardingError,
    InsufficientStockError,
    PaymentInProgressError,
    ProviderError,
)
from shophub.integrations import stripe
from shophub.lib.clock import utc_now
from shophub.repositories import carts as cart_rows
from shophub.repositories import checkouts, stores
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.services import carts
from shophub.services.checkouts import get_checkout_page
from shophub.services.flows.confirm_check import check_before_confirm, confirm_failed
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


async def test_cart_changed_in_another_tab_while_the_bank_asks_never_charges_another_sum(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    first = await shop.pay_start(visitor)
    await check_before_confirm(visitor, UUID(first.checkout_id))
    asked = shop.confirm(first, "pm_card_authenticationRequired")
    assert asked.status == "requires_action"
    await shop.add(visitor, (shop.lamp, 1))

    second = await shop.pay_start(visitor)

    # The first tab's question is void: what it showed can no longer be charged, and nothing else is under its name.
    assert (await stripe.get_payment_intent(intent_id(first))).status == "canceled"
    assert second.checkout_id != first.checkout_id
    assert (await stripe.get_payment_intent(intent_id(second))).amount_minor == second.amount_minor == 7_499
    assert await shop.rows("SELECT status FROM checkouts ORDER BY opened_at") == [("expired",), ("open",)]
    assert await shop.stock(shop.mug) == (10, 1)


async def test_declined_card_lets_the_same_payment_be_changed(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    first = await shop.pay_start(visitor)
    pressed = await check_before_confirm(visitor, UUID(first.checkout_id))
    with pytest.raises(sdk.CardError):
        shop.confirm(first, "pm_card_visa_chargeDeclined")
    await confirm_failed(visitor, UUID(first.checkout_id), pressed.press)
    await shop.add(visitor, (shop.lamp, 1))

    second = await shop.pay_start(visitor)

    assert second.client_secret == first.client_secret


async def test_pay_waits_while_another_tab_is_changing_the_order(shop: Shop, controls: Controls):
    visitor = await shop.guest("ada", (shop.mug, 1))
    shown = await shop.pay_start(visitor)
    await shop.add(visitor, (shop.lamp, 1))
    controls.post("/faults", count=1, delay_ms=1_500, method="POST", path_contains="/payment_intents/")
    other_tab = asyncio.create_task(shop.pay_start(visitor))
    for _ in range(100):
        if await shop.rows("SELECT 1 FROM checkouts WHERE changing_until IS NOT NULL"):
            break
        await asyncio.sleep(0.01)

    with pytest.raises(CheckoutBusyError):
        await check_before_confirm(visitor, UUID(shown.checkout_id))

    changed = await other_tab
    checked = await check_before_confirm(visitor, UUID(shown.checkout_id))
    assert checked.amount_minor == changed.amount_minor == 7_499


async def test_payment_that_succeeded_meanwhile_is_not_paid_a_second_time(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    first = await shop.pay_start(visitor)
    await check_before_confirm(visitor, UUID(first.checkout_id))
    shop.confirm(first)
    await shop.add(visitor, (shop.lamp, 1))

    with pytest.raises(PaymentInProgressError):
        await shop.pay_start(visitor)

    assert await shop.rows("SELECT name FROM order_lines") == [("Mug",)]
    assert await shop.rows("SELECT count(*) FROM checkouts") == [(1,)]


async def test_prices_that_change_against_each_other_are_asked_about_although_the_total_stands(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1), (shop.lamp, 1))
    async with transaction() as session:
        page = await get_checkout_page(session, visitor)
    await shop.rows("UPDATE variants SET price_minor = price_minor + 100 WHERE id = :id RETURNING 1", id=shop.mug)
    await shop.rows("UPDATE variants SET price_minor = price_minor - 100 WHERE id = :id RETURNING 1", id=shop.lamp)
    total = page.quote.total_minor

    with pytest.raises(CheckoutChangedError) as asked:
        await shop.pay_start(visitor, accepted_total_minor=total, agreement=page.agreement)

    assert asked.value.changes == (
        "Mug: Price changed from $19.99 to $20.99.",
        "Lamp: Price changed from $45.00 to $44.00.",
        "Your cart is not what it was. The total is $74.99.",
    )
    async with transaction() as session:
        again = await get_checkout_page(session, visitor)
    assert (await shop.pay_start(visitor, accepted_total_minor=total, agreement=again.agreement)).amount_minor == total


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


async def test_goods_of_two_checkouts_that_met_at_a_sign_in_leave_the_cart_with_their_orders(shop: Shop):
    customer = await shop.customer((shop.lamp, 1))
    assert customer.user is not None
    own = await shop.pay_start(customer)
    guest = await shop.guest("ada", (shop.mug, 2))
    other = await shop.pay_start(guest)
    async with transaction() as session:
        await carts.merge_guest_cart(session, guest.guest_token or "", customer.user.id)

    shop.confirm(own)
    shop.confirm(other)
    await deliver()

    assert await shop.rows("SELECT count(*) FROM orders") == [(2,)]
    assert await shop.rows("SELECT count(*) FROM cart_lines") == [(0,)]


async def test_checkout_that_met_at_a_sign_in_ends_when_the_whole_cart_is_paid_for(shop: Shop):
    customer = await shop.customer((shop.lamp, 4))
    assert customer.user is not None
    await shop.pay_start(customer)
    guest = await shop.guest("ada", (shop.lamp, 1), (shop.mug, 2))
    other = await shop.pay_start(guest)
    async with transaction() as session:
        await carts.merge_guest_cart(session, guest.guest_token or "", customer.user.id)

    whole = await shop.pay_start(Visitor(user=customer.user))

    assert whole.amount_minor == 5 * 4_500 + 2 * 1_999
    assert (await stripe.get_payment_intent(intent_id(other))).status == "canceled"
    assert await shop.stock(shop.lamp) == (5, 5)
    shop.confirm(whole)
    await deliver()
    assert await shop.rows("SELECT count(*) FROM cart_lines") == [(0,)]


async def test_change_of_currency_cancels_the_payment_and_makes_another(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    dollars = await shop.pay_start(visitor)
    await shop.rows("UPDATE store_settings SET currency = 'EUR' RETURNING 1")

    euros = await shop.pay_start(visitor)

    assert (euros.currency, euros.amount_minor) == ("EUR", 2_999)
    assert (await stripe.get_payment_intent(intent_id(dollars))).status == "canceled"
    assert (await stripe.get_payment_intent(intent_id(euros))).currency == "EUR"
    assert await shop.stock(shop.mug) == (10, 1)


async def test_declined_card_in_one_tab_frees_nothing_that_another_tab_is_confirming(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    payment = await shop.pay_start(visitor)
    here = await check_before_confirm(visitor, UUID(payment.checkout_id))
    await check_before_confirm(visitor, UUID(payment.checkout_id))  # the other tab
    await confirm_failed(visitor, UUID(payment.checkout_id), here.press)
    await shop.add(visitor, (shop.lamp, 1))

    changed = await shop.pay_start(visitor)

    assert changed.checkout_id != payment.checkout_id
    assert (await stripe.get_payment_intent(intent_id(payment))).status == "canceled"


async def test_second_change_waits_for_the_one_that_is_on_its_way_to_stripe(shop: Shop, controls: Controls):
    visitor = await shop.guest("ada", (shop.mug, 1))
    await shop.pay_start(visitor)
    await shop.add(visitor, (shop.lamp, 1))
    controls.post("/faults", count=1, delay_ms=1_500, method="POST", path_contains="/payment_intents/")
    slow = asyncio.create_task(shop.pay_start(visitor))
    for _ in range(200):
        if await shop.rows("SELECT 1 FROM checkouts WHERE changing_until IS NOT NULL"):
            break
        await asyncio.sleep(0.01)
    await shop.add(visitor, (shop.lamp, 1))

    last = await shop.pay_start(visitor)

    assert slow.done()
    assert (await stripe.get_payment_intent(intent_id(last))).amount_minor == last.amount_minor == 1_999 + 9_000
    await slow


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


async def test_coupon_used_up_by_the_account_that_signs_in_while_paying_is_asked_about(shop: Shop):
    await shop.coupon("ONCE", percent_bp=5_000, max_uses_per_customer=1)
    customer = await shop.customer((shop.lamp, 1))
    assert customer.user is not None
    async with transaction() as session:
        await carts.apply_coupon(session, CartOwner(customer.user.id), "ONCE")
    shop.confirm(await shop.pay_start(customer))
    await deliver()
    guest = await shop.guest("ada", (shop.mug, 1))
    async with transaction() as session:
        await carts.apply_coupon(session, CartOwner(guest_token=guest.guest_token), "ONCE")
    payment = await shop.pay_start(guest)
    async with transaction() as session:
        await carts.merge_guest_cart(session, guest.guest_token or "", customer.user.id)

    with pytest.raises(CheckoutChangedError) as told:
        await check_before_confirm(guest, UUID(payment.checkout_id))

    assert told.value.changes == ("You have used the code ONCE already, so it no longer applies.",)


async def test_order_made_while_its_guest_signs_in_does_not_deadlock(shop: Shop):
    await shop.coupon("TEN", percent_bp=1_000)
    customer = await shop.customer((shop.lamp, 1))
    assert customer.user is not None
    account = CartOwner(customer.user.id)
    guest = await shop.guest("ada", (shop.mug, 1))
    async with transaction() as session:
        await carts.apply_coupon(session, CartOwner(guest_token=guest.guest_token), "TEN")
    payment = await shop.pay_start(guest)
    shop.confirm(payment)
    merged, go = asyncio.Event(), asyncio.Event()

    async def sign_in() -> None:
        async with transaction() as session:
            await carts.merge_guest_cart(session, guest.guest_token or "", customer.user.id)  # type: ignore[union-attr]
            merged.set()
            await go.wait()

    async def look_at_the_cart_then_at_its_checkout() -> None:
        async with transaction() as session:
            cart = await cart_rows.find_cart(session, account, lock=True)
            assert cart is not None
            await asyncio.sleep(0.5)
            await checkouts.find_live_of_cart(session, cart.id)

    signing = asyncio.create_task(sign_in())
    await merged.wait()
    placing = asyncio.create_task(reconcile_checkout(UUID(payment.checkout_id)))  # it waits for the guest's cart
    await asyncio.sleep(0.7)
    go.set()
    await signing
    await asyncio.gather(placing, look_at_the_cart_then_at_its_checkout())

    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]


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


async def test_first_start_that_ends_late_gives_back_nothing_of_another_tabs_change(shop: Shop, controls: Controls):
    visitor = await shop.guest("ada", (shop.mug, 1))
    controls.post("/faults", count=1, delay_ms=1_200, method="POST", path_contains="/payment_intents")
    first_tab = asyncio.create_task(shop.pay_start(visitor))
    for _ in range(200):
        if await shop.rows("SELECT 1 FROM checkouts"):
            break
        await asyncio.sleep(0.01)
    controls.post("/faults", count=1, delay_ms=3_000, method="POST", path_contains="/payment_intents/")
    await shop.add(visitor, (shop.lamp, 1))
    other_tab = asyncio.create_task(shop.pay_start(visitor))
    shown = await first_tab

    assert await shop.stock(shop.lamp) == (5, 1)
    with pytest.raises(CheckoutBusyError):
        await check_before_confirm(visitor, UUID(shown.checkout_id))

    changed = await other_tab
    checked = await check_before_confirm(visitor, UUID(changed.checkout_id))
    assert checked.amount_minor == shop.confirm(changed).amount_received == 7_499
    await deliver()


async def test_unchanged_start_that_ends_late_moves_nothing_back(shop: Shop, controls: Controls):
    visitor = await shop.guest("ada", (shop.mug, 1))
    await shop.pay_start(visitor)
    controls.post("/faults", count=1, delay_ms=1_500, path_contains="/payment_intents/")
    late = asyncio.create_task(shop.pay_start(visitor))
    await asyncio.sleep(0.5)
    await shop.add(visitor, (shop.lamp, 1))
    shown = await shop.pay_start(visitor)
    checked = await check_before_confirm(visitor, UUID(shown.checkout_id))
    with pytest.raises(CheckoutBusyError):
        await late

    assert checked.amount_minor == shop.confirm(shown).amount_received == 7_499
    await deliver()
