"""A coupon's uses: held, counted and given back by many connections at once, edited and deleted meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.domain.emails import email_key
from shophub.domain.statuses import CheckoutStatus
from shophub.lib.clock import utc_now
from shophub.models.checkouts import Checkout
from shophub.repositories import coupons
from shophub.services.audit import SHOP
from shophub.services.coupons import delete_coupon, get_coupon, set_coupon_active, update_coupon
from tests.factories import make_coupon, make_order, make_user

CROWD = 32
BALANCE = """
SELECT c.code FROM coupons c LEFT JOIN coupon_redemptions r ON r.coupon_id = c.id GROUP BY c.id
HAVING c.used <> count(r.id) FILTER (WHERE r.state = 'used') OR c.held <> count(r.id) FILTER (WHERE r.state = 'held')
"""


class _NoneLeftError(Exception):
    """The checkout gets no use, so it is undone."""


@pytest_asyncio.fixture
async def books(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A database of the test's own, a connection for everybody; afterwards each counter is the sum of its rows."""
    monkeypatch.setenv("DB_POOL_MAX", str(CROWD + 8))
    yield
    async with transaction() as session:
        assert (await session.execute(text(BALANCE))).all() == []


async def _checkout(session: AsyncSession, email: str = "ada@example.com", user_id: UUID | None = None) -> UUID:
    now = utc_now()
    checkout = Checkout(
        user_id=user_id,
        email=email,
        email_key=email_key(email),
        status=CheckoutStatus.OPEN,
        currency="USD",
        opened_at=now,
        expires_at=now + timedelta(minutes=30),
    )
    session.add(checkout)
    await session.flush()
    return checkout.id


async def _take(coupon_id: UUID, email: str, user_id: UUID | None = None) -> UUID | None:
    """Start a checkout with the coupon, as start_payment does; None where it gets no use."""
    try:
        async with transaction() as session:
            checkout_id = await _checkout(session, email, user_id)
            terms = await coupons.find_terms_by_id(session, coupon_id)
            if terms is None or not await coupons.hold_use(
                session,
                terms,
                checkout_id=checkout_id,
                user_id=user_id,
                email_key=email_key(email),
                discount_minor=100,
            ):
                raise _NoneLeftError
            return checkout_id
    except _NoneLeftError:
        return None


async def _end(checkout_id: UUID) -> None:
    async with transaction() as session:
        await coupons.release_use(session, checkout_id)


async def _make(**terms: object) -> UUID:
    async with transaction() as session:
        return (await make_coupon(session, **terms)).id  # type: ignore[arg-type]


async def _counters(coupon_id: UUID) -> tuple[int, int]:
    async with transaction() as session:
        coupon = await get_coupon(session, coupon_id)
    return coupon.used, coupon.held


@pytest.mark.parametrize("limit", [1, 10])
async def test_limit_holds_when_many_carts_take_a_use_at_once(books, limit):
    """Known failure 20: limit 1, twelve carts at once: eleven succeed. The limit is checked before the lock."""
    coupon_id = await _make(max_uses=limit)

    taken = await asyncio.gather(*(_take(coupon_id, f"guest-{n}@example.com") for n in range(CROWD)))

    assert sum(checkout is not None for checkout in taken) == limit
    assert await _counters(coupon_id) == (0, limit)


