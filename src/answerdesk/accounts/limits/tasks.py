"""Due work of the limits: forget what has ended."""

from datetime import timedelta
from typing import Final

from answerdesk.accounts.limits import repository
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.ratelimit import forget_ended
from answerdesk.core.tenancy import AccountId

FORGET: Final = "accounts.forget_counts"
_EVERY: Final = timedelta(minutes=10)
_BATCH: Final = 10_000


async def schedule_forgetting(
    database: Database, account_id: AccountId, delay: timedelta = timedelta(0)
) -> None:
    """Have somebody forget ended windows and old counts; `account_id` is the installation's."""
    async with database.transaction(account_id) as session:
        await schedule(session, FORGET, account_id=account_id, payload={}, delay=delay, key=FORGET)


def registrations(database: Database) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this job."""

    async def forget(job: Job) -> None:
        # Whatever the size of the heap, each statement deletes a bounded part of it.
        while await forget_ended(database, _BATCH) == _BATCH:
            pass
        async with database.transaction(None) as session:
            await repository.forget_messages(session)
        await schedule_forgetting(database, AccountId(job.account_id), _EVERY)

    return {FORGET: Registration(forget, concurrency=1, max_attempts=None)}
