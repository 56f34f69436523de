"""What a worker promises: it ends what it takes, or another does, and it takes turns."""

import asyncio
import contextlib
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from answerdesk.core.due import (
    Backoff,
    Job,
    Registration,
    RetryLater,
    Worker,
    cancel,
    failed_jobs,
    run_failed_again,
    schedule,
    schedule_many,
)
from tests.core.due.conftest import Desk, until
from tests.core.due.mortal_worker import LEASE
from tests.waiting import PATIENCE

AT_ONCE = Backoff(first=timedelta(0))


async def put(
    desk: Desk, *numbers: int, account: UUID | None = None, delay: float | None = None
) -> None:
    async with desk.transaction(account) as session:
        await schedule_many(
            session,
            "work",
            account_id=account or desk.account,
            payloads=[{"n": n} for n in numbers],
            delay=timedelta(seconds=delay) if delay is not None else None,
        )


async def no_rows(desk: Desk) -> None:
    async def empty() -> bool:
        return await desk.rows() == []

    await until(empty)


async def in_state(desk: Desk, state: str) -> dict[str, Any]:
    """Wait until the only job is in `state`; return its row."""

    async def reached() -> bool:
        return [row["state"] for row in await desk.rows()] == [state]

    await until(reached)
    return (await desk.rows())[0]


# Failures


@pytest.mark.parametrize("wrong", [{"concurrency": 0}, {"max_attempts": 0}])
def test_a_registration_that_could_run_nothing_is_refused(wrong: dict[str, Any]) -> None:
    async def work(_: Job) -> None: ...

    with pytest.raises(ValueError, match=next(iter(wrong))):
        Registration(work, **wrong)


async def test_a_job_that_keeps_failing_is_kept_with_its_error(desk: Desk) -> None:
    attempts, gone = [], []

    async def work(job: Job) -> None:
        attempts.append(job.attempt)
        raise ValueError("broken \x00 and \ud800 " + "x" * 5000)

    async def on_failed(job: Job, error: str) -> None:
        gone.append((job.payload["n"], error))
        raise RuntimeError("is logged")

    registration = Registration(work, max_attempts=3, backoff=AT_ONCE, on_failed=on_failed)
    async with desk.working({"work": registration}):
        await put(desk, 7)
        row = await in_state(desk, "failed")
    assert attempts == [1, 2, 3]
    assert row["error"].startswith("ValueError: broken � and ? xxx")
    assert len(row["error"]) == 2000
    assert gone == [(7, row["error"])]
    async with desk.transaction() as session:
        [failed] = await failed_jobs(session, account_id=desk.account)
        assert (failed.job.id, failed.job.attempt, failed.error) == (row["id"], 3, row["error"])
        assert await failed_jobs(session, account_id=uuid4()) == []


async def test_a_failed_job_can_be_run_again(desk: Desk) -> None:
    attempts = []

    async def work(job: Job) -> None:
        attempts.append(job.attempt)
        if len(attempts) == 1:
            raise ValueError("once")

    async with desk.working({"work": Registration(work, max_attempts=1)}):
        await put(desk, 1)
        row = await in_state(desk, "failed")
        async with desk.transaction() as session:
            assert await run_failed_again(session, row["id"]) is True
            assert await run_failed_again(session, row["id"]) is False
        await no_rows(desk)
    assert attempts == [1, 1]


async def test_retries_wait_for_their_backoff(desk: Desk) -> None:
    async def work(_: Job) -> None:
        raise ValueError("again")

    backoff = Backoff(first=timedelta(minutes=3), jitter=0)
    async with desk.working({"work": Registration(work, backoff=backoff)}):
        await put(desk, 1)
        row = await in_state(desk, "waiting")
    wait = row["run_at"] - row["created_at"]
    assert timedelta(minutes=3) <= wait < timedelta(minutes=5)
    assert row["error"] == "ValueError: again"


def test_backoff_grows_to_its_longest_and_never_overflows() -> None:
    backoff = Backoff(first=timedelta(seconds=2), factor=10, longest=timedelta(minutes=5), jitter=0)
    assert [backoff.delay(n).total_seconds() for n in (1, 2, 3, 4, 10_000)] == [
        2, 20, 200, 300, 300,
    ]  # fmt: skip
    spread = {Backoff(jitter=0.5).delay(1).total_seconds() for _ in range(50)}
    assert len(spread) > 1
    assert all(0.5 <= seconds <= 1 for seconds in spread)