async def test_limit_per_customer_holds_for_an_account_and_its_address_in_many_tabs(books):
    """Known failure 20: the limit is checked before the lock. An account and its address are one customer."""
    coupon_id = await _make(max_uses_per_customer=1)
    async with transaction() as session:
        user_id = (await make_user(session, email="ada@example.com")).id

    taken = await asyncio.gather(
        *(_take(coupon_id, "ada@example.com", user_id) for _ in range(CROWD // 2)),
        *(_take(coupon_id, "Ada@Example.com") for _ in range(CROWD // 2)),
        _take(coupon_id, "grace@example.com"),
    )

    assert taken[-1] is not None
    assert sum(checkout is not None for checkout in taken[:-1]) == 1


async def test_uses_given_back_can_be_had_again_and_only_once_each(books):
    coupon_id = await _make(max_uses=2)
    first = await _take(coupon_id, "one@example.com")
    assert first is not None
    assert await _take(coupon_id, "two@example.com") is not None
    assert await _take(coupon_id, "three@example.com") is None

    await asyncio.gather(*(_end(first) for _ in range(CROWD)))

    assert await _counters(coupon_id) == (0, 1)
    taken = await asyncio.gather(*(_take(coupon_id, f"guest-{n}@example.com") for n in range(CROWD)))
    assert sum(checkout is not None for checkout in taken) == 1


async def test_limit_lowered_below_what_is_held_gives_out_no_further_use_and_takes_none_away(books):
    coupon_id = await _make(max_uses=100)

    async def lower() -> None:
        async with transaction() as session:
            await update_coupon(session, coupon_id, {"maxUses": 1}, actor=SHOP)

    taken = await asyncio.gather(*(_take(coupon_id, f"early-{n}@example.com") for n in range(CROWD)), lower())
    later = await asyncio.gather(*(_take(coupon_id, f"late-{n}@example.com") for n in range(CROWD)))

    held = [checkout for checkout in taken if checkout is not None]
    assert later == [None] * CROWD or not held
    assert sum(checkout is not None for checkout in [*taken, *later]) == max(1, len(held))
    assert await _counters(coupon_id) == (0, max(1, len(held)))


async def test_coupon_switched_off_gives_out_no_further_use(books):
    coupon_id = await _make()

    async def switch_off() -> None:
        async with transaction() as session:
            await set_coupon_active(session, coupon_id, False, actor=SHOP)

    await asyncio.gather(*(_take(coupon_id, f"early-{n}@example.com") for n in range(CROWD)), switch_off())

    assert await _take(coupon_id, "late@example.com") is None


async def test_use_is_recorded_with_what_the_order_took_off(session):
    coupon = await make_coupon(session)
    recorded = []
    for is_held in (True, False):
        order = await make_order(session, email="ada@example.com", discount_minor=700)
        if is_held:
            terms = await coupons.find_terms_by_id(session, coupon.id)
            assert terms is not None
            assert await coupons.hold_use(
                session,
                terms,
                checkout_id=order.checkout_id,
                user_id=None,
                email_key="ada@example.com",
                discount_minor=100,
            )
        counted = await coupons.count_use(session, order.checkout_id, coupon.id, order.id)
        assert counted is is_held
        if not counted:
            late = (coupon.id, coupon.code)
            await coupons.count_late_use(session, late, order.checkout_id, order.id, (None, "ada@example.com"))
        statement = text("SELECT state, discount_minor, use_number FROM coupon_redemptions WHERE order_id = :id")
        recorded.append(tuple((await session.execute(statement, {"id": order.id})).one()))

    assert recorded == [("used", 700, 1), ("used", 700, 2)]
    assert (await get_coupon(session, coupon.id)).used == 2


async def test_use_counted_again_and_given_back_again_changes_nothing_more(session):
    coupon = await make_coupon(session)
    order = await make_order(session)
    terms = await coupons.find_terms_by_id(session, coupon.id)
    assert terms is not None
    await coupons.hold_use(
        session, terms, checkout_id=order.checkout_id, user_id=None, email_key="a@b.c", discount_minor=0
    )

    counted = [await coupons.count_use(session, order.checkout_id, coupon.id, order.id) for _ in range(2)]
    used = (await get_coupon(session, coupon.id)).used
    for _ in range(2):
        await coupons.give_back_use(session, order.id)

    assert (counted, used) == ([True, False], 1)
    assert (await get_coupon(session, coupon.id)).used == 0


async def test_coupon_deleted_while_orders_are_made_and_cancelled_keeps_every_use_on_record(books):
    coupon_id = await _make(code="SOON-GONE")
    async with transaction() as session:
        orders = [await make_order(session, discount_minor=100 + n) for n in range(CROWD)]
        terms = await coupons.find_terms_by_id(session, coupon_id)
        assert terms is not None
        for order in orders:
            await session.execute(
                text("UPDATE orders SET coupon_id = :coupon, coupon_code = 'SOON-GONE' WHERE id = :id"),
                {"coupon": coupon_id, "id": order.id},
            )
            await coupons.hold_use(
                session,
                terms,
                checkout_id=order.checkout_id,
                user_id=None,
                email_key=order.email_key,
                discount_minor=1,
            )

    async def count(order) -> None:
        async with transaction() as session:
            await session.execute(text("SELECT 1 FROM orders WHERE id = :id FOR NO KEY UPDATE"), {"id": order.id})
            if not await coupons.count_use(session, order.checkout_id, coupon_id, order.id):
                late = (coupon_id, "SOON-GONE")
                await coupons.count_late_use(session, late, order.checkout_id, order.id, (None, order.email_key))
            await coupons.release_use(session, order.checkout_id)

    async def delete() -> None:
        async with transaction() as session:
            await delete_coupon(session, coupon_id, actor=SHOP)

    await asyncio.gather(*(count(order) for order in orders[:20]), delete(), *(count(order) for order in orders[20:]))

    async with transaction() as session:
        kept = await session.execute(
            text("""
            SELECT r.discount_minor - o.discount_minor, r.code, r.coupon_id, r.state
            FROM coupon_redemptions r JOIN orders o ON o.id = r.order_id""")
        )
        assert [tuple(row) for row in kept] == [(0, "SOON-GONE", None, "used")] * CROWD
        held = await session.execute(text("SELECT count(*) FROM coupon_redemptions WHERE state = 'held'"))
        assert held.scalar_one() == 0


async def test_use_of_a_coupon_that_was_deleted_while_paying_is_recorded_by_its_code(session):
    coupon = await make_coupon(session, code="GONE")
    order = await make_order(session, discount_minor=300)
    await session.execute(text("UPDATE orders SET coupon_code = 'GONE'"))
    terms = await coupons.find_terms_by_id(session, coupon.id)
    assert terms is not None
    await coupons.hold_use(
        session, terms, checkout_id=order.checkout_id, user_id=None, email_key="a@b.c", discount_minor=0
    )
    await delete_coupon(session, coupon.id, actor=SHOP)

    assert await coupons.count_use(session, order.checkout_id, None, order.id)

    row = await session.execute(text("SELECT state, code, coupon_id, discount_minor FROM coupon_redemptions"))
    assert tuple(row.one()) == ("used", "GONE", None, 300)


async def test_hold_of_a_deleted_coupon_ends_with_its_checkout(session):
    coupon = await make_coupon(session)
    checkout_id = await _checkout(session)
    terms = await coupons.find_terms_by_id(session, coupon.id)
    assert terms is not None
    await coupons.hold_use(session, terms, checkout_id=checkout_id, user_id=None, email_key="a@b.c", discount_minor=0)
    await delete_coupon(session, coupon.id, actor=SHOP)

    await coupons.release_use(session, checkout_id)

    assert (await session.execute(text("SELECT state FROM coupon_redemptions"))).scalars().all() == ["released"]


async def test_giving_back_keeps_or_takes_only_the_coupon_that_is_named(session):
    checkout_id = await _checkout(session)
    held = [await make_coupon(session) for _ in range(3)]
    for coupon in held:
        terms = await coupons.find_terms_by_id(session, coupon.id)
        assert terms is not None
        await coupons.hold_use(
            session, terms, checkout_id=checkout_id, user_id=None, email_key="a@b.c", discount_minor=0
        )

    await coupons.release_use(session, checkout_id, only=held[0].id)
    after_only = [(await get_coupon(session, coupon.id)).held for coupon in held]
    await coupons.release_use(session, checkout_id, keep=held[1].id)

    assert after_only == [0, 1, 1]
    assert [(await get_coupon(session, coupon.id)).held for coupon in held] == [0, 1, 0]
