"""The database: one pool of connections, one transaction a unit of work, one tenant a transaction.

Tenants are kept apart twice. Every query on a tenant-owned model gets the tenant's filter here, in
one place; and PostgreSQL's row-level security shows the runtime role only rows of the account that
the transaction has set. Either alone must hold.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import event, text
from sqlalchemy.engine import Connection
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

from answerdesk.core.tenancy import TENANT_SETTING, AccountId

ConnectionArguments = Mapping[str, Any]
"""Keyword arguments of `psycopg.connect`."""

_ACCOUNT = "account_id"
_FILTER = "tenant_filter"


class Base(DeclarativeBase):
    """Parent of all models. The tables are made by the migrations, not from here."""


class TenantOwned:
    """A row that belongs to one account; the account is the first part of its key."""

    account_id: Mapped[UUID] = mapped_column(primary_key=True)


class TenantSession(Session):
    """A session whose transactions and queries are bound to the account in `info`."""


@event.listens_for(TenantSession, "after_begin")
def _set_tenant(session: Session, _: SessionTransaction, connection: Connection) -> None:
    account_id = session.info.get(_ACCOUNT)
    if account_id is not None:
        connection.execute(
            text("select set_config(:name, :value, true)"),
            {"name": TENANT_SETTING, "value": str(account_id)},
        )


@event.listens_for(TenantSession, "do_orm_execute")
def _filter_by_tenant(state: ORMExecuteState) -> None:
    account_id = state.session.info.get(_ACCOUNT)
    if account_id is None or not state.session.info[_FILTER] or state.is_insert:
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            TenantOwned, lambda model: model.account_id == account_id, include_aliases=True
        )
    )


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
        self._engine: AsyncEngine = create_async_engine(
            "postgresql+psycopg://",
            connect_args={**self._arguments, "prepare_threshold": 3},
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=15,
            pool_reset_on_return="rollback",
        )

    @asynccontextmanager
    async def transaction(self, account_id: AccountId | None) -> AsyncIterator[AsyncSession]:
        """Open a transaction for `account_id`; commit when the block ends, roll back if it raises.

        Without an account (None) no tenant's row can be seen: only the look-up functions that run
        before a tenant is known are of use.
        """
        info = {_ACCOUNT: account_id, _FILTER: self._tenant_filter}
        async with (
            AsyncSession(
                self._engine, sync_session_class=TenantSession, expire_on_commit=False, info=info
            ) as session,
            session.begin(),
        ):
            yield session

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
