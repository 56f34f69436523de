"""One database: its connection pools, its transactions, and the errors when it is unavailable."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
import structlog
from psycopg.rows import namedtuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import TextClause, event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from answerdesk.core.database.sessions import (
    ACCOUNT,
    FILTER,
    URL,
    USER,
    Executor,
    TenantAsyncSession,
    driver_statement,
    tenant_parameters,
)
from answerdesk.core.database.watched import (
    CONNECT_SECONDS,
    PATIENCE,
    ConnectionArguments,
    DatabaseAway,
    Prober,
    WatchedConnection,
    hurried,
    is_away,
    is_hurried,
    is_stale,
    watched_by,
)
from answerdesk.core.disk import DiskFull, is_full, says_full
from answerdesk.core.tenancy import AccountId, UserId

_WAIT_SECONDS: Final = 15
"""How long background work may wait for a connection."""

_MOST_SINGLES: Final = 5
"""Connections for single-round-trip statements, each of which needs one for about a millisecond."""

MOST_RESERVED: Final = 6
"""Connections that no request uses; they are opened once they are needed."""

_WITH_RESERVED: Final = 6
"""The smallest pool with which one of the single statements' is reserved, unless told how many."""

_log = structlog.get_logger(__name__)

_Pool = AsyncConnectionPool[WatchedConnection]

Witness = Callable[[AsyncSession], Awaitable[None]]
_witness: ContextVar[Witness | None] = ContextVar("witness", default=None)


@contextmanager
def witnessed(witness: Witness) -> Iterator[None]:
    """Call `witness` before each transaction of this context commits.

    It may write in the transaction, and prevent the commit by raising an exception.
    """
    token = _witness.set(witness)
    try:
        yield
    finally:
        _witness.reset(token)


