"""Bodies of the native API for Q&A items."""

import re
from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.core.web.text import CleanText
from answerdesk.knowledge.ingestion.parse.decoding import clean
from answerdesk.knowledge.items.types import (
    ANSWER_LENGTH,
    CATEGORY_LENGTH,
    MOST_TAGS,
    QUESTION_LENGTH,
    TAG_LENGTH,
    ImportedItem,
    Item,
    ItemDraft,
)
from answerdesk.knowledge.types import ITEM_PREFIX, DocumentStatus


def normal_text(text: str) -> str:
    """Return a text normalised like ingested files: line feeds, no hidden characters, trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\v", "\n").replace("\f", "\n\n")
    return clean(text).strip()


def normal_line(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(normal_text(text).split())


_PARTS_TAGS: Final = re.compile("[,;]")


def _filled_text(text: str) -> str:
    return _filled(normal_text(text))


def _filled_line(text: str) -> str:
    return _filled(normal_line(text))


def _filled(text: str) -> str:
    if not text:
        msg = "is empty"
        raise ValueError(msg)
    return text


def _one_tag(text: str) -> str:
    if _PARTS_TAGS.search(text):
        msg = "a tag can't contain a comma or a semicolon, because they separate tags in a file"
        raise ValueError(msg)
    return text


def _each_once(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


Category = Annotated[CleanText, Field(max_length=CATEGORY_LENGTH), AfterValidator(_filled_line)]
Tag = Annotated[
    CleanText,
    Field(max_length=TAG_LENGTH),
    AfterValidator(_filled_line),
    AfterValidator(_one_tag),
]

QuestionText = Annotated[CleanText, Field(max_length=QUESTION_LENGTH), AfterValidator(_filled_text)]
AnswerText = Annotated[CleanText, Field(max_length=ANSWER_LENGTH), AfterValidator(_filled_text)]
Tags = Annotated[
    list[Tag],
    Field(max_length=MOST_TAGS, description="Without commas and semicolons."),
    AfterValidator(_each_once),
]


class ItemIn(BaseModel):
    """A question and the answer to give to it."""

    model_config = ConfigDict(extra="forbid")

    question: QuestionText
    answer: AnswerText
    category: Category | None = None
    tags: Tags = []

    def draft(self) -> ItemDraft:
        return ItemDraft(self.question, self.answer, self.category, tuple(self.tags))


class ItemOut(BaseModel):
    """A Q&A item and whether it is searchable; `error` says why not.

    `version` increases with every change.
    """

    id: str
    question: str
    answer: str
    category: str | None
    tags: list[str]
    status: DocumentStatus
    error_code: str | None
    error: str | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, item: Item) -> "ItemOut":
        return cls(
            id=public_id(ITEM_PREFIX, item.id),
            question=item.question,
            answer=item.answer,
            category=item.category,
            tags=list(item.tags),
            status=item.status,
            error_code=item.error_code,
            error=item.error,
            version=item.version,
            created_at=item.created_at,
            updated_at=item.updated_at,
        )


class ItemList(Listing[ItemOut]):
    """Q&A items, oldest first."""


class CategoryOut(BaseModel):
    """A category and how many items have it."""

    category: str
    count: int


class CategoryList(Listing[CategoryOut]):
    """Categories, ordered by name."""

    uncategorised: int = Field(description="How many items have no category.")


class ImportedItemOut(BaseModel):
    """The result for one row: its item, `created` by the import or existing before."""

    id: str
    created: bool
    status: DocumentStatus

    @classmethod
    def of(cls, item: ImportedItem) -> "ImportedItemOut":
        return cls(id=public_id(ITEM_PREFIX, item.id), created=item.created, status=item.status)


class ImportOut(BaseModel):
    """The result of an import, in the order of the rows."""

    items: list[ImportedItemOut]
    created: int = Field(description="How many items are new.")


class ItemRow(BaseModel):
    """An item as in an exported file."""

    question: str
    answer: str
    category: str | None
    tags: list[str]


class ItemExport(BaseModel):
    """All items, in the form that an import accepts."""

    items: list[ItemRow]
