"""The job table as a worker uses it: the statements that claim, extend and settle leases.

Each is one short transaction, so nothing is locked while a job runs. Statements that change a
running job name its lease: a worker that was away for too long can no longer change anything.
"""
# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_bytes
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from answerdesk.core.due.jobs import Job

# Every statement here has its index. Plans are kept, and a plan made while the table was empty
# would read all of it when it is full. Neither claims nor settlements wait for the disk: if
# PostgreSQL crashes, a lost claim is repeated, and a job whose end is lost runs again, as after a
# crash of the worker. A statement that waits for a locked row gives up and is tried again.
PREPARE: Final = (
    "set enable_seqscan = off; set enable_bitmapscan = off;"
    " set plan_cache_mode = force_generic_plan;"
    " set synchronous_commit = off; set lock_timeout = '200ms'"
)

# Each worker holds a lock while it is connected, and its leases name it: the first four bytes of
# one are the lock's number. Leases of version 4 are those of releases without a lock.
WORKERS: Final = 0x64756520
"""The upper half of the workers' locks."""
_LOCK: Final = "select pg_advisory_lock_shared(%s)"
_GONE: Final = (
    "(substr(due_job.lease::text, 15, 1) = '8' and pg_postmaster_start_time() < now() - interval"
    " '10 s' and not exists (select from pg_locks where locktype = 'advisory' and objsubid = 1"
    f" and classid::bigint = {WORKERS} and database ="
    " (select oid from pg_database where datname = current_database())"
    " and objid::bigint = ('x' || left(due_job.lease::text, 8))::bit(32)::bigint))"
)

# A job waits while another with its key is running.
_UNBLOCKED: Final = (
    "(job.key is null or not exists (select from due_job as running"
    " where running.state = 'running' and running.key = job.key))"
)
# For each name, a loose index scan walks the owners with ready jobs, one probe per owner, starting
# after the owner served last and once around. They share the free places evenly, and each gets at
# least one; the next call claims what the division leaves over. The cost depends on the number of
# free places, not on how many jobs or owners wait. For guest places, owners with a running job of
# the name are skipped, and every other owner gets one. An owner is returned even if somebody else
# has locked their jobs at the moment.
CLAIM: Final = f"""
with recursive busy as materialized (
    select name, account_id
    from unnest(%(busy_names)s::text[], %(busy_owners)s::uuid[]) as busy(name, account_id)
), turn as (
    select name, free, after, guests, after as account_id, false as wrapped, 0 as place,
        true as passed_over
    from unnest(%(names)s::text[], %(free)s::int[], %(after)s::uuid[], %(guests)s::boolean[])
        as wanted(name, free, after, guests)
  union all
    select turn.name, turn.free, turn.after, turn.guests, next.account_id, next.wrapped,
        turn.place + case when has_one.passed_over then 0 else 1 end, has_one.passed_over
    from turn cross join lateral (
        (select job.account_id, turn.wrapped as wrapped from due_job as job
         where job.state = 'ready' and job.name = turn.name and job.account_id > turn.account_id
           and (not turn.wrapped or job.account_id <= turn.after) and {_UNBLOCKED}
         order by job.account_id limit 1)
        union all
        (select job.account_id, true from due_job as job
         where not turn.wrapped and job.state = 'ready' and job.name = turn.name
           and job.account_id <= turn.after and {_UNBLOCKED}
         order by job.account_id limit 1)
        order by wrapped limit 1
    ) as next cross join lateral (
        select turn.guests and exists (select from busy
            where busy.name = turn.name and busy.account_id = next.account_id) as passed_over
    ) as has_one
    where turn.place < turn.free
), share as (
    select name, account_id, place,
        case when guests then 1 else free / max(place) over (partition by name) end as places
    from turn where not passed_over
), claimed as (
    select free_job.id from share cross join lateral (
        select job.id from due_job as job
        where job.state = 'ready' and job.name = share.name
          and job.account_id = share.account_id and {_UNBLOCKED}
        order by job.run_at, job.id limit share.places
        for update of job skip locked
    ) as free_job
), leased as (
    update due_job set state = 'running', attempt = attempt + 1, lease = %(lease)s,
        lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
    from claimed where due_job.id = claimed.id returning due_job.*
)
select share.name as turn_of, share.account_id as owner, leased.*
from share left join leased using (name, account_id)
order by share.name, share.place, leased.run_at, leased.id
"""

