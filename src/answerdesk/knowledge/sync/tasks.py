"""Due work of the syncs."""

from datetime import timedelta
from uuid import UUID

from answerdesk.core.due import Job, Registration
from answerdesk.core.tenancy import AccountId
from answerdesk.knowledge.ledger.tasks import SYNC
from answerdesk.knowledge.sync.steps import SyncSteps


def registrations(steps: SyncSteps) -> dict[str, Registration]:
    """Return the handlers that a worker needs for syncs."""

    async def step(job: Job) -> None:
        source_id = UUID(str(job.payload["source_id"]))
        await steps.step(AccountId(job.account_id), source_id, is_repeated=job.attempt > 1)

    async def give_up(job: Job, reason: str) -> None:
        source_id = UUID(str(job.payload["source_id"]))
        await steps.give_up(AccountId(job.account_id), source_id, reason)

    # A step mostly waits for a website; a few sources at a time keep a worker busy, and they take
    # turns between their owners.
    return {
        SYNC: Registration(
            step,
            concurrency=4,
            max_attempts=12,
            timeout=timedelta(minutes=15),
            on_failed=give_up,
        )
    }
