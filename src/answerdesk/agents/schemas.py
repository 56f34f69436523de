"""Bodies of the native API for agents."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.agents.types import AGENT_PREFIX, Agent, AgentSettings, Desk
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.core.web.text import FilledText
from answerdesk.projects.office_hours import holiday_on, is_open, next_opening
from answerdesk.projects.types import PROJECT_PREFIX, Holiday


class AgentIn(AgentSettings):
    """An agent to make."""

    name: FilledText = Field(max_length=200)

    def settings(self) -> AgentSettings:
        """Return what is set of it besides the name."""
        return AgentSettings.model_validate(self.model_dump(exclude={"name"}))


class AgentPatch(BaseModel):
    """Changes of an agent, as a JSON merge patch (RFC 7396): what is left out stays as it is.

    Null puts a field back to its default.
    """

    model_config = ConfigDict(extra="forbid")

    name: FilledText = Field(default_factory=str, max_length=200, description="The new name.")
    persona: str | None = None
    instructions: str | None = None
    greeting: str | None = None
    model: str | None = None
    availability: str | None = None
    hours: dict[str, Any] | None = None
    languages: dict[str, Any] | None = None


class AgentOut(AgentSettings):
    """An agent. The active one speaks for its project; `version` rises with every change."""

    id: str
    project_id: str
    name: str
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, agent: Agent) -> "AgentOut":
        """Write an agent as the native API shows it."""
        return cls(
            **agent.settings.model_dump(),
            id=public_id(AGENT_PREFIX, agent.id),
            project_id=public_id(PROJECT_PREFIX, agent.project_id),
            name=agent.name,
            active=agent.active,
            version=agent.version,
            created_at=agent.created_at,
            updated_at=agent.updated_at,
        )


class AgentList(Listing[AgentOut]):
    """A project's agents, oldest first."""


class AvailabilityOut(BaseModel):
    """Whether people are there for a project's conversations, and when they will be."""

    timezone: str
    open_now: bool
    next_opening: datetime | None = Field(
        description="When people will be there next, in their time zone; now if they are. "
        "Null when that is not within 60 days."
    )
    holiday: Holiday | None = Field(description="The holiday that is today, if any.")

    @classmethod
    def of(cls, desk: Desk, now: datetime) -> "AvailabilityOut":
        """Write what holds at `now` (aware)."""
        hours = desk.hours
        return cls(
            timezone=hours.timezone,
            open_now=is_open(hours, now),
            next_opening=next_opening(hours, now),
            holiday=holiday_on(hours, now),
        )
