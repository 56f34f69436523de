"""Bodies of the native API for drafts."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.insights.drafts.types import DRAFT_PREFIX, Changes, Draft, DraftStatus
from answerdesk.knowledge.items.schemas import AnswerText, Category, QuestionText, Tags
from answerdesk.knowledge.types import ITEM_PREFIX
from answerdesk.projects.types import PROJECT_PREFIX


class ItemDraftChange(BaseModel):
    """Changes to a draft; omitted fields stay."""

    model_config = ConfigDict(extra="forbid")

    question: QuestionText = Field(default="")
    answer: AnswerText = Field(default="")
    category: Category | None = Field(default=None, description="Null takes it away.")
    tags: Tags = []

    def changes(self) -> Changes:
        """Return what is given."""
        given: Changes = {}
        if "question" in self.model_fields_set:
            given["question"] = self.question
        if "answer" in self.model_fields_set:
            given["answer"] = self.answer
        if "category" in self.model_fields_set:
            given["category"] = self.category
        if "tags" in self.model_fields_set:
            given["tags"] = tuple(self.tags)
        return given


class ItemDraftOut(BaseModel):
    """A question with its answer, drawn from a conversation for review.

    `version` rises with every change.
    """

    id: str
    project_id: str
    conversation_id: str
    question: str
    answer: str
    category: str | None
    tags: list[str]
    status: DraftStatus
    item_id: str | None = Field(description="What it has become, once it is approved.")
    version: int
    created_at: datetime
    updated_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, draft: Draft) -> "ItemDraftOut":
        item_id = draft.item_id
        return cls(
            id=public_id(DRAFT_PREFIX, draft.id),
            project_id=public_id(PROJECT_PREFIX, draft.project_id),
            conversation_id=public_id(CONVERSATION_PREFIX, draft.conversation_id),
            question=draft.question,
            answer=draft.answer,
            category=draft.category,
            tags=list(draft.tags),
            status=draft.status,
            item_id=None if item_id is None else public_id(ITEM_PREFIX, item_id),
            version=draft.version,
            created_at=draft.created_at,
            updated_at=draft.updated_at,
            decided_at=draft.decided_at,
        )


class ItemDraftList(Listing[ItemDraftOut]):
    """Drafts of Q&A items, newest first."""


class DrawnDrafts(BaseModel):
    """The drafts of one conversation that wait for review, as they were drawn."""

    items: list[ItemDraftOut]
