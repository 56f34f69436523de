"""Request and response bodies of Noras' API. Unknown fields are ignored."""

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from answerdesk.core.web.text import CleanText, FilledText

MESSAGE_LENGTH = 2000
"""Maximum length of a message, in code points."""

CONTEXT_BYTES = 20_000


def _small(context: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(context, ensure_ascii=False).encode("utf-8", "replace")) > CONTEXT_BYTES:
        msg = f"is larger than {CONTEXT_BYTES:,} bytes"
        raise ValueError(msg)
    return context


Context = Annotated[dict[str, Any], AfterValidator(_small)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ChatBody(_Lenient):
    """A user's message to a widget."""

    widget_key: Annotated[CleanText, Field(max_length=200)]
    message: FilledText = Field(max_length=MESSAGE_LENGTH)
    user_code: FilledText = Field(max_length=200)
    context: Context | None = Field(
        default=None,
        description="Further facts; `page_url`, `user_name` and `user_email` describe the visitor.",
    )


class ChatReply(BaseModel):
    """The response to a message."""

    success: Literal[True] = True
    message: str
    conversation_id: str
    timestamp: str


class ConversationRow(BaseModel):
    """One message with its response, which is empty while there is none."""

    id: str
    turn_id: str
    user_code: str | None
    message: str
    response: str
    timestamp: str


class ConversationList(BaseModel):
    """Messages with their responses, newest first."""

    success: Literal[True] = True
    conversations: list[ConversationRow]
    total: int
    has_more: bool


class WidgetBody(BaseModel):
    """A widget's settings."""

    widget_key: str
    name: str
    welcome_message: str
    primary_color: str
    position: str
    quick_prompts: list[str]
    show_branding: bool


class OneWidget(BaseModel):
    """One widget."""

    success: Literal[True] = True
    widget: WidgetBody


class WidgetList(BaseModel):
    """The widgets that the key reaches."""

    success: Literal[True] = True
    widgets: list[WidgetBody]


class WidgetPatch(_Lenient):
    """Changes to a widget; what is left out stays."""

    name: Annotated[FilledText, Field(max_length=200)] | None = None
    welcome_message: Annotated[CleanText, Field(max_length=500)] | None = None
    primary_color: CleanText | None = None
    position: Literal["bottom-right", "bottom-left", "bottom_right", "bottom_left"] | None = None
    quick_prompts: list[CleanText] | None = Field(default=None, max_length=10)
    show_branding: bool | None = None


class Analytics(BaseModel):
    """Counts over a range of dates; times are in seconds, the rate in per cent."""

    success: Literal[True] = True
    total_conversations: int
    total_messages: int
    unique_users: int
    avg_response_time: float
    satisfaction_rate: float


class ErrorBody(BaseModel):
    """Noras' error envelope."""

    success: Literal[False]
    error: str
    message: str
