"""The job table as a worker uses it: claim, keep and settle leases on an autocommit connection."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from answerdesk.core.due import statements
from answerdesk.core.due.jobs import Job

CHANNEL: Final = "due_job"
BATCH: Final = 1000
NO_ACCOUNT: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Lease:
    """A job that is ours to run until the lease ends; `last_error` is that of the run before."""

    job: Job
    token: UUID
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Places:
    """How many jobs of a name may be claimed; `for_guests`: of owners not in `busy`, one each."""

    free: int
    for_guests: bool = False
    busy: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim brought: leases, the names they have, and names whose jobs all were held.

    A job is held for a moment while another worker claims it, or while a transaction that schedules
    its key anew has not ended.
    """

    leases: list[Lease]
    found: set[str]
    held: set[str]


class Leases:
    """The jobs' table as a worker uses it."""

    def __init__(self, connection: AsyncConnection[Any], duration: timedelta) -> None:
        self._connection = connection
        self._seconds = duration.total_seconds()
        self._after: dict[str, UUID] = {}

    async def prepare(self) -> None:
        """Set up the connection; call once before anything else."""
        await self._connection.set_autocommit(True)
        await self._connection.execute(statements.PREPARE)

    async def claim(self, places: Mapping[str, Places]) -> Claim:
        """Lease ready jobs, up to `places` of each name, going round their owners."""
        token = uuid4()
        passed_over = [
            (name, owner)
            for name, wanted in places.items()
            if wanted.for_guests
            for owner in wanted.busy
        ]
        rows = await self._fetch(
            statements.CLAIM,
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
        return Claim(leases, found, {row["turn_of"] for row in rows} - found)

    async def promote(self) -> tuple[bool, float | None]:
        """Make ready what is due; tell whether more is left, and the seconds until the next job."""
        changed = await self._changed(statements.PROMOTE, {"batch": BATCH})
        rows = await self._fetch(statements.NEXT, {})
        return changed == BATCH, rows[0]["seconds"] if rows else None

    async def expire(self) -> int:
        """Put back the jobs whose lease has run out; return how many."""
        return await self._changed(statements.EXPIRE, {"batch": BATCH})

    async def keep(self, leases: Iterable[Lease]) -> set[int]:
        """Extend leases; return the ids of those jobs that are still ours."""
        ids, tokens = _columns(leases)
        parameters = {"ids": ids, "leases": tokens, "seconds": self._seconds}
        return {row["id"] for row in await self._fetch(statements.KEEP, parameters)}

    async def complete(self, leases: Iterable[Lease]) -> dict[int, bool]:
        """Delete jobs that have succeeded; for each that was still ours, tell whether it is gone.

        One that is not is held by somebody's transaction; try again.
        """
        ids, tokens = _columns(leases)
        rows = await self._fetch(statements.COMPLETE, {"ids": ids, "leases": tokens})
        return {row["id"]: row["done"] for row in rows}

    async def retry(self, lease: Lease, delay: timedelta, error: str) -> bool:
        """Put a job back to run again after `delay`; tell whether it was still ours."""
        return await self._put_back(lease, delay.total_seconds(), error, uncounted=0)

    async def release(self, lease: Lease) -> bool:
        """Put a job back at once, as if it had not been run; tell whether it was still ours."""
        return await self._put_back(lease, 0.0, None, uncounted=1)

    async def postpone(self, lease: Lease, delay: timedelta, error: str) -> bool:
        """Put a job back to run after `delay`, as if it had not been run; tell as `retry` does."""
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
        return await self._changed(statements.RETRY, parameters) == 1

    async def fail(self, lease: Lease, error: str) -> bool:
        """Keep a job as failed; tell whether it was still ours."""
        parameters = {"id": lease.job.id, "lease": lease.token, "error": error}
        return await self._changed(statements.FAIL, parameters) == 1

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
