"""Background jobs of projects: removing everything that a deleted project had."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.service import forget_public_ids
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.projects import repository
from answerdesk.projects.identity import forget_identity_secret

ERASE: Final = "projects.erase"

Eraser = Callable[[AsyncSession, ProjectId], Awaitable[int]]
"""Removes some of a slice's rows of a deleted project and returns how many; 0 if none is left.

Each call is a transaction of its own that removes at most a few hundred rows. It takes locks in the
same order as the slice's writers, so they can't deadlock.
"""

_log = structlog.get_logger(__name__)


async def schedule_erasure(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId
) -> None:
    """Schedule the removal of everything in a project, for after the deleting transaction."""
    await schedule(
        session,
        ERASE,
        account_id=account_id,
        payload={"project_id": str(project_id)},
        key=f"{ERASE}:{project_id}",
    )


def registrations(database: Database, erasers: Sequence[Eraser]) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this slice's jobs.

    `erasers` remove what may have many rows or public ids. The rest is removed at the end, together
    with the project's own row.
    """

    async def erase(job: Job) -> None:
        account_id = AccountId(job.account_id)
        project_id = ProjectId(UUID(str(job.payload["project_id"])))
        removed = 0
        for eraser in erasers:
            removed += await _all(database, account_id, project_id, eraser)
        async with database.transaction(account_id) as session:
            # Rows written meanwhile go with the project, whose removal waits for their writers.
            for eraser in erasers:
                await eraser(session, project_id)
            await forget_identity_secret(session, project_id)
            keys = await repository.widget_keys(session, project_id, None, None)
            await forget_public_ids(session, [project_id, *(key.id for key in keys)])
            await repository.remove(session, project_id)
        _log.info("project_erased", project_id=str(project_id), rows=removed)

    # Nobody waits for it, and it has many rows: one job at a time leaves room for chats.
    return {
        ERASE: Registration(erase, concurrency=1, max_attempts=None, timeout=timedelta(hours=1))
    }


async def _all(
    database: Database, account_id: AccountId, project_id: ProjectId, eraser: Eraser
) -> int:
    removed = 0
    while True:
        async with database.transaction(account_id) as session:
            taken = await eraser(session, project_id)
        if not taken:
            return removed
        removed += taken
