"""Alerts: one open per kind and subject."""

import asyncio

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import AlertKind
from shophub.lib.ids import new_id
from shophub.services import alerts
from shophub.services.audit import Actor
from tests.factories import make_user


async def test_alert_seen_again_is_counted_and_says_the_newest(session: AsyncSession):
    await alerts.raise_alert(session, AlertKind.DISPUTE, "dp_1", "first")
    await alerts.raise_alert(session, AlertKind.DISPUTE, "dp_1", "second")
    await alerts.raise_alert(session, AlertKind.DISPUTE, "dp_2", "another")
    await alerts.raise_alert(session, AlertKind.REFUND_FAILED, "dp_1", "of another kind")

    found = {(one.kind, one.subject): (one.message, one.seen) for one in await alerts.list_open(session)}

    assert found == {
        ("dispute", "dp_1"): ("second", 2),
        ("dispute", "dp_2"): ("another", 1),
        ("refund_failed", "dp_1"): ("of another kind", 1),
    }


async def test_resolved_alert_is_closed_once_and_opens_anew(session: AsyncSession):
    user = await make_user(session)
    await alerts.raise_alert(session, AlertKind.UNKNOWN_PAYMENT, "pi_1", "unknown")
    (alert,) = await alerts.list_open(session)

    assert await alerts.resolve(session, alert.id, Actor(user.id)) is True
    assert await alerts.resolve(session, alert.id, Actor(user.id)) is False
    assert await alerts.resolve(session, new_id(), Actor(user.id)) is False
    assert await alerts.list_open(session) == ()

    await alerts.raise_alert(session, AlertKind.UNKNOWN_PAYMENT, "pi_1", "again")
    (again,) = await alerts.list_open(session)
    assert (again.id != alert.id, again.seen) == (True, 1)


async def test_alert_whose_cause_is_gone_is_closed_by_its_subject(session: AsyncSession):
    await alerts.raise_alert(session, AlertKind.NEEDS_REVIEW, "SH-1001", "look")

    assert await alerts.resolve_subject(session, AlertKind.DISPUTE, "SH-1001") is False
    assert await alerts.resolve_subject(session, AlertKind.NEEDS_REVIEW, "SH-1001") is True
    assert await alerts.resolve_subject(session, AlertKind.NEEDS_REVIEW, "SH-1001") is False
    assert await alerts.list_open(session) == ()


async def test_alert_raised_by_many_at_once_is_one(database: str):
    async def see() -> None:
        async with transaction() as session:
            await alerts.raise_alert(session, AlertKind.INVARIANT, "a rule", "broken")

    await asyncio.gather(*(see() for _ in range(8)))

    async with transaction() as session:
        (alert,) = await alerts.list_open(session)
    assert alert.seen == 8