async def test_a_handler_can_ask_for_a_later_run(desk: Desk) -> None:
    attempts = []

    async def work(job: Job) -> None:
        attempts.append(job.attempt)
        if job.attempt == 1:
            raise RetryLater(timedelta(seconds=0.2))
        if job.attempt == 2:
            raise RetryLater(timedelta(hours=2), "closed for today")

    async with desk.working({"work": work}):
        await put(desk, 1)

        async def twice() -> bool:
            return len(attempts) == 2

        await until(twice)
        row = await in_state(desk, "waiting")
    assert row["error"] == "closed for today"
    assert row["run_at"] - row["created_at"] > timedelta(hours=1.9)


async def test_a_run_that_takes_too_long_fails(desk: Desk) -> None:
    async def work(_: Job) -> None:
        await asyncio.sleep(60)

    registration = Registration(work, timeout=timedelta(seconds=0.1), max_attempts=1)
    async with desk.working({"work": registration}):
        await put(desk, 1)
        row = await in_state(desk, "failed")
    assert row["error"] == "Not finished after 0.1 s."


async def test_a_cancellation_inside_the_handler_is_a_failure_and_not_a_release(desk: Desk) -> None:
    async def work(_: Job) -> None:
        raise asyncio.CancelledError

    async with desk.working({"work": Registration(work, max_attempts=1)}):
        await put(desk, 1)
        row = await in_state(desk, "failed")
    assert row["error"] == "CancelledError in the handler"


# Death and leases


async def test_a_killed_workers_job_is_run_by_another(desk: Desk) -> None:
    child = await asyncio.to_thread(desk.process, "mortal_worker.py", "stick")
    assert child.stdout is not None
    await put(desk, 1)
    assert await asyncio.to_thread(child.stdout.readline) == "holds 1\n"
    attempts = []

    async def work(job: Job) -> None:
        attempts.append(job.attempt)

    async with desk.working({"work": work}, poll=0.2):
        await asyncio.sleep(LEASE * 1.5)
        assert attempts == [], "the job of a living worker was taken, in spite of its heartbeat"
        child.kill()
        child.wait()
        await no_rows(desk)
    assert attempts == [2]


async def test_a_dead_worker_is_noticed_before_its_leases_end(desk: Desk) -> None:
    child = await asyncio.to_thread(desk.process, "mortal_worker.py", "stick")
    assert child.stdout is not None
    await put(desk, 1)
    assert await asyncio.to_thread(child.stdout.readline) == "holds 1\n"
    child.kill()
    child.wait()
    await desk.rows("update due_job set lease_until = now() + interval '1 hour' returning id")
    attempts = []

    async def work(job: Job) -> None:
        attempts.append(job.attempt)

    async with desk.working({"work": work}, poll=0.2):
        await no_rows(desk)
    assert attempts == [2]


async def test_a_job_that_kills_its_worker_ends_as_failed(desk: Desk) -> None:
    await put(desk, 1)
    for attempt in (1, 2):
        child = await asyncio.to_thread(desk.process, "mortal_worker.py", "die")
        output, _ = await asyncio.to_thread(child.communicate)
        assert output.splitlines()[-1] == f"dies {attempt}"
    gone = []

    async def work(_: Job) -> None:
        raise AssertionError("no attempt is left")

    async def on_failed(job: Job, _: str) -> None:
        gone.append(job.payload["n"])

    registration = Registration(work, max_attempts=2, on_failed=on_failed)
    async with desk.working({"work": registration}, poll=0.2):
        row = await in_state(desk, "failed")
    assert row["error"] == "The worker went away before the job had ended."
    assert gone == [1]


async def test_a_job_that_was_interrupted_often_waits_no_longer_than_its_backoff(
    desk: Desk,
) -> None:
    await put(desk, 1)
    await desk.rows(
        "update due_job set state = 'running', attempt = 9, lease = gen_random_uuid(),"
        " lease_until = clock_timestamp() returning id"
    )
    runs = []

    async def work(job: Job) -> None:
        runs.append(job.attempt)

    soon = Registration(work, max_attempts=None, backoff=Backoff(longest=timedelta(seconds=0.2)))
    async with desk.working({"work": soon}, poll=0.2):
        await no_rows(desk)
    assert runs == [10]


async def test_a_long_job_is_kept_by_its_heartbeat(desk: Desk) -> None:
    runs = []

    async def work(job: Job) -> None:
        runs.append(job.attempt)
        await asyncio.sleep(LEASE * 2)

    async with (
        desk.working({"work": work}, lease=LEASE, poll=0.1),
        desk.working({"work": work}, lease=LEASE, poll=0.1),
    ):
        await put(desk, 1)
        await no_rows(desk)
    assert runs == [1]


async def test_a_worker_that_lost_its_lease_gives_up_and_changes_nothing(desk: Desk) -> None:
    begun, ended = asyncio.Event(), []

    async def work(_: Job) -> None:
        begun.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async with desk.working({"work": work}, lease=0.8):
        await put(desk, 1)
        await begun.wait()
        theirs = uuid4()
        await desk.admin.execute("update due_job set lease = %s", [theirs])

        async def given_up() -> bool:
            return ended == ["cancelled"]

        await until(given_up)
        await asyncio.sleep(0.2)
    [row] = await desk.rows()
    assert (row["state"], row["lease"], row["attempt"]) == ("running", theirs, 1)


