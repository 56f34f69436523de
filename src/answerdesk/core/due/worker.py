"""The worker: waits for due jobs, leases them, runs their handlers, records how they ended."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from secrets import randbits
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from psycopg import AsyncConnection, errors

from answerdesk.core.disk import DiskFull
from answerdesk.core.due.jobs import Handler, Registration, RetryLater
from answerdesk.core.due.leases import CHANNEL, Lease, Leases, Places

_log = structlog.get_logger(__name__)

MAX_ERROR_CHARACTERS: Final = 2000
_WHILE_FULL: Final = timedelta(seconds=10)
"""How long to wait before rerunning a job that could not store its results."""


class Fate(Enum):
    """What becomes of a job after a run."""

    COMPLETED = "completed"
    RETRY = "retry"
    FAILED = "failed"
    RELEASED = "released"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended; `delay` and `error` only matter after an error.

    A postponed run does not count as an attempt.
    """

    lease: Lease
    fate: Fate
    delay: timedelta = timedelta(0)
    error: str = ""


async def execute(lease: Lease, registration: Registration) -> Ending:
    """Run the handler on the leased job. Raises nothing: cancellation releases the job."""
    with structlog.contextvars.bound_contextvars(
        job=lease.job.name, job_id=lease.job.id, account_id=str(lease.job.account_id)
    ):
        try:
            return await _attempt(lease, registration)
        except DiskFull as error:
            # This is not the job's fault, and may last for days.
            _log.warning("due_job_postponed", attempt=lease.job.attempt, error=error.message)
            return Ending(lease, Fate.POSTPONED, _WHILE_FULL, _storable(error.message))
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                _log.info("due_job_released", attempt=lease.job.attempt)
                return Ending(lease, Fate.RELEASED)
            # Nobody cancelled the run: a cancellation inside the handler has escaped.
            return await _failed(lease, registration, "CancelledError in the handler", None)


async def _attempt(lease: Lease, registration: Registration) -> Ending:
    limit = registration.max_attempts
    if limit is not None and lease.job.attempt > limit:
        # The last run was counted when it began, and its worker died before recording the end.
        return await _failed(lease, registration, lease.last_error or "No attempts left.", None)
    timeout = registration.timeout.total_seconds() if registration.timeout else None
    deadline = asyncio.timeout(timeout)
    try:
        async with deadline:
            await registration.handler(lease.job)
    except DiskFull:
        raise
    except RetryLater as later:
        return await _failed(lease, registration, str(later), later.delay)
    except Exception as error:  # noqa: BLE001 - anything a handler raises becomes the job's error
        if isinstance(error, TimeoutError) and deadline.expired():
            return await _failed(lease, registration, f"Not finished after {timeout:g} s.", None)
        _log.warning("due_job_raised", attempt=lease.job.attempt, exc_info=error)
        return await _failed(lease, registration, f"{type(error).__name__}: {error}", None)
    return Ending(lease, Fate.COMPLETED)


async def _failed(
    lease: Lease, registration: Registration, error: str, delay: timedelta | None
) -> Ending:
    error = _storable(error)
    attempt, limit = lease.job.attempt, registration.max_attempts
    if limit is None or attempt < limit:
        delay = registration.backoff.delay(attempt) if delay is None else delay
        return Ending(lease, Fate.RETRY, delay, error)
    _log.error("due_job_failed", attempt=attempt, error=error)
    if registration.on_failed is not None:
        try:
            await registration.on_failed(lease.job, error)
        except Exception as raised:  # noqa: BLE001 - the job is kept as failed in any case
            _log.error("due_job_on_failed_raised", exc_info=raised)
    return Ending(lease, Fate.FAILED, error=error)


def _storable(error: str) -> str:
    """Shorten `error` and replace what PostgreSQL cannot store: NUL and lone surrogates."""
    clean = error.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
    return clean[:MAX_ERROR_CHARACTERS]


Connect = Callable[[], Awaitable[AsyncConnection[Any]]]

# The statement met a row that was briefly locked; the same statement will soon succeed.
_TRANSIENT: Final = (
    errors.LockNotAvailable,
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.UniqueViolation,
)
_SOON: Final = 0.05
_REST: Final = 0.02
"""Seconds until the next look after one that left places free."""

_LONGEST_RECONNECT: Final = 5.0
_CANCEL_PATIENCE: Final = 2.0


