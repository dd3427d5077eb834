"""Deleting an account: the person is nowhere any more, and the books still add up."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import OrderStatus, Role
from shophub.errors import LastOwnerError, NotFoundError, PaymentInProgressError, ShopHubError
from shophub.lib.clock import utc_now
from shophub.models.accounts import Invite, User
from shophub.models.carts import CouponRedemption
from shophub.models.checkouts import Checkout, CheckoutRevision
from shophub.models.community import StockAlert
from shophub.models.orders import Order
from shophub.models.payments import Payment, Refund
from shophub.services import audit, erasure, sessions, upkeep, visitors
from shophub.services.audit import Actor
from shophub.services.flows.erase_account import erase_account
from tests.factories import make_coupon, make_order, make_user, make_variant
from tests.services.test_account_data import full_life

PERSON = ("Ada Lovelace", "ada@example.com", "1 Market Street", "94105", "Ring twice", "192.0.2.9", "1Z9")
# Every text of every table, so that no column is forgotten.
COLUMNS = text("""
SELECT table_name, column_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE' AND table_name NOT LIKE 'procrastinate%'
  AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')
""")


async def traces(session: AsyncSession) -> list[str]:
    """Return where in the database the person is still named."""
    found = []
    for table, column in (await session.execute(COLUMNS)).all():
        for word in PERSON:
            statement = text(f'SELECT count(*) FROM "{table}" WHERE CAST("{column}" AS text) ILIKE :word')
            if (await session.execute(statement, {"word": f"%{word}%"})).scalar_one():
                found.append(f"{table}.{column}: {word}")
    return found


async def make_ada(session: AsyncSession, **values: object) -> User:
    return await make_user(session, email="ada@example.com", full_name="Ada Lovelace", **values)  # type: ignore[arg-type]


async def name_in_order(session: AsyncSession, order: Order, user: User) -> None:
    """Write the person everywhere into an order and the checkout that it came from."""
    address = {**order.shipping_address, "full_name": "Ada Lovelace"}
    order.shipping_address, order.note = address, "Ring twice"
    session.add(order)
    checkout = await session.get(Checkout, order.checkout_id)
    assert checkout is not None
    checkout.network_address = "192.0.2.9"
    session.add(checkout)
    session.add(
        CheckoutRevision(
            checkout_id=checkout.id,
            number=1,
            currency="USD",
            total_minor=order.total_minor,
            lines=[],
            quote={"total_minor": order.total_minor},
            shipping_address=address,
            email=user.email,
            note="Ring twice",
        )
    )
    await session.flush()


async def erase(session: AsyncSession, user: User) -> None:
    await erasure.erase(session, user.id, Actor(user.id))
    session.expunge_all()  # what is read from now on comes from the database


async def test_nothing_in_any_table_names_the_person_any_more(session: AsyncSession) -> None:
    user = await make_ada(session)
    await full_life(session, user)
    await session.execute(text("UPDATE orders SET status = 'DELIVERED'"))
    order = await make_order(session, user=user, status=OrderStatus.DELIVERED)
    guest_order = await make_order(session, email="Ada@example.com", status=OrderStatus.CANCELLED)
    for one in (order, guest_order):
        await name_in_order(session, one, user)
    session.add(
        Invite(email=user.email, role=Role.ADMIN, token_hash="hash", expires_at=utc_now(), accepted_by_id=user.id)
    )
    session.add(StockAlert(variant_id=(await make_variant(session)).id, email=user.email, email_key=user.email))
    await session.flush()
    assert len({trace.partition(":")[0] for trace in await traces(session)}) > 15

    await erase(session, user)

    assert await traces(session) == []
    left = await session.execute(
        text("""
        SELECT (SELECT count(*) FROM addresses) + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM wishlists)
          + (SELECT count(*) FROM carts) + (SELECT count(*) FROM stock_alerts) + (SELECT count(*) FROM second_factors)
          + (SELECT count(*) FROM recovery_codes) + (SELECT count(*) FROM email_tokens)
        """)
    )
    assert left.scalar_one() == 0


async def test_amounts_goods_and_where_they_were_taxed_stay(session: AsyncSession) -> None:
    user = await make_ada(session)
    order = await make_order(session, user=user, status=OrderStatus.DELIVERED)
    await name_in_order(session, order, user)

    await erase(session, user)

    kept = await session.get_one(Order, order.id)
    assert (kept.total_minor, kept.currency, kept.user_id) == (5_000, "USD", user.id)
    assert {name: value for name, value in kept.shipping_address.items() if value} == {
        "full_name": "Erased customer",
        "state": "CA",
        "country": "US",
    }
    revision = (await session.execute(text("SELECT quote, total_minor FROM checkout_revisions"))).one()
    assert tuple(revision) == ({"total_minor": 5_000}, 5_000)
    lines = (await session.execute(text("SELECT name, total_minor FROM order_lines"))).all()
    assert [tuple(line) for line in lines] == [("Desk Lamp", 4_000)]


async def test_review_stays_without_its_author(session: AsyncSession) -> None:
    user = await make_ada(session)
    await full_life(session, user)

    await erase(session, user)

    review = (await session.execute(text("SELECT user_id, author_name, rating, comment FROM reviews"))).one()
    assert tuple(review) == (None, "A former customer", 5, "Bright.")


async def test_account_cannot_be_used_again_and_its_address_can(session: AsyncSession) -> None:
    user = await make_ada(session, password_hash="hash", role=Role.ADMIN)
    token = await sessions.start(session, user.id)

    await erase(session, user)

    assert (await visitors.identify_token(session, token)).user is None
    row = await session.get_one(User, user.id)
    assert (row.password_hash, row.is_active, row.role) == (None, False, Role.CUSTOMER)
    assert row.erased_at is not None
    await make_ada(session)
    with pytest.raises(NotFoundError):
        await erasure.erase(session, user.id, Actor(user.id))


async def test_order_under_way_keeps_its_address_until_it_is_over(session: AsyncSession) -> None:
    user = await make_ada(session)
    order = await make_order(session, user=user, status=OrderStatus.PROCESSING)
    await name_in_order(session, order, user)

    await erase(session, user)
    await upkeep.clean_up(session)

    assert (await session.get_one(Order, order.id)).shipping_address["address"] == "1 Market Street"
    await session.execute(text("UPDATE orders SET status = 'DELIVERED'"))
    await upkeep.clean_up(session)
    assert await traces(session) == []


async def test_parcel_that_nobody_marks_as_delivered_is_over_one_day(session: AsyncSession) -> None:
    user = await make_ada(session)
    order = await make_order(session, user=user, status=OrderStatus.SHIPPED)
    await erase(session, user)
    assert (await session.get_one(Order, order.id)).email == "ada@example.com"

    await session.execute(text("UPDATE orders SET updated_at = :at"), {"at": utc_now() - timedelta(days=61)})
    await upkeep.clean_up(session)

    assert await traces(session) == []


async def test_order_with_an_open_refund_or_question_keeps_its_address(session: AsyncSession) -> None:
    user = await make_ada(session)
    asked, returned = [await make_order(session, user=user, status=OrderStatus.CANCELLED) for _ in range(2)]
    asked.needs_review = True
    payment = Payment(
        order_id=returned.id, stripe_payment_intent_id="pi_1", amount_minor=5_000, currency="USD", revision=1
    )
    session.add_all([asked, payment])
    await session.flush()
    session.add(Refund(payment_id=payment.id, order_id=returned.id, amount_minor=5_000, currency="USD", restock=False))
    await session.flush()

    await erase(session, user)

    emails = (await session.execute(text("SELECT DISTINCT email FROM orders"))).scalars().all()
    assert emails == ["ada@example.com"]


async def test_uses_of_a_coupon_stay_counted_apart(session: AsyncSession) -> None:
    """Two former addresses with the same use of one coupon must not fall together."""
    user = await make_ada(session)
    coupon = await make_coupon(session)
    for number, email in enumerate(("ada@example.com", "ada@example.com", "former@example.com")):
        order = await make_order(session, user=user, email=email, status=OrderStatus.DELIVERED)
        session.add(
            CouponRedemption(
                coupon_id=coupon.id,
                code=coupon.code,
                checkout_id=order.checkout_id,
                order_id=order.id,
                user_id=user.id,
                email_key=email,
                use_number=number % 2 + 1,
                state="used",
            )
        )
    await session.flush()

    await erase(session, user)

    keys = (
        (await session.execute(text("SELECT email_key FROM coupon_redemptions ORDER BY created_at, id")))
        .scalars()
        .all()
    )
    assert (len(set(keys)), keys[0] == keys[1]) == (2, True)
    assert all(key.endswith("@erased.invalid") for key in keys)


async def test_other_people_are_left_alone(session: AsyncSession) -> None:
    user = await make_user(session, email="eve@example.com", verified=False)
    ada = await make_ada(session)
    await full_life(session, ada)
    await make_order(session, email="eve@example.com", status=OrderStatus.DELIVERED)
    before = await traces(session)

    await erase(session, user)

    assert await traces(session) == before
    # Whoever registers an address without owning it takes nothing of its owner along.
    assert (
        await session.execute(text("SELECT count(*) FROM orders WHERE email = 'eve@example.com'"))
    ).scalar_one() == 1


async def test_audit_log_follows_its_chain_after_an_erasure_and_names_nobody(session: AsyncSession) -> None:
    user = await make_ada(session, role=Role.ADMIN)
    await audit.record(session, Actor(user.id), "coupon.create", target="coupon")
    await audit.seal(session)

    await erase(session, user)
    await audit.seal(session)

    assert await audit.verify(session) == ()
    logged = (await session.execute(text("SELECT action, before, after FROM audit_log ORDER BY id"))).all()
    assert tuple(logged[-1]) == ("user.erase", {"role": "ADMIN"}, None)


async def test_frozen_revision_takes_no_other_change_under_the_cover_of_an_erasure(session: AsyncSession) -> None:
    user = await make_ada(session)
    order = await make_order(session, user=user)
    await name_in_order(session, order, user)
    erased = "email = 'x@erased.invalid', note = '', shipping_address = erased_address(shipping_address)"
    changes = (f"{erased}, total_minor = 1", f"{erased}, quote = '{{}}'", "note = ''", "email = 'eve@example.com'")
    for change in changes:
        statement = text(f"UPDATE checkout_revisions SET {change}")
        with pytest.raises(DBAPIError, match="append-only"):
            await _try(session, statement)
    await session.execute(text(f"UPDATE checkout_revisions SET {erased}"))


async def _try(session: AsyncSession, statement: TextClause) -> None:
    async with session.begin_nested():
        await session.execute(statement)


async def test_last_super_admin_stays(session: AsyncSession) -> None:
    owner = await make_ada(session, role=Role.SUPER_ADMIN)
    await make_user(session, role=Role.SUPER_ADMIN, is_active=False)

    with pytest.raises(LastOwnerError):
        await erasure.erase(session, owner.id, Actor(owner.id))

    assert (await session.get_one(User, owner.id)).is_active


async def test_two_super_admins_who_leave_at_once_do_not_both_go(database: str) -> None:
    async with transaction() as session:
        owners = [await make_user(session, role=Role.SUPER_ADMIN) for _ in range(2)]

    async def leave(owner: User) -> str:
        try:
            await erase_account(owner.id, Actor(owner.id))
        except ShopHubError as error:
            return error.code
        return "gone"

    answers = sorted(await asyncio.gather(*(leave(owner) for owner in owners)))

    assert answers == ["gone", LastOwnerError.code]


async def test_payment_under_way_has_to_be_settled_first(database: str) -> None:
    async with transaction() as session:
        user = await make_ada(session)
        session.add(
            Checkout(
                user_id=user.id,
                email=user.email,
                email_key=user.email,
                status="processing",
                currency="USD",
                opened_at=utc_now(),
                expires_at=utc_now(),
            )
        )

    with pytest.raises(PaymentInProgressError):
        await erase_account(user.id, Actor(user.id))

    async with transaction() as session:
        assert (await session.get_one(User, user.id)).is_active


async def test_open_checkout_gives_its_goods_back_first(database: str) -> None:
    async with transaction() as session:
        user = await make_ada(session)
        session.add(
            Checkout(
                user_id=user.id,
                email=user.email,
                email_key=user.email,
                status="open",
                currency="USD",
                opened_at=utc_now(),
                expires_at=utc_now() + timedelta(minutes=30),
            )
        )

    await erase_account(user.id, Actor(user.id))

    async with transaction() as session:
        row = (await session.execute(text("SELECT status, email FROM checkouts"))).one()
        assert row.status == "expired"
        assert await traces(session) == []
