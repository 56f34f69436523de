"""Request and response bodies of Orac's API. Unknown fields are ignored, as its clients expect."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.conversations.visitors.identity import TOKEN_LENGTH
from answerdesk.core.web.text import CleanText, FilledText

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


class ErrorBody(BaseModel):
    """Orac's error envelope."""

    error: str
    code: str
    status: int
