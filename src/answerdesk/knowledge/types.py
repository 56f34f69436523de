"""What the knowledge consists of, for everybody above."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from answerdesk.core.tenancy import ProjectId
from answerdesk.kit.spans import Span

SOURCE_PREFIX: Final = "src"
SYNC_PREFIX: Final = "sync"
PAGE_PREFIX: Final = "page"
DOCUMENT_PREFIX: Final = "doc"
ITEM_PREFIX: Final = "item"
PASSAGE_PREFIX: Final = "psg"

QA_MEDIA_TYPE: Final = "application/vnd.answerdesk.qa+json"
"""A question and its answer: `{"question": …, "answer": …}`."""

SourceKind = Literal["text", "qa", "file", "folder", "page", "site"]
DocumentStatus = Literal["pending", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What a website's source is limited to: patterns of addresses, most pages (None: no own)."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where documents come from, with the count of its documents by status.

    What follows `failed` is of websites (`page`, `site`) only: where it begins, what it is limited
    to, how often it is synced (None: never) and when next. `version` rises when they are changed.
    """

    id: UUID
    project_id: ProjectId
    kind: SourceKind
    name: str
    created_at: datetime
    updated_at: datetime
    pending: int = 0
    ready: int = 0
    failed: int = 0
    url: str | None = None
    settings: SourceSettings | None = None
    sync_every_hours: int | None = None
    next_sync_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """One document and how far its ingestion is.

    `path` is unique in its source. `chunks_done` of `chunks_total` are embedded while it is
    pending; both are None before it is parsed. `error` says why it failed; what it held before
    still answers.
    """

    id: UUID
    project_id: ProjectId
    source_id: UUID
    path: str
    title: str | None
    url: str | None
    media_type: str
    status: DocumentStatus
    error_code: str | None
    error: str | None
    chunk_count: int
    chunks_total: int | None
    chunks_done: int | None
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class IncomingDocument:
    """A document to take in: its bytes and where they come from.

    `id` is that of a document that was removed and comes back; else a new one gets its own.
    `reading` is what was read of the bytes already, packed (`ingestion.readings`); None where they
    are still to be read.
    """

    path: str
    content: bytes
    media_type: str
    title: str | None = None
    url: str | None = None
    id: UUID | None = None
    reading: bytes | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of incoming documents: which are queued, and how many needed nothing."""

    source_id: UUID
    queued: tuple[UUID, ...]
    unchanged: int
    removed: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a document, as it is cited and read.

    For `kind == "qa"` the first line of `text` is the question, the rest its answer. `sentences`
    are spans of `text`.
    """

    id: UUID
    document_id: UUID
    path: str
    title: str
    url: str | None
    kind: str
    text: str
    heading_path: tuple[str, ...]
    anchor: str | None
    language: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class FoundChunk:
    """A chunk that search proposes, with what it was proposed for.

    `bm25` is ≥ 0, `similarity` the cosine of question and chunk; `sentence_vectors` has the shape
    (len(chunk.sentences), dimensions), unit rows.
    """

    chunk: Chunk
    bm25: float
    similarity: float
    sentence_vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """A question as search sees it.

    `text` is what was asked; `language` the one that it is read in. `idf` has the inverse document
    frequency of each distinct term in this project, also of terms that no chunk has; a term that is
    surely a typing error is not among them, the one it stands for is. `vector` has the shape
    (dimensions,), unit length. `corrections` says which term was looked up for which as well, and
    `read_as` is the text with the sure ones.
    """

    text: str
    language: str
    terms: tuple[str, ...]
    idf: dict[str, float]
    vector: NDArray[np.float32]
    read_as: str
    corrections: Mapping[str, str]
