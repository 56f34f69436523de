"""The jobs of privacy: erasing persons, and erasing what is kept no longer."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.tenancy import AccountId
from answerdesk.privacy.retention import apply_retention
from answerdesk.privacy.service import ERASE, erase

RETENTION: Final = "privacy.apply_retention"

_EVERY: Final = timedelta(hours=6)
_LONGEST: Final = timedelta(hours=1)


async def schedule_retention(
    database: Database, account_id: AccountId, delay: timedelta = timedelta(0)
) -> None:
    """Schedule erasing what is too old, of all accounts; `account_id` is the installation's."""
    async with database.transaction(account_id) as session:
        await schedule(
            session, RETENTION, account_id=account_id, payload={}, delay=delay, key=RETENTION
        )


def registrations(database: Database, sealer: Sealer) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this slice's jobs."""

    async def erase_person(job: Job) -> None:
        erasure_id = UUID(str(job.payload["erasure_id"]))
        await erase(database, sealer, AccountId(job.account_id), erasure_id)

    async def keep_no_longer(job: Job) -> None:
        await apply_retention(database)
        await schedule_retention(database, AccountId(job.account_id), _EVERY)

    return {
        ERASE: Registration(erase_person, concurrency=2, max_attempts=None, timeout=_LONGEST),
        RETENTION: Registration(keep_no_longer, concurrency=1, max_attempts=None, timeout=_LONGEST),
    }
