"""Jobs are written in the transaction of their cause, once for each key; they can be dropped."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from answerdesk.core.due import (
    Job,
    cancel,
    failed_jobs,
    forget_account,
    forget_failed,
    schedule,
    schedule_each,
    schedule_many,
    take_along,
)
from tests.core.due.conftest import Desk, until


class Ran:
    """A handler that keeps what it was given."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.news = asyncio.Event()

    async def __call__(self, job: Job) -> None:
        self.jobs.append(job)
        self.news.set()

    async def count(self, jobs: int) -> None:
        async def enough() -> bool:
            return len(self.jobs) >= jobs

        await until(enough)


async def test_what_cannot_be_scheduled_is_refused_by_name(desk: Desk) -> None:
    now = datetime.now(UTC)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"payload": {}, "run_at": now.replace(tzinfo=None)}, "time zone"),
        ({"payload": {}, "run_at": now, "delay": timedelta(1)}, "not both"),
        ({"payload": {"text": "x" * 5000}}, "over 4096"),
        ({"payload": {"n": float("nan")}}, "JSON"),
    ]
    async with desk.transaction() as session:
        for arguments, message in cases:
            with pytest.raises(ValueError, match=message):
                await schedule(session, "work", account_id=desk.account, **arguments)
    assert await desk.rows() == []


async def test_a_key_belongs_to_one_account_and_name(desk: Desk) -> None:
    async with desk.transaction() as session:
        await schedule(session, "work", account_id=desk.account, payload={"n": 1}, key="k")
        for name, account in [("work", uuid4()), ("other", desk.account)]:
            with pytest.raises(ValueError, match="'k' is held by"):
                await schedule(session, name, account_id=account, payload={"n": 2}, key="k")
    [row] = await desk.rows()
    assert (row["name"], row["account_id"], row["payload"]) == ("work", desk.account, {"n": 1})


async def test_a_rollback_leaves_no_job(desk: Desk) -> None:
    ran = Ran()
    async with desk.working({"work": ran}):
        async with desk.transaction() as session:
            await schedule(session, "work", account_id=desk.account, payload={"n": 1})
            await session.rollback()
        async with desk.transaction() as session:
            await schedule(session, "work", account_id=desk.account, payload={"n": 2})
        await ran.count(1)
    assert [job.payload for job in ran.jobs] == [{"n": 2}]
    assert await desk.rows() == []


async def test_nothing_runs_before_the_commit_and_the_commit_wakes_the_worker(desk: Desk) -> None:
    ran = Ran()
    async with desk.working({"work": ran}):
        async with desk.transaction() as session:
            await schedule(session, "work", account_id=desk.account, payload={"id": "a"})
            await asyncio.sleep(0.3)
            assert ran.jobs == []
        await ran.count(1)
    [job] = ran.jobs
    assert (job.name, job.account_id, job.payload, job.attempt) == (
        "work", desk.account, {"id": "a"}, 1,
    )  # fmt: skip


async def test_jobs_run_at_their_time_on_the_databases_clock(desk: Desk) -> None:
    ran = Ran()
    at = (await desk.rows("select clock_timestamp() + interval '400 ms' as at"))[0]["at"]
    times = []

    async def late(job: Job) -> None:
        times.append((await desk.rows("select clock_timestamp() as at"))[0]["at"])
        await ran(job)

    async with desk.working({"work": late}):
        async with desk.transaction() as session:
            await schedule(
                session, "work", account_id=desk.account, payload={"n": 1}, delay=timedelta(hours=1)
            )
            await schedule(session, "work", account_id=desk.account, payload={"n": 2}, run_at=at)
        await ran.count(1)
        await asyncio.sleep(0.1)
    assert [job.payload for job in ran.jobs] == [{"n": 2}]
    assert times[0] >= at
    [row] = await desk.rows()
    assert (row["state"], row["payload"]) == ("waiting", {"n": 1})


