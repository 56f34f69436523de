"""The job of spending: settling what a crash has left reserved."""

from datetime import timedelta
from typing import Final

from answerdesk.accounts.limits.spending.service import Budget
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.tenancy import AccountId

SETTLE: Final = "accounts.settle_spending"
SETTLED_AFTER: Final = 600.0
"""Seconds after which a reservation is settled in full; no answer takes so long."""

_SETTLE_EVERY: Final = timedelta(minutes=5)
_BATCH: Final = 500


async def schedule_settling(
    database: Database, account_id: AccountId, delay: timedelta = timedelta(0)
) -> None:
    """Schedule settling all accounts' old reservations; `account_id` is the installation's."""
    async with database.transaction(account_id) as session:
        await schedule(session, SETTLE, account_id=account_id, payload={}, delay=delay, key=SETTLE)


def registrations(database: Database, budget: Budget) -> dict[str, Registration]:
    """Return the handler that a worker needs."""

    async def settle(job: Job) -> None:
        while await budget.settle_stale(SETTLED_AFTER, _BATCH) == _BATCH:
            pass
        await schedule_settling(database, AccountId(job.account_id), _SETTLE_EVERY)

    return {SETTLE: Registration(settle, concurrency=1, max_attempts=None)}
