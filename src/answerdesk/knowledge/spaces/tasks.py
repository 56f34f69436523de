"""Due work of changing the embedding model: fill, swap, drop."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.due import Backoff, Job, JsonValue, Registration, RetryLater, schedule
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.spaces.filling import Filler, FillerWaits

FILL: Final = "knowledge.fill_space"
DROP: Final = "knowledge.drop_vectors"

_WAITING: Final = Backoff(first=timedelta(seconds=1), factor=2.0, longest=timedelta(minutes=1))
_SEARCHES_END: Final = timedelta(seconds=60)
"""Questions that were asked in a space just before it was given up end within this time."""


async def schedule_filling(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId, after: UUID | None = None
) -> None:
    """Have the project's next space filled once the transaction has committed."""
    payload: Mapping[str, JsonValue] = {
        "project_id": str(project_id),
        "after": None if after is None else str(after),
    }
    key = f"{FILL}:{project_id}"
    await schedule(session, FILL, account_id=account_id, payload=payload, key=key)


async def schedule_dropping(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    delay: timedelta = _SEARCHES_END,
) -> None:
    """Have vectors deleted that are in none of the project's spaces."""
    payload = {"project_id": str(project_id)}
    key = f"{DROP}:{project_id}"
    await schedule(session, DROP, account_id=account_id, payload=payload, key=key, delay=delay)


def registrations(database: Database, filler: Filler) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this package's jobs."""

    async def fill(job: Job) -> None:
        account_id, project_id = AccountId(job.account_id), _project(job)
        after = job.payload.get("after")
        try:
            filled = await filler.fill(
                account_id, project_id, None if after is None else UUID(str(after))
            )
        except FillerWaits as waits:
            raise RetryLater(_WAITING.delay(job.attempt), waits.reason) from waits
        async with database.transaction(account_id) as session:
            if filled.more:
                await schedule_filling(session, account_id, project_id, filled.after)
            else:
                # What was served before the previous space has no way back to it any more.
                await schedule_dropping(session, account_id, project_id)

    async def drop(job: Job) -> None:
        account_id, project_id = AccountId(job.account_id), _project(job)
        if await filler.drop(account_id, project_id):
            async with database.transaction(account_id) as session:
                await schedule_dropping(session, account_id, project_id, timedelta(0))

    return {
        # Without end: a service that is away for a day is back the day after.
        FILL: Registration(fill, concurrency=2, max_attempts=None, backoff=_WAITING),
        DROP: Registration(drop, concurrency=1),
    }


def _project(job: Job) -> ProjectId:
    return ProjectId(UUID(str(job.payload["project_id"])))
