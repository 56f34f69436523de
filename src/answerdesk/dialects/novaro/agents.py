"""Novaro's agents: what it knows of them is a part of our agents' settings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from answerdesk.agents import service
from answerdesk.agents.errors import AgentsInvalid
from answerdesk.agents.types import AGENT_PREFIX, Agent, AgentDraft, AgentSettings
from answerdesk.core.errors import InvalidInput
from answerdesk.core.faults import Fault, faults
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import PagingOf
from answerdesk.dialects.novaro.dependencies import AgentIdOf, Reader, Writer
from answerdesk.dialects.novaro.schemas import (
    AgentBatch,
    AgentBody,
    AgentChanges,
    AgentList,
    AgentOut,
    AgentsCreated,
)
from answerdesk.projects.types import PROJECT_PREFIX

_PLACE: Final = (datetime, UUID)
_LIST: Final = "novaro-agents"


def encode_agent(agent: Agent) -> AgentOut:
    """Encode an agent; its hours have the form of Orac's `office_hours.days`."""
    hours = {
        day: [[f"{one.start:%H:%M}", f"{one.end:%H:%M}"] for one in intervals]
        for day, intervals in agent.profile.days.items()
    }
    return AgentOut(
        id=public_id(AGENT_PREFIX, agent.id),
        name=agent.name,
        instructions=agent.settings.instructions,
        timezone=agent.profile.timezone,
        working_hours=hours or None,
        project_id=public_id(PROJECT_PREFIX, agent.project_id),
    )


async def list_agents(caller: Reader, page: PagingOf, database: DatabaseOf) -> AgentList:
    """List the agents, oldest first."""
    place = page.after(_LIST, *_PLACE)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_all_agents(session, caller, place, page.fetch)
    shown, cursor = page.cut(_LIST, found, lambda one: (one.created_at, one.id))
    return AgentList(agents=[encode_agent(one) for one in shown], next_cursor=cursor)


async def create_agent(body: AgentBody, caller: Writer, database: DatabaseOf) -> AgentOut:
    """Create an agent."""
    async with database.transaction(caller.account_id) as session:
        project_id = await service.named_project(session, caller, body.project_id)
        (agent,) = await service.create_agents(session, caller, [_draft(body, project_id)])
    return encode_agent(agent)


async def create_agents(body: AgentBatch, caller: Writer, database: DatabaseOf) -> AgentsCreated:
    """Create 1 to 100 agents from data, all or none. Errors are told by row."""
    rows = _rows(body.agents)
    async with database.transaction(caller.account_id) as session:
        named = (row.project_id for row in rows)
        projects = await service.named_projects(session, caller, named)
        agents = await service.create_agents(session, caller, _drafts(rows, projects))
    return AgentsCreated(agents=[encode_agent(one) for one in agents])


async def get_agent(agent_id: AgentIdOf, caller: Reader, database: DatabaseOf) -> AgentOut:
    """Show one agent."""
    async with database.transaction(caller.account_id) as session:
        return encode_agent(await service.find_agent(session, caller, agent_id))


async def change_agent(
    agent_id: AgentIdOf, body: AgentChanges, caller: Writer, database: DatabaseOf
) -> AgentOut:
    """Change an agent; omitted fields stay as they are."""
    given = body.model_fields_set
    patch: dict[str, Any] = {"name": body.name} if "name" in given else {}
    if "instructions" in given:
        patch["instructions"] = body.instructions or ""
    async with database.transaction(caller.account_id) as session:
        agent = await service.find_agent(session, caller, agent_id)
        if body.project_id not in (None, public_id(PROJECT_PREFIX, agent.project_id)):
            raise InvalidInput("An agent stays in its project; leave out projectId")
        changed = await service.change_agent(
            session,
            caller,
            agent.project_id,
            agent_id,
            patch,
            profile=body.profile(agent.profile),
        )
    return encode_agent(changed)


async def delete_agent(agent_id: AgentIdOf, caller: Writer, database: DatabaseOf) -> None:
    """Delete an agent."""
    async with database.transaction(caller.account_id) as session:
        agent = await service.find_agent(session, caller, agent_id)
        await service.delete_agent(session, caller, agent.project_id, agent_id)


def _draft(body: AgentBody, project_id: ProjectId) -> AgentDraft:
    settings = AgentSettings(instructions=body.instructions or "")
    return AgentDraft(project_id, body.name, settings, body.profile())


def _rows(given: Sequence[object]) -> Sequence[AgentBody]:
    """Read every row; raises AgentsInvalid with what is wrong in each."""
    found: list[tuple[int, Fault]] = []
    rows: list[AgentBody] = []
    for row, fields in enumerate(given, 1):
        try:
            rows.append(AgentBody.model_validate(fields))
        except ValidationError as error:
            found += [(row, one) for one in faults(error.errors(), whole="row", model=AgentBody)]
    if found:
        raise AgentsInvalid(found, len(given))
    return rows


def _drafts(
    rows: Sequence[AgentBody], projects: Mapping[str | None, ProjectId]
) -> Sequence[AgentDraft]:
    """Pair each row with its project; raises AgentsInvalid for rows without one."""
    found = [
        (number, Fault("projectId", "is not the id of a project"))
        for number, row in enumerate(rows, 1)
        if row.project_id not in projects
    ]
    if found:
        raise AgentsInvalid(found, len(rows))
    return [_draft(row, projects[row.project_id]) for row in rows]
