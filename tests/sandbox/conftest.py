"""The sandboxes as a real server with a database of its own, a webhook endpoint, and the official Stripe client."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
import pytest
import pytest_asyncio
import requests
import stripe
from playwright.async_api import Browser, Page, Route, async_playwright, expect
from psycopg import sql

from shophub.settings import get_settings
from tests.databases import PREFIX, TestServer
from tests.plain_http import NO_TLS
from tests.sandbox.receiver import Receiver
from tools.chromium import find

Shared = TypeVar("Shared")
PROJECT = Path(__file__).parents[2]
SECRET_KEY = "sk_test_sandbox"
# What the shop's pages are served with.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "frame-src 'self'; frame-ancestors 'none'"
)


class SandboxServer:
    """A process that serves the sandboxes; it can be killed and started again on the same port and data."""

    def __init__(
        self,
        database: str,
        data_dir: Path,
        webhook_url: str,
        backoff_seconds: tuple[float, ...] = (0.05, 0.1, 0.2, 0.4),
    ) -> None:
        """Choose a free port; nothing runs yet. ``backoff_seconds`` pass before each new try to deliver an event."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/sandbox"
        self._environment = os.environ | {
            "SANDBOX_TEST_DATABASE": database,
            "SANDBOX_TEST_DATA": str(data_dir),
            "SANDBOX_TEST_WEBHOOK": webhook_url,
            "SANDBOX_TEST_BACKOFF": " ".join(map(str, backoff_seconds)),
        }
        self._database, self._webhook_url = database, webhook_url
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--no-ws"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "tests.sandbox.server:create"]
        self._process = subprocess.Popen(command, cwd=PROJECT, env=self._environment, start_new_session=True)
        for _ in range(200):
            try:
                httpx.get(f"{self.url}/stripe/stripe.js", trust_env=False, verify=NO_TLS).raise_for_status()
                return
            except httpx.TransportError:
                time.sleep(0.05)
        raise RuntimeError("The sandbox server did not start.")

    def twin(self, data_dir: Path) -> "SandboxServer":
        """Return another process on the same database, with a port of its own."""
        return SandboxServer(self._database, data_dir, self._webhook_url)

    def kill(self) -> None:
        """End it at once, its workers too, as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


class Controls:
    """The sandbox's test controls."""

    def __init__(self, base: str) -> None:
        """Talk to the Stripe sandbox at ``base``."""
        self._http = httpx.Client(
            base_url=base + "/stripe/_test",
            headers={"Authorization": f"Bearer {SECRET_KEY}"},
            trust_env=False,
            verify=NO_TLS,
        )

    def post(self, path: str, **body: object) -> httpx.Response:
        """Set a control."""
        return self._http.post(path, json=body)

    def deliveries(self) -> list[dict[str, object]]:
        """Return all deliveries, newest first."""
        found: list[dict[str, object]] = self._http.get("/deliveries").json()["data"]
        return found

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


_shared: dict[str, tuple[Any, ExitStack, list[None]]] = {}


@contextmanager
def _one_for_all(name: str, make: Callable[[], AbstractContextManager[Shared]]) -> Iterator[Shared]:
    """Make something for the whole run, once.

    Pytest takes a fixture for another one in each conftest that imports it. Without this, there would be a server of
    the sandbox for each of them, and each would go on looking for events to deliver to the end.
    """
    if name not in _shared:
        stack = ExitStack()
        _shared[name] = stack.enter_context(make()), stack, []
    value, stack, users = _shared[name]
    users.append(None)
    yield value
    users.pop()
    if not users:
        del _shared[name]
        stack.close()


@contextmanager
def _fresh_database(server: TestServer) -> Iterator[str]:
    name = f"{PREFIX}_{os.environ['PYTEST_SHOPHUB_RUN']}_sandbox_{secrets.token_hex(3)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield server.url(name)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def empty_database(database_server: TestServer) -> Iterator[str]:
    """A database with nothing in it."""
    with _fresh_database(database_server) as url:
        yield url


@pytest.fixture(scope="session")
def sandbox_database(database_server: TestServer) -> Iterator[str]:
    """A database for the sandbox's own tables."""
    with _one_for_all("database", lambda: _fresh_database(database_server)) as url:
        yield url


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Receiver]:
    """The webhook endpoint of the run."""
    with _one_for_all("endpoint", lambda: closing(Receiver())) as receiver:
        yield receiver


@pytest.fixture(scope="session")
def running_sandbox(
    sandbox_database: str, endpoint: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SandboxServer]:
    """The server, started once; use ``sandbox``, which is clean."""

    @contextmanager
    def run() -> Iterator[SandboxServer]:
        server = SandboxServer(sandbox_database, tmp_path_factory.mktemp("sandbox"), endpoint.url)
        server.start()
        yield server
        server.kill()

    with _one_for_all("server", run) as server:
        yield server


@pytest.fixture
def controls(running_sandbox: SandboxServer) -> Iterator[Controls]:
    """The test controls of the running sandbox."""
    controls = Controls(running_sandbox.url)
    yield controls
    controls.close()


@pytest.fixture
def sandbox(running_sandbox: SandboxServer, controls: Controls, endpoint: Receiver) -> SandboxServer:
    """The running server with nothing in the Stripe sandbox and nothing received."""
    assert controls.post("/reset").json() == {"reset": True}
    endpoint.clear()
    return running_sandbox


@pytest.fixture
def received(sandbox: SandboxServer, endpoint: Receiver) -> Receiver:
    """The webhook endpoint, empty."""
    return endpoint


@pytest.fixture
def client(sandbox: SandboxServer) -> Iterator[stripe.StripeClient]:
    """The official client, without retries of its own so that each answer is seen."""
    with requests.Session() as session:
        session.trust_env = False
        yield stripe.StripeClient(
            SECRET_KEY,
            base_addresses={"api": sandbox.url + "/stripe"},
            http_client=stripe.RequestsClient(timeout=10, session=session),
            max_network_retries=0,
        )


@pytest.fixture
def shop_settings(sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shop's settings, pointing at the running sandbox."""
    monkeypatch.setenv("SANDBOX_URL", sandbox.url)
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium for the run."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        await chromium.close()


async def _with_policy(route: Route) -> None:
    response = await route.fetch()
    await route.fulfill(response=response, headers={**response.headers, "content-security-policy": POLICY})


@pytest.fixture
def problems() -> list[str]:
    """What the page's console complained of."""
    return []


@pytest_asyncio.fixture
async def demo(chromium, sandbox, problems) -> AsyncIterator[Page]:
    """The demo page on a phone; anything in its console fails the test."""
    context = await chromium.new_context(viewport={"width": 390, "height": 844})
    page = await context.new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.route("**/stripe/demo?*", _with_policy)
    await page.goto(sandbox.url + "/stripe/demo?theme=stripe")
    await expect(page.get_by_label("Card number")).to_be_visible()
    yield page
    await context.close()
    assert problems == []
