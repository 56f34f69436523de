"""Request and response bodies of Chatorex's API. Unknown fields are ignored."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.knowledge.source_requests import RequestedSource

Id = Annotated[CleanText, Field(max_length=200)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ChatBody(_Lenient):
    """A message to a chatbot. Without `session_id` it starts a session."""

    message: FilledText = Field(max_length=MESSAGE_LENGTH)
    chatbot_id: Id | None = Field(
        default=None, description="May be left out if the key reaches only one chatbot."
    )
    session_id: Annotated[FilledText, Field(max_length=200)] | None = None


class CitedLink(BaseModel):
    """A page that an answer cites."""

    title: str
    url: str


class ChatReply(BaseModel):
    """The chatbot's response; `confidence` is 0 to 1."""

    response: str
    session_id: str
    sources: list[CitedLink]
    confidence: float


class SourceBody(RequestedSource):
    """A source to add: `url` with an address, or `text` with a title and content."""

    chatbot_id: Id | None = None


class SourceBodyOut(BaseModel):
    """A source of a chatbot's knowledge."""

    id: str
    type: Literal["url", "text", "file"]
    title: str
    url: str | None
    status: Literal["processing", "ready", "failed"]
    created_at: str
    chatbot_id: str


class SourceList(BaseModel):
    """Sources, oldest first."""

    sources: list[SourceBodyOut]


class LeadBody(BaseModel):
    """A captured lead with what was said last."""

    id: str
    name: str | None
    email: str | None
    phone: str | None
    session_id: str | None
    page_url: str | None
    excerpt: str | None
    created_at: str
    chatbot_id: str


class LeadList(BaseModel):
    """Leads, newest first."""

    leads: list[LeadBody]


class LeadCapture(_Lenient):
    """Whether and how the widget asks for contact details."""

    enabled: bool
    fields: list[str]
    message: str


class Behavior(_Lenient):
    """How the widget behaves."""

    show_branding: bool


class WidgetSettings(BaseModel):
    """The widget's settings."""

    primary_color: str
    position: str
    welcome_message: str
    quick_prompts: list[str]
    lead_capture: LeadCapture
    behavior: Behavior


class LeadCapturePatch(_Lenient):
    """Changes to the capture of leads."""

    enabled: bool | None = None
    fields: list[CleanText] | None = Field(default=None, max_length=20)
    message: CleanText | None = Field(default=None, max_length=500)


class BehaviorPatch(_Lenient):
    """Changes to the widget's behaviour."""

    show_branding: bool | None = None


class WidgetSettingsPatch(_Lenient):
    """Changes to the widget's settings; what is left out stays."""

    chatbot_id: Id | None = None
    primary_color: CleanText | None = None
    position: Literal["bottom-right", "bottom-left", "bottom_right", "bottom_left"] | None = None
    welcome_message: Annotated[CleanText, Field(max_length=500)] | None = None
    quick_prompts: list[CleanText] | None = Field(default=None, max_length=10)
    lead_capture: LeadCapturePatch | None = None
    behavior: BehaviorPatch | None = None


class WidgetConfig(BaseModel):
    """The public look of the widget."""

    chatbot_id: str
    name: str
    primary_color: str
    position: str
    welcome_message: str
    quick_prompts: list[str]
    show_branding: bool


class Success(BaseModel):
    """The request was successful."""

    success: Literal[True] = True


class ErrorBody(BaseModel):
    """Chatorex's error envelope."""

    error: str
