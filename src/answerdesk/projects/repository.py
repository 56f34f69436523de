"""Reads and writes projects."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.projects.models import ProjectRow
from answerdesk.projects.types import Project, ProjectSettings

_FIRST_PROJECT_LOCK: Final = 0x70726F6A
"""Advisory lock of whoever makes the first project (the letters 'proj')."""


_GET = text(
    "select account_id, id, name, settings, demo, created_at from project"
    " where account_id = :account_id and id = :id"
)


def _project(row: ProjectRow | Row[Any]) -> Project:
    return Project(
        account_id=AccountId(row.account_id),
        id=ProjectId(row.id),
        name=row.name,
        settings=ProjectSettings.model_validate(row.settings),
        demo=row.demo,
        created_at=row.created_at,
    )


async def get(session: AsyncSession, project_id: ProjectId) -> Project | None:
    """Return a project of the session's tenant."""
    parameters = {"account_id": tenant_of(session), "id": project_id}
    row = (await session.execute(_GET, parameters)).first()
    return None if row is None else _project(row)


async def list_all(session: AsyncSession) -> Sequence[Project]:
    """Return the tenant's projects, oldest first."""
    rows = await session.scalars(select(ProjectRow).order_by(ProjectRow.created_at, ProjectRow.id))
    return [_project(row) for row in rows]


async def add(session: AsyncSession, project: ProjectRow) -> Project:
    """Store a new project and return it as stored."""
    session.add(project)
    await session.flush()
    await session.refresh(project)
    return _project(project)


async def lock_first_project(session: AsyncSession) -> None:
    """Let one transaction at a time make the first project."""
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _FIRST_PROJECT_LOCK})
