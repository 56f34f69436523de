"""Who hears what in live views, and who looks at the inbox."""

from dataclasses import dataclass
from typing import Literal

from answerdesk.conversations.types import ConversationState
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId


@dataclass(frozen=True, slots=True)
class View:
    """The topic of all who see the same projects (None: all), at the same address of ours.

    `is_for_people`: they see what visitors left as leads, which keys read with a scope of its own.
    """

    projects: frozenset[ProjectId] | None
    base_url: str
    is_for_people: bool

    def shows(self, project_id: ProjectId) -> bool:
        return self.projects is None or project_id in self.projects


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """The topic of what concerns one viewer alone: their marks, their counts."""

    user_id: UserId | None
    projects: frozenset[ProjectId] | None


@dataclass(frozen=True, slots=True)
class OneConversation:
    """The topic of a conversation's visitor."""

    conversation_id: ConversationId
    base_url: str


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a person looks at the inbox, and what they have open, with its project."""

    user_id: UserId
    online: bool
    conversations: tuple[tuple[ConversationId, ProjectId], ...]


Who = Literal["visitor", "person"]


@dataclass(frozen=True, slots=True)
class InHand:
    """Who has a conversation, as its visitor is told."""

    conversation_id: ConversationId
    state: ConversationState
    name: str | None
