"""Metrics: who may read them, and that they count without naming anybody."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from shophub.api.app import create_api
from shophub.api.metrics import Measured, Metrics
from shophub.db import close_database, transaction
from shophub.domain.statuses import Role
from shophub.services import sessions, throttles
from shophub.settings import get_settings
from tests.factories import make_order, make_user
from tests.services.test_accounts import PRODUCTION

TOKEN = "a-token-of-24-characters"
SHOP = "shophub_"


@pytest_asyncio.fixture
async def here(database: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client on the shop's own machine."""
    await throttles.reset()
    transport = httpx.ASGITransport(create_api(), client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client
    await throttles.reset()
    get_settings.cache_clear()


def read(answer: httpx.Response) -> dict[tuple[str, ...], float]:
    """Return the samples, by name and the values of their labels."""
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_requests_are_counted_by_template_and_nothing_that_stands_in_an_address_is_told(
    here: httpx.AsyncClient,
) -> None:
    async with transaction() as session:
        admin = await make_user(session, role=Role.ADMIN)
        order = await make_order(session, email="ada@example.com")
        headers = {"Authorization": f"Bearer {await sessions.start(session, admin.id)}"}
    for _ in range(2):
        await here.get(f"/api/admin/orders/SH-{order.number}", headers=headers)
    await here.get("/api/admin/orders/SH-999999?q=ada@example.com", headers=headers)
    await here.get("/api/no-such-thing/ada")
    await here.request("BREW", "/api/health")

    answer = await here.get("/metrics")

    found = read(answer)
    route = "/api/admin/orders/{number}"
    assert found["shophub_http_requests_total", "GET", route, "200"] == 2
    assert found["shophub_http_requests_total", "GET", route, "404"] == 1
    assert found["shophub_http_requests_total", "GET", "/api/{path}", "404"] == 1
    assert found["shophub_http_request_seconds_count", "GET", route] == 3
    assert {key[1] for key in found if key[0] == "shophub_http_requests_total"} == {"GET", "other"}
    assert answer.headers["cache-control"] == "no-store"
    labels = " ".join(value for key in found for value in key[1:])
    for told in (str(order.number), "999999", "ada", "BREW", str(admin.id)):
        assert told not in labels


async def test_database_queue_orders_failures_connections_and_memory_are_told(here: httpx.AsyncClient) -> None:
    async with transaction() as session:
        await make_order(session)

    found = read(await here.get("/metrics"))

    assert found["shophub_database_up",] == 1
    assert (found["shophub_database_pool", "most"], found["shophub_database_pool", "waiting"]) == (20, 0)
    assert found["shophub_database_pool", "open"] >= 1
    assert (found["shophub_orders_placed_last_hour",], found["shophub_payment_failures_last_hour",]) == (1, 0)
    assert (found["shophub_queue_lag_seconds",], found["shophub_queue_due_jobs",]) == (0, 0)
    assert found["shophub_live_connections",] == 0
    assert found["process_resident_memory_bytes",] > 10_000_000


async def test_without_the_database_the_process_still_tells_of_itself() -> None:
    transport = httpx.ASGITransport(create_api(), client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        found = read(await client.get("/metrics"))
    await close_database()

    assert found["shophub_database_up",] == 0
    assert found["shophub_queue_lag_seconds",] != found["shophub_queue_lag_seconds",]  # not a number
    assert found["process_resident_memory_bytes",] > 10_000_000


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"Authorization": "Bearer "},
    ],
)
async def test_what_a_proxy_passes_on_is_not_answered(here: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await here.get("/metrics", headers=headers)

    if "Authorization" in headers:
        assert answer.status_code == 200  # an empty token is none; it is still this machine that asks
    else:
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert "process_" not in answer.text


async def test_another_machine_gets_what_is_nowhere_and_a_token_opens(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    get_settings.cache_clear()
    transport = httpx.ASGITransport(create_api(), client=("10.0.0.7", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        refused = [
            await client.get("/metrics", headers=headers)
            for headers in ([], [("Authorization", f"Bearer {TOKEN}x")], [("Authorization", f"Bearer {TOKEN[:-1]}")])
        ]
        nowhere = await client.get("/api/nowhere")
        opened = await client.get(
            "/metrics", headers={"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "1.2.3.4"}
        )
    get_settings.cache_clear()

    assert [answer.status_code for answer in refused] == [404] * 3
    assert refused[0].json() == nowhere.json()
    assert read(opened)["shophub_database_up",] == 1


async def test_production_asks_this_machine_for_the_token_too(
    here: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()

    without = await here.get("/metrics")
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    get_settings.cache_clear()
    opened = await here.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert (without.status_code, opened.status_code) == (404, 200)


async def test_open_connections_are_counted_while_they_are_open() -> None:
    metrics = Metrics()
    seen: list[float] = []

    async def app(*_: object) -> None:
        seen.append(metrics.registry.get_sample_value("shophub_live_connections") or 0)
        raise ConnectionError

    async def nothing(*_: object) -> None:
        return None

    with pytest.raises(ConnectionError):
        await Measured(app, metrics)({"type": "websocket"}, nothing, nothing)  # type: ignore[arg-type]

    assert seen == [1]
    assert metrics.registry.get_sample_value("shophub_live_connections") == 0