# Makes due jobs ready. Other workers are notified, because they may have a free place.
PROMOTE: Final = """
with due as (
    select id from due_job where state = 'waiting' and run_at <= clock_timestamp()
    order by run_at limit %(batch)s for update skip locked
), promoted as (
    update due_job set state = 'ready' from due where due_job.id = due.id returning name
), told as (
    select pg_notify('due_job', 'ready:' || name) from (select distinct name from promoted) as names
)
select (select count(*) from promoted) as changed, (select count(*) from told) as told
"""
NEXT: Final = """
select extract(epoch from run_at - clock_timestamp())::double precision as seconds
from due_job where state = 'waiting' order by run_at limit 1
"""

# A run that ended without success: the job waits or becomes ready again. But it is deleted if it
# was cancelled while it ran or if its key has been scheduled anew. `ended` returns the jobs as they
# are once locked: the statement's own snapshot may be older than somebody's cancellation.
_PUT_BACK: Final = """
, dropped as (
    delete from due_job using ended where due_job.id = ended.id and (ended.cancelled
        or exists (select from due_job as newer
                   where newer.key = due_job.key and newer.state in ('waiting', 'ready')))
    returning due_job.id, due_job.key
), returned as (
    update due_job set lease = null, lease_until = null, attempt = attempt - ended.uncounted,
        error = coalesce(ended.error, due_job.error),
        state = case when ended.seconds > 0 then 'waiting' else 'ready' end,
        run_at = case when ended.seconds > 0
            then clock_timestamp() + make_interval(secs => ended.seconds) else run_at end
    from ended where due_job.id = ended.id and not exists (
        select from dropped where dropped.id = due_job.id)
    returning due_job.id, due_job.name, due_job.state
), told as (
    select pg_notify('due_job', signal)
    from (select state || ':' || name as signal from returned
          union
          select 'ready:' || newer.name from dropped
          join due_job as newer on newer.key = dropped.key and newer.state = 'ready') as signals
)
select (select count(*) from ended) as changed, (select count(*) from told) as told
"""

