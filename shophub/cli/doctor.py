"""``shophub doctor``: what is configured, reachable and migrated, and what to do about what is not."""

import asyncio
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
from alembic.script import ScriptDirectory
from redis import Redis
from redis.exceptions import RedisError

from shophub.cli.tasks import alembic_config
from shophub.db import close_database, database_url, transaction
from shophub.errors import ShopHubError
from shophub.integrations import stripe as stripe_integration
from shophub.lib.clock import utc_now
from shophub.lib.frontend_build import is_built
from shophub.lib.frontend_export import FONT, built_from, sources_digest
from shophub.schemas.operations import Violation
from shophub.services import audit
from shophub.services.invariants import find_violations
from shophub.settings import PROJECT_ROOT, Settings, get_settings

OLDEST_POSTGRES = 150_000
LEAST_FREE_BYTES = 1_000_000_000
MARKS = {"ok": "✓", "note": "·", "wrong": "✗"}


@dataclass(frozen=True)
class Finding:
    """One line of the report: ``ok``, ``note`` (works, but worth knowing) or ``wrong``, and the remedy."""

    mark: str
    subject: str
    text: str
    remedy: str = ""


def examine() -> int:
    """Print the report; 0 if nothing is wrong, 1 otherwise."""
    findings = []
    for finding in _findings():
        print(f" {MARKS[finding.mark]} {finding.subject:<12}{finding.text}")
        if finding.remedy:
            print(f"   {'':<12}→ {finding.remedy}")
        findings.append(finding)
    wrong = sum(finding.mark == "wrong" for finding in findings)
    print(f"\n{wrong} of {len(findings)} need attention." if wrong else "\nAll is well.")
    return 1 if wrong else 0


def _findings() -> Iterator[Finding]:
    settings = get_settings()
    yield Finding("ok", "Python", sys.version.split()[0])
    yield Finding("ok", "Mode", f"{settings.env}, {settings.public_url}")
    yield _disk(settings)
    yield _frontend()
    databases = list(_databases(settings))
    yield from databases
    if databases[0].mark == "ok":
        yield from _books()
    yield _redis(settings)
    yield _stripe(settings)
    yield _cloudinary(settings)
    yield _resend(settings)
    yield _shop(settings)


def _disk(settings: Settings) -> Finding:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    text = f"{settings.data_dir}, {free // 1_000_000} MB free"
    if free < LEAST_FREE_BYTES:
        return Finding("wrong", "Data", text, "Make room: the database stops when the disk is full.")
    return Finding("ok", "Data", text)


def _frontend() -> Finding:
    web = PROJECT_ROOT / ".web"
    if not (PROJECT_ROOT / FONT).exists():
        return Finding("wrong", "Frontend", "the typeface is missing", "make setup")
    if not is_built(web):
        return Finding("wrong", "Frontend", "not compiled", "shophub build")
    if built_from(web) != sources_digest(PROJECT_ROOT):
        return Finding("note", "Frontend", "compiled from older sources", "shophub build (serve does it by itself)")
    return Finding("ok", "Frontend", "compiled")


def _databases(settings: Settings) -> Iterator[Finding]:
    where = "embedded" if settings.database_url is None else _host(settings.database_url)
    try:
        url = database_url()
    except ShopHubError as error:
        yield Finding("wrong", "Database", error.message)
        return
    yield _reachable("Database", where, url, "DATABASE_URL", _migrated)
    for name, other in (
        ("DATABASE_DIRECT_URL", settings.database_direct_url),
        ("DATABASE_REPLICA_URL", settings.database_replica_url),
    ):
        if other is not None:
            yield _reachable("Database", f"{name}: {_host(other)}", other, name, None)


def _reachable(
    subject: str, where: str, url: str, setting: str, check: Callable[[psycopg.Connection], str | None] | None
) -> Finding:
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
            if version < OLDEST_POSTGRES:
                return Finding("wrong", subject, f"{where}: PostgreSQL {version // 10_000}", "Use version 15 or newer.")
            problem = check(connection) if check else None
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return Finding("wrong", subject, f"{where}: {reason}", f"Check {setting} and that the server runs.")
    if problem:
        return Finding("wrong", subject, f"{where}: {problem}", "shophub migrate")
    text = f"{where}, PostgreSQL {version // 10_000}.{version % 10_000}"
    return Finding("ok", subject, f"{text}, migrated" if check else text)


