"""The last unit, crossing carts and scarce coupons, with 64 shoppers on 64 connections."""

import asyncio
import itertools
import os
from dataclasses import replace
from uuid import UUID

import pytest

from shophub.db import transaction
from shophub.domain.emails import email_key
from shophub.errors import CheckoutChangedError, CouponExhaustedError
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.carts import CartOwner
from shophub.services import carts
from shophub.services.flows.expire import expire_checkout, expire_due_checkouts
from shophub.services.flows.reconcile import reconcile_checkout
from tests.checkout.conftest import Shop
from tests.checkout.crowds import (
    CROWD,
    add_variants,
    crowd,
    deadlocks,
    fill_carts,
    open_connections,
    restock,
    split,
    starting_gate,
)
from tests.factories import make_user

# ``SHOPHUB_LONG_TESTS=1``: the long form.
ROUNDS = 50 if os.environ.get("SHOPHUB_LONG_TESTS") == "1" else 16


@pytest.fixture
def wide_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection for each of the crowd."""
    monkeypatch.setenv("DB_POOL_MAX", str(CROWD))


@pytest.mark.usefixtures("wide_pool")
async def test_eight_buyers_at_once_do_not_all_get_the_one_last_unit(database: str, shop: Shop):
    """Known failure 1: eight buyers at once get the one last unit. Here 64 on 64 connections, time and again."""
    await restock(shop.lamp, -5)
    assert await open_connections(CROWD) == CROWD

    for number in range(ROUNDS):
        await restock(shop.lamp, 1)
        buyers = crowd(f"round-{number}")
        await fill_carts(buyers, [[(shop.lamp, 1)]] * CROWD)
        # Every other time all 64 have found the unit free before the first of them takes it.
        waiting = CROWD if number % 2 else 0
        async with starting_gate(
            database, "SELECT 1 FROM variants WHERE id = %s FOR UPDATE", shop.lamp, waiting=waiting
        ):
            tasks = [asyncio.create_task(buyer.start()) for buyer in buyers]
        payments, refusals = split(await asyncio.gather(*tasks, return_exceptions=True))

        assert len(payments) == 1, number
        assert {type(refusal) for refusal in refusals} == {CheckoutChangedError}
        assert await shop.stock(shop.lamp) == (1, 1)
        shop.confirm(payments[0])
        await asyncio.gather(*(reconcile_checkout(UUID(payments[0].checkout_id)) for _ in range(2)))
        assert await shop.stock(shop.lamp) == (0, 0)
        assert await shop.rows("SELECT count(*), count(DISTINCT checkout_id) FROM orders") == [(number + 1,) * 2]

    assert await shop.rows("SELECT count(*) FROM checkouts") == [(ROUNDS,)]
    assert await deadlocks(database) == 0


@pytest.mark.usefixtures("wide_pool")
async def test_crossing_carts_do_not_deadlock(database: str, shop: Shop):
    """Half of the crowd has mug and lamp, the other half lamp and mug; they start, pay and give up all at once."""
    await restock(shop.mug, 90)
    await restock(shop.lamp, 95)
    forward, backward = [(shop.mug, 1), (shop.lamp, 1)], [(shop.lamp, 1), (shop.mug, 1)]
    both_ways = list(itertools.islice(itertools.cycle([forward, backward]), CROWD))

    for number in range(3):
        buyers = crowd(f"round-{number}")
        await fill_carts(buyers, both_ways)
        async with starting_gate(
            database, "SELECT 1 FROM variants WHERE id IN (%s, %s) FOR UPDATE", shop.mug, shop.lamp, waiting=CROWD
        ):
            tasks = [asyncio.create_task(buyer.start()) for buyer in buyers]
        payments, refusals = split(await asyncio.gather(*tasks, return_exceptions=True))

        left = 100 - number * CROWD // 4
        assert (len(payments), [type(r) for r in refusals]) == (min(CROWD, left), [])
        assert await shop.stock(shop.mug) == await shop.stock(shop.lamp) == (left, CROWD)

        # A quarter pays, a quarter is paid for and looked after twice, and half of them give up.
        paid = payments[: CROWD // 4]
        await asyncio.gather(*(asyncio.to_thread(shop.confirm, payment) for payment in paid))
        ends = [reconcile_checkout(UUID(p.checkout_id)) for p in [*paid, *paid]]
        ends += [expire_checkout(UUID(p.checkout_id)) for p in payments[CROWD // 4 :]]
        await asyncio.gather(*ends)

        left -= CROWD // 4
        assert await shop.stock(shop.mug) == await shop.stock(shop.lamp) == (left, 0)

    assert await shop.rows("SELECT count(*) FROM orders") == [(3 * CROWD // 4,)]
    assert await deadlocks(database) == 0


@pytest.mark.usefixtures("wide_pool")
@pytest.mark.parametrize("limit", [1, 10])
async def test_coupon_with_a_limit_is_held_no_more_often_by_64_checkouts_at_once(database: str, shop: Shop, limit: int):
    """Known failure 20: limit 1, twelve carts at once: eleven succeed. The limit is checked before the lock."""
    await shop.coupon("SCARCE", percent_bp=1_000, max_uses=limit)
    buyers = crowd("first")
    variants = await add_variants(shop.mug, CROWD, stock=10)  # nobody waits for another's goods, all for the coupon
    await fill_carts(buyers, [[(variant, 1)] for variant in variants], coupon="SCARCE")
    async with starting_gate(database, "SELECT 1 FROM coupons WHERE code = %s FOR UPDATE", "SCARCE", waiting=CROWD):
        tasks = [asyncio.create_task(buyer.start()) for buyer in buyers]
    payments, refusals = split(await asyncio.gather(*tasks, return_exceptions=True))

    assert len(payments) == limit
    assert {type(refusal) for refusal in refusals} <= {CouponExhaustedError, CheckoutChangedError}
    assert await shop.rows("SELECT used, held FROM coupons") == [(0, limit)]
    assert await shop.rows("SELECT sum(reserved) FROM variants") == [(limit,)]

    # Half of them pay; what the others held comes back, and just as many can have it.
    paid = payments[: limit // 2]
    for payment in paid:
        shop.confirm(payment)
    await shop.rows("UPDATE checkouts SET expires_at = now() - interval '1 minute' RETURNING 1")
    await expire_due_checkouts()
    assert await shop.rows("SELECT used, held FROM coupons") == [(len(paid), 0)]

    buyers = crowd("second")
    await fill_carts(buyers, [[(variant, 1)] for variant in variants], coupon="SCARCE")
    again, _ = split(await asyncio.gather(*(buyer.start() for buyer in buyers), return_exceptions=True))

    assert len(again) == limit - len(paid)
    assert await shop.rows("SELECT used, held FROM coupons") == [(len(paid), len(again))]
    assert await deadlocks(database) == 0


# One mailbox: an accent composed and decomposed, letters large and small.
SPELLINGS = ("zo\u00eb@example.com", "Zo\u00eb@Example.com", "ZOE\u0308@EXAMPLE.COM", "zoe\u0308@example.com")


@pytest.mark.usefixtures("wide_pool")
@pytest.mark.parametrize("terms", [{"max_uses_per_customer": 1}, {"first_order_only": True}])
async def test_coupon_once_per_customer_is_held_once_by_the_same_customer_in_16_tabs(
    database: str, shop: Shop, terms: dict[str, object]
):
    """An account in four tabs, and twelve guests with its address in other spellings, all at once."""
    await shop.coupon("MINE", percent_bp=1_000, **terms)
    async with transaction() as session:
        user = await make_user(session, email=email_key(SPELLINGS[0]))
        account = Visitor(user=UserView(user.id, user.email, user.full_name, user.role, True))
    owner = CartOwner(user_id=user.id)
    variants = await add_variants(shop.mug, 13, stock=10)
    async with transaction() as session:
        await carts.add_item(session, owner, variants[12], 1)
        await carts.apply_coupon(session, owner, "MINE")
    spelling = itertools.cycle(SPELLINGS)
    guests = [replace(guest, email=next(spelling)) for guest in crowd("zoe", 12)]
    await fill_carts(guests, [[(variant, 1)] for variant in variants[:12]], coupon="MINE")

    async with starting_gate(database, "SELECT 1 FROM coupons WHERE code = %s FOR UPDATE", "MINE", waiting=16):
        tasks = [asyncio.create_task(guest.start()) for guest in guests]
        tasks += [asyncio.create_task(shop.pay_start(account)) for _ in range(4)]
    payments, refusals = split(await asyncio.gather(*tasks, return_exceptions=True))

    assert len({payment.checkout_id for payment in payments}) == 1
    assert {type(refusal) for refusal in refusals} <= {CouponExhaustedError, CheckoutChangedError}
    assert await shop.rows("SELECT used, held FROM coupons") == [(0, 1)]
    shop.confirm(payments[0])
    await reconcile_checkout(UUID(payments[0].checkout_id))
    again, _ = split(await asyncio.gather(*(guest.start() for guest in guests), return_exceptions=True))

    assert {payment.order_number for payment in again} <= {"SH-1001"}  # who has bought is led to the order
    assert await shop.rows("SELECT used, held FROM coupons") == [(1, 0)]
    assert await shop.rows("SELECT state, count(*) FROM coupon_redemptions GROUP BY state") == [("used", 1)]
