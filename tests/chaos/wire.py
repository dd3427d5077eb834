"""The line between the shop and PostgreSQL, which a test can cut at any statement.

A proxy on a port of its own. It counts what the shop asks (one *exchange* is all that goes to the server until it is
ready for the next) and cuts all lines of that moment either before the server hears of the n-th, or after the server
has done it and before the shop hears so: then nobody knows whether a COMMIT happened.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

_SSL_REQUEST, _GSS_REQUEST = 80877103, 80877104
_NO = b"N"


@dataclass(eq=False)
class _Line:
    """One connection of the shop, and what of the present exchange has come so far."""

    shop: asyncio.StreamWriter
    server: asyncio.StreamWriter
    asked: bytearray = field(default_factory=bytearray)
    swallowed: bytearray | None = None
    is_dead: bool = False

    def cut(self) -> None:
        """End both sides at once, without a word."""
        for side in (self.shop, self.server):
            side.transport.abort()


@dataclass
class Cut:
    """Where the line was cut: at the n-th exchange, and what the shop asked there; ``commits`` had been made before."""

    at: int
    asked: str
    commits: int

    @property
    def is_commit(self) -> bool:
        """Whether the answer to a COMMIT got lost, or the COMMIT itself."""
        return "COMMIT" in self.asked


class Wire:
    """The proxy. ``url`` is the database's address through it."""

    def __init__(self, database_url: str) -> None:
        """Prepare to lead to ``database_url``."""
        self._to = conninfo_to_dict(database_url)
        self._server: asyncio.Server | None = None
        self._lines: set[_Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cut_at: int | None = None
        self._after = False
        self._count = 0
        self._commits: list[int] = []
        self.cut: Cut | None = None
        self.url = ""
        self.port = 0

    async def start(self, port: int = 0) -> None:
        """Listen, on a free port unless one is given."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        self.port = port = int(self._server.sockets[0].getsockname()[1])
        password = f":{quote(str(self._to['password']))}" if self._to.get("password") else ""
        self.url = f"postgresql://{self._to.get('user', 'postgres')}{password}@127.0.0.1:{port}/{self._to['dbname']}"

    async def stop(self) -> None:
        """Cut what is there and listen no more."""
        self.cut_all()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut_all(self) -> None:
        """Cut every line that there is."""
        for line in list(self._lines):
            line.cut()

    def freeze(self) -> None:
        """Let nothing through any more on the lines that there are, and say nothing of it; new ones work."""
        for line in self._lines:
            line.is_dead = True

    def arm(self, at: int, *, after: bool = False) -> None:
        """Cut at the ``at``-th exchange from now, the first being 1: before the server hears it, or ``after`` it."""
        self._cut_at, self._after, self._count, self._commits, self.cut = at, after, 0, [], None

    def listen(self) -> None:
        """Count from now without cutting."""
        self.arm(0)

    def heard(self) -> tuple[int, list[int]]:
        """Return how many exchanges there were since, and which of them were COMMITs."""
        return self._count, self._commits

    def disarm(self) -> Cut | None:
        """Cut nothing more; return where it was cut, if it was."""
        self._cut_at = None
        return self.cut

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = str(self._to.get("host") or "127.0.0.1"), int(self._to.get("port") or 5432)
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)

    async def _accept(self, shop: asyncio.StreamReader, to_shop: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if not (opening := await _opening(shop, to_shop)):
                return
            server, to_server = await self._connect()
            line = _Line(to_shop, to_server)
            self._lines.add(line)
            to_server.write(opening)
            back = asyncio.create_task(self._back(server, line))
            try:
                await self._forth(shop, line)
            finally:
                self._lines.discard(line)
                line.cut()
                back.cancel()

    async def _forth(self, shop: asyncio.StreamReader, line: _Line) -> None:
        while True:
            head = await shop.readexactly(5)
            body = await shop.readexactly(int.from_bytes(head[1:]) - 4)
            if line.is_dead:
                continue
            line.asked += head + body
            if head[:1] in b"QS":
                self._exchange(line)
                line.asked.clear()
            elif head[:1] not in b"PBDECFH":  # a password or a goodbye is no exchange
                line.server.write(bytes(line.asked))
                line.asked.clear()

    def _exchange(self, line: _Line) -> None:
        self._count += 1
        if self._cut_at == self._count and self.cut is None:
            self.cut = Cut(self._count, _readable(line.asked), len(self._commits))
            if not self._after:
                self.cut_all()
                return
            line.swallowed = bytearray()
        if b"COMMIT" in line.asked:
            self._commits.append(self._count)
        line.server.write(bytes(line.asked))

    async def _back(self, server: asyncio.StreamReader, line: _Line) -> None:
        with contextlib.suppress(OSError):
            while data := await server.read(65536):
                if line.is_dead:
                    continue
                if line.swallowed is None:
                    line.shop.write(data)
                    continue
                line.swallowed += data
                if _is_ready(line.swallowed):
                    self.cut_all()
                    return
        line.cut()


async def _opening(shop: asyncio.StreamReader, to_shop: asyncio.StreamWriter) -> bytes:
    """Return the shop's first message after having said no to encryption; nothing where it only cancels a query."""
    while True:
        head = await shop.readexactly(8)
        kind = int.from_bytes(head[4:])
        if kind not in (_SSL_REQUEST, _GSS_REQUEST):
            return head + await shop.readexactly(int.from_bytes(head[:4]) - 8)
        to_shop.write(_NO)


def _is_ready(answers: bytearray) -> bool:
    """Return whether the server has said everything and is ready for the next exchange."""
    at = 0
    while at + 5 <= len(answers):
        end = at + 1 + int.from_bytes(answers[at + 1 : at + 5])
        if answers[at : at + 1] == b"Z" and end <= len(answers):
            return True
        at = end
    return False


def _readable(asked: bytearray) -> str:
    return asked.decode("ascii", "replace").replace("\0", " ")[:200]
