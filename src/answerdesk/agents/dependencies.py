"""The agent named in a path, and what the caller may do with it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.agents.errors import agent_not_found
from answerdesk.agents.types import AGENT_PREFIX
from answerdesk.core.tenancy import parse_public_id
from answerdesk.projects.dependencies import project_for
from answerdesk.projects.types import Project

Reader = Annotated[Principal, needs("agents:read")]
Writer = Annotated[Principal, needs("agents:write")]


ProjectRead = Annotated[Project, project_for("agents:read")]
"""The project in the path, for a caller with the scope `agents:read`."""

ProjectWrite = Annotated[Project, project_for("agents:write")]
"""The project in the path, for a caller with the scope `agents:write`."""


async def _agent_id(agent_id: str) -> UUID:
    value = parse_public_id(AGENT_PREFIX, agent_id)
    if value is None:
        raise agent_not_found()
    return value


AgentIdOf = Annotated[UUID, Depends(_agent_id)]
"""The agent id in a path, which may be anybody's."""