# A worker has disappeared when its lease ends, or when its lock is gone: PostgreSQL releases it
# when the connection breaks. After a restart of PostgreSQL workers have some seconds to come back.
#
# A job whose worker disappeared runs again immediately; from the second time on with growing
# delays, since it may be the job that kills its workers. More often it only ran when they were
# killed, so that none waits longer than its own backoff says.
EXPIRE: Final = (
    """
with ended as materialized (
    select id, cancelled, 0 as uncounted, 'The worker went away before the job had ended.' as error,
        case when attempt > 1
            then least(power(2, least(attempt, 16)), 300, known.longest) else 0 end as seconds
    from due_job left join unnest(%(names)s::text[], %(longest)s::double precision[])
        as known(name, longest) using (name)
    where state = 'running' and (lease_until < clock_timestamp() or """
    + _GONE
    + """)
    limit %(batch)s for update of due_job skip locked
)"""
    + _PUT_BACK
)
RETRY: Final = (
    """
with ended as materialized (
    select id, cancelled, %(uncounted)s::int as uncounted, %(error)s::text as error,
        %(seconds)s::double precision as seconds
    from due_job where id = %(id)s and lease = %(lease)s for update
)"""
    + _PUT_BACK
)
FAIL: Final = """
with ended as materialized (
    select id, key, cancelled from due_job where id = %(id)s and lease = %(lease)s for update
), dropped as (
    delete from due_job using ended where due_job.id = ended.id and ended.cancelled
    returning due_job.id
), kept as (
    update due_job set state = 'failed', lease = null, lease_until = null, error = %(error)s,
        failed_at = clock_timestamp()
    from ended where due_job.id = ended.id and not ended.cancelled returning due_job.id
), told as (
    select pg_notify('due_job', 'ready:' || waiting.name)
    from ended join due_job as waiting on waiting.key = ended.key and waiting.state = 'ready'
)
select (select count(*) from ended) as changed, (select count(*) from told) as told
"""
# Rows locked by a transaction are left for the next time, so that they do not hold up the others. A
# job with the same key may have been waiting for this one to end.
COMPLETE: Final = """
with mine as materialized (
    select due_job.id, due_job.lease from due_job
    join unnest(%(ids)s::bigint[], %(leases)s::uuid[]) as ended(id, lease)
      on due_job.id = ended.id and due_job.lease = ended.lease
), free as materialized (
    select due_job.id from due_job join mine on due_job.id = mine.id and due_job.lease = mine.lease
    for update of due_job skip locked
), done as (
    delete from due_job using free where due_job.id = free.id returning due_job.id, due_job.key
), told as (
    select pg_notify('due_job', 'ready:' || waiting.name)
    from done join due_job as waiting on waiting.key = done.key and waiting.state = 'ready'
)
select mine.id, done.id is not null as done, (select count(*) from told) as told
from mine left join done on done.id = mine.id
"""
# A row locked by a transaction keeps its old lease, which has time left.
KEEP: Final = """
with held as materialized (
    select due_job.id, due_job.lease from due_job
    join unnest(%(ids)s::bigint[], %(leases)s::uuid[]) as mine(id, lease)
      on due_job.id = mine.id and due_job.lease = mine.lease
), kept as (
    update due_job set lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
    where id in (select due_job.id from due_job join held on held.id = due_job.id
                 where due_job.lease = held.lease for update of due_job skip locked)
    returning id
)
select id from held where (select count(*) from kept) >= 0
"""


CHANNEL: Final = "due_job"
BATCH: Final = 1000
NO_ACCOUNT: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Lease:
    """A job that is ours to run until the lease ends; `last_error` is the previous run's."""

    job: Job
    token: UUID
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Places:
    """How many jobs of a name may be leased; with `for_guests`, one per owner not in `busy`."""

    free: int
    for_guests: bool = False
    busy: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Leased:
    """The result of a claim: leases, the names they have, and names whose jobs were all locked.

    A job is locked briefly while another worker claims it, or until a transaction that schedules
    its key anew has ended.
    """

    leases: list[Lease]
    found: set[str]
    held: set[str]


