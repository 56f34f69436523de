"""The native API of the agents, and of making a project, which begins with one."""

from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, status

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.agents import service
from answerdesk.agents.dependencies import AgentIdOf, ProjectRead, ProjectWrite, Reader, Writer
from answerdesk.agents.schemas import AgentIn, AgentList, AgentOut, AgentPatch, AvailabilityOut
from answerdesk.core.errors import NotPermitted
from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.etag import ReadingOf, WritingOf
from answerdesk.core.web.pagination import PageOf
from answerdesk.projects.schemas import ProjectIn, ProjectOut

_PLACE: Final = (datetime, UUID)
"""What the lists are sorted by: when a thing was made, and its id."""


def make_router(settings: Settings) -> APIRouter:
    """Return the routes, which read bodies of at most `max_json_bytes`."""
    router = APIRouter(route_class=bounded_route(settings.max_json_bytes))
    project = "/v1/projects/{project_id}"
    one = f"{project}/agents/{{agent_id}}"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route(
        "/v1/projects", create_project, methods=["POST"], status_code=created, tags=["projects"]
    )
    agents = APIRouter(tags=["agents"], route_class=bounded_route(settings.max_json_bytes))
    agents.add_api_route(f"{project}/availability", get_availability)
    agents.add_api_route(f"{project}/agents", list_agents)
    agents.add_api_route(f"{project}/agents", create_agent, methods=["POST"], status_code=created)
    agents.add_api_route(one, get_agent)
    agents.add_api_route(one, change_agent, methods=["PATCH"])
    agents.add_api_route(one, delete_agent, methods=["DELETE"], status_code=gone)
    agents.add_api_route(f"{one}/activate", activate_agent, methods=["POST"])
    router.include_router(agents)
    return router


async def create_project(
    body: ProjectIn,
    caller: Annotated[Principal, needs("projects:write")],
    database: DatabaseOf,
    writing: WritingOf,
) -> ProjectOut:
    """Make a project, with a first agent that is active."""
    if caller.projects is not None:
        raise NotPermitted(
            "A key that is limited to some projects cannot make others", code="key_of_projects"
        )
    async with database.transaction(caller.account_id) as session:
        project = await service.begin_project(
            session, caller.account_id, body.name, settings=body.settings, caller=caller
        )
    writing.tell(project.version)
    return ProjectOut.of(project)


async def get_availability(
    project: ProjectRead, caller: Reader, database: DatabaseOf
) -> AvailabilityOut:
    """Tell whether people are there now for the project's conversations, and when next."""
    async with database.transaction(caller.account_id) as session:
        desk = await service.desk_of(session, project)
    return AvailabilityOut.of(desk, datetime.now(UTC))


async def list_agents(
    project: ProjectRead, caller: Reader, page: PageOf, database: DatabaseOf
) -> AgentList:
    """List a project's agents, oldest first; one of them is active."""
    name = f"agents:{project.id}"
    place = page.after(name, *_PLACE)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_agents(session, project.id, place, page.fetch)
    shown, cursor = page.cut(name, found, lambda one: (one.created_at, one.id))
    return AgentList(items=[AgentOut.of(one) for one in shown], next_cursor=cursor)


async def create_agent(
    body: AgentIn,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    writing: WritingOf,
) -> AgentOut:
    """Make an agent. A project's first one is active at once, another when it is activated."""
    async with database.transaction(caller.account_id) as session:
        agent = await service.create_agent(session, caller, project.id, body.name, body.settings())
    writing.tell(agent.version)
    return AgentOut.of(agent)


async def get_agent(
    agent_id: AgentIdOf,
    project: ProjectRead,
    caller: Reader,
    database: DatabaseOf,
    reading: ReadingOf,
) -> AgentOut:
    """Show one agent."""
    async with database.transaction(caller.account_id) as session:
        agent = await service.get_agent(session, project.id, agent_id)
    reading.tell(agent.version)
    return AgentOut.of(agent)


async def change_agent(
    agent_id: AgentIdOf,
    body: AgentPatch,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    writing: WritingOf,
) -> AgentOut:
    """Change an agent, field by field."""
    patch = body.model_dump(exclude_unset=True)
    async with database.transaction(caller.account_id) as session:
        agent = await service.change_agent(
            session, caller, project.id, agent_id, patch, writing.expected
        )
    writing.tell(agent.version)
    return AgentOut.of(agent)


async def delete_agent(
    agent_id: AgentIdOf,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    writing: WritingOf,
) -> None:
    """Delete an agent. After the active one the project's oldest is active, if there is another."""
    async with database.transaction(caller.account_id) as session:
        await service.delete_agent(session, caller, project.id, agent_id, writing.expected)


async def activate_agent(
    agent_id: AgentIdOf,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    writing: WritingOf,
) -> AgentOut:
    """Let an agent speak for its project from now on, in place of the one before."""
    async with database.transaction(caller.account_id) as session:
        agent = await service.activate_agent(
            session, caller, project.id, agent_id, writing.expected
        )
    writing.tell(agent.version)
    return AgentOut.of(agent)
