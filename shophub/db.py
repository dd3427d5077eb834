"""The database: one pool per process and event loop, and the transaction that every door opens.

The pool is psycopg's own, because it closes idle connections (a serverless database then sleeps); SQLAlchemy's only
recycles. Sizes and times come from the settings.
"""

import asyncio
import atexit
import select
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from weakref import WeakKeyDictionary

import structlog
from psycopg import AsyncConnection, InterfaceError, OperationalError, sql
from psycopg import Error as PostgresError
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import NullPool
from sqlalchemy.exc import InterfaceError as WrappedInterfaceError
from sqlalchemy.exc import OperationalError as WrappedOperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSessionTransaction, async_sessionmaker, create_async_engine
from sqlalchemy.ext.asyncio import AsyncSession as SQLAlchemySession
from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelSession

from shophub.errors import UnavailableError
from shophub.lib.embedded_postgres import EmbeddedPostgres
from shophub.settings import Settings, get_settings

# Everyone above takes the session's type from here, so that only this module and the SQL know the library.
__all__ = [
    "AsyncSession",
    "Database",
    "close_database",
    "database_url",
    "direct_database_url",
    "get_database",
    "pool_figures",
    "reading",
    "transaction",
]

log = structlog.get_logger(__name__)
OUT_OF_REACH = "The shop cannot be reached right now. Please try again in a moment."
# The server is gone, restarting or full, took too long, or broke a deadlock: the same call can go through later.
_FAILURES = (OperationalError, InterfaceError, WrappedOperationalError, WrappedInterfaceError)
# A request that waits longer than this for a row has lost to something broken, not to a busy shop.
SESSION_OPTIONS = "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"


@lru_cache(maxsize=1)
def database_url() -> str:
    """Return the database's address: the outside one of ``DATABASE_URL``, or that of the embedded server.

    Attaches this process to the embedded server, which starts if need be and stops with its last living user.
    """
    settings = get_settings()
    if settings.database_url is not None:
        return settings.database_url
    embedded = EmbeddedPostgres(settings.data_dir)
    url = embedded.attach()
    atexit.register(embedded.detach)
    return url


def direct_database_url() -> str:
    """Return the address without a pooler between: for LISTEN, migrations and the worker."""
    return get_settings().database_direct_url or database_url()


class AsyncSession(SQLModelSession):
    """The session that every layer knows: SQLModel's typed ``exec``, and plain ``execute`` for SQL written by hand.

    SQLModel marks ``execute`` as deprecated in favour of ``exec``, which wraps single columns differently; for raw
    SQL the original is the right one.
    """

    execute = SQLAlchemySession.execute


class _Connection(AsyncConnection):
    """A connection that goes back to its pool when it is closed, also when it is broken.

    Psycopg's own returns from ``close`` at once where the server is gone already: its place in the pool is then lost
    for good, and after as many lost connections as there are places the shop waits for ever.
    """

    lender: "AsyncConnectionPool[_Connection] | None" = None

    async def close(self) -> None:
        """Give it back, or end it where it is nobody's."""
        lender, self.lender = self.lender, None
        if self.closed and lender is not None:
            await lender.putconn(self)  # which sees that it is broken, drops it and counts its place as free
            return
        await super().close()


class Database:
    """A pool of connections and the sessions on it."""

    def __init__(self, url: str, settings: Settings) -> None:
        """Prepare, without connecting yet. ``url`` starts with ``postgresql://``."""
        kwargs: dict[str, object] = {
            "application_name": "shophub",
            "connect_timeout": int(settings.db_connect_timeout.total_seconds()),
        }
        if settings.database_direct_url is None:  # a pooler between would refuse start-up options
            kwargs["options"] = SESSION_OPTIONS
        else:
            kwargs["prepare_threshold"] = None  # nor does it keep prepared statements apart
        self._pool: AsyncConnectionPool[_Connection] = AsyncConnectionPool(
            url,
            connection_class=_Connection,
            kwargs=kwargs,
            min_size=0,
            max_size=settings.db_pool_max,
            max_idle=settings.db_pool_idle.total_seconds(),
            timeout=settings.db_connect_timeout.total_seconds(),
            close_returns=True,
            open=False,
        )
        self._opening = asyncio.Lock()
        self._is_open = False
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+psycopg://",
            poolclass=NullPool,
            async_creator=self._connection,
            hide_parameters=True,  # an error's text ends in a log, and the parameters are what customers typed
        )
        self.sessions = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)
        alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.readers = async_sessionmaker(alone, class_=AsyncSession, expire_on_commit=False)

    async def _connection(self) -> _Connection:
        if not self._is_open:
            async with self._opening:
                if not self._is_open:
                    await self._pool.open()
                    self._is_open = True
        while True:  # at most once for each connection that died while it lay idle
            connection = await self._pool.getconn()
            try:
                if _has_news(connection):
                    await self._pool.check_connection(connection)
            except (OperationalError, InterfaceError):
                await self._pool.putconn(connection)
            else:
                connection.lender = self._pool
                return connection

    def figures(self) -> dict[str, int]:
        """Return how many connections there are, how many of them are free, and how many requests wait for one."""
        found = self._pool.get_stats()
        names = {"open": "pool_size", "free": "pool_available", "most": "pool_max", "waiting": "requests_waiting"}
        return {name: int(found.get(key, 0)) for name, key in names.items()}

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        if self._is_open:
            await self._pool.close()


