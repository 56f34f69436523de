"""Due work: jobs a second, alone and beside another owner's backlog, and time from commit to run.

Run with `python benchmarks/due.py`; it starts a PostgreSQL of its own in a temporary folder. One
worker, its handlers, the scheduling and PostgreSQL share the machine. Handlers do nothing.
"""

import asyncio
import os
import platform
import tempfile
import time
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg

from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, Worker, schedule, schedule_many
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

JOBS = 5_000
BACKLOG = 20_000
SAMPLES = 500
CONCURRENCY = 16
MINE, THEIRS = AccountId(uuid4()), AccountId(uuid4())


class Bench:
    """The queue, a worker for it, and what has run."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.admin = server.conninfo(user=server.admin_user, password=server.admin_password)
        self.database = Database(
            dict(server.conninfo(user=server.runtime_user, password=server.runtime_password))
        )
        self.ran = {MINE: 0, THEIRS: 0}
        self.target = 0
        self.done = asyncio.Event()
        self.started: dict[int, asyncio.Future[float]] = {}

    def install(self) -> None:
        schema = files("answerdesk.migrations").joinpath("sql", "due.sql").read_text()
        with psycopg.connect(**self.admin, autocommit=True) as owner:
            owner.execute(schema.encode())
            owner.execute(b"grant select, insert, update, delete on due_job to answerdesk_app")

    def empty(self) -> None:
        with psycopg.connect(**self.admin, autocommit=True) as owner:
            owner.execute("truncate due_job")

    async def count(self, job: Job) -> None:
        account = AccountId(job.account_id)
        self.ran[account] += 1
        if account == MINE and self.ran[MINE] == self.target:
            self.done.set()

    async def stamp(self, job: Job) -> None:
        number = job.payload["n"]
        assert isinstance(number, int)
        self.started[number].set_result(time.perf_counter())

    async def fill(self, name: str, account: AccountId, jobs: int) -> float:
        began = time.perf_counter()
        async with self.database.transaction(account) as session:
            await schedule_many(
                session, name, account_id=account, payloads=[{"n": n} for n in range(jobs)]
            )
        return time.perf_counter() - began

    @asynccontextmanager
    async def working(self, handlers: dict[str, Any]) -> "AsyncIterator[None]":
        worker = Worker(
            self.database.connect,
            {name: Registration(run, concurrency=CONCURRENCY) for name, run in handlers.items()},
        )
        task = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            await worker.stop(5)
            await task

    async def throughput(self, label: str, backlog_name: str | None) -> None:
        self.empty()
        self.ran, self.target = {MINE: 0, THEIRS: 0}, JOBS
        self.done.clear()
        if backlog_name is not None:
            await self.fill(backlog_name, THEIRS, BACKLOG)
        written = await self.fill("work", MINE, JOBS)
        began = time.perf_counter()
        async with self.working({"work": self.count}):
            await self.done.wait()
            seconds = time.perf_counter() - began
        total = sum(self.ran.values())
        print(
            f"{label}: {total / seconds:,.0f} jobs/s"
            f" ({self.ran[MINE]:,} of mine and {self.ran[THEIRS]:,} of theirs in {seconds:.2f} s;"
            f" mine written at {JOBS / written:,.0f}/s)"
        )

    async def latency(self, label: str, *, backlog: bool) -> None:
        self.empty()
        if backlog:
            await self.fill("work", THEIRS, 4 * BACKLOG)
        samples: list[float] = []
        async with self.working({"work": self.count, "timed": self.stamp}):
            await asyncio.sleep(0.5)
            for number in range(SAMPLES):
                started = asyncio.get_running_loop().create_future()
                self.started[number] = started
                async with self.database.transaction(MINE) as session:
                    await schedule(session, "timed", account_id=MINE, payload={"n": number})
                    before_commit = time.perf_counter()
                samples.append((await started - before_commit) * 1000)
                await asyncio.sleep(0.01 * (number % 5))
        samples.sort()
        print(
            f"{label}: p50 {samples[SAMPLES // 2]:.1f} ms,"
            f" p99 {samples[SAMPLES * 99 // 100]:.1f} ms, longest {samples[-1]:.1f} ms"
            f" ({SAMPLES} jobs, one at a time)"
        )


async def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()},")
    print(f"{JOBS:,} no-op jobs, {CONCURRENCY} at a time, one worker; load: {os.getloadavg()}")
    with (
        tempfile.TemporaryDirectory(prefix="due-") as folder,
        EmbeddedPostgres.start(Path(folder)) as server,
    ):
        bench = Bench(server)
        bench.install()
        await bench.throughput("alone", None)
        await bench.throughput(f"beside {BACKLOG:,} due jobs of another name", "other")
        await bench.throughput(f"in turns with {BACKLOG:,} of another owner", "work")
        await bench.latency("commit to run, idle", backlog=False)
        await bench.latency("commit to run, another name busy", backlog=True)
        await bench.database.close()


if __name__ == "__main__":
    asyncio.run(main())
