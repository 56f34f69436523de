"""What a reader of the history sees: conversations, messages, and answers that used a document."""

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
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId

Place = tuple[datetime, UUID] | None
"""Behind which row a page begins: its time and id."""


@dataclass(frozen=True, slots=True)
class VisitorOfConversation:
    """Whose a conversation is; `external_id` is what the client calls itself, a claim."""

    id: VisitorId
    external_id: str | None
    identity: str | None
    email: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """How the latest message begins, and whose it is."""

    author: Author
    content: str


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation as lists show it."""

    id: ConversationId
    project_id: ProjectId
    state: ConversationState
    visitor: VisitorOfConversation | None
    opens_by_id: bool | None
    page_url: str | None
    latest: Preview | None
    escalated_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def visitor_id(self) -> VisitorId | None:
        """Whose it is, if that is known."""
        return None if self.visitor is None else self.visitor.id


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """How a question was dealt with: by how many attempts, why not, and the answer's trace."""

    state: Literal["answering", "answered", "failed"]
    attempt: int
    error_code: str | None
    decision: DecisionKind | None
    trace: Mapping[str, Any] | None
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """A message with what its owner may know of it besides."""

    message: Message
    context: str | None
    turn: TurnRecord | None
    rating: Rating | None
    reason: str | None


EXCERPT: Final = 300
"""Code points that are shown of an answer."""


@dataclass(frozen=True, slots=True)
class UsingAnswer:
    """An answer that cites a document, with what was asked; `excerpt` is how it begins."""

    message_id: MessageId
    conversation_id: ConversationId
    question: str
    excerpt: str
    created_at: datetime
