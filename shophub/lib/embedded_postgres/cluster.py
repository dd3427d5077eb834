"""One PostgreSQL data directory: making it, starting and stopping its server."""

import shlex
import shutil
import time
from pathlib import Path

import psycopg
from psycopg import sql

from shophub.errors import ConfigurationError
from shophub.lib.embedded_postgres.account import ServerAccount
from shophub.lib.embedded_postgres.binaries import MAJOR_VERSION, programs
from shophub.lib.embedded_postgres.places import SOCKET_NAME
from shophub.lib.embedded_postgres.users import identity

SUPERUSER = "postgres"
START_SECONDS = 60
MAX_CONNECTIONS = 300
MAX_LOG_BYTES = 10_000_000


class Cluster:
    """A data directory and the server on it. Call only while holding the lock of the whole."""

    def __init__(self, home: Path, sockets: Path, account: ServerAccount, *, durable: bool) -> None:
        """Use the data directory in ``home``; without ``durable`` a crash of the machine may lose everything."""
        self.directory = home / "cluster"
        self.log = home / "server.log"
        self.sockets = sockets
        self._home = home
        self._account = account
        self._durable = durable

    def prepare(self) -> None:
        """Make the data directory if there is none: whole, or not at all.

        Raises:
            ConfigurationError: It is of another PostgreSQL version, or cannot be made.
        """
        version_file = self.directory / "PG_VERSION"
        if version_file.exists():
            found = version_file.read_text().strip()
            if found != MAJOR_VERSION:
                raise ConfigurationError(
                    f"The database in {self.directory} was made by PostgreSQL {found}, this is {MAJOR_VERSION}. "
                    "Dump it with the version that made it, or move the folder away to start afresh."
                )
            return
        unfinished = self._home / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            "initdb",
            "--pgdata", unfinished,
            "--username", SUPERUSER,
            "--auth-local=trust",  # the socket's folder lets nobody else in
            "--auth-host=reject",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",  # the same order and case rules on every machine
            "--builtin-locale=C.UTF-8",
            failure="The database could not be made",
        )  # fmt: skip
        unfinished.rename(self.directory)

    def is_answering(self) -> bool:
        """Return whether a server takes connections on the socket."""
        if not (self.sockets / SOCKET_NAME).exists():
            return False
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str) -> psycopg.Connection:
        """Open an autocommit connection."""
        return psycopg.connect(
            host=str(self.sockets), port=5432, user=SUPERUSER, dbname=database, connect_timeout=10, autocommit=True
        )

    def start(self) -> None:
        """Start the server unless it runs; afterwards it answers.

        Raises:
            ConfigurationError: It does not come up; the message says why.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self.is_answering():
            if self.server_pid() is None:
                self._launch(retry=time.monotonic() + 15 < deadline)
            elif time.monotonic() > deadline:  # starting, recovering or stopping for another's sake
                raise ConfigurationError(f"PostgreSQL runs but does not answer; see {self.log}.")
            time.sleep(0.1)

    def _launch(self, *, retry: bool) -> None:
        if self.log.exists() and self.log.stat().st_size > MAX_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))
        result = self._account.run(
            [self._program("pg_ctl"), "start", "--wait", f"--timeout={START_SECONDS}",
             f"--pgdata={self.directory}", f"--log={self.log}", f"--options={self._options()}"],
            cwd=self._home,
        )  # fmt: skip
        if result.returncode != 0:
            said = result.output + self._end_of_log()
            # The children of a killed server need a moment to notice.
            if retry and ("still in use" in said or "another server might be running" in said):
                return
            raise ConfigurationError(explain("PostgreSQL did not start", said, self.log))

    def _options(self) -> str:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": str(MAX_CONNECTIONS),
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self._durable:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
            settings["max_wal_size"] = "256MB"
        # -p: an environment with PGPORT or an edited postgresql.conf must not move the socket.
        return "-p 5432 " + " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())

    def stop(self) -> None:
        """Stop the server, ending open sessions; nothing committed is lost."""
        if self.server_pid() is None:
            return
        for mode in ("fast", "immediate"):
            stopped = self._account.run(
                [self._program("pg_ctl"), "stop", f"--mode={mode}", "--timeout=30", f"--pgdata={self.directory}"],
                cwd=self._home,
            )
            if stopped.returncode == 0 or self.server_pid() is None:
                return

    def server_pid(self) -> int | None:
        """Return the number of the server process, or None; clears away a note that points to another program."""
        note = self.directory / "postmaster.pid"
        try:
            pid = abs(int(note.read_text().splitlines()[0]))
        except (FileNotFoundError, IndexError, ValueError):
            return None
        if identity(pid) is None:
            return None  # PostgreSQL clears it itself, after a look at the shared memory
        try:
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            return pid
        if name != "postgres":
            note.unlink(missing_ok=True)  # the number was given to another program: PostgreSQL would refuse to start
            return None
        return pid

    def ensure_database(self, name: str) -> None:
        """Create the database ``name`` unless it exists."""
        with self.connect("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _program(self, name: str) -> Path:
        return programs(self._account, self._home) / name

    def _run(self, program: str, *arguments: str | Path, failure: str) -> None:
        result = self._account.run([self._program(program), *arguments], cwd=self._home)
        if result.returncode != 0:
            raise ConfigurationError(explain(failure, result.output, self.log))

    def _end_of_log(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
        except OSError:
            return ""


def explain(failure: str, output: str, log: Path) -> str:
    """Return one message: what failed, the likely reason in plain words, and where to read more."""
    known = {
        "No space left on device": "the disk is full: make room and start again",
        "Read-only file system": "the folder is on a read-only disk: set SHOPHUB_DATA_DIR to another one",
        "could not create shared memory": "the machine allows too little shared memory (is /dev/shm very small?)",
        "Operation not permitted": "the folder's file system does not keep owners and permissions: "
        "set SHOPHUB_DATA_DIR to a folder on a local disk",
    }
    for sign, reason in known.items():
        if sign in output:
            return f"{failure}: {reason}. Details: {log}"
    said = [line for line in output.splitlines() if line.strip()][-3:]
    return f"{failure}: {' / '.join(said)} (more in {log})"
