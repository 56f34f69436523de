"""What an agent is, for all higher modules."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.projects.types import DEFAULT_WELCOME, Languages, OfficeHours, Project, Strict

AGENT_PREFIX: Final = "agent"

MOST_AT_ONCE: Final = 100
"""Maximum agents to create together."""

MOST_TOOLS: Final = 20
"""Maximum actions that an agent's model may call."""

Availability = Literal["always", "office_hours", "own_hours"]

Verification = Literal["mark", "remove", "off"]
"""What happens to a sentence of a model's that no passage supports: it is marked once the answer is
complete, it is never sent, or nobody looks."""

KnowledgePolicy = Literal["strict", "open"]
"""Whether a model answers from passages only, or may say what it says without them, marked."""


class AgentSettings(Strict):
    """Everything about an agent that its owner sets, except its name.

    Persona, instructions and model are for answers written by a model. Without a model, answers are
    made of the passages' own sentences.
    """

    persona: CleanText = Field(
        default="", max_length=2000, description="Who the agent is and how it speaks."
    )
    instructions: CleanText = Field(
        default="", max_length=20_000, description="What it does, and what it does not do."
    )
    greeting: Annotated[CleanText, Field(max_length=500)] | None = Field(
        default=None, description="Welcomes visitors, unless the project's look overrides it."
    )
    model: Annotated[FilledText, Field(max_length=200)] | None = Field(
        default=None,
        description="Name of a language model of the catalogue (`/v1/language-models`); null means "
        "answers without a model.",
    )
    verification: Verification = Field(
        default="mark",
        description="What happens to sentences of a model that no source says: `mark` shows and "
        "marks them at the end, `remove` sends a sentence only once it is verified, `off` does not "
        "look.",
    )
    knowledge: KnowledgePolicy = Field(
        default="strict",
        description="`strict`: a model answers only from the knowledge. `open`: it may add what it "
        "knows itself, which is marked unless `verification` removes it.",
    )
    actions: tuple[Annotated[CleanText, Field(max_length=60)], ...] = Field(
        default=(),
        max_length=MOST_TOOLS,
        description="Ids of the project's actions that its model may call by itself. Only those "
        "that read (`GET`) can be named.",
    )
    availability: Availability = Field(
        default="office_hours",
        description="When people are available for its conversations: always, in the project's "
        "office hours, or in `hours`.",
    )
    hours: OfficeHours | None = Field(
        default=None, description="The agent's own hours; used with `own_hours`."
    )
    languages: Languages | None = Field(
        default=None, description="The agent's own languages; null uses the project's."
    )

    @model_validator(mode="after")
    def _has_its_hours(self) -> Self:
        if self.availability == "own_hours" and self.hours is None:
            msg = "own_hours needs `hours`: a time zone, and the days on which people are available"
            raise ValueError(msg)
        return self

    @property
    def guidance(self) -> str:
        """What a model is told about the agent."""
        return "\n\n".join(filter(None, (self.persona, self.instructions)))


class ResponseProfile(OfficeHours):
    """When an agent seems to be at work, which decides when its delayed replies are due.

    It doesn't say when people are available. Without days, the agent always seems to be there.
    """


@dataclass(frozen=True, slots=True)
class AgentDraft:
    """An agent to create."""

    project_id: ProjectId
    name: str
    settings: AgentSettings
    profile: ResponseProfile


@dataclass(frozen=True, slots=True)
class Agent:
    """Who speaks for a project. Exactly one of a project's agents is active, if it has any.

    `version` rises whenever something that its owner sets changes.
    """

    account_id: AccountId
    id: UUID
    project_id: ProjectId
    name: str
    settings: AgentSettings
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime
    profile: ResponseProfile = field(default_factory=ResponseProfile)


@dataclass(frozen=True, slots=True)
class Desk:
    """A project with the agent that currently speaks for it, if it has one."""

    project: Project
    agent: Agent | None

    @property
    def welcome(self) -> str:
        """The visitors' welcome: from the look, else the agent, else the default."""
        own = self.own_welcome
        return DEFAULT_WELCOME if own is None else own

    @property
    def own_welcome(self) -> str | None:
        """The welcome that the owner wrote, if any: for the look, else for the agent."""
        greeting = None if self.agent is None else self.agent.settings.greeting
        own = self.project.settings.look.welcome
        return greeting if own is None else own

    @property
    def hours(self) -> OfficeHours:
        """When people are available for this project's conversations."""
        of_project = self.project.settings.office_hours
        settings = AgentSettings() if self.agent is None else self.agent.settings
        if settings.availability == "always":
            return OfficeHours(timezone=of_project.timezone)
        if settings.availability == "own_hours" and settings.hours is not None:
            return settings.hours
        return of_project

    @property
    def languages(self) -> Languages:
        """The languages of its answers."""
        own = None if self.agent is None else self.agent.settings.languages
        return self.project.settings.languages if own is None else own