async def test_nothing_is_held_while_a_job_runs(desk: Desk) -> None:
    begun = asyncio.Event()

    async def work(_: Job) -> None:
        begun.set()
        await asyncio.sleep(30)

    async with desk.working({"work": work}):
        await put(desk, 1)
        await begun.wait()

        async def nothing_held() -> bool:
            sessions = await desk.rows(
                "select state, xact_start from pg_stat_activity where usename = 'answerdesk_app'"
            )
            assert len(sessions) >= 2
            return {(row["state"], row["xact_start"]) for row in sessions} == {("idle", None)}

        await until(nothing_held)


async def test_lost_connections_are_made_again_and_the_running_job_ends_once(desk: Desk) -> None:
    begun, let_go, runs = asyncio.Event(), asyncio.Event(), []

    async def work(job: Job) -> None:
        runs.append(job.payload["n"])
        begun.set()
        await let_go.wait()

    async with desk.working({"work": work}):
        await put(desk, 1)
        await begun.wait()
        await desk.admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where usename = 'answerdesk_app'"
        )
        await desk.database.close()
        let_go.set()
        await no_rows(desk)
        await put(desk, 2)
        await no_rows(desk)
    assert runs == [1, 2]


@pytest.mark.parametrize("fails", [False, True])
async def test_a_transaction_that_holds_a_running_job_holds_up_no_other(
    desk: Desk, fails: bool
) -> None:
    begun, let_go, runs = asyncio.Event(), asyncio.Event(), []

    async def work(job: Job) -> None:
        runs.append(job.payload)
        if job.payload == {}:
            begun.set()
            await let_go.wait()
            if fails:
                raise RuntimeError("is not tried again")

    async with desk.working({"work": work}):
        async with desk.transaction() as session:
            await schedule(session, "work", account_id=desk.account, payload={}, key="k")
        await begun.wait()
        async with desk.transaction() as session:
            await cancel(session, key="k")
            let_go.set()
            await put(desk, 1)

            async def only_the_held() -> bool:
                return len(runs) == 2 and [row["key"] for row in await desk.rows()] == ["k"]

            await until(only_the_held)
        await no_rows(desk)
    assert runs == [{}, {"n": 1}]


# Stopping


async def test_stopping_lets_running_jobs_end(desk: Desk) -> None:
    begun = asyncio.Event()

    async def work(_: Job) -> None:
        begun.set()
        await asyncio.sleep(0.5)

    async with desk.working({"work": Registration(work, concurrency=1)}) as worker:
        await put(desk, 1, 2)
        await begun.wait()
        await worker.stop(PATIENCE)
        [row] = await desk.rows()
    assert (row["payload"], row["state"], row["attempt"]) == ({"n": 2}, "ready", 0)


async def test_stopping_releases_what_does_not_end_in_time(desk: Desk) -> None:
    begun = asyncio.Event()

    async def slow(_: Job) -> None:
        begun.set()
        await asyncio.sleep(60)

    attempts = []

    async def quick(job: Job) -> None:
        attempts.append(job.attempt)

    async with desk.working({"work": slow}) as worker:
        await put(desk, 1)
        await begun.wait()
        async with desk.working({"work": quick}):
            await worker.stop(0.1)
            await no_rows(desk)
    assert attempts == [1], "a released run is not an attempt"


async def test_a_handler_that_heeds_no_cancellation_does_not_hold_up_the_stop(desk: Desk) -> None:
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def stubborn(_: Job) -> None:
        begun.set()
        while not let_go.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await let_go.wait()

    worker = desk.worker({"work": stubborn})
    task = asyncio.create_task(worker.run())
    await put(desk, 1)
    await begun.wait()
    async with asyncio.timeout(PATIENCE):
        await worker.stop(0.1)
    assert task.done()
    assert [row["state"] for row in await desk.rows()] == ["running"]
    let_go.set()


async def test_stopping_what_was_not_started_returns(desk: Desk) -> None:
    worker = Worker(desk.database.connect, {})
    async with asyncio.timeout(PATIENCE):
        await worker.stop(3600)
        await worker.run()


# Turns


