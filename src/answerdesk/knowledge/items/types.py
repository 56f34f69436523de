"""What a Q&A item is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.knowledge.types import DocumentStatus

QUESTION_LENGTH: Final = 2000
ANSWER_LENGTH: Final = 20_000
CATEGORY_LENGTH: Final = 100
TAG_LENGTH: Final = 50
MOST_TAGS: Final = 20

MOST_ROWS: Final = 1000
"""Rows of one import that is sent as JSON."""

MOST_FILE_ROWS: Final = 10_000
"""Rows of one import that is sent as a file."""

ORDER: Final = (datetime, UUID)
"""What items are sorted by: when each was made, and its id."""

Place = tuple[datetime, UUID] | None
"""Behind which item a page begins."""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item as somebody wants it. Question and answer have no space around them."""

    question: str
    answer: str
    category: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it is stored, and whether it is searchable yet; `error` says why it is not."""

    id: UUID
    question: str
    answer: str
    category: str | None
    tags: tuple[str, ...]
    status: DocumentStatus
    error_code: str | None
    error: str | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class LockedItem:
    """An item that nobody else changes now; `path` is its document's, `content_hash` of both."""

    item: Item
    path: str
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class StoredItem:
    """What became of one item; `to_ingest` when its text is not searchable yet."""

    id: UUID
    created: bool
    to_ingest: bool


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """What became of one row of an import: its item, and whether the import has made it."""

    id: UUID
    created: bool
    status: DocumentStatus


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items of a project are meant; None means any.

    An empty `category` means items without one. `query` is a part of the question or of the
    answer, in small or capital letters.
    """

    category: str | None = None
    tag: str | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """A category and how many items have it."""

    category: str
    count: int


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row of an import, as its owner counts rows."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of an import that nobody has checked: what stands in it, by field."""

    row: int
    fields: object


@dataclass(frozen=True, slots=True)
class Candidates:
    """The rows of an import, and what is known to be wrong with some already."""

    rows: Sequence[Candidate]
    faults: Sequence[RowFault] = ()
