"""What everybody may know of the store."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.services.flows.check_health import stripe_state
from shophub.settings import get_settings
from tests.api.rest.caller import Caller
from tests.sandbox.conftest import (  # noqa: F401 - fixtures
    SandboxServer,
    controls,
    endpoint,
    running_sandbox,
    sandbox,
    sandbox_database,
)

SETTINGS = {
    "storeName", "storeEmail", "storePhone", "storeAddress", "logo", "currency", "taxRatePpm", "pricesIncludeTax",
    "taxOnShipping", "shippingFee", "freeShippingThreshold", "shipToCountries", "lowStockThreshold", "reviewsEnabled",
    "wishlistEnabled", "guestCheckoutEnabled", "maintenanceEnabled", "maintenanceMessage", "stripePublishableKey",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_answers() -> Iterator[None]:
    stripe_state.forget()
    yield
    stripe_state.forget()
    get_settings.cache_clear()


async def test_health_says_that_the_process_answers(guest: Caller) -> None:
    assert await guest.answers("GET /api/health") == {"status": "ok"}


async def test_monitoring_says_how_every_part_is(
    guest: Caller,
    sandbox: SandboxServer,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SANDBOX_URL", sandbox.url)
    get_settings.cache_clear()

    assert await guest.answers("GET /api/monitoring/health") == {
        "status": "ok", "database": "ok", "redis": "not_used", "queue": "ok", "queueLagSeconds": 0, "stripe": "ok",
    }  # fmt: skip


async def test_monitoring_is_degraded_where_stripe_is_away_or_jobs_are_late(
    guest: Caller,
    sandbox: SandboxServer,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away = await guest.send("GET /api/monitoring/health")
    remembered = await guest.send("GET /api/monitoring/health")
    monkeypatch.setenv("SANDBOX_URL", sandbox.url)
    get_settings.cache_clear()
    stripe_state.forget()
    async with transaction() as session:
        await session.execute(
            text("""
            INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at)
            VALUES ('default', 'emails.send', '{}', 'todo', now() - interval '301 seconds')""")
        )
    late = await guest.send("GET /api/monitoring/health")

    assert [away.status_code, remembered.status_code, late.status_code] == [503] * 3
    assert (away.json()["status"], away.json()["database"], away.json()["stripe"]) == ("degraded", "ok", "unreachable")
    assert remembered.json() == away.json()
    assert (late.json()["queue"], late.json()["stripe"], late.json()["queueLagSeconds"] >= 301) == ("late", "ok", True)
    assert late.headers["cache-control"] == "no-store"


async def test_public_settings_may_be_kept_and_are_asked_for_again_by_their_tag(guest: Caller) -> None:
    settings = await guest.answers("GET /api/public-settings")
    first = await guest.send("GET /api/public-settings")
    again = await guest.send("GET /api/public-settings", headers={"If-None-Match": first.headers["etag"]})

    assert set(settings) == SETTINGS
    assert (settings["currency"], settings["stripePublishableKey"]) == ("USD", "pk_test_sandbox")
    assert first.headers["cache-control"] == "public, max-age=2"
    assert (again.status_code, again.content) == (304, b"")
