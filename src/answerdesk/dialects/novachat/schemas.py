"""Request and response bodies of Nova Chat's API. Unknown fields are ignored."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from answerdesk.accounts.endpoints.schemas import Address, GivenPassword, NewPassword
from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.core.numbers import HIGHEST
from answerdesk.core.web.openapi import error_responses
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.projects.domains.types import LABEL_LENGTH, URL_LENGTH

Number = Annotated[int, Field(ge=1, le=HIGHEST, json_schema_extra={"format": "int64"})]
"""An id in a body."""

Permission = Literal["read", "write"]
Status = Literal["open", "pending", "resolved"]
SenderType = Literal["contact", "agent_bot", "user"]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class AccountIn(_Lenient):
    """An account to register, with its first person."""

    name: FilledText = Field(max_length=200)
    email: Address
    password: NewPassword
    plan: CleanText | None = Field(default=None, max_length=100)


class LogInIn(_Lenient):
    """Somebody who logs in."""

    email: Address
    password: GivenPassword


class UserOut(BaseModel):
    """The person who is logged in."""

    id: int
    email: str


class AccountOut(BaseModel):
    """An account."""

    id: int
    name: str
    plan: str


class Registered(BaseModel):
    """A new account; `token` is the first log-in's."""

    account: AccountOut
    user: UserOut
    token: str
    trial_ends_at: str | None


class LoggedIn(BaseModel):
    """A log-in; send `token` as the Bearer token."""

    token: str
    user: UserOut


class Limits(BaseModel):
    """What the plan allows; 2147483647 means no limit."""

    domains: int
    agents: int
    kb_items: int


class DomainOut(BaseModel):
    """A website of the account; `ai_bot_config_id` is its agent's id."""

    id: int
    website_url: str
    label: str
    website_token: str
    chatwoot_inbox_id: int
    novachat_inbox_id: int
    ai_bot_config_id: int | None
    is_active: bool
    created_at: str


class AccountStatus(BaseModel):
    """The account's plan, its limits and its websites."""

    account: AccountOut
    plan: str
    trial_ends_at: str | None
    limits: Limits
    agentic_rag_enabled: bool
    domains: list[DomainOut]


class DomainIn(_Lenient):
    """A website to bind to the account."""

    website_url: FilledText = Field(max_length=URL_LENGTH)
    label: Annotated[CleanText, Field(max_length=LABEL_LENGTH)] | None = None


class BoundDomain(DomainOut):
    """A bound website; put `widget_code` into its pages."""

    domain_id: int
    widget_code: str


class AiConfigIn(_Lenient):
    """Which agent answers on a website, and whether it does; what is left out stays."""

    ai_bot_config_id: Number | None = None
    is_active: bool | None = None


class AiConfig(DomainOut):
    """How a website is answered."""

    domain_id: int


class AgentIn(_Lenient):
    """An AI agent to create."""

    bot_name: FilledText = Field(max_length=200)
    greeting_message: Annotated[CleanText, Field(max_length=500)] | None = None
    system_prompt: Annotated[CleanText, Field(max_length=20_000)] | None = None


class AgentOut(BaseModel):
    """An AI agent, or a person of the account."""

    id: int
    type: Literal["ai", "human"]
    bot_name: str | None = None
    greeting_message: str | None = None
    system_prompt: str | None = None
    name: str | None = None
    email: str | None = Field(default=None, description="Only for people who may see members.")
    role: str | None = Field(default=None, description="Only for people who may see members.")


class KeyIn(_Lenient):
    """An API key to create."""

    name: FilledText = Field(max_length=100)
    permissions: list[Permission] = Field(default=["read", "write"], min_length=1, max_length=10)


class KeyOut(BaseModel):
    """An API key without its text."""

    id: int
    name: str
    permissions: list[str]
    created_at: str


class KeyMade(BaseModel):
    """A new API key; `full_key` is never shown again."""

    key: KeyOut
    full_key: str


class Named(_Lenient):
    """A body that names what a request is about."""

    id: Number | None = None


class ItemOut(BaseModel):
    """A knowledge base item."""

    id: int
    title: str
    content: str
    category: str | None
    tags: list[str]
    created_at: str
    updated_at: str


class Imported(BaseModel):
    """The outcome of an import; `imported` counts new items, `items` has one entry per row."""

    imported: int
    errors: list[dict[str, Any]]
    items: list[ItemOut]