class Worker:
    """Runs due jobs with the handlers registered for their names, until it is stopped.

    It opens two connections of its own with `connect`: one listens, one works. `lease` is the time
    after which another worker runs the jobs of one that hangs; it is extended while a job runs, as
    long as the event loop is not blocked for three quarters of it. One that died is noticed
    earlier, by its connection. `poll` is the longest delay before noticing something without a
    notification.
    """

    def __init__(
        self,
        connect: Connect,
        handlers: Mapping[str, Handler | Registration],
        *,
        lease: timedelta = timedelta(seconds=20),
        poll: timedelta = timedelta(seconds=5),
    ) -> None:
        self._connect = connect
        self._handlers = {
            name: handler if isinstance(handler, Registration) else Registration(handler)
            for name, handler in handlers.items()
        }
        self._longest = {
            name: one.backoff.longest.total_seconds() for name, one in self._handlers.items()
        }
        self._number = randbits(31)
        self._lease_time = lease
        self._poll = poll.total_seconds()
        self._running: dict[asyncio.Task[Ending], Lease] = {}
        self._ended: list[Ending] = []
        self._look: set[str] = set()
        self._next_check = 0.0
        self._rests_until = 0.0
        self._wake = asyncio.Event()
        self._stopping = False
        self._main: asyncio.Task[Any] | None = None

    async def run(self) -> None:
        """Work until `stop`, reconnecting if a connection is lost. Cancelled, it stops at once."""
        self._main = asyncio.current_task()
        try:
            await self._serve_until_finished()
        finally:
            for task in self._running:
                task.cancel()

    async def stop(self, grace: float) -> None:
        """Take no more jobs, and return when none is running.

        Jobs that have not ended after `grace` seconds are cancelled and immediately ready for
        another worker. A job that ignores the cancellation keeps its lease until that expires.
        """
        self._stopping = True
        self._wake.set()
        main = self._main
        if main is None or main.done():
            return
        await asyncio.wait([main], timeout=grace)
        for task in list(self._running):
            task.cancel()
        await asyncio.wait([main], timeout=_CANCEL_PATIENCE)
        if not main.done():
            _log.warning("due_jobs_abandoned", jobs=len(self._running))
            main.cancel()
            await asyncio.wait([main], timeout=_CANCEL_PATIENCE)

    async def _serve_until_finished(self) -> None:
        clock = asyncio.get_running_loop().time
        pause = _SOON
        while not self._finished():
            began = clock()
            try:
                await self._serve()
            except* (psycopg.Error, OSError) as group:
                _log.warning("due_connection_lost", error=str(group.exceptions[0]))
            else:
                return
            if self._stopping:
                # Without a database nothing can be recorded; the leases expire by themselves.
                return
            pause = _SOON if clock() - began > _LONGEST_RECONNECT else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_RECONNECT)

    def _finished(self) -> bool:
        return self._stopping and not self._running and not self._ended

    async def _serve(self) -> None:
        """Work on new connections until everything is finished or one of them breaks."""
        async with AsyncExitStack() as stack:
            listening = await stack.enter_async_context(await self._connect())
            working = await stack.enter_async_context(await self._connect())
            leases = Leases(working, self._lease_time, self._number)
            await leases.prepare()
            await listening.set_autocommit(True)
            await listening.execute(f"listen {CHANNEL}")
            # Nothing notifies us of what was committed before we listened.
            self._next_check = 0.0
            async with asyncio.TaskGroup() as group:
                background = [
                    group.create_task(self._listen(listening)),
                    group.create_task(self._keep(leases)),
                ]
                await self._work(leases)
                for task in background:
                    task.cancel()

    async def _listen(self, connection: AsyncConnection[Any]) -> None:
        async for notification in connection.notifies():
            state, _, name = notification.payload.partition(":")
            if name not in self._handlers:
                continue
            if state == "ready":
                self._look.add(name)
            else:
                self._next_check = 0.0
            self._wake.set()
        raise psycopg.OperationalError("the listening connection ended")

    async def _keep(self, leases: Leases) -> None:
        """Extend our leases at a quarter of their length; cancel runs whose lease was lost."""
        while True:
            await asyncio.sleep(self._lease_time.total_seconds() / 4)
            runs = dict(self._running)
            unsettled = [ending.lease for ending in self._ended]
            if not runs and not unsettled:
                continue
            try:
                kept = await leases.keep([*runs.values(), *unsettled])
            except _TRANSIENT:
                continue
            for task, lease in runs.items():
                if lease.job.id not in kept and not task.done():
                    _log_lost(lease)
                    task.cancel()

    async def _work(self, leases: Leases) -> None:
        steps = (self._settle, self._check, self._lease)
        while not self._finished():
            await self._wait()
            self._wake.clear()
            for step in steps:
                try:
                    await step(leases)
                except _TRANSIENT as error:
                    _log.info("due_statement_repeated", error=str(error))
                    self._check_within(_SOON)
                    await asyncio.sleep(_SOON)

    async def _wait(self) -> None:
        """If there is nothing to do, wait for an event or for the next check."""
        if self._stopping or self._ended:
            remaining = _SOON
        elif self._places():
            # Each commit that schedules jobs tells of them: those that come meanwhile are leased
            # together.
            await asyncio.sleep(max(0, self._rests_until - asyncio.get_running_loop().time()))
            return
        else:
            remaining = self._next_check - asyncio.get_running_loop().time()
        if remaining > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(remaining):
                    await self._wake.wait()

    def _check_within(self, seconds: float) -> None:
        self._next_check = min(self._next_check, asyncio.get_running_loop().time() + seconds)

    async def _check(self, leases: Leases) -> None:
        """When it is time, make due jobs ready, put back expired ones, and look for every name."""
        now = asyncio.get_running_loop().time()
        if self._stopping or now < self._next_check:
            return
        # Set before the statements: a notification while they run brings the time forward again.
        self._next_check = now + self._poll
        expired = await leases.expire(self._longest)
        if expired:
            _log.warning("due_leases_expired", jobs=expired)
        more, seconds = await leases.promote()
        if more:
            self._check_within(0)
        elif seconds is not None:
            self._check_within(max(seconds, 0.0))
        self._look.update(self._handlers)

    def _places(self) -> dict[str, Places]:
        """Return the free places of the names that may have ready jobs."""
        owners: dict[str, list[UUID]] = {name: [] for name in self._look}
        for lease in self._running.values():
            if lease.job.name in owners:
                owners[lease.job.name].append(lease.job.account_id)
        places = {}
        for name, running in owners.items():
            work = self._handlers[name]
            free = work.concurrency - len(running)
            if free > 0:
                places[name] = Places(free)
            elif free + work.guests > 0:
                places[name] = Places(free + work.guests, True, frozenset(running))
        return places

    async def _lease(self, leases: Leases) -> None:
        places = self._places()
        clock = asyncio.get_running_loop().time
        if self._stopping or not places or clock() < self._rests_until:
            return
        # Removed before the statement: a notification in the meantime adds it again.
        self._look.difference_update(places)
        leased = await leases.lease(places)
        self._look.update(leased.found)
        if leased.held:
            self._check_within(_SOON)
        if len(leased.leases) < sum(one.free for one in places.values()):
            self._rests_until = clock() + _REST
        for lease in leased.leases:
            if self._stopping:
                self._ended.append(Ending(lease, Fate.RELEASED))
                continue
            task = asyncio.create_task(execute(lease, self._handlers[lease.job.name]))
            self._running[task] = lease
            task.add_done_callback(self._collect)

    def _collect(self, task: asyncio.Task[Ending]) -> None:
        lease = self._running.pop(task)
        if self._handlers[lease.job.name].guests:
            # Owners that were skipped during the run may have ready jobs now.
            self._look.add(lease.job.name)
        # A run that was cancelled before its first step has no ending of its own.
        self._ended.append(Ending(lease, Fate.RELEASED) if task.cancelled() else task.result())
        self._wake.set()

    async def _settle(self, leases: Leases) -> None:
        """Record how runs ended; what cannot be written now is kept and written soon."""
        completed = [ending for ending in self._ended if ending.fate is Fate.COMPLETED]
        others = [ending for ending in self._ended if ending.fate is not Fate.COMPLETED]
        if completed:
            ours = await leases.complete(ending.lease for ending in completed)
            for ending in completed:
                if ours.get(ending.lease.job.id, True):
                    self._ended.remove(ending)
                if ending.lease.job.id not in ours:
                    _log_lost(ending.lease)
        for ending in others:
            with contextlib.suppress(*_TRANSIENT):
                if not await self._put_away(leases, ending):
                    _log_lost(ending.lease)
                self._ended.remove(ending)

    async def _put_away(self, leases: Leases, ending: Ending) -> bool:
        if ending.fate is Fate.RETRY:
            return await leases.retry(ending.lease, ending.delay, ending.error)
        if ending.fate is Fate.POSTPONED:
            return await leases.postpone(ending.lease, ending.delay, ending.error)
        if ending.fate is Fate.FAILED:
            return await leases.fail(ending.lease, ending.error)
        return await leases.release(ending.lease)


def _log_lost(lease: Lease) -> None:
    """Log that a job's end was not recorded: its lease had expired, or somebody deleted it."""
    _log.warning("due_lease_lost", job=lease.job.name, job_id=lease.job.id)
