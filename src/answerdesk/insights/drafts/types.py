"""The types of drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypedDict
from uuid import UUID

from answerdesk.core.tenancy import ConversationId, ProjectId
from answerdesk.insights.drafts.extraction.types import Said
from answerdesk.knowledge.items.types import ItemDraft

DRAFT_PREFIX: Final = "draft"

DraftStatus = Literal["pending", "approved", "rejected"]

FOLLOW: Final = "drafts.follow"
"""The job that looks which of the conversations that ended are worth drawing from."""

DRAW: Final = "drafts.draw"

MOST_PENDING: Final = 1000
"""Drafts of a project that wait for review; no more are drawn then."""

ORDER: Final = (datetime, UUID)

Place = tuple[datetime, UUID] | None
"""The draft after which a page begins; None for the first page."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with its answer, drawn from a conversation; `item_id` is what it has become.

    `question_key` is that of the question as it was drawn.
    """

    id: UUID
    project_id: ProjectId
    conversation_id: ConversationId
    question_key: UUID
    question: str
    answer: str
    category: str | None
    tags: tuple[str, ...]
    status: DraftStatus
    item_id: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime
    decided_at: datetime | None

    @property
    def as_item(self) -> ItemDraft:
        return ItemDraft(self.question, self.answer, self.category, self.tags)


class Changes(TypedDict, total=False):
    """What can be changed."""

    question: str
    answer: str
    category: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """What a conversation consists of, for drawing; `names` are those that its visitor goes by."""

    project_id: ProjectId
    said: Sequence[Said]
    names: Sequence[str]
