"""What a list of the inbox can be narrowed down to, and what a viewer has of their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from answerdesk.conversations.types import ConversationState
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId
from answerdesk.inbox.types import Draft

SEARCH_LENGTH: Final = 200

Order = Literal["newest", "waiting"]

Place = tuple[datetime, UUID] | None
"""The time and id of the entry after which a page begins."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which conversations a list shows.

    `assignee`: a person, or "none" for those that nobody has. `snoozed` None means both. `unread`
    needs a viewer with marks. The order `waiting` shows only those whose visitor waits, the longest
    first. `search` looks for words, or for a part of a name, address or recent message.
    """

    project_id: ProjectId | None = None
    states: tuple[ConversationState, ...] = ()
    assignee: UserId | Literal["none"] | None = None
    tag: str | None = None
    snoozed: bool | None = False
    unread: bool = False
    order: Order = "newest"
    search: str | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """A person's own marks in a conversation: how far they have read, and what they drafted."""

    conversation_id: ConversationId
    user_id: UserId
    read_at: datetime | None
    drafts: tuple[Draft, ...]
