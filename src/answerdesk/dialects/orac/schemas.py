"""Request and response bodies of Orac's API. Unknown fields are ignored, as its clients expect."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.conversations.types import MESSAGE_LENGTH, ConversationState
from answerdesk.conversations.visitors.identity import TOKEN_LENGTH
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.knowledge.source_requests import RequestedSource
from answerdesk.leads import types as lead_types

Id = Annotated[CleanText, Field(max_length=200)]
IdentityToken = Annotated[CleanText, Field(max_length=TOKEN_LENGTH)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ChatBody(_Lenient):
    """A visitor's message. Without `conversation_id` it begins a new conversation."""

    project_id: Id = Field(examples=["proj_abc123"])
    message: FilledText = Field(max_length=MESSAGE_LENGTH)
    conversation_id: Id | None = None
    page_url: Annotated[CleanText, Field(max_length=4000)] | None = None
    visitor_id: Id | None = None
    context: Annotated[CleanText, Field(max_length=20_000)] | None = None
    identity_token: IdentityToken | None = None


class FeedbackBody(_Lenient):
    """A rating of an assistant's message; `reason` is stored verbatim."""

    message_id: Id
    rating: Literal["positive", "negative"]
    reason: Annotated[CleanText, Field(max_length=10_000)] | None = None
    identity_token: IdentityToken | None = None


class EscalateBody(_Lenient):
    """A request for a person, with the visitor's contact details."""

    conversation_id: Id
    email: Annotated[CleanText, Field(max_length=320)] | None = None
    phone: Annotated[CleanText, Field(max_length=50)] | None = None
    message: Annotated[CleanText, Field(max_length=MESSAGE_LENGTH)] | None = None
    identity_token: IdentityToken | None = None


class Success(BaseModel):
    """The request was successful."""

    success: Literal[True] = True


class WidgetSettings(BaseModel):
    """The widget's look, with Orac's field names."""

    color: str
    gradient_stops: list[dict[str, str | float]]
    position: str
    welcome: str
    avatar: str | None
    show_branding: bool
    custom_css: str


class OfficeHoursBody(BaseModel):
    """When people are available; `days` maps mon…sun to pairs of times."""

    timezone: str
    days: dict[str, list[tuple[str, str]]]
    holidays: list[str]
    open_now: bool


class WidgetConfig(BaseModel):
    """What the widget needs to draw itself."""

    name: str
    settings: WidgetSettings
    office_hours: OfficeHoursBody
    plan_features: dict[str, bool]


class MessageBody(BaseModel):
    """One message of a conversation; `created_at` is in UTC, with microseconds."""

    id: str
    role: Literal["user", "assistant"]
    content: str
    sources: list[str]
    created_at: str


class MessageList(BaseModel):
    """Messages, oldest first."""

    messages: list[MessageBody]


class _Part(BaseModel):
    total: int
    limit: int
    offset: int


class ProjectIn(_Lenient):
    """A project to create."""

    name: FilledText = Field(max_length=200)


class ProjectBody(BaseModel):
    """A project; `GET /api/widget/config` shows its look."""

    id: str
    name: str
    created_at: str
    updated_at: str


class ProjectList(_Part):
    """Projects, oldest first."""

    projects: list[ProjectBody]


SourceStatus = Literal["Processing", "Ready", "Failed"]


class SourceIn(RequestedSource):
    """A source to add: `url` with an address, or `text` with a title and content."""

    project_id: Id | None = Field(
        default=None, description="May be left out if the key reaches only one project."
    )


class SourceBody(BaseModel):
    """A source of a project's knowledge."""

    id: str
    project_id: str
    type: Literal["url", "text", "file"]
    title: str
    url: str | None
    status: SourceStatus
    created_at: str


class SourceList(_Part):
    """Sources, oldest first."""

    sources: list[SourceBody]


class ConversationBody(BaseModel):
    """A conversation; `status` says who has it, `last_message` is the latest one's beginning."""

    id: str
    project_id: str
    status: ConversationState
    visitor_id: str | None
    visitor_name: str | None
    visitor_email: str | None
    page_url: str | None
    last_message: str | None
    escalated_at: str | None
    created_at: str
    updated_at: str


