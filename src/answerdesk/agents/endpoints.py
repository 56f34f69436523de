"""The native API of agents."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.agents import service
from answerdesk.agents.dependencies import AgentIdOf, ProjectRead, ProjectWrite, Reader, Writer
from answerdesk.agents.types import (
    AGENT_PREFIX,
    MOST_TOOLS,
    Agent,
    AgentSettings,
    Desk,
    ResponseProfile,
)
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.etag import ReadTagOf, WriteTagOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import FilledText
from answerdesk.projects.office_hours import holiday_on, is_open, next_opening
from answerdesk.projects.types import PROJECT_PREFIX, Holiday

_PROFILE: Final = (
    "When the agent seems to be at work, which decides when its delayed replies are due. Without "
    "days it always is."
)


class AgentIn(AgentSettings):
    """An agent to create."""

    name: FilledText = Field(max_length=200)
    response_profile: ResponseProfile = Field(default=ResponseProfile(), description=_PROFILE)

    def settings(self) -> AgentSettings:
        return AgentSettings.model_validate(self.model_dump(exclude={"name", "response_profile"}))


class AgentPatch(BaseModel):
    """Changes to an agent, as a JSON merge patch (RFC 7396): omitted fields stay unchanged.

    Null resets a field to its default.
    """

    model_config = ConfigDict(extra="forbid")

    name: FilledText = Field(default_factory=str, max_length=200, description="The new name.")
    persona: str | None = None
    instructions: str | None = None
    greeting: str | None = None
    model: str | None = None
    verification: str | None = None
    knowledge: str | None = None
    actions: list[str] | None = Field(default=None, max_length=MOST_TOOLS)
    availability: str | None = None
    hours: dict[str, Any] | None = None
    languages: dict[str, Any] | None = None
    response_profile: dict[str, Any] | None = None


class AgentOut(AgentSettings):
    """An agent. The active one speaks for its project; `version` rises with every change."""

    id: str
    project_id: str
    name: str
    response_profile: ResponseProfile = Field(description=_PROFILE)
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, agent: Agent) -> "AgentOut":
        return cls(
            **agent.settings.model_dump(),
            id=public_id(AGENT_PREFIX, agent.id),
            project_id=public_id(PROJECT_PREFIX, agent.project_id),
            name=agent.name,
            response_profile=agent.profile,
            active=agent.active,
            version=agent.version,
            created_at=agent.created_at,
            updated_at=agent.updated_at,
        )


class AgentList(Listing[AgentOut]):
    """A project's agents, oldest first."""


class AvailabilityOut(BaseModel):
    """Whether people are available for a project's conversations, and when they will be next."""

    timezone: str
    open_now: bool
    next_opening: datetime | None = Field(
        description="When people will next be available, in their time zone; now if they are. "
        "Null if that is not within 60 days."
    )
    holiday: Holiday | None = Field(description="Today's holiday, if any.")

    @classmethod
    def of(cls, desk: Desk, now: datetime) -> "AvailabilityOut":
        """Describe the availability at `now` (aware)."""
        hours = desk.hours
        return cls(
            timezone=hours.timezone,
            open_now=is_open(hours, now),
            next_opening=next_opening(hours, now),
            holiday=holiday_on(hours, now),
        )


_PLACE: Final = (datetime, UUID)
"""The sort key of the lists: creation time and id."""


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(tags=["agents"], route_class=bounded_route(settings.max_json_bytes))
    project = "/v1/projects/{project_id}"
    one = f"{project}/agents/{{agent_id}}"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route(f"{project}/availability", get_availability)
    router.add_api_route(f"{project}/agents", list_agents)
    router.add_api_route(f"{project}/agents", create_agent, methods=["POST"], status_code=created)
    router.add_api_route(one, get_agent)
    router.add_api_route(one, change_agent, methods=["PATCH"])
    router.add_api_route(one, delete_agent, methods=["DELETE"], status_code=gone)
    router.add_api_route(f"{one}/activate", activate_agent, methods=["POST"])
    return router


async def get_availability(
    project: ProjectRead, caller: Reader, database: DatabaseOf
) -> AvailabilityOut:
    """Tell whether people are available now for the project's conversations, and when next."""
    async with database.transaction(caller.account_id) as session:
        desk = await service.desk_of(session, project)
    return AvailabilityOut.of(desk, datetime.now(UTC))


async def list_agents(
    project: ProjectRead, caller: Reader, page: PagingOf, database: DatabaseOf
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
    writing: WriteTagOf,
) -> AgentOut:
    """Create an agent. A project's first agent is active immediately, others once activated."""
    async with database.transaction(caller.account_id) as session:
        agent = await service.create_agent(
            session, caller, project.id, body.name, body.settings(), body.response_profile
        )
    writing.tell(agent.version)
    return AgentOut.of(agent)


async def get_agent(
    agent_id: AgentIdOf,
    project: ProjectRead,
    caller: Reader,
    database: DatabaseOf,
    reading: ReadTagOf,
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
    writing: WriteTagOf,
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
    writing: WriteTagOf,
) -> None:
    """Delete an agent. If it was active, the project's oldest remaining one becomes active."""
    async with database.transaction(caller.account_id) as session:
        await service.delete_agent(session, caller, project.id, agent_id, writing.expected)


async def activate_agent(
    agent_id: AgentIdOf,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    writing: WriteTagOf,
) -> AgentOut:
    """Make an agent speak for its project from now on, in place of the previous one."""
    async with database.transaction(caller.account_id) as session:
        agent = await service.activate_agent(
            session, caller, project.id, agent_id, writing.expected
        )
    writing.tell(agent.version)
    return AgentOut.of(agent)
