"""One run of one job: call the handler, and say what becomes of the job."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

import structlog

from answerdesk.core.disk import DiskFull
from answerdesk.core.due.jobs import Registration, RetryLater
from answerdesk.core.due.leases import Lease

_log = structlog.get_logger(__name__)

MAX_ERROR_CHARACTERS: Final = 2000
_WHILE_FULL: Final = timedelta(seconds=10)
"""Until a job is run again that could not store what it has done."""


class Fate(Enum):
    """What becomes of a job after a run."""

    COMPLETED = "completed"
    RETRY = "retry"
    FAILED = "failed"
    RELEASED = "released"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended; `delay` and `error` are of use where there was an error.

    What is postponed counts as not run.
    """

    lease: Lease
    fate: Fate
    delay: timedelta = timedelta(0)
    error: str = ""


async def execute(lease: Lease, registration: Registration) -> Ending:
    """Run the handler on the leased job. Raises nothing: being cancelled releases the job."""
    with structlog.contextvars.bound_contextvars(
        job=lease.job.name, job_id=lease.job.id, account_id=str(lease.job.account_id)
    ):
        try:
            return await _attempt(lease, registration)
        except DiskFull as error:
            # It is no fault of the job, and may last for days.
            _log.warning("due_job_postponed", attempt=lease.job.attempt, error=error.message)
            return Ending(lease, Fate.POSTPONED, _WHILE_FULL, _storable(error.message))
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                _log.info("due_job_released", attempt=lease.job.attempt)
                return Ending(lease, Fate.RELEASED)
            # Nobody cancelled the run: the handler let out a cancellation of something inside it.
            return await _failed(lease, registration, "CancelledError in the handler", None)


async def _attempt(lease: Lease, registration: Registration) -> Ending:
    limit = registration.max_attempts
    if limit is not None and lease.job.attempt > limit:
        # Its last run was counted when it began, and its worker did not live to tell the end.
        return await _failed(lease, registration, lease.last_error or "No attempt is left.", None)
    timeout = registration.timeout.total_seconds() if registration.timeout else None
    deadline = asyncio.timeout(timeout)
    try:
        async with deadline:
            await registration.handler(lease.job)
    except DiskFull:
        raise
    except RetryLater as later:
        return await _failed(lease, registration, str(later), later.delay)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises becomes the job's error
        if isinstance(error, TimeoutError) and deadline.expired():
            return await _failed(lease, registration, f"Not done after {timeout:g} s.", None)
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
        except Exception as raised:  # noqa: BLE001 - the job is kept as failed whatever happens here
            _log.error("due_job_on_failed_raised", exc_info=raised)
    return Ending(lease, Fate.FAILED, error=error)


def _storable(error: str) -> str:
    """Shorten `error` and replace what PostgreSQL cannot store: NUL and lone surrogates."""
    clean = error.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
    return clean[:MAX_ERROR_CHARACTERS]
