"""From what was found out about the shop's parts to words, tones and advice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shophub.domain.statuses import AlertKind
from shophub.repositories.health import CheckRow, DatabaseRow, FailedJobRow, QueueRow, WebhookRow
from shophub.schemas.health import FailedJob, HealthAlert, HealthPart, HealthRule
from shophub.schemas.operations import AlertView
from shophub.services.views.moments import ago_text, recent_text

# Tasks by the clock turn each minute; after so long something is wrong with who does them.
LATE = timedelta(minutes=5)
BOOKS_LATE = timedelta(minutes=20)
MANY_CONNECTIONS = 0.8
_ORDER = {"danger": 0, "warning": 1, "neutral": 2, "success": 3}
_KINDS = {
    AlertKind.INVARIANT: "Books",
    AlertKind.UNKNOWN_PAYMENT: "Unknown payment",
    AlertKind.SECOND_PAYMENT: "Paid twice",
    AlertKind.REFUND_FAILED: "Refund failed",
    AlertKind.DISPUTE: "Dispute",
    AlertKind.NEEDS_REVIEW: "Order to review",
    AlertKind.EMAIL_FAILED: "E-mail not sent",
    AlertKind.EVENT_FAILED: "Stripe event failed",
}
_TASKS = {
    "emails.send": "Send an e-mail",
    "refunds.finish": "Finish a refund",
    "invariants.check": "Check the books",
    "invariants.check_everything": "Check all books",
    "payments.events": "Ask Stripe for events",
    "payments.refunds": "Settle refunds",
    "payments.unknown": "Look for unknown payments",
    "payments.unknown_of_days": "Look for unknown payments of days",
    "upkeep.clean_up": "Clean up",
}


@dataclass(frozen=True)
class Stripe:
    """What was heard of Stripe: the mode of the key, and the refusal, empty where it answered."""

    mode: str
    refusal: str


def worst_first(parts: list[HealthPart]) -> tuple[HealthPart, ...]:
    """Return parts with what is wrong in front."""
    return tuple(sorted(parts, key=lambda part: _ORDER[part.tone]))


def database_part(row: DatabaseRow, milliseconds: int) -> HealthPart:
    """The database, which just answered."""
    text = (
        f"PostgreSQL {row.version.split()[0]}, {_size(row.size_bytes)}, answers in {milliseconds} ms. "
        f"{row.connections} of {row.most_connections} connections."
    )
    if row.connections > MANY_CONNECTIONS * row.most_connections:
        return HealthPart("Database", "archive", "Nearly full", "warning", text, "Run fewer processes, or allow more.")
    return HealthPart("Database", "archive", "Works", "success", text)


def redis_part(answers: bool | None) -> HealthPart:
    """Redis, where there is one."""
    if answers is None:
        return HealthPart(
            "Redis", "panel", "Not used", "neutral", "Each process counts tries for itself. Fine for one."
        )
    if answers:
        return HealthPart("Redis", "panel", "Works", "success", "Answers. All processes count together.")
    return HealthPart("Redis", "panel", "Unreachable", "danger", "It does not answer.",
                      "Check REDIS_URL, and that it runs: sign-ins and checkouts count tries there.")  # fmt: skip


def stripe_part(stripe: Stripe) -> HealthPart:
    """Stripe, asked just now."""
    if stripe.refusal:
        return HealthPart("Stripe", "receipt", "Unreachable", "danger", stripe.refusal,
                          "Check STRIPE_SECRET_KEY and status.stripe.com. Nobody can pay meanwhile.")  # fmt: skip
    if stripe.mode == "sandbox":
        return HealthPart("Stripe", "receipt", "Sandbox", "neutral", "The shop's own stand-in answers. No money moves.",
                          "To take money, set the Stripe keys.")  # fmt: skip
    tone, word = ("success", "Works") if stripe.mode == "live" else ("neutral", "Test mode")
    return HealthPart("Stripe", "receipt", word, tone, f"The key works, in {stripe.mode} mode.")


def queue_part(row: QueueRow, lag_seconds: int, late_after: int, now: datetime) -> HealthPart:
    """The queue, and whether anybody works on it."""
    seen = row.worker_seen_at
    waiting = _count(row.waiting, "job waits", "jobs wait") if row.waiting else "No job waits"
    text = f"{waiting}, {row.running or 'none'} running"
    text += f", the oldest for {_duration(lag_seconds)}." if row.waiting and lag_seconds else "."
    if seen is None or now - seen > LATE:
        when = "No worker has been seen yet." if seen is None else f"A worker was last seen {ago_text(seen, now)}."
        return HealthPart("Queue", "list", "No worker", "danger", f"{text} {when}",
                          "Start one: shophub worker. E-mails and refunds wait for it.")  # fmt: skip
    if lag_seconds > late_after:
        return HealthPart("Queue", "list", "Late", "warning", text, "Start another worker, or see what runs so long.")
    if row.failed:
        return HealthPart("Queue", "list", "Gave some up", "warning",
                          f"{text} {_count(row.failed, 'was given up', 'were given up')}.",
                          "Look at the failed jobs below.")  # fmt: skip
    return HealthPart("Queue", "list", "Works", "success", f"{text} None was given up.")


def mail_part(row: QueueRow, *, is_sandbox: bool) -> HealthPart:
    """E-mails on their way. What bounced later is known to Resend alone."""
    waiting = _count(row.mails_waiting, "waits", "wait") if row.mails_waiting else "None waits"
    text = f"{waiting} to be sent"
    text += f", {row.mails_retrying} of them after a failed try." if row.mails_retrying else "."
    if row.mails_failed:
        return HealthPart("E-mails", "mail", "Some not sent", "danger",
                          f"{text} {_count(row.mails_failed, 'was given up', 'were given up')}.",
                          "Try them again below. Bounces are listed in Resend.")  # fmt: skip
    if row.mails_retrying:
        return HealthPart("E-mails", "mail", "Delayed", "warning", text,
                          "They are tried again by themselves. Check RESEND_API_KEY, status.resend.com.")  # fmt: skip
    if is_sandbox:
        return HealthPart("E-mails", "mail", "Sandbox", "neutral", f"{text} They stay in the shop's own mailbox.",
                          "To reach customers, set RESEND_API_KEY and EMAIL_FROM.")  # fmt: skip
    return HealthPart("E-mails", "mail", "Works", "success", f"{text} None was given up. Bounces are listed in Resend.")


def webhook_part(row: WebhookRow, now: datetime) -> HealthPart:
    """What Stripe sends of its own accord."""
    if row.last_at is None:
        return HealthPart("Webhooks", "download", "None yet", "neutral", "Nothing has come from Stripe so far.",
                          "Point Stripe's webhook at /api/webhooks/stripe of this shop.")  # fmt: skip
    text = f"The last came {ago_text(row.last_at, now)}, {row.of_a_day:,} within a day."
    if row.flagged_in_a_week:
        return HealthPart("Webhooks", "download", "Needs a look", "warning",
                          f"{text} {row.flagged_in_a_week:,} of a week need a look.",
                          "See the alerts, and “Events from Stripe” on the order's page.")  # fmt: skip
    return HealthPart("Webhooks", "download", "Works", "success", text)


def reconciliation_part(turned_at: datetime | None, now: datetime) -> HealthPart:
    """Asking Stripe what the shop may have missed."""
    if turned_at is None:
        return HealthPart("Reconciliation", "refresh", "Not yet", "warning", "Stripe was not asked so far.",
                          "A worker does it each minute.")  # fmt: skip
    text = f"Stripe was last asked for what was missed {ago_text(turned_at, now)}."
    if now - turned_at > LATE:
        return HealthPart("Reconciliation", "refresh", "Late", "danger", text,
                          "It runs each minute: check the worker and Stripe.")  # fmt: skip
    return HealthPart("Reconciliation", "refresh", "Works", "success", text)


def books_part(rules: tuple[HealthRule, ...], checks: Mapping[str, CheckRow], now: datetime) -> HealthPart:
    """Whether stock, coupons, orders and payments add up."""
    broken = sum(rule.tone == "danger" for rule in rules)
    oldest = min((check.checked_at for check in checks.values()), default=None)
    if broken:
        return HealthPart("Books", "check", "Do not add up", "danger",
                          f"{_count(broken, 'rule is', 'rules are')} broken.",
                          "See below which, and look at what is named there.")  # fmt: skip
    if oldest is None or now - oldest > BOOKS_LATE:
        return HealthPart("Books", "check", "Not checked", "warning",
                          "Never." if oldest is None else f"Last checked {ago_text(oldest, now)}.",
                          "A worker does it every five minutes.")  # fmt: skip
    return HealthPart("Books", "check", "Add up", "success", f"{len(rules)} rules, checked {ago_text(oldest, now)}.")


def rule_view(name: str, check: CheckRow | None, now: datetime) -> HealthRule:
    """Return a rule with its last check."""
    said = f"{name[0].upper()}{name[1:]}"
    if check is None:
        return HealthRule(said, "Not checked", "neutral")
    checked = ago_text(check.checked_at, now)
    if check.violations:
        return HealthRule(said, "Broken", "danger", checked, ", ".join(check.sample))
    return HealthRule(said, "Holds", "success", checked)


def alert_view(alert: AlertView, now: datetime) -> HealthAlert:
    """Return an alert with where to look."""
    seen = f", seen {alert.seen:,} times" if alert.seen > 1 else ""
    return HealthAlert(
        id=str(alert.id),
        kind=_KINDS[AlertKind(alert.kind)],
        message=alert.message,
        url=f"/admin/orders/{alert.subject}" if alert.kind == AlertKind.NEEDS_REVIEW else "",
        since_iso=alert.raised_at.isoformat(),
        since_text=f"Since {recent_text(alert.raised_at, now) or ago_text(alert.raised_at, now)}{seen}",
    )


def job_view(row: FailedJobRow, clock_queue: str, now: datetime) -> FailedJob:
    """Return a job that was given up."""
    is_clock = row.queue_name == clock_queue
    parts = [
        f"Given up {ago_text(row.failed_at, now)}" if row.failed_at else "Given up",
        f"after {_count(row.attempts + 1, 'try', 'tries')}",
    ]
    said = " ".join(parts) + (". Its next turn comes by itself." if is_clock else ".")
    name = _TASKS.get(row.task_name, row.task_name.replace(".", ": ").replace("_", " "))
    return FailedJob(str(row.id), name, said, not is_clock)


def _count(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _size(count: int) -> str:
    return f"{count / 1_000_000_000:.1f} GB" if count >= 1_000_000_000 else f"{max(1, count // 1_000_000)} MB"


def _duration(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 3_600 else f"{seconds // 3_600} h"
