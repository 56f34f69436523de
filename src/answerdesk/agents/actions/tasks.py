"""The job of actions: forgetting old calls."""

from datetime import timedelta
from typing import Final

from answerdesk.agents.actions.repository import calls
from answerdesk.agents.actions.types import KEPT_DAYS
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.tenancy import AccountId

FORGET: Final = "actions.forget_calls"

_FORGET_EVERY: Final = timedelta(hours=6)
_FORGET_BATCH: Final = 10_000


async def schedule_forgetting(
    database: Database, account_id: AccountId, delay: timedelta = timedelta(0)
) -> None:
    """Schedule deleting the old calls of all accounts; `account_id` is the installation's."""
    async with database.transaction(account_id) as session:
        await schedule(session, FORGET, account_id=account_id, payload={}, delay=delay, key=FORGET)


def registrations(database: Database) -> dict[str, Registration]:
    """Return the handlers that a worker needs for actions."""

    async def forget(job: Job) -> None:
        full = True
        while full:
            async with database.transaction(None) as session:
                full = await calls.forget(session, KEPT_DAYS, _FORGET_BATCH) == _FORGET_BATCH
        await schedule_forgetting(database, AccountId(job.account_id), _FORGET_EVERY)

    return {FORGET: Registration(forget, concurrency=1, max_attempts=None)}
