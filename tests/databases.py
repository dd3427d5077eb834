"""PostgreSQL for tests: one server, a template that is migrated once per run, and databases cloned from it."""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql

from shophub.lib.embedded_postgres import EmbeddedPostgres
from shophub.lib.embedded_postgres.users import identity

PROJECT = Path(__file__).parents[1]
PREFIX = "shophub_test"
OF_RUN = re.compile(rf"{PREFIX}_(\d+)_")
TEMPLATE_LOCK = 7_305_002
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 3 * 1024**3


def server_folder() -> Path:
    """Return where the server keeps its files: in memory where there is plenty, else in the project.

    Each test makes and drops a database of some 800 files. A file system on a disk may take twenty times as long for
    the thousandth of them as for the first, because it does not use again at once what was just deleted.
    """
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
        mark = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:12]
        return MEMORY / f"shophub-tests-{os.getuid()}-{mark}"
    return PROJECT / ".cache" / "tests"


class TestServer:
    """The server that this run's databases live on."""

    __test__ = False

    def __init__(self, run: str) -> None:
        """Use ``TEST_DATABASE_URL`` if it is set, else an embedded server of the tests' own, without ``fsync``.

        ``run`` is the number of the process that started the tests and a random part, as ``<pid>_<random>``.
        """
        self._prefix = f"{PREFIX}_{run}"
        self._given = os.environ.get("TEST_DATABASE_URL")
        self._folder = server_folder()
        self._embedded = EmbeddedPostgres(self._folder, durable=False)
        self._url = ""

    def start(self) -> None:
        """Make the server answer, and drop what runs that are over left on the embedded one."""
        self._url = self._given or self._embedded.attach()
        if not self._given:
            self._drop_where(lambda name: (run := OF_RUN.match(name)) is not None and identity(int(run[1])) is None)

    def stop(self) -> None:
        """Leave the server; it stops with the last run that uses it."""
        self._embedded.detach()

    def forget(self) -> None:
        """Give the memory back that the server's files take, unless another run uses it."""
        if self._folder.parent == MEMORY and self._folder.exists() and not self._embedded.status().running:
            shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Return the address of one database."""
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{database}"))

    def _admin(self) -> "psycopg.Connection[tuple[str]]":
        return psycopg.connect(self.url("postgres"), autocommit=True)

    def template(self) -> str:
        """Return the name of this run's migrated template, made by whichever process comes first."""
        name = f"{self._prefix}_template"
        with self._admin() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (TEMPLATE_LOCK,))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                draft = f"{name}_draft"
                self._drop(connection, draft)
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
                self._migrate(draft)
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
                )
        return name

    def _migrate(self, database: str) -> None:
        config = Config(PROJECT / "alembic.ini")
        config.attributes["url"] = self.url(database)
        command.upgrade(config, "head")

    @contextmanager
    def clone(self, of: str = "") -> Iterator[str]:
        """Give the address of a migrated, empty database; it is dropped at the end.

        With ``of``, the address of a database that nobody is connected to, it holds the same as that one.
        """
        name = f"{self._prefix}_{secrets.token_hex(5)}"
        template = urlsplit(of).path.removeprefix("/") or self.template()
        with self._admin() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        try:
            yield self.url(name)
        finally:
            with self._admin() as connection:
                self._drop(connection, name)

    def drop_all(self) -> None:
        """Drop what this run made."""
        self._drop_where(lambda name: name.startswith(self._prefix))

    def _drop_where(self, chosen: Callable[[str], bool]) -> None:
        with self._admin() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (TEMPLATE_LOCK,))
            for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
                if chosen(name):
                    self._drop(connection, name)

    @staticmethod
    def _drop(connection: "psycopg.Connection[tuple[str]]", name: str) -> None:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
