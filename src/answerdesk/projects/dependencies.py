"""The project that a path names, if it is the caller's."""

from typing import Annotated

from fastapi import Depends

from answerdesk.accounts.dependencies import Caller
from answerdesk.core.tenancy import ProjectId, parse_public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.projects.service import get_project, project_not_found
from answerdesk.projects.types import PROJECT_PREFIX, Project


async def _project(project_id: str, caller: Caller, database: DatabaseOf) -> Project:
    value = parse_public_id(PROJECT_PREFIX, project_id)
    if value is None:
        raise project_not_found()
    async with database.transaction(caller.account_id) as session:
        return await get_project(session, ProjectId(value))


ProjectOf = Annotated[Project, Depends(_project)]
