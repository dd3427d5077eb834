"""What every test stands on: an environment of its own, no network but this machine, and real databases."""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from shophub.db import AsyncSession, close_database, database_url, get_database
from shophub.settings import Settings, get_settings
from tests.databases import TestServer

# Kept from the environment that the tests are started in. Everything else that the shop reads is its default.
KEPT = (
    "PATH",
    "LANG",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "TEST_DATABASE_URL",
    "SHOPHUB_CHROMIUM",
    "SHOPHUB_LONG_TESTS",
    "SHOPHUB_CHAOS_SEED",
)
KEPT_PREFIXES = ("PYTEST", "PYTHON", "COVERAGE", "HYPOTHESIS", "PLAYWRIGHT")
RUN = "PYTEST_SHOPHUB_RUN"  # workers inherit it
# Files that take a worker longer than some ten seconds, the longest first.
LONG = (
    "tests/security/test_handlers.py",
    "tests/security/test_routes.py",
    "tests/services/demo/test_payments.py",
    "tests/services/demo/test_seed.py",
    "tests/tools/test_environment.py",
    "tests/contract/test_schemathesis.py",
    "tests/contract/test_programs.py",
    "tests/lib/test_embedded_postgres.py",
    "tests/checkout/test_concurrency.py",
    "tests/tools/test_protections.py",
    "tests/security/test_known_failures.py",
    "tests/services/test_facets.py",
    "tests/cli/test_commands.py",
    "tests/chaos/test_failing_vendors.py",
    "tests/chaos/test_webhook_storm.py",
    "tests/test_migrations.py",
    "tests/e2e/test_back_office_pages.py",
    "tests/e2e/test_accessibility.py",
    "tests/e2e/test_markup.py",
    "tests/e2e/test_spikes.py",
    "tests/e2e/test_serve.py",
    "tests/e2e/test_second_factor.py",
    "tests/e2e/test_account_area.py",
    "tests/e2e/test_every_page.py",
    "tests/e2e/test_other_ways_to_look.py",
    "tests/e2e/test_accounts_by_mail.py",
    "tests/e2e/test_purchase_accessibility.py",
    "tests/e2e/test_crash.py",
    "tests/e2e/test_letters_look.py",
)
LOCAL_NAMES = {"localhost", "ip6-localhost"}


class NetworkRefusedError(Exception):
    """A test tried to leave this machine."""


def _refuse_foreign_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: it also sees libraries that open sockets in their own way, and cannot be undone by a test."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host in (None, "") or host in LOCAL_NAMES:
        return
    try:
        local = ip_address(host.decode() if isinstance(host, bytes) else str(host).split("%")[0]).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NetworkRefusedError(f"{event} to {host}: tests stay on this machine")


def pytest_configure(config: pytest.Config) -> None:
    """Give the run an environment of its own before anything of the shop is asked for its settings."""
    private = Path(tempfile.mkdtemp(prefix="shophub-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(private, ignore_errors=True))
    (private / "tmp").mkdir()
    private.chmod(0o755)  # as root, the embedded server runs as another user, who has to enter folders below
    for name in list(os.environ):
        if name not in KEPT and not name.startswith(KEPT_PREFIXES):
            del os.environ[name]
    os.environ |= {
        "HOME": str(private),
        "TMPDIR": str(private / "tmp"),
        "SHOPHUB_ENV": "test",
        "SHOPHUB_DATA_DIR": str(private / "data"),
        # Tests of other things send more than one caller is heard with; the throttle's own set their limits.
        "THROTTLE_API_READS": "100000",
        "THROTTLE_API_WRITES": "100000",
        # Nothing listens here: a test that needs the shop's database asks for a fixture that gives it one.
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/no_database_without_a_fixture",
    }
    os.environ.setdefault(RUN, f"{os.getpid()}_{secrets.token_hex(3)}")
    tempfile.tempdir = None  # read TMPDIR again
    Settings.model_config["env_file"] = None  # a developer's .env may hold real keys
    get_settings.cache_clear()
    LOCAL_NAMES.add(urlsplit(os.environ.get("TEST_DATABASE_URL", "")).hostname or "localhost")
    sys.addaudithook(_refuse_foreign_network)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: a file stays with one worker, and the other would wait for it in the end."""
    place = {path: number for number, path in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.split("::")[0], len(LONG)))


def pytest_sessionfinish() -> None:
    """Leave nothing on a given server; what stays on the embedded one is dropped by the next run."""
    if "PYTEST_XDIST_WORKER" not in os.environ and "TEST_DATABASE_URL" in os.environ:
        server = TestServer(os.environ[RUN])
        server.start()
        server.drop_all()


def pytest_unconfigure() -> None:
    """Leave nothing in memory."""
    if "PYTEST_XDIST_WORKER" not in os.environ and RUN in os.environ:
        TestServer(os.environ[RUN]).forget()


@pytest.fixture(scope="session")
def database_server() -> Iterator[TestServer]:
    """The PostgreSQL server of this run."""
    server = TestServer(os.environ[RUN])
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def shared_database(database_server: TestServer) -> Iterator[str]:
    """The address of this process's migrated database, which no test commits to."""
    with database_server.clone() as url:
        yield url


def _use(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    get_settings.cache_clear()
    database_url.cache_clear()


@asynccontextmanager
async def using(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Inside the block ``shophub.db.transaction()`` opens sessions on a database."""
    _use(url, monkeypatch)
    yield
    await close_database()
    monkeypatch.undo()
    get_settings.cache_clear()
    database_url.cache_clear()


@pytest_asyncio.fixture
async def session(shared_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncSession]:
    """A session whose work is rolled back after the test, whatever the test commits."""
    _use(shared_database, monkeypatch)
    async with get_database().engine.connect() as connection:
        outer = await connection.begin()
        async with AsyncSession(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as rolled_back:
            yield rolled_back
        await outer.rollback()
    await close_database()


@pytest_asyncio.fixture
async def database(database_server: TestServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A clean migrated database of the test's own, for what commits or runs in parallel; gives its address.

    ``shophub.db.transaction()`` opens sessions on it.
    """
    with database_server.clone() as url:
        async with using(url, monkeypatch):
            yield url
