"""``shophub serve``: everything that the shop needs, in the right order, and nothing left when it stops."""

import errno
import fcntl
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from shophub.cli.tasks import migrate
from shophub.db import database_url
from shophub.errors import ConfigurationError
from shophub.lib.frontend_export import export_if_changed
from shophub.lib.supervisor import (
    ChildFailedError,
    ChildSpec,
    StopRequestedError,
    Supervisor,
    run_to_end,
    stop_on_signals,
)
from shophub.settings import PROJECT_ROOT, Settings, get_settings

HEALTH_TIMEOUT_SECONDS = 90
WATCH_SECONDS = 0.5


def serve(*, with_worker: bool, migrate_first: bool, build_first: bool, seed_if_empty: bool) -> int:
    """Serve the shop until a signal asks to stop; leaves no process behind.

    Raises:
        ConfigurationError: Something is missing that only a person can mend; the message says what.
    """
    settings = get_settings()
    with _supervised(settings) as supervisor:
        _require_free_port(settings)
        _say("Starting the database" if settings.database_url is None else "Connecting to the database")
        database_url()
        if migrate_first:
            migrate()
        if build_first:
            _say("Checking the frontend (the first build takes a minute)")
            export_if_changed(PROJECT_ROOT, os.environ)
        _say("Starting the shop")
        supervisor.start(_app(settings))
        _wait_until_healthy(settings, supervisor)
        if with_worker:
            supervisor.start(_shophub(settings, "worker"))
        if seed_if_empty and not settings.is_production:
            _require_success(run_to_end(_shophub(settings, "seed", "--quiet")), "Loading the demo store failed.")
        print(_banner(settings), flush=True)
        supervisor.run()
    return 0


def develop() -> int:
    """Serve, and compile and restart whenever a source changes. A mistake is shown and waits for its correction.

    The shop is served as it is to customers: Reflex's own development server knows nothing of the server's HTML.

    Raises:
        ConfigurationError: As in ``serve``; production is not for development.
    """
    settings = get_settings()
    if settings.is_production:
        raise ConfigurationError("`shophub dev` is for development; use `shophub serve`.")
    with _supervised(settings) as supervisor:
        _require_free_port(settings)
        database_url()
        migrate()
        supervisor.start(_app(settings))
        supervisor.start(_shophub(settings, "worker"))
        _follow_sources(settings, supervisor)
    return 0


def _follow_sources(settings: Settings, supervisor: Supervisor) -> None:
    seen = ""
    while True:
        now = _state_of_sources()
        if now != seen:
            seen = now
            _renew(settings, supervisor)
        time.sleep(WATCH_SECONDS)


def _renew(settings: Settings, supervisor: Supervisor) -> None:
    """Compile, start again, and tell how it went."""
    try:
        export_if_changed(PROJECT_ROOT, os.environ)
        supervisor.restart()
        _wait_until_healthy(settings, supervisor)
        _require_success(run_to_end(_shophub(settings, "seed", "--quiet")), "Loading the demo store failed.")
    except (ConfigurationError, ChildFailedError) as error:
        print(f"{error}\nWaiting for a change ...", flush=True)
    else:
        print(_banner(settings), flush=True)


def _state_of_sources() -> str:
    """Return what changes with every saved source file."""
    files = [
        path
        for folder in ("shophub", "assets")
        for path in (PROJECT_ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "external" not in path.parts
    ]
    return " ".join(f"{path}:{path.stat().st_mtime_ns}" for path in sorted(files))


@contextmanager
def _supervised(settings: Settings) -> Iterator[Supervisor]:
    """Hold this checkout's place on the port, end what a killed run left, and end our own children in any case."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / f"serve-{settings.port}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(
                f"This shop is already being served on port {settings.port}. Choose another with PORT=…"
            ) from None
        supervisor = Supervisor(settings.data_dir / f"serve-{settings.port}.json")
        for name in supervisor.sweep():
            _say(f"Ended the {name} process of a run that was killed")
        stop_on_signals()
        try:
            yield supervisor
        except StopRequestedError:
            _say("Stopping")
        except ChildFailedError as error:
            raise ConfigurationError(f"{error} Its last words are above.") from error
        finally:
            supervisor.stop()


def _require_free_port(settings: Settings) -> None:
    """Say so now rather than after a minute of preparation."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            why = {
                errno.EADDRINUSE: "is used by another program",
                errno.EACCES: "needs more rights than this user has",
                errno.EADDRNOTAVAIL: f"cannot be had on {settings.host}",
            }.get(error.errno or 0, os.strerror(error.errno or 0))
            raise ConfigurationError(
                f"Port {settings.port} {why}. Choose another, for example: PORT={settings.port + 1} make run"
            ) from error


def _app(settings: Settings) -> ChildSpec:
    command = (sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", settings.host,
               "--port", str(settings.port), "--workers-kill-timeout", "8", "shophub.shophub:app")  # fmt: skip
    environment = os.environ | {
        "PORT": str(settings.port),
        # Serve the finished build from this process. The names are Reflex's own, hence its pinned version.
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    }
    return ChildSpec("app", command, environment, PROJECT_ROOT)


def _shophub(settings: Settings, *arguments: str) -> ChildSpec:
    environment = os.environ | {"PORT": str(settings.port)}
    return ChildSpec(arguments[0], (sys.executable, "-m", "shophub", *arguments), environment, PROJECT_ROOT)


def _wait_until_healthy(settings: Settings, supervisor: Supervisor) -> None:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/api/health"
    deadline = time.monotonic() + HEALTH_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        supervisor.watch()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # nosec B310 - our own address, built above
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise ChildFailedError(f"The shop does not answer on {address}.")


def _require_success(code: int, message: str) -> None:
    if code != 0:
        raise ConfigurationError(f"{message} Its last words are above.")


def _say(text: str) -> None:
    print(f"· {text}", flush=True)


def _banner(settings: Settings) -> str:
    lines = ["", f"  ShopHub is open:  {settings.public_url}", ""]
    if not settings.is_production:
        lines += [
            "  Admin             john@example.com  /  password123",
            "  Customer          jane@example.com  /  password123",
        ]
    if settings.stripe_is_sandbox:
        lines.append("  Test card         4242 4242 4242 4242, any future date, any code")
    if settings.resend_is_sandbox:
        lines.append(f"  Mailbox           {settings.public_url}/sandbox/mail")
    return "\n".join([*lines, "", "  Ctrl-C stops everything.", ""])