class AnalysisRequest(_Lenient):
    """The conversation to analyse."""

    conversation_id: Number


class DraftOut(BaseModel):
    """A draft of a knowledge base item."""

    id: int
    title: str
    content: str
    category: str | None
    tags: list[str]


class Analysis(BaseModel):
    """The drafts of a conversation that wait for review."""

    drafts: list[DraftOut]
    count: int
    message: str


def _text_or_nothing(given: Any) -> Any:  # noqa: ANN401  # Unvalidated input.
    return "" if given is None else given


ContactText = Annotated[CleanText, Field(max_length=320), BeforeValidator(_text_or_nothing)]


class Contact(_Lenient):
    """Who writes, as the page claims; unknown parts are empty."""

    name: ContactText = ""
    email: ContactText = ""


class ContactOut(BaseModel):
    """A conversation's contact; unknown parts are empty."""

    name: str
    email: str


class ConversationIn(_Lenient):
    """A conversation to begin, with its first message."""

    message: FilledText = Field(max_length=MESSAGE_LENGTH)
    contact: Contact | None = None


class MessageIn(_Lenient):
    """A contact's message."""

    conversation_id: Number
    content: FilledText = Field(max_length=MESSAGE_LENGTH)


class MessageOut(BaseModel):
    """A message of a conversation."""

    id: int
    conversation_id: int
    content: str
    sender_type: SenderType
    created_at: str


class MessageList(BaseModel):
    """A conversation's messages, oldest first."""

    messages: list[MessageOut]


class ConversationOut(BaseModel):
    """A conversation as its contact sees it."""

    id: int
    status: Status
    contact: ContactOut
    created_at: str
    updated_at: str


class ManagedConversation(ConversationOut):
    """A conversation; `assignee_id` is the person who has it, as agents are listed."""

    assignee_id: int | None


class ConversationShown(ManagedConversation):
    """A conversation with its messages, oldest first."""

    messages: list[MessageOut]


class ConversationChanged(ManagedConversation):
    """A changed conversation, with the reply that was sent."""

    message: MessageOut | None


class ConversationChange(_Lenient):
    """A reply to a conversation, or a change of its status or assignee."""

    conversation_id: Number
    content: Annotated[FilledText, Field(max_length=MESSAGE_LENGTH)] | None = None
    status: Status | None = None
    assignee_id: Number | None = Field(
        default=None,
        description="A person of the account, as agents are listed. Null alone gives the "
        "conversation back to those who wait for a person.",
    )


class TargetMinutes(BaseModel):
    """Minutes of office hours in which people are to reply and to resolve; null is no target."""

    first_response_minutes: int | None
    resolution_minutes: int | None


class TargetStatus(BaseModel):
    """How the waits of the last 30 days have gone; each counts once."""

    met: int = Field(description="In time.")
    breached: int = Field(description="Missed, whether or not it was met later.")
    running: int
    cancelled: int = Field(description="Handed back or resolved before there was a reply.")


class Wait(BaseModel):
    """A conversation whose contact waits for a person's reply; `due_at` is null without a target.

    `domain_id` is null if it did not begin on a website that is bound.
    """

    conversation_id: int
    domain_id: int | None
    assignee_id: int | None
    waiting_since: str
    due_at: str | None
    breached: bool


class DomainStatus(BaseModel):
    """How service levels are kept on a website.

    In the last row, `domain_id` and `website_url` are null: it counts the conversations that began
    elsewhere, or on a website that is not bound any more.
    """

    domain_id: int | None
    website_url: str | None
    first_response: TargetStatus
    resolution: TargetStatus
    waiting: int = Field(description="How many of `waits` are this website's.")


class SlaStatus(BaseModel):
    """The targets, how they were kept since a time, and who waits now: the longest first, 200."""

    targets: TargetMinutes
    since: str
    domains: list[DomainStatus]
    waits: list[Wait]


class ErrorBody(BaseModel):
    """Nova Chat's error envelope; `error` is a code."""

    error: str
    message: str


class Success(BaseModel):
    """The request was successful."""

    success: Literal[True] = True


ERRORS: Final = error_responses(
    ErrorBody,
    {
        400: "Missing or malformed input.",
        401: "Missing or invalid credential.",
        403: "The plan, the role or the key does not allow this.",
        404: "It does not exist.",
        429: "Too many requests.",
        500: "An error of ours; safe to retry.",
        503: "Temporarily unavailable.",
    },
)
