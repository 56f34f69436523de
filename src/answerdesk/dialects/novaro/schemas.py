"""Request and response bodies of Novaro's API; unknown fields are ignored."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel

from answerdesk.agents.contexts.types import NAME_LENGTH, TEXT_LENGTH
from answerdesk.agents.types import MOST_AT_ONCE, ResponseProfile
from answerdesk.answering.stateless import MOST_CONTEXTS, MOST_MESSAGES, Said
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.delayed_replies.types import REFERENCE_LENGTH, Reason, ReplyState
from answerdesk.projects.types import Interval, TimeZone, Weekday
from answerdesk.webhooks.types import URL_LENGTH

CONTENT_LENGTH: Final = 20_000
_LATEST: Final = 2**53

Id = Annotated[CleanText, Field(max_length=200)]


def _from_pair(given: Any) -> Any:  # noqa: ANN401  # Unvalidated input.
    if isinstance(given, list | tuple) and len(given) == 2:
        return {"start": given[0], "end": given[1]}
    msg = 'has to be two times, such as ["09:00", "17:00"]'
    raise ValueError(msg)


_Pair = Annotated[
    Interval,
    BeforeValidator(_from_pair),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string"},
            "maxItems": 2,
            "description": "Two times: when it begins and ends.",
            "examples": [["09:00", "17:00"]],
        }
    ),
]
Days = dict[Weekday, Annotated[tuple[_Pair, ...], Field(max_length=24)]]


class _Wire(BaseModel):
    model_config = ConfigDict(
        extra="ignore", frozen=True, alias_generator=to_camel, validate_by_name=True
    )


class MessageIn(_Wire):
    """One message of the chat so far; `createdAt` is in epoch seconds."""

    role: Literal["user", "assistant", "system"]
    content: CleanText = Field(max_length=CONTENT_LENGTH)
    created_at: float | None = Field(default=None, ge=0, le=_LATEST)


class MessagesBody(_Wire):
    """A chat so far, oldest message first; the last one is the user's, to which to respond."""

    agent_id: Id
    messages: tuple[MessageIn, ...] = Field(min_length=1, max_length=MOST_MESSAGES)
    contexts: tuple[Id, ...] = Field(
        default=(), max_length=MOST_CONTEXTS, description="Ids of contexts of the agent's project."
    )

    def said(self) -> list[Said]:
        return [Said(one.role, one.content, one.created_at) for one in self.messages]


class AsyncBody(MessagesBody):
    """A chat so far, as for a realtime request, and where to deliver the response."""

    webhook_id: Id
    reference: CleanText = Field(
        max_length=REFERENCE_LENGTH, description="Delivered with the response."
    )


class AsyncScheduled(_Wire):
    """When the response will be delivered, in epoch seconds."""

    id: str
    reference: str
    scheduled_for: int


class AsyncOut(_Wire):
    """An asynchronous request. `reference` is null once it is no longer kept."""

    id: str
    reference: str | None
    scheduled_for: int
    state: ReplyState
    reason: Reason | None = Field(description="Why the response was not delivered.")


class WebhookBody(_Wire):
    """A webhook to create; without `projectId` it is for all projects that the key reaches.

    A key that reaches only some creates it for the first of them.
    """

    url: CleanText = Field(max_length=URL_LENGTH)
    project_id: Id | None = None


class WebhookOut(_Wire):
    """Where responses are delivered."""

    id: str
    url: str


class WebhookMade(WebhookOut):
    """The new webhook, with its secret."""

    secret: str


class WebhookList(_Wire):
    """Webhooks, oldest first. Send `nextCursor` as `cursor` to get the next part."""

    webhooks: list[WebhookOut]
    next_cursor: str | None


class MessageOut(_Wire):
    """The agent's response, as Markdown; `createdAt` is in epoch seconds."""

    role: Literal["assistant"] = "assistant"
    content: str
    created_at: int


class MessagesOut(_Wire):
    """The agent's response."""

    messages: list[MessageOut]


class Verified(_Wire):
    """The credential is valid."""

    authenticated: Literal[True] = True


class _ProfileIn(_Wire):
    timezone: TimeZone | None = None
    working_hours: Days | None = Field(
        default=None,
        description="Pairs of times by weekday; null or no day means always available. Used for "
        "delayed replies only.",
        examples=[{"mon": [["09:00", "17:00"]]}],
    )

    @model_validator(mode="after")
    def _hours_fit(self) -> Self:
        try:
            self.profile()
        except ValidationError as error:
            raise ValueError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error
        return self

    def profile(self, before: ResponseProfile | None = None) -> ResponseProfile:
        """Return the response profile; omitted fields are those of `before`."""
        before = before or ResponseProfile()
        given = self.model_fields_set
        return ResponseProfile(
            timezone=(self.timezone or "UTC") if "timezone" in given else before.timezone,
            days=(self.working_hours or {}) if "working_hours" in given else before.days,
        )


class AgentBody(_ProfileIn):
    """An agent to create; without `projectId` it belongs to the account's first project."""

    name: FilledText = Field(max_length=200)
    instructions: Annotated[CleanText, Field(max_length=20_000)] | None = None
    project_id: Id | None = None


class AgentChanges(_ProfileIn):
    """Changes to an agent: omitted fields stay as they are."""

    name: FilledText = Field(default_factory=str, max_length=200)
    instructions: Annotated[CleanText, Field(max_length=20_000)] | None = None
    project_id: Id | None = None


class AgentBatch(_Wire):
    """Agents to create, all or none."""

    agents: list[Any] = Field(
        min_length=1,
        max_length=MOST_AT_ONCE,
        json_schema_extra={"items": {"$ref": "#/components/schemas/AgentBody"}},
    )


class AgentOut(_Wire):
    """An agent; `workingHours` is null if it is always available."""

    id: str
    name: str
    instructions: str
    timezone: str
    working_hours: dict[Weekday, list[list[str]]] | None
    project_id: str


class AgentsCreated(_Wire):
    """The new agents, in the order of the request."""

    agents: list[AgentOut]


class AgentList(AgentsCreated):
    """Agents, oldest first. Send `nextCursor` as `cursor` to get the next part."""

    next_cursor: str | None


class ContextBody(_Wire):
    """A context to create; without `projectId` it belongs to the account's first project."""

    name: FilledText = Field(max_length=NAME_LENGTH)
    text: FilledText = Field(max_length=TEXT_LENGTH)
    project_id: Id | None = None


class ContextChanges(_Wire):
    """Changes to a context: omitted fields stay as they are."""

    name: FilledText = Field(default_factory=str, max_length=NAME_LENGTH)
    text: FilledText = Field(default_factory=str, max_length=TEXT_LENGTH)


class ContextOut(_Wire):
    """A named text that requests can name."""

    id: str
    name: str
    text: str
    project_id: str


class ContextList(_Wire):
    """Contexts, oldest first. Send `nextCursor` as `cursor` to get the next part."""

    contexts: list[ContextOut]
    next_cursor: str | None


class ErrorBody(BaseModel):
    """Novaro's error envelope: a stable code, and a message for people."""

    error: str
    message: str


class RowError(BaseModel):
    """What is wrong with one row of a batch; rows are counted from 1."""

    row: int
    field: str
    message: str


class BatchErrorBody(ErrorBody):
    """The error envelope of a batch, with the first hundred errors by row."""

    errors: list[RowError] = Field(default_factory=list)
