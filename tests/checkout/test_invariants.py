"""The rules of the books: each is broken alone, by hand, and is the only one to be reported."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
import requests
import stripe as stripe_sdk
from sqlalchemy import text

from shophub.db import AsyncSession, close_database, database_url, get_database, transaction
from shophub.domain.statuses import AlertKind
from shophub.jobs import invariants as jobs
from shophub.repositories.invariants import RULES
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.schemas.fulfilment import ShipmentForm
from shophub.services import alerts, carts, fulfilment
from shophub.services.audit import SHOP, Actor
from shophub.services.coupons import update_coupon
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.flows.expire import expire_checkout
from shophub.services.flows.reconcile import reconcile_checkout
from shophub.services.flows.refund_order import refund_order
from shophub.services.invariants import check_and_record, find_violations
from shophub.settings import get_settings
from tests.checkout.breaches import BREAKS, CANCELLED, DELIVERED, ORDER, PLAIN
from tests.checkout.conftest import Shop, stock_shelves
from tests.databases import TestServer
from tests.factories import make_user
from tests.sandbox.conftest import SECRET_KEY, SandboxServer

CASES = [pytest.param(name, sql, id=f"{name} ({n})") for name, all_of in BREAKS.items() for n, sql in enumerate(all_of)]


async def _buy(shop: Shop, visitor: Visitor, code: str = "") -> None:
    if code:
        owner = CartOwner(visitor.user.id) if visitor.user else CartOwner(guest_token=visitor.guest_token)
        async with transaction() as session:
            await carts.apply_coupon(session, owner, code)
    payment = await shop.pay_start(visitor)
    if payment.client_secret:
        shop.confirm(payment)
        ((checkout_id,),) = await shop.rows("SELECT id FROM checkouts WHERE status = 'open'")
        await reconcile_checkout(checkout_id)  # type: ignore[arg-type]


async def _make_busy(shop: Shop) -> None:
    """Have each kind of thing happen once."""
    await shop.coupon("TEN", percent_bp=1_000, max_uses=5, max_uses_per_customer=2)
    await shop.coupon("GIFT", percent_bp=10_000)
    await shop.coupon("POST", discount_type="FREE_SHIPPING", percent_bp=None)
    async with transaction() as session:
        admin = await make_user(session)
    await _buy(shop, await shop.customer((shop.mug, 2), (shop.lamp, 1)), "TEN")
    async with transaction() as session:
        await fulfilment.mark_shipped(session, DELIVERED, ShipmentForm(), actor=Actor(admin.id))
    async with transaction() as session:
        await fulfilment.mark_delivered(session, DELIVERED, actor=Actor(admin.id))
    ((sku,),) = await shop.rows("SELECT sku FROM variants WHERE id = :id", id=shop.mug)
    await refund_order(DELIVERED, lines={str(sku): 1}, restock=True, actor=Actor(admin.id))
    await _buy(shop, await shop.guest("cancelling", (shop.mug, 1)))
    await cancel_order(CANCELLED, actor=Actor(admin.id), by_customer=False)
    async with transaction() as session:  # what is free needs free shipping too
        await session.execute(text("UPDATE store_settings SET shipping_fee_minor = 0"))
    await _buy(shop, await shop.guest("lucky", (shop.mug, 1)), "GIFT")
    await _buy(shop, await shop.guest("plain", (shop.lamp, 1)))
    leaving = await shop.pay_start(await shop.guest("leaving", (shop.mug, 1)))
    ((checkout_id,),) = await shop.rows("SELECT id FROM checkouts WHERE status = 'open'")
    assert leaving.client_secret
    await expire_checkout(checkout_id)  # type: ignore[arg-type]
    paying = await shop.guest("paying", (shop.mug, 2))
    async with transaction() as session:
        await carts.apply_coupon(session, CartOwner(guest_token=paying.guest_token), "TEN")
    await shop.pay_start(paying)


@pytest_asyncio.fixture(scope="module")
async def busy_shop(database_server: TestServer, running_sandbox: SandboxServer) -> AsyncIterator[str]:
    """The address of a database in which everything has happened; nobody may commit to it."""
    with database_server.clone() as url, requests.Session() as http:
        http.trust_env = False
        client = stripe_sdk.StripeClient(
            SECRET_KEY,
            base_addresses={"api": running_sandbox.url + "/stripe"},
            http_client=stripe_sdk.RequestsClient(timeout=10, session=http),
        )
        with pytest.MonkeyPatch.context() as environment:
            _use(environment, url, running_sandbox.url)
            await _make_busy(await stock_shelves(client))
            await close_database()
        _forget()
        yield url


def _use(environment: pytest.MonkeyPatch, url: str, sandbox_url: str) -> None:
    environment.setenv("DATABASE_URL", url)
    environment.setenv("SANDBOX_URL", sandbox_url)
    _forget()


def _forget() -> None:
    get_settings.cache_clear()
    database_url.cache_clear()


@pytest.fixture
def in_busy_shop(
    busy_shop: str,
    running_sandbox: SandboxServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    _use(monkeypatch, busy_shop, running_sandbox.url)
    yield
    monkeypatch.undo()
    _forget()


@asynccontextmanager
async def _to_be_undone() -> AsyncIterator[AsyncSession]:
    """A transaction in which neither triggers nor foreign keys stop anybody, and of which nothing stays."""
    async with get_database().sessions() as session:
        async with session.begin() as whole:
            await session.execute(text("SET LOCAL session_replication_role = replica"))
            yield session
            await whole.rollback()
    await close_database()


async def _run(session: AsyncSession, sql: str) -> None:
    for statement in sql.split(";"):
        await session.execute(text(statement))


async def test_rules_hold_where_everything_has_happened(in_busy_shop: None):
    async with _to_be_undone() as session:
        assert await find_violations(session) == ()
        assert await find_violations(session, lately=True) == ()
        happened = (
            await session.execute(
                text("""
                SELECT (SELECT count(*) FROM orders WHERE status = 'DELIVERED' AND refunded_minor > 0),
                  (SELECT count(*) FROM orders WHERE status = 'CANCELLED' AND payment_status = 'REFUNDED'),
                  (SELECT count(*) FROM orders WHERE total_minor = 0), (SELECT count(*) FROM orders),
                  (SELECT count(*) FROM checkouts WHERE status = 'open'),
                  (SELECT count(*) FROM checkouts WHERE status = 'expired'),
                  (SELECT held FROM coupons WHERE code = 'TEN'), (SELECT max(restocked_quantity) FROM order_lines)""")
            )
        ).one()
    assert tuple(happened) == (1, 1, 1, 4, 1, 1, 1, 1)


def test_each_rule_has_a_way_to_break_it():
    assert list(BREAKS) == [rule.name for rule in RULES]


@pytest.mark.parametrize(("name", "sql"), CASES)
async def test_broken_rule_is_the_one_reported(in_busy_shop: None, name: str, sql: str):
    async with _to_be_undone() as session:
        await _run(session, sql)

        found = await find_violations(session)
        found_lately = await find_violations(session, lately=True)

    assert [violation.name for violation in found] == [name]
    assert found[0].offenders
    assert "@" not in "".join(found[0].offenders)
    assert [violation.name for violation in found_lately] == [name]


async def test_use_paid_for_after_its_hold_had_ended_is_within_no_limit(in_busy_shop: None):
    """The price was paid, so the limit cannot refuse it."""
    async with _to_be_undone() as session:
        await session.execute(text("UPDATE coupons SET max_uses = 1 WHERE code = 'TEN'"))
        assert len(await find_violations(session)) == 1
        await session.execute(text("UPDATE coupon_redemptions SET ended_at = created_at WHERE state = 'used'"))
        assert await find_violations(session) == ()


async def test_limit_set_below_the_uses_that_there_are_breaks_no_rule(in_busy_shop: None):
    async with _to_be_undone() as session:
        ((coupon_id,),) = (await session.execute(text("SELECT id FROM coupons WHERE code = 'TEN'"))).all()
        await update_coupon(session, coupon_id, {"maxUses": 1}, actor=SHOP)
        assert await find_violations(session) == ()
        await session.execute(text("UPDATE coupon_redemptions SET created_at = clock_timestamp() WHERE state = 'held'"))
        (violation,) = await find_violations(session)
    assert violation.name == "coupon uses stay within the coupon's limit"


async def test_use_of_a_guest_who_signed_in_later_counts_as_the_guests(in_busy_shop: None):
    async with _to_be_undone() as session:
        await session.execute(text("UPDATE coupons SET max_uses_per_customer = 1 WHERE code = 'TEN'"))
        await session.execute(
            text("UPDATE coupon_redemptions SET user_id = (SELECT id FROM users LIMIT 1) WHERE code = 'TEN'")
        )
        assert await find_violations(session) == ()


async def test_refund_that_failed_is_an_alert_and_breaks_no_rule(in_busy_shop: None):
    async with _to_be_undone() as session:
        await _run(session, BREAKS["a cancelled order's money goes back"][0])
        assert len(await find_violations(session)) == 1
        ((refund_id,),) = (await session.execute(text("SELECT id FROM refunds WHERE status = 'failed'"))).all()
        await alerts.raise_alert(session, AlertKind.REFUND_FAILED, str(refund_id), "SH-1002: the refund failed.")
        assert await find_violations(session) == ()


async def test_check_writes_down_alerts_counts_and_closes_its_own_alert(in_busy_shop: None):
    async with _to_be_undone() as session:
        await session.execute(text("UPDATE variants SET stock = stock + 1 WHERE price_minor = 4500"))
        await check_and_record(session)
        await check_and_record(session, lately=True)
        (alert,) = await alerts.list_open(session)
        (broken,) = (
            await session.execute(text("SELECT name, sample FROM invariant_checks WHERE violations > 0"))
        ).all()
        ((checked,),) = (await session.execute(text("SELECT count(*) FROM invariant_checks"))).all()
        await session.execute(text("UPDATE variants SET stock = stock - 1 WHERE price_minor = 4500"))
        assert await check_and_record(session, lately=True) == ()
        open_after = await alerts.list_open(session)
        ((broken_after,),) = (await session.execute(text("SELECT sum(violations) FROM invariant_checks"))).all()

    assert (alert.kind, alert.subject, alert.seen) == ("invariant", "stock is the sum of its ledger", 2)
    assert alert.message.startswith("Stock is the sum of its ledger: not so for ")
    assert (broken.name, len(broken.sample), checked) == (alert.subject, 1, len(RULES))
    assert (open_after, broken_after) == ((), 0)


async def test_what_is_old_stays_reported_until_it_holds(in_busy_shop: None):
    """The short form does not see it; a rule that was broken is checked over everything."""
    async with _to_be_undone() as session:
        await session.execute(text(f"UPDATE order_lines SET name = 'Other' WHERE order_id = {ORDER.format(PLAIN)}"))
        await session.execute(
            text("""
            UPDATE order_events SET id = CAST('01000000-0000-7000-8000-' || right(CAST(id AS text), 12) AS uuid)""")
        )
        assert await check_and_record(session, lately=True) == ()
        (violation,) = await check_and_record(session)
        assert await check_and_record(session, lately=True) == (violation,)
    assert violation.offenders == (f"SH-{PLAIN}",)


async def test_jobs_check_the_books(in_busy_shop: None, busy_shop: str):
    for job in (jobs.check, jobs.check_everything):
        await job()
        async with transaction() as session:
            rows = (await session.execute(text("SELECT name, violations FROM invariant_checks"))).all()
            await session.execute(text("DELETE FROM invariant_checks"))
        assert {tuple(row) for row in rows} == {(rule.name, 0) for rule in RULES}
    await close_database()
