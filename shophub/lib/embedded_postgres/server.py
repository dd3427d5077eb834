"""The server as its users see it: attach, get an address, detach."""

import atexit
import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from shophub.lib.embedded_postgres import places
from shophub.lib.embedded_postgres.account import ServerAccount
from shophub.lib.embedded_postgres.cluster import SUPERUSER, Cluster
from shophub.lib.embedded_postgres.users import UserList, exclusive

DATABASE = "shophub"
FOLDER = "postgres"


@dataclass(frozen=True)
class ServerStatus:
    """What is known of an embedded server without starting it."""

    home: Path
    running: bool
    pid: int | None
    users: tuple[int, ...]
    url: str
    log: Path


class EmbeddedPostgres:
    """A PostgreSQL server that runs while any process uses it.

    The first ``attach()`` of any process makes the data directory and starts the server; later ones join. The last
    ``detach()`` of a living process stops it. A process that is killed leaves the server running: the next user finds
    it, forgets the dead one and goes on. The data are as safe as those of any PostgreSQL server (``fsync`` is on).
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        """Keep everything in the folder ``postgres`` of ``data_dir``.

        ``durable=False`` trades safety in a power cut for speed: for tests.
        """
        self._wanted = data_dir / FOLDER
        self._durable = durable
        self._guard = threading.Lock()
        self._handle = secrets.token_hex(4)
        self._attached_by: int | None = None

    def attach(self) -> str:
        """Make sure that the server runs, note this process as a user of it, and return the database's address.

        Calling it again in the same process changes nothing. The process is signed off at its normal exit.

        Raises:
            ConfigurationError: The server cannot run here; the message says why and what to do.
        """
        with self._guard:
            cluster, users, lock = self._parts()
            with exclusive(*lock):
                users.living()
                cluster.prepare()
                cluster.start()
                cluster.ensure_database(DATABASE)
                users.add(os.getpid(), self._handle)
            if self._attached_by != os.getpid():
                self._attached_by = os.getpid()
                atexit.register(self.detach)
            return _url(cluster)

    def detach(self) -> None:
        """Sign this process off, and stop the server if no living process uses it any more."""
        with self._guard:
            if self._attached_by != os.getpid():  # never attached, or a fork of the process that did
                return
            self._attached_by = None
            atexit.unregister(self.detach)
            cluster, users, lock = self._parts()
            with exclusive(*lock):
                users.remove(os.getpid(), self._handle)
                if not users.living():
                    cluster.stop()

    def status(self) -> ServerStatus:
        """Return what runs and who uses it; starts nothing."""
        cluster, users, lock = self._parts()
        with exclusive(*lock):
            return ServerStatus(
                home=cluster.directory.parent,
                running=cluster.is_answering(),
                pid=cluster.server_pid(),
                users=users.living(),
                url=_url(cluster),
                log=cluster.log,
            )

    def __enter__(self) -> str:
        """Attach, and return the address."""
        return self.attach()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Detach."""
        self.detach()

    def _parts(self) -> tuple[Cluster, UserList, tuple[Path, ServerAccount]]:
        home, account = places.data_home(self._wanted)
        sockets = places.socket_folder(home, account)
        cluster = Cluster(home, sockets, account, durable=self._durable)
        return cluster, UserList(home / "users", account), (home / "lock", account)


def _url(cluster: Cluster) -> str:
    return f"postgresql://{SUPERUSER}@/{DATABASE}?host={quote(str(cluster.sockets), safe='/')}&port=5432"
