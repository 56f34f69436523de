"""The native API of the projects."""

from fastapi import APIRouter, status

from answerdesk.accounts.dependencies import Caller
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.projects import service
from answerdesk.projects.dependencies import ProjectOf
from answerdesk.projects.schemas import ProjectIn, ProjectList, ProjectOut

router = APIRouter(prefix="/v1/projects", tags=["projects"])


@router.get("")
async def list_projects(caller: Caller, database: DatabaseOf) -> ProjectList:
    """List the account's projects, oldest first."""
    async with database.transaction(caller.account_id) as session:
        projects = await service.list_projects(session)
    return ProjectList(items=[ProjectOut.of(project) for project in projects])


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_project(body: ProjectIn, caller: Caller, database: DatabaseOf) -> ProjectOut:
    """Make a project."""
    async with database.transaction(caller.account_id) as session:
        project = await service.create_project(
            session, caller.account_id, body.name, settings=body.settings
        )
    return ProjectOut.of(project)


@router.get("/{project_id}")
async def get_project(project: ProjectOf) -> ProjectOut:
    """Show one project."""
    return ProjectOut.of(project)
