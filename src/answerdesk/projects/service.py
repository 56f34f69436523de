"""Projects: find one, list them, make one."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.service import account_of, register_public_id
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.tenancy import AccountId, ProjectId, new_id, parse_public_id, public_id
from answerdesk.projects import repository
from answerdesk.projects.models import ProjectRow
from answerdesk.projects.types import PROJECT_PREFIX, Project, ProjectSettings

_NAME_LENGTH = 200


def project_not_found() -> NotFound:
    """Return the error for an id that names no project of the caller's."""
    return NotFound("Project not found", code="project_not_found")


async def get_project(session: AsyncSession, project_id: ProjectId) -> Project:
    """Return a project of the session's tenant; raises NotFound for any other id."""
    project = await repository.get(session, project_id)
    if project is None:
        raise project_not_found()
    return project


async def find_owner(database: Database, text: str) -> tuple[AccountId, ProjectId]:
    """Return the project that a public id names, and whose it is; raises NotFound.

    Cheaper than `find_project` when the project is read later anyway.
    """
    project_id = parse_public_id(PROJECT_PREFIX, text)
    account_id = None if project_id is None else await account_of(database, project_id)
    if project_id is None or account_id is None:
        raise project_not_found()
    return account_id, ProjectId(project_id)


async def find_project(database: Database, text: str) -> Project:
    """Return the project that a public id names, whoever owns it; raises NotFound."""
    account_id, project_id = await find_owner(database, text)
    async with database.transaction(account_id) as session:
        return await get_project(session, project_id)


async def list_projects(session: AsyncSession) -> Sequence[Project]:
    """Return the tenant's projects, oldest first."""
    return await repository.list_all(session)


async def lock_projects(session: AsyncSession) -> None:
    """Let one transaction at a time find out that there is no project, and make the first one."""
    await repository.lock_first_project(session)


async def create_project(
    session: AsyncSession,
    account_id: AccountId,
    name: str,
    *,
    settings: ProjectSettings | None = None,
    demo: bool = False,
) -> Project:
    """Make a project. Raises InvalidInput for a name that is empty or too long."""
    name = name.strip()
    if not 0 < len(name) <= _NAME_LENGTH:
        raise InvalidInput(f"A project's name has 1 to {_NAME_LENGTH} characters", code="name")
    row = ProjectRow(
        account_id=account_id,
        id=new_id(),
        name=name,
        settings=(settings or ProjectSettings()).model_dump(mode="json"),
        demo=demo,
    )
    await register_public_id(session, account_id, row.id)
    return await repository.add(session, row)


def project_public_id(project: Project) -> str:
    """Write the project's id as the outside sees it."""
    return public_id(PROJECT_PREFIX, project.id)