def _has_news(connection: AsyncConnection) -> bool:
    """Return whether the server has sent something on an idle connection: as a rule, that it has closed it.

    Costs no message. After a restart of the database the pool is full of such connections, and without this look
    each would fail a request of its own.
    """
    news = select.poll()
    news.register(connection.fileno(), select.POLLIN)
    return bool(news.poll(0))


_databases: WeakKeyDictionary[asyncio.AbstractEventLoop, Database] = WeakKeyDictionary()


def get_database() -> Database:
    """Return the database of the running event loop."""
    loop = asyncio.get_running_loop()
    database = _databases.get(loop)
    if database is None:
        database = _databases[loop] = Database(database_url(), get_settings())
    return database


def pool_figures() -> dict[str, int]:
    """Return how the running event loop's pool is: see ``Database.figures``."""
    return get_database().figures()


async def close_database() -> None:
    """Close the running event loop's connections; a later call opens new ones."""
    database = _databases.pop(asyncio.get_running_loop(), None)
    if database is not None:
        await database.close()


@asynccontextmanager
async def transaction() -> AsyncIterator[AsyncSession]:
    """Open a session in a transaction: committed at the end, rolled back when an exception leaves the block.

    Raises:
        UnavailableError: The database was out of reach, or was lost on the way. Where that was during the commit,
            nobody knows whether it happened: what is done in a transaction has to bear being done again.
    """
    with _failures_named():
        async with get_database().sessions() as session, session.begin():
            yield session


@asynccontextmanager
async def reading() -> AsyncIterator[AsyncSession]:
    """Open a session for reads that stand alone, outside any transaction: one statement is one round trip, not three.

    Two of them may see different moments, and nothing may be written here: it could not be undone.

    Raises:
        UnavailableError: The database was out of reach, or was lost on the way.
    """
    with _failures_named():
        async with get_database().readers() as session:
            yield session


@contextmanager
def _failures_named() -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        cause = getattr(error, "orig", None) or error
        log.error("database_failed", error_type=type(cause).__name__, sqlstate=getattr(cause, "sqlstate", None))
        raise UnavailableError(OUT_OF_REACH) from error


@asynccontextmanager
async def savepoint(session: AsyncSession) -> AsyncIterator[AsyncSessionTransaction]:
    """Open a part of a transaction that can be undone alone: ``await point.rollback()``."""
    async with session.begin_nested() as point:
        yield point


# A connection that only listens does not notice by itself that the other end is gone: a failover or a firewall may
# say nothing. So it is asked for a sign of life when it has been silent for so long, and given so long to answer.
_SILENCE_SECONDS = 5.0
_ANSWER_SECONDS = 5.0


async def listen(channel: str) -> AsyncIterator[str | None]:
    """Yield what is sent by NOTIFY on ``channel``; None after each (re)connection, when something may have been missed.

    Goes on for ever: a lost connection is opened again, after a pause that grows to 10 seconds. One that died silently
    counts as lost after 10 seconds.
    """
    pause = 0.1
    while True:
        try:
            connection = await AsyncConnection.connect(
                direct_database_url(),
                autocommit=True,
                application_name="shophub-live",
                connect_timeout=int(_ANSWER_SECONDS),
            )
            try:
                await _ask(connection, sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                pause = 0.1
                yield None
                while True:
                    async for notice in connection.notifies(timeout=_SILENCE_SECONDS):
                        yield notice.payload
                    await _ask(connection, sql.SQL("SELECT 1"))
            finally:
                await connection.close()
        except (PostgresError, TimeoutError):
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)


async def _ask(connection: AsyncConnection[TupleRow], statement: sql.SQL | sql.Composed) -> None:
    """Run a statement, or close the connection where there is no answer in time."""
    asking = asyncio.ensure_future(connection.execute(statement))
    try:
        done, _ = await asyncio.wait({asking}, timeout=_ANSWER_SECONDS)
        if not done:
            raise TimeoutError
        asking.result()
    finally:
        if not asking.done():
            # First closed, then given up: else psycopg would ask the dead server to cancel, and wait for that.
            connection.pgconn.finish()
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
