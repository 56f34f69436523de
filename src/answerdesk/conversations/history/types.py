"""The types of the history: conversations, messages, and answers that used a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from answerdesk.answering.types import DecisionKind
from answerdesk.conversations.types import (
    Author,
    ConversationState,
    Message,
    Rating,
    VisitorId,
)
from answerdesk.core.dialects import Dialect
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, UserId

Place = tuple[datetime, UUID] | None
"""Time and id of the row after which a page begins."""


@dataclass(frozen=True, slots=True)
class VisitorOfConversation:
    """A conversation's visitor; `external_id` is the id claimed by the client in `dialect`."""

    id: VisitorId
    external_id: str | None
    dialect: Dialect | None
    identity: str | None
    email: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of the latest message, and its author."""

    author: Author
    content: str


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation as shown in lists; `assignee_id` is the person who has it, if one does."""

    id: ConversationId
    project_id: ProjectId
    state: ConversationState
    assignee_id: UserId | None
    visitor: VisitorOfConversation | None
    opens_by_id: bool | None
    page_url: str | None
    latest: Preview | None
    escalated_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def visitor_id(self) -> VisitorId | None:
        """The visitor's id, if the visitor is known."""
        return None if self.visitor is None else self.visitor.id


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """How a question was handled: attempts, error, decision, and the answer's trace."""

    state: Literal["answering", "answered", "failed"]
    attempt: int
    error_code: str | None
    decision: DecisionKind | None
    trace: Mapping[str, Any] | None
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """A message with the details that only its owner may see.

    `sender_id` is the person who wrote a person's reply, if known; `question_id` is the visitor's
    message that an answer responds to.
    """

    message: Message
    context: str | None
    turn: TurnRecord | None
    rating: Rating | None
    reason: str | None
    sender_id: UserId | None = None
    question_id: MessageId | None = None


@dataclass(frozen=True, slots=True)
class RatedMessage:
    """A message, the visitor's message that it responds to, and the visitor's rating, if any.

    `sender_id` is the person who wrote a person's reply, if it was looked up.
    """

    message: Message
    question: Message | None
    rating: Rating | None
    reason: str | None
    sender_id: UserId | None = None


@dataclass(frozen=True, slots=True)
class EventSubject:
    """What an event tells of, as it is now: a conversation, and perhaps a message in it.

    `question` is the visitor's message that `message` responds to. `rating` and `reason` are there
    if the event tells of the visitor's rating of `message`.
    """

    conversation: ConversationSummary
    message: Message | None = None
    question: Message | None = None
    rating: Rating | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ListedTurn:
    """A visitor's message with its answer, "" if there is none; `turn_id` is the message's id.

    `visitor` is the id of the visitor as the dialect in question shows it, None if unknown.
    """

    conversation_id: ConversationId
    turn_id: MessageId
    project_id: ProjectId
    visitor: str | None
    message: str
    response: str
    created_at: datetime


EXCERPT: Final = 300
"""Length of an answer's excerpt, in code points."""


@dataclass(frozen=True, slots=True)
class UsingAnswer:
    """An answer that cites a document, with its question; `excerpt` is its beginning."""

    message_id: MessageId
    conversation_id: ConversationId
    question: str
    excerpt: str
    created_at: datetime
