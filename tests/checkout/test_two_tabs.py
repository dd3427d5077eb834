"""Two tabs, two devices, a sign-in in between: nobody pays another sum than the one on the button."""

import asyncio
from uuid import UUID

import pytest
import stripe as sdk

from shophub.db import transaction
from shophub.errors import (
    CheckoutBusyError,
    CheckoutChangedError,
    PaymentInProgressError,
)
from shophub.integrations import stripe
from shophub.repositories import carts as cart_rows
from shophub.repositories import checkouts
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.services import carts
from shophub.services.checkouts import get_checkout_page
from shophub.services.flows.confirm_check import check_before_confirm, confirm_failed
from shophub.services.flows.reconcile import reconcile_checkout
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


async def test_unchanged_start_after_the_payment_tells_that_it_was_paid(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    shop.confirm(await shop.pay_start(visitor))

    with pytest.raises(PaymentInProgressError):
        await shop.pay_start(visitor)

    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