class Database:
    """Connections to one PostgreSQL as the runtime role.

    `tenant_filter=False` leaves the separation of tenants to row-level security alone; only tests
    use it, to show that the database is safe without us. `folder` is where the server keeps its
    data, if it is embedded.
    """

    def __init__(
        self,
        arguments: ConnectionArguments,
        *,
        pool_size: int = 10,
        reserved: int | None = None,
        tenant_filter: bool = True,
        folder: Path | None = None,
    ) -> None:
        self._arguments = {"connect_timeout": CONNECT_SECONDS, **arguments}
        self._tenant_filter = tenant_filter
        self._folder = folder
        self.info: dict[str, object] = {}
        """What every session of this database carries in its `info`, such as the plans."""
        watched = watched_by(Prober(self._arguments))
        self._places = asyncio.Semaphore(pool_size)
        self._engine: AsyncEngine = create_async_engine(
            URL,
            connect_args={
                **self._arguments,
                "prepare_threshold": 3,
                "async_creator_fn": watched.connect,
            },
            pool_size=pool_size,
            max_overflow=0,
            pool_reset_on_return="rollback",
            hide_parameters=True,
        )
        event.listen(self._engine.sync_engine, "checkout", _refuse_stale)
        singles = _singles(pool_size)
        if reserved is None:
            reserved = 1 if pool_size >= _WITH_RESERVED else 0
            singles -= reserved
        self._singles = self._lane(watched, singles)
        self._reserved = self._lane(watched, reserved) if reserved else self._singles

    def _lane(self, watched: type[WatchedConnection], size: int) -> "_Lane":
        pool = AsyncConnectionPool(
            kwargs={**self._arguments, "autocommit": True, "prepare_threshold": 0},
            connection_class=watched,
            configure=_plan_once,
            check=_check,
            min_size=1,
            max_size=size,
            timeout=PATIENCE,
            reconnect_timeout=0,
            open=False,
        )
        return _Lane(pool, asyncio.Semaphore(size))

    @asynccontextmanager
    async def transaction(
        self, account_id: AccountId | None, *, user_id: UserId | None = None
    ) -> AsyncIterator[TenantAsyncSession]:
        """Open a transaction for `account_id`; commit when the block ends, roll back if it raises.

        Without an account (None), no tenant's rows are visible: only the look-up functions that run
        before a tenant is known are useful. With `user_id`, that person's own rows, which belong
        to no account, are visible, too. Raises DatabaseAway and DiskFull.
        """
        info = {**self.info, ACCOUNT: account_id, USER: user_id, FILTER: self._tenant_filter}
        await self._take_place()
        try:
            with self._telling():
                async with (
                    TenantAsyncSession(self._engine, expire_on_commit=False, info=info) as session,
                    session.begin(),
                ):
                    yield session
                    witness = _witness.get()
                    if witness is not None:
                        await session.flush()
                        await witness(session)
        finally:
            self._places.release()

    def single(self, account_id: AccountId | None) -> Executor:
        """Return what runs statements of `account_id`, each in its own transaction and round trip.

        Without an account (None), a statement must find out the account by itself.
        """
        return _Single(self, self._singles, account_id)

    def reserved(self, account_id: AccountId) -> Executor:
        """Return what does the same on connections of its own, for what many people wait for.

        However many requests queue for the others, it is not behind them; except with so small
        pools that there are none to reserve.
        """
        return _Single(self, self._reserved, account_id)

    async def _rows(
        self,
        lane: "_Lane",
        account_id: AccountId | None,
        statement: TextClause,
        params: Mapping[str, Any],
    ) -> Sequence[Any]:
        if account_id is not None and _witness.get() is not None:
            # It may take effect, which whoever witnesses commits with it or prevents.
            async with self.transaction(account_id) as session:
                return await session.rows(statement, params)
        prepared = driver_statement(statement.text, filtered=self._tenant_filter)
        values = prepared.values({**params, **tenant_parameters(account_id)})
        with self._telling():
            connection = await lane.lend()
            try:
                cursor = psycopg.AsyncRawCursor(connection, row_factory=namedtuple_row)
                await cursor.execute(prepared.sql, values)
                return await cursor.fetchall()
            finally:
                await lane.give_back(connection)

    async def connect(self) -> psycopg.AsyncConnection[tuple[Any, ...]]:
        """Open a connection outside the pools (autocommit), for listening and background jobs."""
        return await psycopg.AsyncConnection.connect(**self._arguments, autocommit=True)

    async def ping(self) -> None:
        """Make one round trip; raises DatabaseAway within PATIENCE seconds, or DiskFull."""
        with hurried():
            async with self.transaction(None) as session:
                await session.execute(text("select 1"))
        # With a full disk, reading still works, but nothing can be stored.
        self.require_room()

    def require_room(self) -> None:
        """Raise DiskFull if the server is embedded and its disk is full."""
        if self._folder is not None and is_full(self._folder):
            raise DiskFull(self._folder)

    async def close(self) -> None:
        for lane in (self._singles, self._reserved):
            if not lane.pool.closed:
                await lane.pool.close()
        await self._engine.dispose()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Translate driver errors that mean that nothing works into DatabaseAway or DiskFull."""
        try:
            yield
        except PoolTimeout as error:
            raise self._away() from error
        except (psycopg.Error, DBAPIError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if cause is not None and says_full(cause):
                _log.warning("disk_full", folder=str(self._folder), error=str(cause).strip())
                raise DiskFull(self._folder) from error
            if isinstance(cause, psycopg.Error) and is_away(cause):
                raise self._away() from error
            raise

    def _away(self) -> DatabaseAway | DiskFull:
        """Return why the server does not respond: an embedded one stops when its disk is full."""
        if self._folder is not None and is_full(self._folder):
            return DiskFull(self._folder)
        return DatabaseAway()

    async def _take_place(self) -> None:
        """Wait for a free connection of the pool; raises DatabaseAway."""
        try:
            async with asyncio.timeout(PATIENCE if is_hurried() else _WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError as error:
            raise self._away() from error


def connections_held(pool_size: int) -> int:
    """Return the maximum connections of a Database, with one for probing and one that listens."""
    return pool_size + _singles(pool_size) + 2


def _singles(pool_size: int) -> int:
    return min(_MOST_SINGLES, max(pool_size // 2, 1))


@dataclass(frozen=True, slots=True)
class _Lane:
    """A pool for single statements, and a place for each of its connections.

    Who waits for a place is woken by the one who leaves it, in one step of the event loop. The pool
    takes four, for which the connection would lie idle: much, while everybody takes their turns.
    """

    pool: _Pool
    places: asyncio.Semaphore

    async def lend(self) -> WatchedConnection:
        """Return a connection to give back; raises PoolTimeout after PATIENCE seconds."""
        if self.places.locked():
            await self._wait()
        else:
            await self.places.acquire()
        try:
            if self.pool.closed:
                await self.pool.open()
            # The pool's own context would commit again, but each statement has already done so.
            return await self.pool.getconn()
        except BaseException:
            self.places.release()
            raise

    async def give_back(self, connection: WatchedConnection) -> None:
        try:
            await self.pool.putconn(connection)
        finally:
            self.places.release()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.places.acquire()
        except TimeoutError as error:
            raise PoolTimeout from error


class _Single:
    """Runs statements of one account, each committed when it returns.

    Raises DatabaseAway and DiskFull.
    """

    def __init__(self, database: Database, lane: _Lane, account_id: AccountId | None) -> None:
        self._database = database
        self._lane = lane
        self._account_id = account_id

    async def rows(self, statement: TextClause, params: Mapping[str, Any]) -> Sequence[Any]:
        return await self._database._rows(  # noqa: SLF001
            self._lane, self._account_id, statement, params
        )


def _refuse_stale(connection: Any, *_: object) -> None:  # noqa: ANN401  # SQLAlchemy's adapter.
    if is_stale(connection.driver_connection):
        # The server was restarted: none of the pool's connections works any more.
        raise InvalidatePoolError("the connection was closed by the server")


async def _check(connection: WatchedConnection) -> None:
    if is_stale(connection):
        await connection.close()  # Otherwise the pool would hand it out again.
        raise psycopg.OperationalError("the connection was closed by the server")


async def _plan_once(connection: WatchedConnection) -> None:
    """Use one generic, index-based plan per statement: tables may be empty when it is made."""
    await connection.execute("set plan_cache_mode = force_generic_plan")
    await connection.execute("set enable_seqscan = off")
    await connection.execute("set jit = off")
