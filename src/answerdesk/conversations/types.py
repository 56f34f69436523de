"""What a conversation consists of, for every dialect."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NewType
from urllib.parse import urlsplit
from uuid import UUID

from answerdesk.answering.blocks import Blocks
from answerdesk.answering.types import Citation, DecisionKind, Exchange
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId

CONVERSATION_PREFIX: Final = "conv"
MESSAGE_PREFIX: Final = "msg"
VISITOR_PREFIX: Final = "visitor"

VisitorId = NewType("VisitorId", UUID)

Author = Literal["visitor", "assistant", "human"]
ConversationState = Literal["ai", "waiting", "human", "closed"]
Rating = Literal["positive", "negative"]

MESSAGE_LENGTH: Final = 8000
"""Longest message of a visitor, in code points."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor whom we know; `identity` is the site's own id of them, if it has signed it."""

    account_id: AccountId
    project_id: ProjectId
    id: VisitorId
    identity: str | None
    email: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class RequestOrigin:
    """The page that a request comes from, if it says so, and where we are reached ourselves."""

    origin: str | None
    own_url: str

    @property
    def is_own(self) -> bool:
        """Tell whether the page is one of ours, such as the widget's frame."""
        if self.origin is None:
            return False
        try:
            host, own = urlsplit(self.origin).netloc, urlsplit(self.own_url).netloc
        except ValueError:
            return False
        return host != "" and host.lower() == own.lower()


@dataclass(frozen=True, slots=True)
class OwnConversations:
    """Access of a visitor whom we know: to the conversations that are theirs, and no other."""

    visitor_id: VisitorId


@dataclass(frozen=True, slots=True)
class ByItsId:
    """Access of whoever has a conversation's unguessable id, on a tier where that is enough.

    One that was begun with a visitor token is not reached by it. Where the project enforces
    identity, an identity's conversation takes its `identity`, too.
    """

    identity: str | None = None


@dataclass(frozen=True, slots=True)
class OfTheAccount:
    """Access of the account itself, to all of its conversations."""


Access = OwnConversations | ByItsId | OfTheAccount


@dataclass(frozen=True, slots=True)
class ConversationVisitor:
    """Whose a conversation is; `identity` is whom the site has proved them to be, if it has."""

    id: VisitorId
    identity: str | None


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """What a visitor says. Without `conversation_id` it begins a conversation.

    A new conversation is `visitor_id`'s, if the visitor is known; else that of whoever calls itself
    `visitor` in this project; else nobody's. Messages of somebody whom no site has signed for are
    counted by their client's `address`, if it is given.
    """

    account_id: AccountId
    project_id: ProjectId
    text: str
    access: Access
    origin: RequestOrigin
    address: str | None = None
    conversation_id: ConversationId | None = None
    visitor_id: VisitorId | None = None
    visitor: str | None = None
    page_url: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation and who has it."""

    id: ConversationId
    project_id: ProjectId
    visitor_id: VisitorId | None
    opens_by_id: bool | None
    state: ConversationState
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it is stored, oldest first in every list.

    `content` is plain text; `blocks` say the same.
    """

    id: MessageId
    conversation_id: ConversationId
    author: Author
    content: str
    blocks: Blocks
    citations: tuple[Citation, ...]
    confidence: float | None
    abstained: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A visitor's message that is to be answered, and by whom: the holder of its lease.

    `decision` is what was decided when the message came, if the message alone decided it. `history`
    is what was said before; None where it is still to be read.
    """

    account_id: AccountId
    project_id: ProjectId
    conversation_id: ConversationId
    message_id: MessageId
    text: str
    holder: UUID
    decision: DecisionKind | None = None
    history: tuple[Exchange, ...] | None = None