async def test_an_owner_with_20000_jobs_starves_nobody_and_goes_on(desk: Desk) -> None:
    small = uuid4()
    order: list[UUID] = []

    async def work(job: Job) -> None:
        order.append(job.account_id)
        await asyncio.sleep(0.001)

    await put(desk, *range(20_000))
    async with desk.working({"work": Registration(work, concurrency=4)}):

        async def some() -> bool:
            return len(order) > 50

        await until(some)
        await put(desk, 1, account=small)
        behind = len(order)

        async def served() -> bool:
            return small in order and len(order) > order.index(small) + 50

        await until(served)
    # After the commit: what was claimed already, and one round.
    assert order.index(small) - behind <= 8 + 4
    assert set(order[order.index(small) + 1 :]) == {desk.account}


async def test_a_mass_of_retries_that_come_due_together_starves_nobody(desk: Desk) -> None:
    small = uuid4()
    order: list[UUID] = []

    async def work(job: Job) -> None:
        order.append(job.account_id)
        await asyncio.sleep(0.001)

    await put(desk, *range(3000), delay=3600)
    await desk.admin.execute(
        "update due_job set attempt = 1, run_at = clock_timestamp() + interval '1 second'"
    )
    await put(desk, 1, account=small, delay=1.1)
    async with desk.working({"work": Registration(work, concurrency=4)}):

        async def served() -> bool:
            return small in order

        await until(served)
    assert order.index(small) < 2000


async def test_owners_take_turns_evenly(desk: Desk) -> None:
    owners = [uuid4() for _ in range(5)]
    order: list[UUID] = []

    async def work(job: Job) -> None:
        order.append(job.account_id)

    for index, owner in enumerate(owners):
        await put(desk, *range(20 * (index + 1)), account=owner)
    async with desk.working({"work": Registration(work, concurrency=1)}):
        await no_rows(desk)
    for start in range(0, 100, 5):
        assert set(order[start : start + 5]) == set(owners)
    assert Counter(order) == {owner: 20 * (index + 1) for index, owner in enumerate(owners)}


async def test_an_owner_whose_jobs_are_held_holds_up_nobody(desk: Desk) -> None:
    order: list[UUID] = []

    async def work(job: Job) -> None:
        order.append(job.account_id)

    low, high = UUID(int=1), UUID(int=2**127)
    async with desk.transaction(low) as session:
        await schedule(session, "work", account_id=low, payload={}, key="k")
    async with desk.transaction(low) as session:
        await schedule(session, "work", account_id=low, payload={}, key="k")
        # Locked until we commit; and no notification comes that would make the worker look again.
        await put(desk, 1, account=high)
        async with desk.working({"work": Registration(work, concurrency=1)}):

            async def served() -> bool:
                return order == [high]

            await until(served)


async def test_names_have_places_of_their_own(desk: Desk) -> None:
    most: Counter[str] = Counter()
    now: Counter[str] = Counter()

    async def work(job: Job) -> None:
        now[job.name] += 1
        most[job.name] = max(most[job.name], now[job.name])
        await asyncio.sleep(0.02)
        now[job.name] -= 1

    handlers = {
        "one": Registration(work, concurrency=1),
        "three": Registration(work, concurrency=3),
    }
    async with desk.transaction() as session:
        for name in [*handlers, "nobody"]:
            await schedule_many(
                session, name, account_id=desk.account, payloads=[{"n": n} for n in range(12)]
            )
    async with desk.working(handlers):

        async def done() -> bool:
            return {row["name"] for row in await desk.rows()} == {"nobody"}

        await until(done)
    assert most == {"one": 1, "three": 3}
    assert {row["attempt"] for row in await desk.rows()} == {0}


# Many processes, and the tenant


async def test_workers_of_several_processes_run_each_job_once_as_its_tenant(desk: Desk) -> None:
    owners = [uuid4() for _ in range(3)]
    children = [
        await asyncio.to_thread(desk.process, "mortal_worker.py", "record") for _ in range(3)
    ]
    try:
        await desk.listening(3)
        for owner in owners:
            await put(desk, *range(200), account=owner)
        # A second run of a job would break the primary key and leave a failed or waiting row.
        await no_rows(desk)
    finally:
        for child in children:
            child.kill()
            child.wait()
    notes = await desk.rows("select account_id, count(*)::int as n from errand group by 1")
    assert {row["account_id"]: row["n"] for row in notes} == dict.fromkeys(owners, 200)


async def test_the_runtime_role_owns_nothing_and_sees_no_other_tenant(desk: Desk) -> None:
    seen = {}

    async def work(job: Job) -> None:
        async with desk.transaction(job.account_id) as session:
            seen["notes"] = (await session.execute(text("select id from errand"))).scalars().all()

    await desk.admin.execute("insert into errand values (%s, 1), (%s, 2)", [desk.account, uuid4()])
    async with desk.working({"work": work}):
        await put(desk, 1)
        await no_rows(desk)
    assert seen == {"notes": [1]}
    async with desk.transaction() as session:
        with pytest.raises(ProgrammingError, match="must be owner"):
            await session.execute(text("alter table due_job add column x int"))