def _migrated(connection: psycopg.Connection) -> str | None:
    """Return what is missing, or None."""
    wanted = set(ScriptDirectory.from_config(alembic_config()).get_heads())
    try:
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except psycopg.errors.UndefinedTable:
        return "empty, never migrated"
    found = {str(row[0]) for row in rows}
    return None if found == wanted else f"at {', '.join(found) or 'nothing'}, the code wants {', '.join(wanted)}"


def _books() -> Iterator[Finding]:
    """Check the rules of stock, money and orders over everything, and the audit log's chain."""
    violations, breaks, head = asyncio.run(_violations())
    if not violations:
        yield Finding("ok", "Books", "stock, coupons, orders and payments add up")
    for violation in violations:
        yield Finding("wrong", "Books", f"broken: {violation.name}", f"Look at {', '.join(violation.offenders)}.")
    if not breaks:
        yield Finding("ok", "Audit log", f"its chain is whole ({head})")
    for sentence in breaks:
        yield Finding("wrong", "Audit log", sentence, "Compare with a backup: somebody wrote to it past the shop.")


async def _violations() -> tuple[tuple[Violation, ...], tuple[str, ...], str]:
    async with transaction() as session:
        found = await find_violations(session)
        breaks, head = await audit.verify(session), await audit.describe_head(session)
    await close_database()
    return found, breaks, head


def _redis(settings: Settings) -> Finding:
    if settings.redis_url is None:
        return Finding("note", "Redis", "not configured: fine for one app process", "REDIS_URL before a second one")
    try:
        Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=5).ping()
    except (RedisError, ValueError) as error:
        return Finding("wrong", "Redis", f"{_host(settings.redis_url)}: {error}", "Check REDIS_URL.")
    return Finding("ok", "Redis", _host(settings.redis_url))


def _stripe(settings: Settings) -> Finding:
    if settings.stripe_is_sandbox:
        return _in_sandbox("Stripe", "STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY, STRIPE_WEBHOOK_SECRET")
    try:
        asyncio.run(stripe_integration.list_events(utc_now() - timedelta(minutes=1)))
    except ShopHubError as error:
        return Finding("wrong", "Stripe", error.message, "Check STRIPE_SECRET_KEY and the way to api.stripe.com.")
    key = settings.stripe_secret_key.get_secret_value()
    return Finding("ok", "Stripe", f"the key works ({'live' if '_live_' in key else 'test'} mode)")


def _cloudinary(settings: Settings) -> Finding:
    if settings.cloudinary_is_sandbox:
        return _in_sandbox("Cloudinary", "CLOUDINARY_CLOUD_NAME, CLOUDINARY_API_KEY, CLOUDINARY_API_SECRET")
    return _answers("Cloudinary", "api.cloudinary.com")


def _resend(settings: Settings) -> Finding:
    if settings.resend_is_sandbox:
        return _in_sandbox("Resend", "RESEND_API_KEY, EMAIL_FROM")
    return _answers("Resend", "api.resend.com")


def _in_sandbox(subject: str, settings: str) -> Finding:
    return Finding("note", subject, "local sandbox", f"for the real service set {settings}")


def _answers(subject: str, host: str) -> Finding:
    try:
        socket.create_connection((host, 443), timeout=5).close()
    except OSError as error:
        return Finding("wrong", subject, f"{host}: {error}", "Check the way out to the internet.")
    return Finding("ok", subject, f"configured, {host} answers")


def _shop(settings: Settings) -> Finding:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    try:
        socket.create_connection((host, settings.port), timeout=2).close()
    except OSError:
        return Finding("note", "Shop", f"nothing listens on port {settings.port}", "make run")
    return Finding("ok", "Shop", f"something listens on port {settings.port}")


def _host(url: str) -> str:
    """Return the part of an address that may be shown."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'local socket'}{f':{parts.port}' if parts.port else ''}"
