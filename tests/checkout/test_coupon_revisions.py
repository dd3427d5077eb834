"""Coupons of a checkout that goes through several revisions before it is paid, or is never paid."""

from uuid import UUID

import pytest

from shophub.db import transaction
from shophub.errors import CheckoutChangedError
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.services import carts
from shophub.services.audit import SHOP
from shophub.services.coupons import delete_coupon
from shophub.services.flows.expire import expire_due_checkouts
from tests.checkout.conftest import Shop
from tests.checkout.test_paying import deliver


async def _apply(visitor: Visitor, code: str) -> None:
    async with transaction() as session:
        await carts.apply_coupon(session, CartOwner(guest_token=visitor.guest_token), code)


async def _uses(shop: Shop) -> list[tuple[object, ...]]:
    return await shop.rows("SELECT code, used, held FROM coupons ORDER BY code")


async def test_swapping_coupons_while_paying_counts_only_the_one_that_was_paid_with(shop: Shop):
    """Known failure 21: swapping coupons counts both."""
    await shop.coupon("A10", percent_bp=1_000, max_uses=1)
    await shop.coupon("B20", percent_bp=2_000, max_uses=1)
    visitor = await shop.guest("ada", (shop.mug, 1))
    await _apply(visitor, "A10")
    await shop.pay_start(visitor)
    assert await _uses(shop) == [("A10", 0, 1), ("B20", 0, 0)]

    await _apply(visitor, "B20")
    payment = await shop.pay_start(visitor)
    swapped = await _uses(shop)
    shop.confirm(payment)
    await deliver()

    assert swapped == [("A10", 0, 0), ("B20", 0, 1)]
    assert await _uses(shop) == [("A10", 0, 0), ("B20", 1, 0)]


async def test_abandoned_checkout_gives_its_use_back_to_the_next_shopper(shop: Shop):
    """Known failure 21: uses are counted on apply, so abandoned carts use them up."""
    await shop.coupon("ONE", percent_bp=1_000, max_uses=1)
    leaver, buyer = await shop.guest("leaver", (shop.mug, 1)), await shop.guest("buyer", (shop.mug, 1))
    await _apply(leaver, "ONE")
    await _apply(buyer, "ONE")
    await shop.pay_start(leaver)
    await shop.rows("UPDATE checkouts SET expires_at = now() - interval '1 minute' RETURNING 1")
    await expire_due_checkouts()
    assert await _uses(shop) == [("ONE", 0, 0)]

    await _apply(buyer, "ONE")
    shop.confirm(await shop.pay_start(buyer))
    await deliver()

    assert await _uses(shop) == [("ONE", 1, 0)]


async def test_removing_the_last_item_while_paying_keeps_the_code_usable(shop: Shop):
    """Known failure 21: removing the last item makes the code unusable for ever."""
    await shop.coupon("ONE", percent_bp=1_000, max_uses=1, max_uses_per_customer=1)
    visitor = await shop.guest("ada", (shop.mug, 1))
    await _apply(visitor, "ONE")
    await shop.pay_start(visitor)
    owner = CartOwner(guest_token=visitor.guest_token)
    async with transaction() as session:
        cart = await carts.get_cart(session, owner)
        await carts.remove_line(session, owner, UUID(cart.lines[0].id))

    await shop.add(visitor, (shop.lamp, 1))
    shop.confirm(await shop.pay_start(visitor))
    await deliver()

    assert await shop.rows("SELECT coupon_code, discount_minor FROM orders") == [("ONE", 450)]
    assert await _uses(shop) == [("ONE", 1, 0)]


async def test_use_is_recorded_with_the_discount_of_the_revision_that_was_paid(shop: Shop):
    await shop.coupon("TEN", percent_bp=1_000)
    visitor = await shop.guest("ada", (shop.mug, 1))
    await _apply(visitor, "TEN")
    await shop.pay_start(visitor)
    await shop.add(visitor, (shop.lamp, 1))

    shop.confirm(await shop.pay_start(visitor))
    await deliver()

    assert await shop.rows("SELECT discount_minor FROM orders") == [(650,)]
    assert await shop.rows("SELECT discount_minor, state FROM coupon_redemptions") == [(650, "used")]


async def test_coupon_deleted_while_paying_still_counts_for_who_pays(shop: Shop):
    await shop.coupon("GONE", percent_bp=1_000)
    visitor = await shop.guest("ada", (shop.mug, 1))
    await _apply(visitor, "GONE")
    payment = await shop.pay_start(visitor)
    ((coupon_id,),) = await shop.rows("SELECT id FROM coupons")
    async with transaction() as session:
        await delete_coupon(session, UUID(str(coupon_id)), actor=SHOP)

    shop.confirm(payment)
    await deliver()

    assert await shop.rows("SELECT coupon_code, discount_minor, total_minor FROM orders") == [("GONE", 200, 2_799)]
    assert await shop.rows("SELECT state, code, discount_minor FROM coupon_redemptions") == [("used", "GONE", 200)]


async def test_reasons_are_kept_with_what_was_paid_for(shop: Shop):
    await shop.coupon("TEN", percent_bp=1_000)
    visitor = await shop.guest("ada", (shop.mug, 1))
    await _apply(visitor, "TEN")
    await shop.pay_start(visitor)

    ((lines, quote),) = await shop.rows("SELECT lines, quote FROM checkout_revisions")

    assert [reason["code"] for reason in lines[0]["reasons"]] == ["list_price", "coupon_percentage"]  # type: ignore[index]
    assert [reason["code"] for reason in quote["shipping_reasons"]] == ["shipping_flat"]  # type: ignore[index,call-overload]


async def test_guest_who_has_used_the_code_is_told_as_soon_as_the_address_is_known(shop: Shop):
    """Known failure 18: an exhausted coupon keeps discounting a cart that already has it."""
    await shop.coupon("ONCE", percent_bp=1_000, max_uses_per_customer=1)
    visitor = await shop.guest("ada", (shop.mug, 1))
    await _apply(visitor, "ONCE")
    shop.confirm(await shop.pay_start(visitor))
    await deliver()
    await shop.add(visitor, (shop.mug, 1))
    await _apply(visitor, "ONCE")  # who the guest is, nobody knows yet

    with pytest.raises(CheckoutChangedError) as told:
        await shop.pay_start(visitor)
    again = await shop.pay_start(visitor)

    assert told.value.changes == ("You have used the code ONCE as often as it can be used.",)
    assert again.amount_minor == 2_999
    assert await _uses(shop) == [("ONCE", 1, 0)]