async def test_a_time_in_the_past_means_now_and_order_within_an_owner_is_by_time(
    desk: Desk,
) -> None:
    ran = Ran()
    past = datetime.now(UTC) - timedelta(days=1)
    async with desk.transaction() as session:
        await schedule_many(
            session, "work", account_id=desk.account, payloads=[{"n": n} for n in range(5)]
        )
        await schedule(session, "work", account_id=desk.account, payload={"n": -1}, run_at=past)
    async with desk.working({"work": ran}):
        await ran.count(6)
    assert [job.payload["n"] for job in ran.jobs] == [-1, 0, 1, 2, 3, 4]


async def test_one_pending_job_a_key_at_the_earlier_time_with_the_newer_payload(desk: Desk) -> None:
    async with desk.transaction() as session:
        for n, minutes in enumerate([10, 5, 20]):
            await schedule(
                session, "work", account_id=desk.account, payload={"n": n}, key="k",
                delay=timedelta(minutes=minutes),
            )  # fmt: skip
    [row] = await desk.rows()
    assert row["payload"] == {"n": 2}
    assert timedelta(minutes=4) < row["run_at"] - row["created_at"] < timedelta(minutes=6)


async def test_concurrent_transactions_make_one_job_a_key(desk: Desk) -> None:
    async def one(n: int) -> None:
        async with desk.transaction() as session:
            await schedule(session, "work", account_id=desk.account, payload={"n": n}, key="k")
            await asyncio.sleep(0.02)

    await asyncio.gather(*(one(n) for n in range(10)))
    assert len(await desk.rows()) == 1


async def test_a_pending_job_scheduled_anew_starts_after_that_commit(desk: Desk) -> None:
    """Otherwise it could run before what was written is there to be seen, and never again."""
    ran = Ran()
    async with desk.transaction() as session:
        await schedule(session, "work", account_id=desk.account, payload={"n": 1}, key="k")
    async with desk.transaction() as session:
        await schedule(session, "work", account_id=desk.account, payload={"n": 2}, key="k")
        async with desk.working({"work": ran}):
            await asyncio.sleep(0.5)
            assert ran.jobs == []
            await session.commit()
            await ran.count(1)
    assert [job.payload for job in ran.jobs] == [{"n": 2}]


async def test_a_key_scheduled_while_its_job_runs_runs_again_afterwards(desk: Desk) -> None:
    running, most, seen = 0, 0, []
    let_go = asyncio.Event()

    async def work(job: Job) -> None:
        nonlocal running, most
        seen.append(job.payload["n"])
        if job.payload["n"] == 3:
            return
        running += 1
        most = max(most, running)
        await let_go.wait()
        running -= 1

    async def begun() -> bool:
        return running == 1

    async with desk.working({"work": work}):
        async with desk.transaction() as session:
            await schedule(session, "work", account_id=desk.account, payload={"n": 1}, key="k")
        await until(begun)
        async with desk.transaction() as session:
            await schedule(session, "work", account_id=desk.account, payload={"n": 2}, key="k")
        async with desk.transaction() as session:
            await schedule(session, "work", account_id=desk.account, payload={"n": 3})

        async def another() -> bool:
            return seen == [1, 3]

        # The one that waits for its key is passed by.
        await until(another)
        let_go.set()

        async def empty() -> bool:
            return await desk.rows() == []

        await until(empty)
    assert (seen, most) == ([1, 3, 2], 1)


async def test_cancelling_drops_what_has_not_started(desk: Desk) -> None:
    async with desk.transaction() as session:
        assert await cancel(session, key="k") is False
        for key in ("k", "other"):
            await schedule(
                session, "work", account_id=desk.account, payload={}, key=key, delay=timedelta(1)
            )
    async with desk.transaction() as session:
        assert await cancel(session, key="k") is True
    assert [row["key"] for row in await desk.rows()] == ["other"]


async def test_a_cancelled_running_job_ends_and_is_not_tried_again(desk: Desk) -> None:
    begun, let_go = asyncio.Event(), asyncio.Event()
    runs = 0

    async def work(_: Job) -> None:
        nonlocal runs
        runs += 1
        begun.set()
        await let_go.wait()
        raise RuntimeError("would be tried again")

    async with desk.working({"work": work}):
        async with desk.transaction() as session:
            await schedule(session, "work", account_id=desk.account, payload={}, key="k")
        await begun.wait()
        async with desk.transaction() as session:
            assert await cancel(session, key="k") is False
        let_go.set()

        async def empty() -> bool:
            return await desk.rows() == []

        await until(empty)
    assert runs == 1


