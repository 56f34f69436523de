"""Writing, cancelling and listing jobs, on the caller's session and in its transaction."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.due.jobs import FailedJob, Job, JsonValue

MAX_PAYLOAD_BYTES: Final = 4096
"""A payload names rows by their ids; anything larger belongs in a table."""

# The database computes the time when it writes the row (not at the start of the transaction), so
# other machines' clocks do not matter. PostgreSQL sends notifications only on commit.
_START = (
    "coalesce(cast(:run_at as timestamptz),"
    " clock_timestamp() + make_interval(secs => cast(:delay as double precision)))"
)
_STATE = "case when start.run_at <= clock_timestamp() then 'ready' else 'waiting' end"
# A worker checks by itself every few seconds (`Worker.poll`), so jobs due much later need no
# notification: most of them, such as those that watch over a turn, are cancelled before.
_NOTIFY = (
    "select pg_notify('due_job', job.state || ':' || job.name) from job"
    " where job.run_at < clock_timestamp() + interval '15 seconds'"
)

_SCHEDULE_MANY = text(
    f"with start as materialized (select {_START} as run_at),"
    " job as (insert into due_job (account_id, name, payload, state, run_at)"
    f" select :account_id, :name, payload, {_STATE}, start.run_at"
    " from start, unnest(cast(:payloads as jsonb[])) as payload"
    " returning name, state, run_at),"
    f" notified as ({_NOTIFY} limit 1)"
    " select (select count(*) from job), (select count(*) from notified)"
)
# A waiting job is updated and not merely left alone: its row stays locked until we commit, so it
# cannot start before it can see what we write. While a job with the key runs, the new job is a
# second row, which starts after the first has ended.
_KEPT = (
    "on conflict (key) where key is not null and state in ('waiting', 'ready') do update"
    " set run_at = least(due_job.run_at, excluded.run_at), payload = excluded.payload,"
    " attempt = 0, error = null,"
    " state = case when 'ready' in (due_job.state, excluded.state) then 'ready' else 'waiting' end"
    " where due_job.account_id = excluded.account_id and due_job.name = excluded.name"
)
_SCHEDULE_KEYED = text(
    f"with start as materialized (select {_START} as run_at),"
    " job as (insert into due_job (account_id, name, payload, key, state, run_at)"
    f" select :account_id, :name, cast(:payload as jsonb), :key, {_STATE}, start.run_at from start"
    f" {_KEPT} returning name, state, run_at),"
    f" notified as ({_NOTIFY})"
    " select (select count(*) from job), (select count(*) from notified)"
)
_SCHEDULE_EACH = text(
    f"with start as materialized (select {_START} as run_at),"
    " job as (insert into due_job (account_id, name, payload, key, state, run_at)"
    f" select :account_id, :name, one.payload, one.key, {_STATE}, start.run_at"
    " from start, unnest(cast(:payloads as jsonb[]), cast(:keys as text[])) as one (payload, key)"
    f" order by one.key {_KEPT} returning name, state, run_at),"
    f" notified as ({_NOTIFY} limit 1)"
    " select (select count(*) from job), (select count(*) from notified)"
)


NEW_JOB: Final = (
    "new_job as (insert into due_job (account_id, name, payload, key, state, run_at)"
    " select :account_id, :job_name, cast(:job_payload as jsonb), :job_key,"
    "  case when :job_delay <= 0 then 'ready' else 'waiting' end,"
    "  clock_timestamp() + make_interval(secs => cast(:job_delay as double precision))"
    " from {source} returning name, state, run_at)"
)
"""Part of a statement that writes a job with a new key for each row of `source`.

