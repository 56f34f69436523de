"""What a conversation consists of, for every dialect."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from answerdesk.answering.types import Citation
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId

CONVERSATION_PREFIX: Final = "conv"
MESSAGE_PREFIX: Final = "msg"

Author = Literal["visitor", "assistant", "human"]
ConversationState = Literal["ai", "waiting", "human", "closed"]
Rating = Literal["positive", "negative"]

MESSAGE_LENGTH: Final = 8000
"""Longest message of a visitor, in code points."""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """What a visitor says. Without `conversation_id` it begins a conversation."""

    account_id: AccountId
    project_id: ProjectId
    text: str
    conversation_id: ConversationId | None = None
    visitor: str | None = None
    page_url: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation and who has it."""

    id: ConversationId
    project_id: ProjectId
    state: ConversationState
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it is stored, oldest first in every list."""

    id: MessageId
    conversation_id: ConversationId
    author: Author
    content: str
    citations: tuple[Citation, ...]
    confidence: float | None
    abstained: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A visitor's message that is to be answered, and by whom: the holder of its lease.

    `first`: it is known to begin its conversation, so that there is no history to read.
    """

    account_id: AccountId
    project_id: ProjectId
    conversation_id: ConversationId
    message_id: MessageId
    text: str
    holder: UUID
    first: bool = False
