"""The project named in a path, if the caller may reach it, and what the caller may do with it."""

from typing import Annotated, Any

from fastapi import Depends, Request

from answerdesk.accounts.dependencies import Caller, needs
from answerdesk.accounts.principal import Principal, Scope
from answerdesk.core.crypto import Sealer
from answerdesk.core.tenancy import ProjectId, parse_public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.service import own_project
from answerdesk.projects.types import PROJECT_PREFIX, Project


async def _project(project_id: str, caller: Caller, database: DatabaseOf) -> Project:
    value = parse_public_id(PROJECT_PREFIX, project_id)
    if value is None:
        raise project_not_found()
    caller.require_project(ProjectId(value))
    return await own_project(database, caller.account_id, ProjectId(value))


ProjectOf = Annotated[Project, Depends(_project)]
"""The project in the path, if the caller may reach it. Scopes are checked elsewhere."""

Reader = Annotated[Principal, needs("projects:read")]
Writer = Annotated[Principal, needs("projects:write")]


def project_for(scope: Scope) -> Any:  # noqa: ANN401  # What FastAPI's own markers return.
    """Annotate a parameter with this to get the project in the path, for callers with `scope`.

    The scope is checked first, so callers without it don't learn which projects exist.
    """

    async def guarded(_: Annotated[Principal, needs(scope)], project: ProjectOf) -> Project:
        return project

    return Depends(guarded)


ProjectRead = Annotated[Project, project_for("projects:read")]
"""The project in the path, for a caller with the scope `projects:read`."""

ProjectWrite = Annotated[Project, project_for("projects:write")]
"""The project in the path, for a caller with the scope `projects:write`."""


async def _sealer(request: Request) -> Sealer:
    sealer: Sealer = request.app.state.application.sealer
    return sealer


SealerOf = Annotated[Sealer, Depends(_sealer)]