async def test_a_job_claimed_while_it_is_being_cancelled_is_marked(desk: Desk) -> None:
    async with desk.transaction() as session:
        await schedule(session, "work", account_id=desk.account, payload={}, key="k")

    async def cancelling() -> bool:
        async with desk.transaction() as session:
            return await cancel(session, key="k")

    async def waits() -> bool:
        query = "select 1 from pg_stat_activity where wait_event_type = 'Lock'"
        return len(await desk.rows(query)) == 1

    async with desk.database.transaction(None) as claim:
        await claim.execute(
            text(
                "update due_job set state = 'running', lease = gen_random_uuid(),"
                " lease_until = clock_timestamp()"
            )
        )
        task = asyncio.create_task(cancelling())
        await until(waits)
    assert await task is False
    assert [(row["state"], row["cancelled"]) for row in await desk.rows()] == [("running", True)]


async def test_an_account_and_old_failures_are_forgotten(desk: Desk) -> None:
    other = uuid4()
    async with desk.transaction() as session:
        await schedule(session, "work", account_id=desk.account, payload={})
        await schedule(session, "work", account_id=other, payload={})
    await desk.admin.execute(
        "update due_job set state = 'failed', error = 'x', failed_at = now() - interval '2 days'"
    )
    async with desk.transaction() as session:
        assert await forget_account(session, desk.account) == 1
        assert [failed.job.account_id for failed in await failed_jobs(session)] == [other]
        assert await forget_failed(session, older_than=timedelta(days=3)) == 0
        assert await forget_failed(session, older_than=timedelta(days=1)) == 1
    assert await desk.rows() == []


async def test_jobs_with_keys_are_written_together_once_for_each_key(desk: Desk) -> None:
    async with desk.transaction() as session:
        await schedule(session, "other", account_id=desk.account, payload={}, key="c")
        with pytest.raises(ValueError, match="held by"):
            await schedule_each(session, "work", account_id=desk.account, payloads={"c": {}})
    for number in (1, 2):
        async with desk.transaction() as session:
            payloads = {"b": {"n": number}, "a": {"n": number}}
            await schedule_each(session, "work", account_id=desk.account, payloads=payloads)
    found = await desk.rows("select key, payload from due_job where name = 'work' order by key")
    assert [(row["key"], row["payload"]) for row in found] == [("a", {"n": 2}), ("b", {"n": 2})]


async def test_a_job_takes_along_others_that_wait_to_start_and_gives_them_back(desk: Desk) -> None:
    async with desk.transaction() as session:
        for number in range(4):
            payload = {"n": number}
            await schedule(session, "work", account_id=desk.account, payload=payload)
        await schedule(session, "work", account_id=desk.account, payload={"n": 9}, key="k")
        await schedule(
            session, "work", account_id=desk.account, payload={"n": 9}, delay=timedelta(1)
        )
        await schedule(session, "other", account_id=desk.account, payload={"n": 9})
        await schedule(session, "work", account_id=uuid4(), payload={"n": 9})
    before = await desk.rows()
    first = Job(0, "work", desk.account, {}, 1)
    async with desk.transaction() as session:
        assert [one["n"] for one in await take_along(session, first, 3)] == [0, 1, 2]
        async with desk.transaction() as another:
            assert [one["n"] for one in await take_along(another, first, 3)] == [3]
            await another.rollback()
        await session.rollback()
    assert await desk.rows() == before
    async with desk.transaction() as session:
        # One that has failed before fails alone.
        assert await take_along(session, Job(0, "work", desk.account, {}, 2), 3) == []
        assert [one["n"] for one in await take_along(session, first, 9)] == [0, 1, 2, 3]
    assert {row["payload"]["n"] for row in await desk.rows()} == {9}
