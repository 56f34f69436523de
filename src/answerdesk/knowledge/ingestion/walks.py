"""Jobs that walk over a project's chunks or documents: each run takes up where the last ended."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.due import Job, JsonValue, schedule
from answerdesk.core.tenancy import AccountId, ProjectId


async def schedule_walk(
    session: AsyncSession,
    name: str,
    account_id: AccountId,
    project_id: ProjectId,
    after: UUID | None,
    *,
    delay: timedelta | None = None,
    **further: JsonValue,
) -> None:
    """Queue the job `name` for what the project has after `after`, once the transaction commits.

    A project has one such job at a time; `further` joins its payload.
    """
    payload: dict[str, JsonValue] = {
        "project_id": str(project_id),
        **further,
        "after": None if after is None else str(after),
    }
    key = walk_key(name, project_id)
    await schedule(session, name, account_id=account_id, payload=payload, key=key, delay=delay)


def walk_key(name: str, project_id: ProjectId) -> str:
    """Return the key of a project's job."""
    return f"{name}:{project_id}"


def project_of(job: Job) -> ProjectId:
    """Return the project that a job is about."""
    return ProjectId(UUID(str(job.payload["project_id"])))


def place_of(job: Job) -> UUID | None:
    """Return the id after which a walk goes on; None at its beginning."""
    after = job.payload.get("after")
    return None if after is None else UUID(str(after))
