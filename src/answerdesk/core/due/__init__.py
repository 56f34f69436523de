"""Due work: jobs written in the transaction that causes them. There is no other mechanism.

`schedule` writes a job on the session's own connection: it exists only if the transaction commits,
and the commit wakes a worker. A `Worker` leases due jobs (by the database's clock), taking turns
between their owners, and runs the handler registered for their name, outside any transaction.
Delivery is at least once: if a worker dies, its jobs run again when their leases expire, so a
handler must tolerate being run twice.
"""

from answerdesk.core.due.jobs import (
    Backoff,
    FailedJob,
    Handler,
    Job,
    JsonValue,
    Registration,
    RetryLater,
)
from answerdesk.core.due.scheduling import (
    DROP_JOB,
    NEW_JOB,
    NEW_JOB_TOLD,
    cancel,
    failed_jobs,
    forget_account,
    forget_failed,
    new_job_parameters,
    run_failed_again,
    schedule,
    schedule_each,
    schedule_many,
    take_along,
)
from answerdesk.core.due.worker import Worker

__all__ = [
    "DROP_JOB",
    "NEW_JOB",
    "NEW_JOB_TOLD",
    "Backoff",
    "FailedJob",
    "Handler",
    "Job",
    "JsonValue",
    "Registration",
    "RetryLater",
    "Worker",
    "cancel",
    "failed_jobs",
    "forget_account",
    "forget_failed",
    "new_job_parameters",
    "run_failed_again",
    "schedule",
    "schedule_each",
    "schedule_many",
    "take_along",
]
