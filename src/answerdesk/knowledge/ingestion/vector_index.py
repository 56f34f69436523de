"""The index of nearest vectors, which only large projects use.

A small project is searched exactly, by reading all of its vectors. Keeping these out of the index
keeps ingestion fast for everybody. A project that becomes large is searched exactly until a job has
entered all of its vectors; new vectors enter as they are stored.
"""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion import repository as index

ENTER_VECTORS: Final = "knowledge.enter_vectors"

_AT_ONCE: Final = 200
"""Vectors entered per transaction, which blocks the project's ingestion for about a second."""


async def schedule_entering(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId
) -> None:
    """Schedule entering the project's vectors into the index; takes effect on commit."""
    payload = {"project_id": str(project_id)}
    key = f"{ENTER_VECTORS}:{project_id}"
    await schedule(session, ENTER_VECTORS, account_id=account_id, payload=payload, key=key)


async def enter_vectors(database: Database, account_id: AccountId, project_id: ProjectId) -> bool:
    """Enter some of the project's vectors; return whether more may be left.

    Once none is left, the project is searched by the index. A project that has become small in the
    meantime is left alone.
    """
    async with database.transaction(account_id) as session:
        if not await index.is_filling(session, account_id, project_id):
            return False
        base = await index.lock_base(session, account_id, project_id)
        if await index.enter_vectors(session, base, _AT_ONCE):
            return True
        await index.search_by_index(session, base)
        return False


def registrations(database: Database) -> dict[str, Registration]:
    """Return the job handler with which a worker enters vectors."""

    async def enter(job: Job) -> None:
        account_id = AccountId(job.account_id)
        project_id = ProjectId(UUID(str(job.payload["project_id"])))
        if await enter_vectors(database, account_id, project_id):
            async with database.transaction(account_id) as session:
                await schedule_entering(session, account_id, project_id)

    return {ENTER_VECTORS: Registration(enter, concurrency=1)}
