"""Who waits for whom."""

import asyncio
from uuid import UUID

from shophub.db import transaction
from shophub.repositories import carts, checkouts
from shophub.schemas.carts import CartOwner
from tests.checkout.conftest import Shop


async def test_checkout_changed_twice_does_not_deadlock_with_who_locked_its_cart(shop: Shop):
    visitor = await shop.guest("ada", (shop.mug, 1))
    checkout_id = UUID((await shop.pay_start(visitor)).checkout_id)

    async def lock_cart_then_checkout() -> None:
        async with transaction() as session:
            cart = await carts.find_cart(session, CartOwner(guest_token=visitor.guest_token), lock=True)
            assert cart is not None
            await checkouts.find_live_of_cart(session, cart.id)

    async with transaction() as session:
        await checkouts.touch(session, checkout_id)
        other = asyncio.create_task(lock_cart_then_checkout())
        await asyncio.sleep(0.5)  # it has the cart now and waits for the checkout
        await checkouts.touch(session, checkout_id)  # the foreign key to the cart is looked up again

    await other
