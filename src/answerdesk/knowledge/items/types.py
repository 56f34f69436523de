"""The types of Q&A items."""

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
"""Maximum rows of an import sent as JSON."""

MOST_FILE_ROWS: Final = 10_000
"""Maximum rows of an import sent as a file."""

ORDER: Final = (datetime, UUID)
"""The sort key of items: creation time and id."""

Place = tuple[datetime, UUID] | None
"""The item after which a page begins; None for the first page."""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item to store. Question and answer are trimmed."""

    question: str
    answer: str
    category: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A stored item and whether it is searchable; `error` says why not."""

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
    """An item that no other transaction changes now; with its document's path and content hash."""

    item: Item
    path: str
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class StoredItem:
    """The result of storing an item; `to_ingest` if its text is not searchable yet."""

    id: UUID
    created: bool
    to_ingest: bool


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """The result for one row of an import: its item, and whether the import created it."""

    id: UUID
    created: bool
    status: DocumentStatus


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items of a project to list; None means any.

    An empty `category` means items without one. `query` is text that the question or the answer
    contains, in any case.
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
    """What is wrong with one row of an import; rows are numbered as its sender sees them."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An unchecked row of an import; `fields` may be anything until it is validated."""

    row: int
    fields: object


@dataclass(frozen=True, slots=True)
class Candidates:
    """The rows of an import, and the faults found while reading it."""

    rows: Sequence[Candidate]
    faults: Sequence[RowFault] = ()
