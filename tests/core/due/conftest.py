"""A PostgreSQL of this folder's own, with a tenant's table more, which the jobs write to."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from answerdesk.core.database import Database
from answerdesk.core.due import Handler, Registration, Worker
from answerdesk.core.postgres import ConnectArguments, EmbeddedPostgres
from answerdesk.core.tenancy import AccountId
from tests.ready_database import ready_postgres
from tests.waiting import PATIENCE

_TENANT_TABLE = """
create table errand (account_id uuid not null, id int not null, primary key (account_id, id));
alter table errand enable row level security;
create policy tenant on errand using (
    account_id = nullif(current_setting('answerdesk.account_id', true), '')::uuid);
grant select, insert, update, delete on errand to answerdesk_app;
"""


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """All tables, and one of these tests, made by their owner for the runtime role."""
    with ready_postgres() as server:
        with psycopg.connect(**_owner(server), autocommit=True) as owner:
            owner.execute(_TENANT_TABLE.encode())
        yield server


def _owner(server: EmbeddedPostgres) -> ConnectArguments:
    return server.conninfo(user=server.admin_user, password=server.admin_password)


class Desk:
    """The database as the application sees it, and what tests look up behind its back."""

    def __init__(self, arguments: Mapping[str, Any], admin: psycopg.AsyncConnection[Any]) -> None:
        self.arguments = dict(arguments)
        self.admin = admin
        self.database = Database(arguments, pool_size=5)
        self.account = AccountId(uuid4())

    async def rows(self, query: str = "select * from due_job order by id") -> list[dict[str, Any]]:
        async with self.admin.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            return await (await cursor.execute(query.encode())).fetchall()

    def transaction(self, account: UUID | None = None) -> Any:
        return self.database.transaction(AccountId(account) if account else self.account)

    def worker(
        self,
        handlers: Mapping[str, Handler | Registration],
        *,
        lease: float = 20,
        poll: float = 3600,
    ) -> Worker:
        """A worker that polls so rarely that only what wakes it can explain that it works."""
        return Worker(
            self.database.connect,
            handlers,
            lease=timedelta(seconds=lease),
            poll=timedelta(seconds=poll),
        )

    @asynccontextmanager
    async def working(
        self,
        handlers: Mapping[str, Handler | Registration],
        *,
        lease: float = 20,
        poll: float = 3600,
    ) -> AsyncIterator[Worker]:
        worker = self.worker(handlers, lease=lease, poll=poll)
        task = asyncio.create_task(worker.run())
        await self.listening(1)
        try:
            yield worker
        finally:
            await worker.stop(0.1)
            await task

    async def listening(self, workers: int) -> None:
        """Wait until that many workers wait for notifications."""

        async def waiting() -> bool:
            query = (
                "select count(*) as n from pg_stat_activity where state = 'idle'"
                " and query = 'listen due_job'"
            )
            count: int = (await self.rows(query))[0]["n"]
            return count >= workers

        await until(waiting)

    def process(self, program: str, *arguments: str) -> subprocess.Popen[str]:
        """Start `tests/core/due/<program>` in a process of its own."""
        connection = psycopg.conninfo.make_conninfo(**self.arguments)
        return subprocess.Popen(
            [sys.executable, Path(__file__).with_name(program), connection, *arguments],
            stdout=subprocess.PIPE,
            text=True,
        )


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Wait for `condition`; fail when it does not come true."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - it looks into the database
            await asyncio.sleep(0.02)


@pytest.fixture
async def desk(server: EmbeddedPostgres) -> AsyncIterator[Desk]:
    arguments = server.conninfo(user=server.runtime_user, password=server.runtime_password)
    connecting = psycopg.AsyncConnection.connect(**_owner(server), autocommit=True)
    async with await connecting as admin:
        await admin.execute("truncate due_job, errand")
        desk = Desk(dict(arguments), admin)
        try:
            yield desk
        finally:
            await desk.database.close()
