"""What due work consists of: the job, its handler, and how often and when it is retried."""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its handler sees it. `attempt` counts its runs, this one included, from 1.

    The worker knows no tenant: a handler sets `account_id` on the transactions that it opens.
    """

    id: int
    name: str
    account_id: UUID
    payload: Mapping[str, JsonValue]
    attempt: int


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that is not retried automatically; it is kept with its last error until handled."""

    job: Job
    key: str | None
    error: str
    failed_at: datetime


class RetryLater(Exception):
    """Raised by a handler to be run again after `delay`; counts as an attempt.

    `reason` is stored with the job and becomes its error if no attempt is left.
    """

    def __init__(
        self, delay: timedelta, reason: str = "The handler asked for a later run."
    ) -> None:
        super().__init__(reason)
        self.delay = max(delay, timedelta(0))


Handler = Callable[[Job], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential delays between attempts, each shortened at random by up to `jitter` of itself."""

    first: timedelta = timedelta(seconds=1)
    factor: float = 3.0
    longest: timedelta = timedelta(minutes=10)
    jitter: float = 0.2

    def delay(self, attempt: int) -> timedelta:
        """Return how long to wait after attempt number `attempt` (from 1) has failed."""
        # The exponent is bounded, so that a job with unlimited retries cannot overflow the power.
        grown = self.first.total_seconds() * self.factor ** min(attempt - 1, 64)
        seconds = min(grown, self.longest.total_seconds())
        return timedelta(seconds=seconds * (1 - self.jitter * random.random()))  # noqa: S311 - no secret


@dataclass(frozen=True, slots=True)
class Registration:
    """How a worker runs the jobs of one name.

    concurrency   maximum jobs of this name at a time in one worker
    guests        additional places, each for an account that has no job of this name running in
                  the worker: so long jobs of one account do not hold up another's
    max_attempts  runs before the job is kept as failed; None for no limit. A run that killed its
                  worker counts.
    timeout       time after which a run is cancelled and counts as failed; None for no limit
    on_failed     called once with the job and its last error if no attempt is left, before the
                  job is kept as failed; exceptions are logged
    """

    handler: Handler
    concurrency: int = 4
    guests: int = 0
    max_attempts: int | None = 8
    backoff: Backoff = field(default_factory=Backoff)
    timeout: timedelta | None = None
    on_failed: Callable[[Job, str], Awaitable[None]] | None = None

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise ValueError(f"concurrency must be at least 1, not {self.concurrency}")
        if self.guests < 0:
            raise ValueError(f"guests must not be negative, as {self.guests} is")
        if self.max_attempts is not None and self.max_attempts < 1:
            raise ValueError(f"max_attempts must be at least 1 or None, not {self.max_attempts}")