class Leases:
    """The job table as a worker uses it."""

    def __init__(self, connection: AsyncConnection[Any], duration: timedelta, worker: int) -> None:
        """`worker` is the number of the worker's lock, of 31 bits; other workers have others."""
        self._connection = connection
        self._worker = worker
        self._seconds = duration.total_seconds()
        self._after: dict[str, UUID] = {}

    async def prepare(self) -> None:
        """Set up the connection; call once before anything else."""
        await self._connection.set_autocommit(True)
        await self._connection.execute(PREPARE)
        await self._connection.execute(_LOCK, (WORKERS << 32 | self._worker,))

    async def lease(self, places: Mapping[str, Places]) -> Leased:
        """Lease ready jobs, up to `places` of each name, taking turns between their owners."""
        token = self._token()
        passed_over = [
            (name, owner)
            for name, wanted in places.items()
            if wanted.for_guests
            for owner in wanted.busy
        ]
        rows = await self._fetch(
            CLAIM,
            {
                "names": list(places),
                "free": [wanted.free for wanted in places.values()],
                "guests": [wanted.for_guests for wanted in places.values()],
                "busy_names": [name for name, _ in passed_over],
                "busy_owners": [owner for _, owner in passed_over],
                "after": [self._after.get(name, NO_ACCOUNT) for name in places],
                "lease": token,
                "seconds": self._seconds,
            },
        )
        for row in rows:
            self._after[row["turn_of"]] = row["owner"]
        leases = [_lease(row, token) for row in rows if row["id"] is not None]
        found = {lease.job.name for lease in leases}
        return Leased(leases, found, {row["turn_of"] for row in rows} - found)

    def _token(self) -> UUID:
        """Return a new lease, of version 8: what is in its first bytes is ours to say."""
        token = bytearray(self._worker.to_bytes(4, "big") + token_bytes(12))
        token[6] = token[6] & 0x0F | 0x80
        token[8] = token[8] & 0x3F | 0x80
        return UUID(bytes=bytes(token))

    async def promote(self) -> tuple[bool, float | None]:
        """Make due jobs ready; tell whether more remain, and the seconds until the next job."""
        changed = await self._changed(PROMOTE, {"batch": BATCH})
        rows = await self._fetch(NEXT, {})
        return changed == BATCH, rows[0]["seconds"] if rows else None

    async def expire(self, longest: Mapping[str, float]) -> int:
        """Put back the jobs whose lease has expired; return their number.

        `longest` has the most seconds that jobs of a name wait then.
        """
        parameters = {
            "batch": BATCH,
            "names": list(longest),
            "longest": list(longest.values()),
        }
        return await self._changed(EXPIRE, parameters)

    async def keep(self, leases: Iterable[Lease]) -> set[int]:
        """Extend leases; return the ids of the jobs that are still ours."""
        ids, tokens = _columns(leases)
        parameters = {"ids": ids, "leases": tokens, "seconds": self._seconds}
        return {row["id"] for row in await self._fetch(KEEP, parameters)}

    async def complete(self, leases: Iterable[Lease]) -> dict[int, bool]:
        """Delete succeeded jobs; for each that was still ours, tell whether it is deleted.

        If it isn't, another transaction has locked it; try again.
        """
        ids, tokens = _columns(leases)
        rows = await self._fetch(COMPLETE, {"ids": ids, "leases": tokens})
        return {row["id"]: row["done"] for row in rows}

    async def retry(self, lease: Lease, delay: timedelta, error: str) -> bool:
        """Put a job back to run again after `delay`; tell whether it was still ours."""
        return await self._put_back(lease, delay.total_seconds(), error, uncounted=0)

    async def release(self, lease: Lease) -> bool:
        """Put a job back immediately, as if it had not run; tell whether it was still ours."""
        return await self._put_back(lease, 0.0, None, uncounted=1)

    async def postpone(self, lease: Lease, delay: timedelta, error: str) -> bool:
        """Put a job back to run after `delay`, as if it had not run; tell as `retry` does."""
        return await self._put_back(lease, delay.total_seconds(), error, uncounted=1)

    async def _put_back(
        self, lease: Lease, seconds: float, error: str | None, *, uncounted: int
    ) -> bool:
        parameters = {
            "id": lease.job.id,
            "lease": lease.token,
            "seconds": seconds,
            "error": error,
            "uncounted": uncounted,
        }
        return await self._changed(RETRY, parameters) == 1

    async def fail(self, lease: Lease, error: str) -> bool:
        """Keep a job as failed; tell whether it was still ours."""
        parameters = {"id": lease.job.id, "lease": lease.token, "error": error}
        return await self._changed(FAIL, parameters) == 1

    async def _changed(self, statement: str, parameters: Mapping[str, Any]) -> int:
        changed: int = (await self._fetch(statement, parameters))[0]["changed"]
        return changed

    async def _fetch(self, statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        async with self._connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(statement, parameters, prepare=True)
            return await cursor.fetchall()


def _lease(row: Mapping[str, Any], token: UUID) -> Lease:
    job = Job(row["id"], row["name"], row["account_id"], row["payload"], row["attempt"])
    return Lease(job, token, row["error"])


def _columns(leases: Iterable[Lease]) -> tuple[Sequence[int], Sequence[UUID]]:
    held = list(leases)
    return [lease.job.id for lease in held], [lease.token for lease in held]
