"""Who waits for whom."""

import asyncio
from uuid import UUID

from shophub.db import transaction
from shophub.repositories import carts, checkouts
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.schemas.checkouts import PaymentView
from shophub.services import carts as cart_service
from shophub.services.audit import SHOP
from shophub.services.coupons import delete_coupon
from shophub.services.flows.reconcile import reconcile_checkout
from shophub.services.settlement import end_checkout
from tests.checkout.conftest import Shop
from tests.checkout.crowds import starting_gate
from tests.checkout.test_paying import deliver


async def start_with(shop: Shop, code: str, name: str, variant_id: UUID, email: str) -> tuple[Visitor, PaymentView]:
    """Start paying for one unit with a coupon."""
    visitor = await shop.guest(name, (variant_id, 1))
    async with transaction() as session:
        await cart_service.apply_coupon(session, CartOwner(guest_token=visitor.guest_token), code)
    return visitor, await shop.pay_start(visitor, email=email)


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


async def test_coupon_deleted_while_its_order_is_made_does_not_deadlock_though_no_cart_names_it(
    database: str, shop: Shop
):
    await shop.coupon("TEN", percent_bp=1_000)
    visitor, payment = await start_with(shop, "TEN", "ada", shop.mug, "ada@example.com")
    async with transaction() as session:
        await cart_service.remove_coupon(session, CartOwner(guest_token=visitor.guest_token))
    shop.confirm(payment)
    ((coupon_id,),) = await shop.rows("SELECT id FROM coupons")

    async def delete() -> None:
        async with transaction() as session:
            await delete_coupon(session, UUID(str(coupon_id)), actor=SHOP)

    async with starting_gate(database, "SELECT 1 FROM coupons FOR KEY SHARE", waiting=2):
        async with starting_gate(database, "SELECT 1", waiting=1):
            deleting = asyncio.create_task(delete())
        placing = asyncio.create_task(reconcile_checkout(UUID(payment.checkout_id)))
    await asyncio.gather(deleting, placing)
    await deliver()

    assert await shop.rows("SELECT count(*) FROM coupons") == [(0,)]
    kept = (
        "SELECT r.code, r.state, o.number, o.coupon_code FROM coupon_redemptions r JOIN orders o ON o.id = r.order_id"
    )
    assert await shop.rows(kept) == [("TEN", "used", 1001, "TEN")]


async def test_late_uses_of_one_customer_that_are_counted_at_once_are_numbered_one_after_the_other(
    database: str, shop: Shop
):
    await shop.coupon("TEN", percent_bp=1_000)
    started = [
        await start_with(shop, "TEN", name, goods, "ada@example.com")
        for name, goods in (("one", shop.mug), ("two", shop.lamp))
    ]
    checkout_ids = [UUID(payment.checkout_id) for _, payment in started]
    for _, payment in started:
        shop.confirm(payment)
    for checkout_id in checkout_ids:
        async with transaction() as session:
            await end_checkout(session, checkout_id)

    async with starting_gate(database, "SELECT 1 FROM coupons FOR NO KEY UPDATE", waiting=2):
        tasks = [asyncio.create_task(reconcile_checkout(checkout_id)) for checkout_id in checkout_ids]
    await asyncio.gather(*tasks)
    await deliver()

    uses = "SELECT use_number, state FROM coupon_redemptions WHERE state <> 'released' ORDER BY use_number"
    assert await shop.rows(uses) == [(1, "used"), (2, "used")]
    assert await shop.rows("SELECT used, held FROM coupons") == [(2, 0)]
