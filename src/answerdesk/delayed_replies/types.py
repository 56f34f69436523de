"""What a delayed reply is, for all higher modules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from answerdesk.agents.types import Agent
from answerdesk.answering.stateless import Said
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId
from answerdesk.webhooks.types import Endpoint, Format

DELAYED_REPLY_PREFIX: Final = "reply"

REFERENCE_LENGTH: Final = 500
MOST_BYTES: Final = 200_000
"""Maximum size of a request with all its messages, as it is stored."""
MOST_PENDING: Final = 10_000
"""Maximum number of an account's requests that wait for their time."""
MOST_PENDING_BYTES: Final = 200_000_000

ReplyState = Literal["scheduled", "delivering", "delivered", "cancelled", "failed"]
"""`scheduled` until its time; then the answer is sent until the webhook accepts it."""

Reason = Literal[
    "cancelled",
    "conversation_with_person",
    "conversation_closed",
    "conversation_deleted",
    "account_suspended",
    "agent_deleted",
    "webhook_deleted",
    "webhook_disabled",
    "answer_failed",
    "delivery_failed",
]
"""Why a reply was not delivered."""


@dataclass(frozen=True, slots=True)
class ReplyDraft:
    """What an agent is asked to answer later. `reference` is for the receiver, who gets it back."""

    agent: Agent
    endpoint: Endpoint
    messages: Sequence[Said]
    reference: str | None = None
    context_ids: Sequence[UUID] = ()
    conversation_id: ConversationId | None = None


@dataclass(frozen=True, slots=True)
class DelayedReply:
    """A request to an agent that is answered through a webhook, as far as it is known for good.

    What was asked is kept, sealed, until the answer is made.
    """

    account_id: AccountId
    id: UUID
    project_id: ProjectId
    agent_id: UUID
    endpoint_id: UUID
    conversation_id: ConversationId | None
    state: ReplyState
    reason: Reason | None
    delivery_id: UUID | None
    scheduled_for: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AskedRequest:
    """What is sealed of a request."""

    messages: Sequence[Said]
    reference: str | None
    context_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class AnsweredRequest:
    """A request with its answer, as Markdown."""

    reply: DelayedReply
    asked: AskedRequest
    content: str
    answered_at: datetime


ReplyEncoder = Callable[[AnsweredRequest, str], Mapping[str, Any]]
"""Writes the body that one format's receivers expect, given the endpoint's secret."""

ReplyEncoders = Mapping[Format, ReplyEncoder]
