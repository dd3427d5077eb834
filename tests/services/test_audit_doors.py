"""Who writes to the audit log, and that nobody waits for anybody."""

import asyncio
from collections.abc import AsyncIterator
from secrets import token_hex

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import AlertKind
from shophub.jobs.audit import seal
from shophub.lib.ids import new_id
from shophub.schemas.coupons import parse_coupon
from shophub.services import alerts, audit, coupons
from shophub.services.audit import SHOP, Actor
from tests.rows import rows

TERMS = {
    "code": "AUTUMN",
    "discountType": "PERCENTAGE",
    "discountValue": 10,
    "startDate": "2026-01-01",
    "endDate": "2026-12-31",
}


async def logged() -> list[tuple[object, ...]]:
    return await rows("SELECT action, target_type, before, after FROM audit_log ORDER BY id")


async def test_life_of_a_coupon_is_recorded_with_what_changed(database: str):
    actor = Actor(new_id(), "203.0.113.7")
    async with transaction() as session:
        made = await coupons.create_coupon(session, parse_coupon(TERMS), actor=actor)
    ((coupon_id,),) = await rows("SELECT id FROM coupons")
    async with transaction() as session:
        await coupons.update_coupon(session, coupon_id, {"discountValue": 25, "maxUses": 3}, actor=actor)
        await coupons.set_coupon_active(session, coupon_id, False, actor=actor)
        await coupons.delete_coupon(session, coupon_id, actor=actor)

    created, updated, off, deleted = await logged()
    assert created[:3] == ("coupon.create", "coupon", None)
    assert created[3]["code"] == "AUTUMN"
    assert updated == (
        "coupon.update",
        "coupon",
        {"discount_value": "10", "max_uses": None},
        {"discount_value": "25", "max_uses": 3},
    )
    assert off[0] == "coupon.switch_off"
    assert (deleted[0], deleted[2]["code"], deleted[3]) == ("coupon.delete", "AUTUMN", None)
    assert await rows("SELECT DISTINCT actor_id, network_address, target_id FROM audit_log") == [
        (actor.user_id, "203.0.113.7", made.id)
    ]


async def test_alert_that_is_closed_is_recorded_once(database: str):
    async with transaction() as session:
        await alerts.raise_alert(session, AlertKind.NEEDS_REVIEW, "SH-1001", "Look at it.")
        (alert,) = await alerts.list_open(session)
        for _ in range(2):
            await alerts.resolve(session, alert.id, SHOP)

    assert await logged() == [("alert.resolve", "alert", None, None)]


async def write(number: int) -> None:
    async with transaction() as session:
        await session.execute(text("SET LOCAL lock_timeout = '2s'"))
        await audit.record(session, SHOP, "coupon.update", target="coupon", target_id=str(number))


async def test_writers_wait_neither_for_each_other_nor_for_the_one_who_seals(database: str):
    async with transaction() as slow, transaction() as sealing:
        await audit.record(slow, SHOP, "coupon.create", target="coupon")
        await write(0)
        assert await audit.seal(sealing) == 1

        await asyncio.wait_for(asyncio.gather(*(write(number) for number in range(1, 15))), 10)

        assert await rows("SELECT count(*) FROM audit_log") == [(15,)]
    await seal()

    assert await rows("SELECT count(*), count(position), max(position) FROM audit_log") == [(16, 16, 16)]
    async with transaction() as session:
        assert await audit.verify(session) == ()


async def test_job_seals_everything_batch_by_batch(database: str, monkeypatch: pytest.MonkeyPatch):
    async with transaction() as session:
        for number in range(2_100):
            await audit.record(session, SHOP, "coupon.update", target="coupon", target_id=str(number))

    await seal()

    assert await rows("SELECT count(*) FROM audit_log WHERE hash IS NULL") == [(0,)]
    async with transaction() as session:
        assert (await audit.describe_head(session)).startswith("2100 sealed, the last one ")
        assert await audit.verify(session) == ()


@pytest_asyncio.fixture
async def app_role(database: str) -> AsyncIterator[str]:
    """A login of the shop's own: it may use every table, and owns none."""
    name = sql.Identifier(role := f"shophub_app_{token_hex(4)}")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
        connection.execute(sql.SQL("GRANT ALL ON ALL TABLES IN SCHEMA public TO {}").format(name))
        connection.execute(sql.SQL("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {}").format(name))
    yield role
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(name))
        connection.execute(sql.SQL("DROP ROLE {}").format(name))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET action = 'forged'",
        "UPDATE audit_log SET created_at = now() - interval '1 year'",
        "UPDATE audit_log SET hash = repeat('0', 64), action = 'forged' WHERE hash IS NULL",
        "UPDATE audit_log SET hash = NULL",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "ALTER TABLE audit_log DISABLE TRIGGER ALL",
        "DROP TRIGGER guard_audit_log_update ON audit_log",
        "SET session_replication_role = replica",
    ],
)
async def test_shops_own_login_can_append_and_seal_and_nothing_else(database: str, app_role: str, statement: str):
    await write(1)
    await seal()
    await write(2)
    with psycopg.connect(database) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(app_role)))
        connection.execute("INSERT INTO audit_log (action, target_type, target_id) VALUES ('tested', 'nothing', '')")
        connection.commit()

        with pytest.raises((psycopg.errors.RestrictViolation, psycopg.errors.InsufficientPrivilege)):
            connection.execute(statement)

        connection.rollback()
    async with transaction() as session:
        await session.execute(text(f"SET LOCAL ROLE {app_role}"))
        assert await audit.seal(session) == 2
        assert await audit.verify(session) == ()
