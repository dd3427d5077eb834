"""The shop's health as the staff see it: what its tables know, and queueing again what was given up."""

from time import perf_counter

from shophub.db import AsyncSession
from shophub.errors import ConflictError
from shophub.integrations.queue import CLOCK_QUEUE, DEFAULT_QUEUE
from shophub.lib.clock import utc_now
from shophub.repositories import health, jobs
from shophub.repositories.invariants import RULES
from shophub.schemas.health import HealthView
from shophub.services import alerts, audit
from shophub.services.audit import Actor
from shophub.services.emails.outbox import SEND_EMAIL
from shophub.services.monitoring import MAX_QUEUE_LAG_SECONDS
from shophub.services.views import health as views
from shophub.settings import get_settings

JOBS_SHOWN = 20
RECONCILIATION = "payments.events"


async def get_health(session: AsyncSession, *, redis: bool | None, stripe: views.Stripe) -> HealthView:
    """Return what the database knows, with what Redis (None: not used) and Stripe answered. Eight statements."""
    now = utc_now()
    began = perf_counter()
    database = await health.get_database(session)
    milliseconds = round((perf_counter() - began) * 1_000)
    lag_seconds = await jobs.queue_lag_seconds(session)
    queue = await health.get_queue(session, SEND_EMAIL)
    failed = await health.list_failed(session, JOBS_SHOWN)
    turns = await health.list_turns(session, [RECONCILIATION])
    webhooks = await health.get_webhooks(session)
    checks = await health.list_checks(session)
    open_alerts = await alerts.list_open(session)
    rules = tuple(views.rule_view(rule.name, checks.get(rule.name), now) for rule in RULES)
    parts = views.worst_first(
        [
            views.database_part(database, milliseconds),
            views.queue_part(queue, lag_seconds, MAX_QUEUE_LAG_SECONDS, now),
            views.mail_part(queue, is_sandbox=get_settings().resend_is_sandbox),
            views.stripe_part(stripe),
            views.webhook_part(webhooks, now),
            views.reconciliation_part(turns.get(RECONCILIATION), now),
            views.books_part(rules, checks, now),
            views.redis_part(redis),
        ]
    )
    tone = parts[0].tone if parts[0].tone in ("danger", "warning") else "warning" if open_alerts else "success"
    words = {"danger": "Something is wrong", "warning": "Something needs a look", "success": "All is well"}
    broken = sum(rule.tone == "danger" for rule in rules)
    return HealthView(
        word=words[tone],
        tone=tone,
        at_iso=now.isoformat(),
        at_text=f"{now:%H:%M:%S} UTC",
        parts=parts,
        alerts=tuple(views.alert_view(one, now) for one in open_alerts),
        jobs=tuple(views.job_view(one, CLOCK_QUEUE, now) for one in failed),
        rules=tuple(sorted(rules, key=lambda rule: rule.tone != "danger")),
        rules_text=f"{broken} of {len(rules)} broken" if broken else f"{len(rules)} rules",
    )


async def retry_job(session: AsyncSession, job_id: int, actor: Actor) -> None:
    """Queue a job again that was given up.

    Raises:
        ConflictError: It is not there any more, waits already, or comes round by the clock.
    """
    task_name = await health.retry_job(session, job_id, DEFAULT_QUEUE)
    if task_name is None:
        raise ConflictError("That job waits already, or is over.")
    await audit.record(session, actor, "job.retry", target="job", target_id=str(job_id), after={"task": task_name})