class ConversationList(_Part):
    """Conversations, most recently active first."""

    conversations: list[ConversationBody]


class ConversationDetail(ConversationBody):
    """A conversation with its messages, oldest first."""

    messages: list[MessageBody]


class LeadIn(_Lenient):
    """A lead to add. It needs an `email` or a `phone`."""

    project_id: Id | None = Field(
        default=None, description="May be left out if the key reaches only one project."
    )
    name: Annotated[CleanText, Field(max_length=lead_types.NAME_LENGTH)] | None = None
    email: Annotated[CleanText, Field(max_length=320)] | None = None
    phone: Annotated[CleanText, Field(max_length=lead_types.PHONE_LENGTH)] | None = None
    message: Annotated[CleanText, Field(max_length=lead_types.MESSAGE_LENGTH)] | None = None
    page_url: Annotated[CleanText, Field(max_length=lead_types.PAGE_URL_LENGTH)] | None = None


class LeadBody(BaseModel):
    """A lead, with the conversation that it comes from."""

    id: str
    project_id: str
    conversation_id: str | None
    name: str | None
    email: str | None
    phone: str | None
    message: str | None
    page_url: str | None
    created_at: str


class LeadList(_Part):
    """Leads, newest first."""

    leads: list[LeadBody]


class ActionParameter(_Lenient):
    """A value that an action needs. Ours besides Orac's: how it is found in a message."""

    name: Annotated[CleanText, Field(max_length=50)]
    type: Literal["string", "number", "boolean"] = "string"
    description: Annotated[CleanText, Field(max_length=200)] = ""
    required: bool = True
    choices: list[CleanText] | None = None
    format: Literal["code", "date", "email"] | None = None
    prefix: CleanText | None = None
    example: CleanText | None = None


class ActionPatch(_Lenient):
    """Changes to an action; what is left out or null stays as it is."""

    name: FilledText | None = None
    description: CleanText | None = None
    url: CleanText | None = None
    method: Annotated[CleanText, Field(max_length=10, examples=["GET"])] | None = None
    parameters: list[ActionParameter] | None = None
    fallback: CleanText | None = None
    enabled: bool | None = None
    triggers: list[CleanText] | None = None
    answer: CleanText | None = None
    needs_identity: bool | None = None
    headers: dict[CleanText, CleanText | None] | None = None


class ActionIn(ActionPatch):
    """An action to add. Without `triggers` (ours) no message calls it."""

    project_id: Id | None = Field(
        default=None, description="May be left out if the key reaches only one project."
    )
    name: FilledText
    url: CleanText


class ActionBody(BaseModel):
    """An action; of its headers only the names."""

    id: str
    project_id: str
    name: str
    description: str
    url: str
    method: str
    parameters: list[ActionParameter]
    fallback: str | None
    enabled: bool
    triggers: list[str]
    answer: str | None
    needs_identity: bool
    headers: list[str]
    created_at: str
    updated_at: str


class ActionList(_Part):
    """Actions, oldest first."""

    actions: list[ActionBody]


class ActionTestIn(_Lenient):
    """The values to call an action with."""

    id: Id | None = None
    parameters: dict[CleanText, CleanText | int | float | bool | None] = Field(default_factory=dict)


class ActionTestBody(BaseModel):
    """What an action's server responded; `answer` is what a visitor would read."""

    success: bool
    status: int | None
    answer: str | None
    response: str | None
    error_message: str | None


class Analytics(BaseModel):
    """Counts from one day to another; times are in seconds, the rate in per cent."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: str = Field(alias="from")
    to: str
    total_conversations: int
    total_messages: int
    unique_visitors: int
    avg_response_time: float
    satisfaction_rate: float


class ErrorBody(BaseModel):
    """Orac's error envelope; `retry_after`, in seconds, is there with a 429 only."""

    error: str
    code: str
    status: int
