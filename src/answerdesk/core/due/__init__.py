"""Due work, the one mechanism: jobs written in the transaction of what causes them.

`schedule` writes a job on the session's own connection: it exists if and only if the transaction
commits, and the commit wakes a worker. A `Worker` leases jobs that are due (on the database's
clock), taking turns between their owners, and runs the handler registered for their name, in no
transaction. Delivery is at least once: a job whose worker died is run again when its lease has run
out, so a handler must bear being run twice.
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
    schedule_many,
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
    "schedule_many",
]
