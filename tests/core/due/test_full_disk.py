"""A job that cannot store what it has done waits for room, however long, and is not given up."""

from answerdesk.core.disk import DiskFull
from answerdesk.core.due import Job, Registration, schedule
from tests.core.due.conftest import Desk, until


async def test_a_job_without_room_waits_and_counts_as_not_run(desk: Desk) -> None:
    gone = []

    async def work(_: Job) -> None:
        raise DiskFull

    async def on_failed(job: Job, _: str) -> None:
        gone.append(job.id)

    async def waits() -> bool:
        return [(row["state"], row["attempt"]) for row in await desk.rows()] == [("waiting", 0)]

    async with desk.working({"work": Registration(work, max_attempts=1, on_failed=on_failed)}):
        async with desk.transaction() as session:
            await schedule(session, "work", account_id=desk.account, payload={})
        await until(waits)
    [row] = await desk.rows()
    assert row["error"].startswith("The disk of this installation is full")
    assert gone == []
