"""Who presses again: with the same cart after the stock has shrunk, or after the order was made."""

import asyncio
from uuid import UUID

import pytest

from shophub.db import transaction
from shophub.errors import EmptyCartError, HoardingError
from shophub.schemas.carts import CartOwner
from shophub.services import carts
from tests.checkout.conftest import Shop
from tests.checkout.crowds import restock


async def test_what_a_guest_holds_is_kept_though_the_stock_has_shrunk_but_does_not_grow(shop: Shop):
    await restock(shop.mug, 30)
    guest = await shop.guest("ada", (shop.mug, 8))
    await shop.pay_start(guest, network_address="203.0.113.7")
    await restock(shop.mug, -20)

    again = await shop.pay_start(guest, network_address="203.0.113.7", note="Please ring twice")
    await shop.add(guest, (shop.lamp, 1))
    await shop.pay_start(guest, network_address="203.0.113.7")

    assert (await shop.stock(shop.mug), await shop.stock(shop.lamp)) == ((20, 8), (5, 1))
    assert await shop.rows("SELECT id, revision FROM checkouts") == [(UUID(again.checkout_id), 3)]
    await shop.add(guest, (shop.mug, 1))
    with pytest.raises(HoardingError):
        await shop.pay_start(guest, network_address="203.0.113.7")
    assert await shop.stock(shop.mug) == (20, 8)


async def test_second_press_where_nothing_is_to_be_paid_leads_to_the_order(shop: Shop):
    await shop.coupon("ALL", percent_bp=10_000)
    await shop.rows("UPDATE store_settings SET shipping_fee_minor = 0 RETURNING 1")
    guest = await shop.guest("ada", (shop.mug, 1))
    async with transaction() as session:
        await carts.apply_coupon(session, CartOwner(guest_token=guest.guest_token), "ALL")

    both = await asyncio.gather(shop.pay_start(guest), shop.pay_start(guest))

    assert [one.order_number for one in both] == ["SH-1001", "SH-1001"]
    assert len({one.checkout_id for one in both}) == 1
    await shop.rows("UPDATE orders SET placed_at = placed_at - interval '2 minutes' RETURNING 1")
    with pytest.raises(EmptyCartError):
        await shop.pay_start(guest)
    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
