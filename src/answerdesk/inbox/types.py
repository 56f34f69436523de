"""The types of the inbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from answerdesk.conversations.history.types import ConversationSummary
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, UserId
from answerdesk.leads.types import Contact

NOTE_PREFIX: Final = "note"
CANNED_REPLY_PREFIX: Final = "canned"

NOTE_LENGTH: Final = 10_000
TAG_LENGTH: Final = 50
MOST_TAGS: Final = 20
"""On one conversation."""

DraftKind = Literal["reply", "note"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks into the inbox: `user_id` is None for a key, which has no marks of its own.

    `projects` are the only ones they see; None means all of the account's.
    """

    user_id: UserId | None
    projects: frozenset[ProjectId] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation as the inbox lists it; the same for everybody but for `unread`.

    Of two readings the one with the lower `version` is older. `waiting_since` is when its visitor
    began to wait for a person's reply, None if nobody waits. `latest_message_id` is what a reply
    names as the last message that its writer has seen.
    """

    summary: ConversationSummary
    version: int
    waiting_since: datetime | None
    snoozed_until: datetime | None
    visitor_wrote_at: datetime
    visitor_said: str | None
    """The beginning of the visitor's last message."""
    latest_message_id: MessageId | None
    tags: tuple[str, ...]
    sla_due_at: datetime | None
    """The earliest target that is still running."""
    sla_breached: bool
    contact: Contact | None
    """What the visitor left as a lead, if anything; nobody has verified it."""

    @property
    def assignee_id(self) -> UserId | None:
        """The person who has it."""
        return self.summary.assignee_id


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conversations that are not snoozed stand in each list of the inbox.

    `mine` and `unread` (by this viewer, of those with people) are 0 for a key.
    """

    waiting: int
    mine: int
    unassigned: int
    with_people: int
    unread: int
    snoozed: int


@dataclass(frozen=True, slots=True)
class Note:
    """What a person noted for colleagues. A visitor never sees it: it is no message."""

    id: UUID
    conversation_id: ConversationId
    author_id: UserId | None
    author_name: str | None
    """None for a key, and for somebody who is no longer a member."""
    content: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has begun to write in a conversation; the higher `version` is newer."""

    conversation_id: ConversationId
    kind: DraftKind
    content: str
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A text to reply with; of one project or all, of one person or the whole account."""

    id: UUID
    project_id: ProjectId | None
    owner_id: UserId | None
    shortcut: str
    title: str
    content: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the account, whether they look at the inbox, and what they have open there."""

    user_id: UserId
    member_id: UUID
    name: str | None
    email: str
    online: bool
    conversations: tuple[ConversationId, ...]
