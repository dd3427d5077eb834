"""How the shop's parts are said to be, and queueing again what was given up."""

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import AlertKind
from shophub.errors import ConflictError
from shophub.repositories.invariants import RULES
from shophub.schemas.health import HealthView
from shophub.services import alerts, health
from shophub.services.audit import Actor
from shophub.services.invariants import check_and_record
from shophub.services.views.health import Stripe
from tests.factories import make_user
from tests.rows import execute
from tests.statements import counted_statements

LIVE = Stripe("live", "")


async def look(session: AsyncSession, *, redis: bool | None = True, stripe: Stripe = LIVE) -> HealthView:
    return await health.get_health(session, redis=redis, stripe=stripe)


def words(view: HealthView) -> dict[str, str]:
    return {part.name: part.word for part in view.parts}


async def add_job(session: AsyncSession, status: str = "failed", **more: object) -> int:
    values: dict[str, object] = {"queue": "default", "task": "emails.send", "lock": None, "attempts": 3, **more}
    found = await session.execute(
        text(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, attempts, status)"
            " VALUES (:queue, :task, :lock, :attempts, CAST(:status AS procrastinate_job_status)) RETURNING id"
        ),
        {**values, "status": status},
    )
    return int(found.scalar_one())


async def note_worker(session: AsyncSession, ago: str = "0 seconds") -> None:
    await execute(
        session,
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - CAST(:ago AS interval))",
        ago=ago,
    )


async def test_shop_where_all_is_well_says_so(session: AsyncSession) -> None:
    await note_worker(session)
    await check_and_record(session)
    await execute(
        session,
        "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp)"
        " VALUES ('payments.events', extract(epoch FROM now())::bigint)",
    )
    await execute(
        session,
        "INSERT INTO provider_events (id, provider, event_id, type, status, payload, occurred_at)"
        " VALUES (gen_random_uuid(), 'stripe', 'evt_1', 'charge.refunded', 'handled', '{}', now())",
    )

    view = await look(session)

    assert (view.word, view.tone) == ("All is well", "success")
    assert words(view) == {
        "Database": "Works", "Queue": "Works", "E-mails": "Sandbox", "Stripe": "Works", "Webhooks": "Works",
        "Reconciliation": "Works", "Books": "Add up", "Redis": "Works",
    }  # fmt: skip
    assert (len(view.rules), {rule.word for rule in view.rules}) == (len(RULES), {"Holds"})
    assert (view.alerts, view.jobs) == ((), ())


async def test_new_shop_without_a_worker_says_what_to_do(session: AsyncSession) -> None:
    view = await look(session, redis=None, stripe=Stripe("test", "It has not answered within 3 seconds."))

    assert (view.word, view.tone) == ("Something is wrong", "danger")
    assert words(view) == {
        "Database": "Works", "Queue": "No worker", "E-mails": "Sandbox", "Stripe": "Unreachable",
        "Webhooks": "None yet", "Reconciliation": "Not yet", "Books": "Not checked", "Redis": "Not used",
    }  # fmt: skip
    assert [part.name for part in view.parts if part.tone == "danger"] == [part.name for part in view.parts[:2]]
    assert all(part.advice for part in view.parts if part.tone in ("danger", "warning"))


async def test_what_was_given_up_is_listed_and_queued_again_once(session: AsyncSession) -> None:
    owner = await make_user(session)
    await note_worker(session)
    mail, turn = await add_job(session), await add_job(session, queue="clock", task="invariants.check")

    view = await look(session)
    await health.retry_job(session, mail, Actor(owner.id))

    assert [(job.id, job.name, job.may_retry) for job in view.jobs] == [
        (str(turn), "Check the books", False),
        (str(mail), "Send an e-mail", True),
    ]
    assert (words(view)["E-mails"], words(view)["Queue"]) == ("Some not sent", "Gave some up")
    assert words(await look(session))["E-mails"] == "Delayed"
    for job_id in (mail, turn, 0):
        with pytest.raises(ConflictError):
            await health.retry_job(session, job_id, Actor(owner.id))
    noted = await session.execute(text("SELECT action, target_id, actor_id FROM audit_log"), {})
    assert [tuple(row) for row in noted] == [("job.retry", str(mail), owner.id)]


async def test_job_whose_like_waits_already_stays_where_it_is(session: AsyncSession) -> None:
    failed = await add_job(session, task="refunds.finish", lock="refund/1")
    await add_job(session, "todo", task="refunds.finish", lock="refund/1")

    with pytest.raises(ConflictError):
        await health.retry_job(session, failed, Actor())


async def test_broken_rule_comes_first_with_what_breaks_it(session: AsyncSession) -> None:
    name = RULES[-1].name
    await execute(
        session,
        "INSERT INTO invariant_checks (name, checked_at, violations, sample, milliseconds)"
        " VALUES (:name, now(), 2, CAST(:sample AS jsonb), 1)",
        name=name, sample='["SH-1001", "SH-1002"]',
    )  # fmt: skip
    await alerts.raise_alert(session, AlertKind.INVARIANT, name, "It does not hold.")

    view = await look(session)

    assert (view.rules[0].word, view.rules[0].offenders) == ("Broken", "SH-1001, SH-1002")
    assert words(view)["Books"] == "Do not add up"
    assert [(one.kind, one.message) for one in view.alerts] == [("Books", "It does not hold.")]


async def test_looking_costs_the_same_however_much_there_is(session: AsyncSession) -> None:
    with counted_statements(session) as few:
        await look(session)
    for number in range(30):
        await add_job(session)
        await alerts.raise_alert(session, AlertKind.DISPUTE, f"dp_{number}", "A dispute.")

    with counted_statements(session) as many:
        view = await look(session)

    assert len(many) == len(few) == 8
    assert (len(view.jobs), len(view.alerts)) == (health.JOBS_SHOWN, 30)