Its parameters are `new_job_parameters`; the statement must end by reading `NEW_JOB_TOLD`.
"""

NEW_JOB_TOLD: Final = (
    f"(select count(*) from ({_NOTIFY.replace('from job', 'from new_job as job')}) n)"
)


def new_job_parameters(
    name: str, payload: Mapping[str, JsonValue], *, delay: timedelta, key: str
) -> dict[str, Any]:
    return {
        "job_name": name,
        "job_payload": _encode(payload),
        "job_key": key,
        "job_delay": delay.total_seconds(),
    }


async def schedule(
    session: AsyncSession,
    name: str,
    *,
    account_id: UUID,
    payload: Mapping[str, JsonValue],
    run_at: datetime | None = None,
    delay: timedelta | None = None,
    key: str | None = None,
) -> None:
    """Write a job that runs `name` at or after its time: `run_at`, `delay` from now, or now.

    A `key` must name its thing by an id, and belongs to one `name` and account. If a job with it is
    waiting, that job is kept instead, at the earlier of the two times, with the new payload and its
    attempts counted anew. If one is running, this job starts after it has ended. In both cases a
    run begins after this transaction's commit. Schedule keyed jobs last in a transaction: it blocks
    others with the same key until it ends.
    """
    if key is None:
        await schedule_many(
            session, name, account_id=account_id, payloads=[payload], run_at=run_at, delay=delay
        )
        return
    parameters = {"payload": _encode(payload), "key": key}
    if not await _write(session, _SCHEDULE_KEYED, name, account_id, run_at, delay, parameters):
        raise ValueError(f"the key {key!r} is held by a job of another name or account")


async def schedule_many(
    session: AsyncSession,
    name: str,
    *,
    account_id: UUID,
    payloads: Sequence[Mapping[str, JsonValue]],
    run_at: datetime | None = None,
    delay: timedelta | None = None,
) -> None:
    """Write one job for each of `payloads`, in one statement."""
    parameters = {"payloads": [_encode(payload) for payload in payloads]}
    await _write(session, _SCHEDULE_MANY, name, account_id, run_at, delay, parameters)


async def schedule_each(
    session: AsyncSession,
    name: str,
    *,
    account_id: UUID,
    payloads: Mapping[str, Mapping[str, JsonValue]],
    run_at: datetime | None = None,
    delay: timedelta | None = None,
) -> None:
    """Write one job for each key of `payloads`, in one statement, as `schedule` does with a key."""
    encoded = [_encode(payload) for payload in payloads.values()]
    parameters = {"payloads": encoded, "keys": [*payloads]}
    written = await _write(session, _SCHEDULE_EACH, name, account_id, run_at, delay, parameters)
    if written != len(payloads):
        raise ValueError("a key is held by a job of another name or account")


async def _write(
    session: AsyncSession,
    statement: TextClause,
    name: str,
    account_id: UUID,
    run_at: datetime | None,
    delay: timedelta | None,
    parameters: Mapping[str, Any],
) -> int:
    if run_at is not None and delay is not None:
        raise ValueError("give run_at or delay, not both")
    if run_at is not None and run_at.tzinfo is None:
        raise ValueError(f"run_at must have a time zone: {run_at.isoformat()}")
    common = {
        "name": name,
        "account_id": account_id,
        "run_at": run_at,
        "delay": delay.total_seconds() if delay is not None else 0.0,
    }
    written: int = (await session.execute(statement, {**common, **parameters})).scalar_one()
    return written


def _encode(payload: Mapping[str, JsonValue]) -> str:
    encoded = json.dumps(dict(payload), allow_nan=False, separators=(",", ":"))
    if len(encoded) > MAX_PAYLOAD_BYTES:
        raise ValueError(
            f"a payload of {len(encoded)} bytes is over {MAX_PAYLOAD_BYTES};"
            " store the content in a table and pass its id"
        )
    return encoded


_TAKE_ALONG = text(
    "with others as (select id from due_job where account_id = :account_id and name = :name"
    " and state = 'ready' and key is null and attempt = 0 order by run_at, id limit :limit"
    " for update skip locked),"
    " taken as (delete from due_job using others where due_job.id = others.id"
    " returning due_job.id, due_job.payload)"
    " select payload from taken order by id"
)


async def take_along(
    session: AsyncSession, job: Job, limit: int
) -> Sequence[Mapping[str, JsonValue]]:
    """Return the payloads of jobs like this one that wait to start, which then don't.

    For a handler that does all their work in the session's transaction: if that is rolled back,
    they are there again. A job that failed before takes none along, so that it fails alone.
    """
    if job.attempt > 1:
        return []
    parameters = {"account_id": job.account_id, "name": job.name, "limit": limit}
    return [row.payload for row in await session.execute(_TAKE_ALONG, parameters)]


# The effect depends on the state once the row is locked; a worker may be claiming it just now.
_CANCEL = text(
    "with found as materialized (select id, state from due_job"
    " where key = :key and state <> 'failed' for update),"
    " dropped as (delete from due_job using found where due_job.id = found.id"
    " and found.state <> 'running' returning due_job.id),"
    " marked as (update due_job set cancelled = true from found where due_job.id = found.id"
    " and found.state = 'running' returning due_job.id)"
    " select (select count(*) from dropped), (select count(*) from marked)"
)


DROP_JOB: Final = (
    "job_found as materialized (select id, state from due_job, {source}"
    " where key = :job_key and state <> 'failed' for update of due_job),"
    " job_dropped as (delete from due_job using job_found f where due_job.id = f.id"
    "  and f.state <> 'running'),"
    " job_marked as (update due_job set cancelled = true from job_found f where due_job.id = f.id"
    "  and f.state = 'running')"
)
"""Part of a statement that does what `cancel` does, if `source` has a row."""


async def cancel(session: AsyncSession, *, key: str) -> bool:
    """Delete the job with `key` if it has not started; tell whether that prevented a run.

    A running job may finish, but is not retried.
    """
    dropped: int = (await session.execute(_CANCEL, {"key": key})).scalar_one()
    return dropped > 0


_FAILED = text(
    "select id, name, account_id, payload, attempt, key, error, failed_at from due_job"
    " where state = 'failed'"
    " and (cast(:account_id as uuid) is null or account_id = cast(:account_id as uuid))"
    " order by failed_at desc, id desc limit :limit"
)


async def failed_jobs(
    session: AsyncSession, *, account_id: UUID | None = None, limit: int = 100
) -> list[FailedJob]:
    """Return failed jobs of one account (or of all), most recently failed first."""
    rows = await session.execute(_FAILED, {"account_id": account_id, "limit": limit})
    return [_failed_job(row) for row in rows.mappings()]


def _failed_job(row: RowMapping) -> FailedJob:
    job = Job(row["id"], row["name"], row["account_id"], row["payload"], row["attempt"])
    return FailedJob(job, row["key"], row["error"] or "", row["failed_at"])


# A failed job whose key has been scheduled since is superseded by the newer job.
_RUN_AGAIN = text(
    "with job as (update due_job set state = 'ready', run_at = clock_timestamp(), attempt = 0,"
    " failed_at = null, error = null where id = :id and state = 'failed'"
    " and not exists (select from due_job as newer where newer.key = due_job.key"
    " and newer.state in ('waiting', 'ready')) returning name, state, run_at),"
    f" notified as ({_NOTIFY})"
    " select (select count(*) from job), (select count(*) from notified)"
)


async def run_failed_again(session: AsyncSession, job_id: int) -> bool:
    """Make a failed job ready, counting its attempts anew; tell whether there was such a job."""
    again: int = (await session.execute(_RUN_AGAIN, {"id": job_id})).scalar_one()
    return again > 0


_FORGET_FAILED = text(
    "with gone as (delete from due_job where state = 'failed'"
    " and failed_at < clock_timestamp() - make_interval(secs => :age) returning id)"
    " select count(*) from gone"
)


async def forget_failed(session: AsyncSession, *, older_than: timedelta) -> int:
    """Delete the jobs that failed longer ago than `older_than`; return how many."""
    parameters = {"age": older_than.total_seconds()}
    gone: int = (await session.execute(_FORGET_FAILED, parameters)).scalar_one()
    return gone


_FORGET_ACCOUNT = text(
    "with gone as (delete from due_job where account_id = :account_id returning id)"
    " select count(*) from gone"
)


async def forget_account(session: AsyncSession, account_id: UUID) -> int:
    """Delete every job of an account, whatever its state; return how many."""
    gone: int = (await session.execute(_FORGET_ACCOUNT, {"account_id": account_id})).scalar_one()
    return gone
