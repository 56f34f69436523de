"""The database: one pool of connections, one transaction a unit of work, one tenant a transaction.

Tenants are kept apart twice. Every query on a tenant-owned model gets the tenant's filter here, in
one place; and PostgreSQL's row-level security shows the runtime role only rows of the account that
the transaction has set. Either alone must hold.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import psycopg
from sqlalchemy import TextClause, event, text
from sqlalchemy.engine import Connection, IteratorResult, Result, make_url
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    mapped_column,
    with_loader_criteria,
)

from answerdesk.core.tenancy import TENANT_SETTING, USER_SETTING, AccountId, UserId

ConnectionArguments = Mapping[str, Any]
"""Keyword arguments of `psycopg.connect`."""

_ACCOUNT = "account_id"
_USER = "user_id"
_FILTER = "tenant_filter"


class Base(DeclarativeBase):
    """Parent of all models. The tables are made by the migrations, not from here."""


class TenantOwned:
    """A row that belongs to one account; the account is the first part of its key."""

    account_id: Mapped[UUID] = mapped_column(primary_key=True)


class TenantSession(Session):
    """A session whose transactions and queries are bound to the account in `info`."""


class TenantAsyncSession(AsyncSession):
    """A session that sends statements written as text straight to the driver.

    They need nothing that SQLAlchemy adds, and cost a tenth: 0.1 ms of processor time instead of
    1 ms, of which a chat has a dozen. They run in the session's transaction like all others.
    """

    sync_session_class = TenantSession
    _driver: psycopg.AsyncConnection[tuple[Any, ...]] | None = None

    async def execute(
        self,
        statement: Any,  # noqa: ANN401  # As the parent has it.
        params: Any = None,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> Result[Any]:
        """Run a statement. Raises what SQLAlchemy raises.

        Text takes one set of parameters, or a list of them and then returns no rows.
        """
        if type(statement) is not TextClause or options:
            result: Result[Any] = await super().execute(statement, params, **options)
            return result
        if self._driver is None:
            # Opening the transaction sets its tenant, see `_set_tenant`.
            connection = await (await self.connection()).get_raw_connection()
            self._driver = connection.driver_connection
        assert self._driver is not None  # noqa: S101  # The line above has set it.
        sql = _driver_sql(statement.text, filtered=self.info[_FILTER])
        try:
            cursor = self._driver.cursor()
            if isinstance(params, list):
                await cursor.executemany(sql, params)
            else:
                await cursor.execute(sql, params or {})
            rows = await cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            raise DBAPIError.instance(sql, params, error, psycopg.Error) from error
        columns = [column.name for column in cursor.description or ()]
        return IteratorResult(SimpleResultMetaData(columns), iter(rows))

    async def scalar(
        self,
        statement: Any,  # noqa: ANN401
        params: Any = None,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Run a statement and return the first column of its first row, or None."""
        if type(statement) is not TextClause:
            return await super().scalar(statement, params, **options)
        return (await self.execute(statement, params, **options)).scalar()


_URL: Final = "postgresql+psycopg://"
_DIALECT: Final = make_url(_URL).get_dialect()()


_OWN_FILTER: Final = re.compile(r"\b(?:\w+\.)?account_id = :account_id\b")
"""How a text statement filters by tenant."""


@lru_cache(maxsize=1024)
def _driver_sql(statement: str, *, filtered: bool) -> str:
    """Write a statement with `:name` parameters as the driver reads it."""
    if not filtered:
        statement = _OWN_FILTER.sub("true", statement)
    return str(text(statement).compile(dialect=_DIALECT))


@event.listens_for(TenantSession, "after_begin")
def _set_tenant(session: Session, _: SessionTransaction, connection: Connection) -> None:
    named = {
        TENANT_SETTING: session.info.get(_ACCOUNT),
        USER_SETTING: session.info.get(_USER),
    }
    for name, value in named.items():
        if value is not None:
            _set(connection, name, str(value))


def _set(connection: Connection, name: str, value: str) -> None:
    # Every transaction pays for this statement: on the driver's cursor it costs a fifth of what it
    # does as a construct.
    cursor = connection.connection.cursor()
    try:
        cursor.execute("select set_config(%s, %s, true)", (name, value))
    finally:
        cursor.close()


@event.listens_for(TenantSession, "do_orm_execute")
def _filter_by_tenant(state: ORMExecuteState) -> None:
    account_id = state.session.info.get(_ACCOUNT)
    if account_id is None or not state.session.info[_FILTER] or not state.is_orm_statement:
        return
    if state.is_insert:
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            TenantOwned, lambda model: model.account_id == account_id, include_aliases=True
        )
    )


def account_in(session: AsyncSession) -> AccountId | None:
    """Return the account that the session's transaction is bound to, if it is bound to one."""
    account_id: AccountId | None = session.info[_ACCOUNT]
    return account_id


def tenant_of(session: AsyncSession) -> AccountId:
    """Return the account that the session's transaction is bound to."""
    account_id = account_in(session)
    if account_id is None:
        raise LookupError("the transaction is bound to no account")
    return account_id


Witness = Callable[[AsyncSession], Awaitable[None]]
_witness: ContextVar[Witness | None] = ContextVar("witness", default=None)


@contextmanager
def witnessed(witness: Witness) -> Iterator[None]:
    """Let `witness` see each transaction of this context before it commits.

    It may write in the transaction, and prevent the commit by raising.
    """
    token = _witness.set(witness)
    try:
        yield
    finally:
        _witness.reset(token)


class Database:
    """Connections to one PostgreSQL as the runtime role.

    `tenant_filter=False` leaves the separation to row-level security alone; only tests do that, to
    show that the database would hold without us.
    """

    def __init__(
        self, arguments: ConnectionArguments, *, pool_size: int = 10, tenant_filter: bool = True
    ) -> None:
        self._arguments = dict(arguments)
        self._tenant_filter = tenant_filter
        self.info: dict[str, object] = {}
        """What every session of this database carries in its own `info`, such as the plans."""
        self._engine: AsyncEngine = create_async_engine(
            _URL,
            connect_args={**self._arguments, "prepare_threshold": 3},
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=15,
            pool_reset_on_return="rollback",
        )

    @asynccontextmanager
    async def transaction(
        self, account_id: AccountId | None, *, user_id: UserId | None = None
    ) -> AsyncIterator[AsyncSession]:
        """Open a transaction for `account_id`; commit when the block ends, roll back if it raises.

        Without an account (None) no tenant's row can be seen: only the look-up functions that run
        before a tenant is known are of use. With `user_id` that person's own rows can, which belong
        to no account.
        """
        info = {**self.info, _ACCOUNT: account_id, _USER: user_id, _FILTER: self._tenant_filter}
        async with (
            TenantAsyncSession(self._engine, expire_on_commit=False, info=info) as session,
            session.begin(),
        ):
            yield session
            witness = _witness.get()
            if witness is not None:
                await session.flush()
                await witness(session)

    async def connect(self) -> psycopg.AsyncConnection[tuple[Any, ...]]:
        """Open a connection outside the pool (autocommit), for listening and due work."""
        return await psycopg.AsyncConnection.connect(**self._arguments, autocommit=True)

    async def ping(self) -> None:
        """Make one round trip; raises what the driver raises when the database is away."""
        async with self._engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()
