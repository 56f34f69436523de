"""A worker in a process of its own, for tests to kill: CONNINFO ACTION [ARGUMENT].

record   write an errand with the job's number, as the job's tenant; end when stdin does
stick    say so and hold on to the job for good
die      kill itself in the middle of the job
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from typing import Final

from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text

from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, Worker
from answerdesk.core.tenancy import AccountId

LEASE: Final = 3.0
"""Seconds after which others take up what it leaves; a busy machine may hold up its heartbeat."""


async def main(connection: str, action: str) -> None:
    database = Database(conninfo_to_dict(connection), pool_size=5)

    async def record(job: Job) -> None:
        async with database.transaction(AccountId(job.account_id)) as session:
            await session.execute(
                text("insert into errand values (:account, :id)"),
                {"account": job.account_id, "id": job.payload["n"]},
            )

    async def stick(job: Job) -> None:
        print(f"holds {job.attempt}", flush=True)  # noqa: T201 - the test reads it
        await asyncio.sleep(3600)

    async def die(job: Job) -> None:
        print(f"dies {job.attempt}", flush=True)  # noqa: T201 - the test reads it
        os.kill(os.getpid(), signal.SIGKILL)

    handler = {"record": record, "stick": stick, "die": die}[action]
    worker = Worker(
        database.connect,
        {"work": Registration(handler, concurrency=8, max_attempts=2)},
        lease=timedelta(seconds=LEASE),
        poll=timedelta(seconds=0.25),
    )
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
