"""The types of conversations, shared by all dialects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NewType
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from answerdesk.agents.actions.types import PlannedAction
from answerdesk.answering.blocks import Blocks
from answerdesk.answering.types import Citation, DecisionKind, Exchange
from answerdesk.core.dialects import Dialect
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId
from answerdesk.projects.types import Project

CONVERSATION_PREFIX: Final = "conv"
MESSAGE_PREFIX: Final = "msg"
VISITOR_PREFIX: Final = "visitor"

VisitorId = NewType("VisitorId", UUID)

Author = Literal["visitor", "assistant", "human"]
ConversationState = Literal["ai", "waiting", "human", "closed"]
Rating = Literal["positive", "negative"]

MESSAGE_LENGTH: Final = 8000
"""Maximum length of a visitor's message, in code points."""

OUTSIDE_ID_LENGTH: Final = 200
"""Maximum length of an outside id, in code points. The database holds to it, too."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A known visitor; `identity` is the site's own id of them, if the site has signed it."""

    account_id: AccountId
    project_id: ProjectId
    id: VisitorId
    identity: str | None
    email: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class RequestOrigin:
    """The origin of the page that sends a request, if given, and our own address."""

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
    """Access of a known visitor, only to their own conversations."""

    visitor_id: VisitorId


@dataclass(frozen=True, slots=True)
class ByItsId:
    """Access by a conversation's unguessable id, on a tier where that is enough.

    It doesn't reach conversations that were begun with a visitor token. If the project enforces
    identities, an identified visitor's conversation also requires the matching `identity`.
    """

    identity: str | None = None


@dataclass(frozen=True, slots=True)
class OfTheAccount:
    """Access of the account itself, to all its conversations."""


Access = OwnConversations | ByItsId | OfTheAccount


@dataclass(frozen=True, slots=True)
class ConversationVisitor:
    """A conversation's visitor; `identity` is the site's proved id of them, if any."""

    id: VisitorId
    identity: str | None


@dataclass(frozen=True, slots=True)
class OutsideId:
    """What a program calls its user in a dialect; it is another user in each project."""

    dialect: Dialect
    id: str


@dataclass(frozen=True, slots=True)
class OnDomain:
    """The domain on which a conversation begins, and its agent; None for the project's active."""

    id: UUID
    agent_id: UUID | None


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A visitor's message. Without `conversation_id` and `outside` it begins a new conversation.

    With `outside` it continues the latest conversation under that id. If there is none, it begins
    one; if that one is closed, it reopens it, or begins another with `begins_anew`.

    A new conversation belongs to `visitor_id` if the visitor is known, else to the visitor who
    claims to be `visitor` in this project, else to the one with the id `outside`, else to nobody.
    At most one of the three is given. `name` and `email` are what a program says about the visitor
    with the id `outside`; nobody has verified them.

    Messages of visitors without an identity are counted by their client's `address`, if given.

    A new conversation keeps `domain`, whose agent speaks in it. With `for_a_person` the message is
    for a person, whatever it says.
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
    outside: OutsideId | None = None
    begins_anew: bool = False
    name: str | None = None
    email: str | None = None
    page_url: str | None = None
    context: str | None = None
    domain: OnDomain | None = None
    for_a_person: bool = False
    request_key: str | None = None

    @property
    def keyed_id(self) -> MessageId | None:
        """The id that the visitor's message with the `request_key` has; None without a key.

        As unguessable as the visitor's own id, it lets the message itself tell that it came before.
        """
        if self.request_key is None or self.visitor_id is None:
            return None
        return MessageId(uuid5(self.visitor_id, self.request_key))


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation; `state` says who has it."""

    id: ConversationId
    project_id: ProjectId
    visitor_id: VisitorId | None
    opens_by_id: bool | None
    state: ConversationState
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One stored message; lists have the oldest first.

    `content` is plain text; `blocks` hold the same content.
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
class Satisfaction:
    """A visitor's rating of a whole conversation, from 1 (worst) to 5."""

    score: int
    comment: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A visitor's message to answer; `holder` holds its turn's lease.

    `decision` was made when the message arrived, if the message alone was enough to decide.
    `action` says what to do, if it is to be done with an action. `history` holds the earlier
    exchanges; None if they still have to be read, like `project`. `names_models` tells whether an
    agent of the project names a model; None if nobody has looked. `verified`: with this message
    the visitor proved to be whose conversation it is; False, too, once the turn was taken over.
    """

    account_id: AccountId
    project_id: ProjectId
    conversation_id: ConversationId
    message_id: MessageId
    text: str
    holder: UUID
    decision: DecisionKind | None = None
    history: tuple[Exchange, ...] | None = None
    project: Project | None = None
    action: PlannedAction | None = None
    names_models: bool | None = None
    verified: bool = False
